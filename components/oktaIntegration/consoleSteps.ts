import type { AppTemplate } from "./app.ts";
import type { Provisioning } from "./connection.ts";

export interface ConsoleStepArgs {
  readonly label: string;
  readonly template: AppTemplate;
  readonly baseUrl: string;
  readonly provisioning: Provisioning;
  readonly pushesGroups: boolean;
}

/**
 * What Okta's API does not offer, in the article's order and with this tenant's values. The token is named by the
 * output that holds it and never appears.
 */
export function consoleSteps(args: ConsoleStepArgs): string[] {
  const { provisioning } = args;
  const names = (pairs: [boolean, string][]): string =>
    pairs
      .filter(([on]) => on)
      .map(([, name]) => name)
      .join(", ");
  const actions = names([
    [provisioning.createUsers, "Push New Users"],
    [provisioning.updateUserAttributes || provisioning.deactivateUsers, "Push Profile Updates"],
    [args.pushesGroups, "Push Groups"],
  ]);
  const detected = names([
    [provisioning.createUsers, "Create Users"],
    [provisioning.updateUserAttributes, "Update User Attributes"],
    [args.pushesGroups, "Push Groups"],
  ]);
  const operations = names([
    [provisioning.createUsers, "Create Users"],
    [provisioning.updateUserAttributes, "Update User Attributes"],
    [provisioning.deactivateUsers, "Deactivate Users"],
  ]);
  const open = `In the Okta Admin Console, open Applications > Applications > "${args.label}".`;
  const toApp = `Still on the Provisioning tab, open To App, click Edit, enable ${operations}, and save.`;
  const finish = `Run "pulumi config set connection ready", then "pulumi up": it checks the connection, assigns the group and pushes the groups.`;
  if (args.template === "scim2headerauth") {
    return [
      "Make sure that your Okta plan includes Lifecycle Management (Advanced): without it the Provisioning tab offers no SCIM.",
      open,
      "On the Provisioning tab, click Configure API Integration and check Enable API integration.",
      `Base URL: ${args.baseUrl}`,
      `API Token: the value of "pulumi stack output scimAuthorization --show-secrets" (with the word Bearer in front).`,
      "Uncheck Import Groups, click Test API Credentials, and save when it says that the app was verified.",
      toApp,
      finish,
    ];
  }
  return [
    "Make sure that your Okta plan includes Lifecycle Management (Advanced): without it SCIM is not offered under General.",
    open,
    "On the General tab, in App Settings, click Edit, set Provisioning to SCIM, and save.",
    "On the Provisioning tab, in Integration, click Edit.",
    `SCIM connector base URL: ${args.baseUrl}`,
    "Unique identifier field for users: userName",
    `Supported provisioning actions: ${actions}; leave the import actions unchecked.`,
    `Authentication Mode: HTTP Header. Authorization (Bearer): the value of "pulumi stack output scimToken --show-secrets".`,
    `Click Test Connector Configuration; only ${detected} may show a checkmark. Close it and save.`,
    toApp,
    finish,
  ];
}
