import * as pulumi from "@pulumi/pulumi";
import { defaultLabel } from "../config/keys.ts";
import type { TenantConfig } from "../config/tenant.ts";
import { DEFAULT_USER_NAME, DUMMY_URL } from "./appSettings.ts";
import { sentence } from "./consoleProse.ts";
import { connectionSteps, type ConsoleStep } from "./consoleSteps.ts";
import { setCommand } from "../config/commands.ts";
import { problemsError } from "../config/errors.ts";
import type { StackState } from "../config/stackState.ts";
import { lastDeployment } from "./lastDeployment.ts";
import { overlapSteps, type Overlap } from "./overlap.ts";
import { mappingRows } from "./profileSources.ts";

export interface ByHandArgs {
  readonly config: Pick<
    TenantConfig,
    "tenant" | "app" | "connection" | "provisioning" | "assignmentGroup" | "pushGroups" | "groupRules" | "attributes"
  >;
  readonly baseUrl: pulumi.Input<string>;
  readonly overlap: Overlap;
  readonly stack: string;
}

/**
 * The Okta half of a tenant whose Okta org the stack cannot reach: no resources, only the steps for an administrator.
 */
export interface ByHand {
  readonly appId: null;
  readonly assignmentGroupId: null;
  readonly pushGroups: Readonly<Record<string, never>>;
  /**
   * The whole article with this tenant's values while the connection is pending; afterwards the steps that an overlap
   * needs.
   */
  readonly nextSteps: readonly pulumi.Input<string>[];
}

/** The outputs of a tenant whose Okta half an administrator creates by hand. */
export function byHand(args: ByHandArgs): ByHand {
  const { config, baseUrl, overlap, stack } = args;
  const label = config.app.label ?? defaultLabel(config.tenant);
  const nextSteps =
    config.connection === "pending"
      ? articleSteps(args, label)
      : overlapSteps({ ...overlap, label, baseUrl, template: config.app.template, byHand: true }, stack);
  return { appId: null, assignmentGroupId: null, pushGroups: {}, nextSteps };
}

/** The stored attributes that a mapping fills, by their names in the app's profile. */
const stored = (attributes: TenantConfig["attributes"]): string =>
  mappingRows(attributes)
    .map(({ id }) => id)
    .join(", ");

const quoted = (text: string): string => `"${text}"`;

/** The article's steps in its order. Each is an input of its own: a preview shows those whose values are known. */
function articleSteps({ config, baseUrl, stack }: ByHandArgs, label: string): pulumi.Input<string>[] {
  const { app, provisioning, assignmentGroup, pushGroups, groupRules, attributes } = config;
  const connection = connectionSteps({
    template: app.template,
    baseUrl,
    provisioning,
    pushesGroups: pushGroups.length > 0,
    renamesGroups: pushGroups.some(({ targetName }) => targetName !== undefined),
  });
  const prose = (step: pulumi.Input<ConsoleStep>): pulumi.Output<string> =>
    pulumi.output(step).apply((known) => sentence(known, stack));
  return [
    `Give these steps to an administrator of the Okta org, and the token over a channel for secrets: this stack cannot reach the org.`,
    prose({ id: "check-plan", label: "Lifecycle Management (Advanced)" }),
    ...appSteps(app, label),
    ...connection.map(prose),
    `Optional, in Attribute Mappings of the same tab: map other attributes. The directory stores only these: ${stored(attributes)}.`,
    `Directory > Groups: create the group "${assignmentGroup}", whose members are provisioned.`,
    `On the app's Assignments tab, click Assign > Assign to Groups, assign "${assignmentGroup}", and click Done. Assign no group that is pushed.`,
    ...pushGroups.flatMap(pushSteps),
    ...(groupRules === "automatic" ? ruleSteps(pushGroups, assignmentGroup) : []),
    `When all is done, run "pulumi config set --stack ${stack} connection ready", then "pulumi up --stack ${stack}". "npm run verify -- --stack ${stack}" shows what has arrived in the directory.`,
  ];
}

