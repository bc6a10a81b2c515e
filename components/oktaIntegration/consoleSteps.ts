import * as pulumi from "@pulumi/pulumi";
import type { Provisioning } from "../config/okta.ts";
import type { AppTemplate } from "./app.ts";

export interface ConsoleStepArgs {
  readonly label: string;
  readonly template: AppTemplate;
  readonly baseUrl: pulumi.Input<string>;
  readonly provisioning: Provisioning;
  readonly pushesGroups: boolean;
  /** Whether a pushed group goes by another name in the directory than in Okta. */
  readonly renamesGroups: boolean;
}

/** Said before anything is made: without it the stack would be built in vain. */
export const PREREQUISITE =
  "Okta offers SCIM only with Lifecycle Management (Advanced): make sure that the plan of your org includes it.";

/** What follows the steps of a first deployment. */
export const FINISH = `Run "pulumi config set connection ready", then "pulumi up": it checks the connection, assigns the group and pushes the groups.`;

const names = (pairs: readonly (readonly [boolean, string])[]): string =>
  pairs.flatMap(([on, name]) => (on ? [name] : [])).join(", ");

/**
 * What Okta's API does not offer, in the article's order and with this tenant's values. The token is named by the
 * output that holds it and never appears. Each step is an input of its own, so that a preview shows those it knows.
 */
export function consoleSteps(args: ConsoleStepArgs): pulumi.Input<string>[] {
  const { createUsers, updateUserAttributes, deactivateUsers } = args.provisioning;
  const open = `In the Okta Admin Console, open Applications > Applications > "${args.label}".`;
  return [
    PREREQUISITE,
    open,
    ...(args.template === "saml" ? samlSteps(args) : catalogueSteps(args)),
    `Still on the Provisioning tab, open To App, click Edit, enable ${names([
      [createUsers, "Create Users"],
      [updateUserAttributes, "Update User Attributes"],
      [deactivateUsers, "Deactivate Users"],
    ])}, and save.`,
    ...(args.renamesGroups
      ? [
          `On the Push Groups tab, open the settings and uncheck "Rename app groups to match group name in Okta", or Okta overwrites the target names.`,
        ]
      : []),
  ];
}

/** The custom app of the article: the connection on two tabs, and the raw token. */
function samlSteps(args: ConsoleStepArgs): pulumi.Input<string>[] {
  const { createUsers, updateUserAttributes, deactivateUsers } = args.provisioning;
  const actions = names([
    [createUsers, "Push New Users"],
    // Okta sends a deactivation as an update of the profile.
    [updateUserAttributes || deactivateUsers, "Push Profile Updates"],
    [args.pushesGroups, "Push Groups"],
  ]);
  const detected = names([
    [createUsers, "Create Users"],
    [updateUserAttributes || deactivateUsers, "Update User Attributes"],
    [args.pushesGroups, "Push Groups"],
  ]);
  return [
    "On the General tab, in App Settings, click Edit, set Provisioning to SCIM, and save.",
    "On the Provisioning tab, in Integration, click Edit.",
    pulumi.interpolate`SCIM connector base URL: ${args.baseUrl}`,
    "Unique identifier field for users: userName",
    `Supported provisioning actions: ${actions}; leave the import actions unchecked.`,
    `Authentication Mode: HTTP Header. Authorization (Bearer): the value of "pulumi stack output scimToken --show-secrets".`,
    `Click Test Connector Configuration; only ${detected} may show a checkmark. Close it and save.`,
  ];
}

/** The catalogue app: one dialog, and the whole header value as the token. */
function catalogueSteps(args: ConsoleStepArgs): pulumi.Input<string>[] {
  return [
    "On the Provisioning tab, click Configure API Integration and check Enable API integration.",
    pulumi.interpolate`Base URL: ${args.baseUrl}`,
    `API Token: the value of "pulumi stack output scimAuthorization --show-secrets" (with the word Bearer in front).`,
    "Uncheck Import Groups, click Test API Credentials, and save when it says that the app was verified.",
  ];
}