function appSteps({ template, userNameTemplate }: TenantConfig["app"], label: string): string[] {
  const made =
    template === "saml"
      ? [
          `In the Okta Admin Console, open Applications > Applications, click Create App Integration, choose SAML 2.0, and click Next.`,
          `In General Settings, App name: ${label}. Check both boxes of App visibility, and click Next.`,
          `In SAML Settings, Single sign-on URL and Audience URI (SP Entity ID): ${DUMMY_URL} (nobody signs in through this app). Change nothing else, click Next and Finish.`,
        ]
      : [
          `In the Okta Admin Console, open Applications > Applications, click Browse App Catalog, and add "SCIM 2.0 Test App (Header Auth)".`,
          `In General Settings, Application label: ${label}. Check both boxes of Application Visibility, click Next and Done.`,
        ];
  const custom = userNameTemplate !== undefined && userNameTemplate !== DEFAULT_USER_NAME;
  return [
    ...made,
    ...(custom
      ? [`On the Sign On tab, click Edit, set Application username format to ${userNameTemplate}, and save.`]
      : []),
  ];
}

type Entry = TenantConfig["pushGroups"][number];

/** A group of the configuration, as an administrator finds it. */
const groupOf = ({ name, id }: Entry): string =>
  name === undefined ? `the group whose page has ${id ?? ""} in its address` : quoted(name);

function pushSteps(entry: Entry): string[] {
  const { name, create, startsWith, contains, targetName } = entry;
  if (startsWith !== undefined || contains !== undefined) {
    const rule = startsWith === undefined ? `contains "${contains ?? ""}"` : `starts with "${startsWith}"`;
    return [
      `On the Push Groups tab, click Push Groups > Find groups by rule. The group's name ${rule}; check Immediately push groups found by this rule, and save.`,
    ];
  }
  const target = targetName === undefined ? "" : `, choose Create Group with the name "${targetName}"`;
  return [
    ...(create && name !== undefined ? [`Directory > Groups: create the group "${name}".`] : []),
    `On the Push Groups tab, click Push Groups > Find groups by name, choose ${groupOf(entry)}${target}, and save.`,
  ];
}

/** Rules that put the members of pushed groups in the assignment group; a pattern needs Okta's expression language. */
function ruleSteps(entries: readonly Entry[], assignmentGroup: string): string[] {
  const named = entries.filter(({ startsWith, contains }) => startsWith === undefined && contains === undefined);
  const expressions = entries.flatMap(({ startsWith, contains }) => [
    ...(startsWith === undefined ? [] : [`isMemberOfGroupNameStartsWith(${JSON.stringify(startsWith)})`]),
    ...(contains === undefined ? [] : [`isMemberOfGroupNameContains(${JSON.stringify(contains)})`]),
  ]);
  const open = `Directory > Groups > Rules: click Add Rule.`;
  const end = `Then assign to "${assignmentGroup}". Save and activate the rule.`;
  return [
    ...(named.length === 0
      ? []
      : [`${open} If group membership includes any of the following: ${named.map(groupOf).join(", ")}. ${end}`]),
    ...expressions.map((expression) => `${open} Use Okta Expression Language: ${expression}. ${end}`),
  ];
}

/**
 * @throws UserError if the stack manages the Okta half now: without it, the deployment would delete the app, and Okta would
 * deactivate everyone
 */
export function checkHandover(tenant: string, state: StackState | undefined, stack: string): void {
  const { assignmentGroup } = lastDeployment(tenant, state);
  if (assignmentGroup?.isInState !== true) return;
  throw problemsError("The Okta half would be deleted", [
    {
      path: "oktaHalf",
      wrong:
        "is byHand, but this stack manages the app in Okta: the deployment would delete it and deactivate everyone",
      allowed: "byHand for a stack without an Okta half, or after its Okta resources were taken out of the state",
      fix: setCommand(["oktaHalf"], "managed", stack),
    },
  ]);
}
