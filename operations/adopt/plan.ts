import { CATALOGUE_APP } from "../../components/oktaIntegration/appSettings.ts";
import { NAMESPACE } from "../../components/config/tenant.ts";
import { ASSIGNMENT_GROUP } from "../tenants/newTenant.ts";
import { count, listQuoted } from "../verify/check.ts";
import type { LiveGroup } from "../live/org.ts";
import type { Existing, ExistingPush } from "./existing.ts";
import { obstaclesOf, type Obstacle } from "./obstacles.ts";

/** A resource of the file that `pulumi import --file` reads. */
export interface Import {
  readonly type: string;
  readonly name: string;
  readonly id: string;
}

/** An existing integration in the terms of this project. */
export interface Adoption {
  /** Fully qualified key → value of the stack file. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly imports: readonly Import[];
  /** The lines of the first preview, and why they are harmless. */
  readonly preview: readonly string[];
  readonly obstacles: readonly Obstacle[];
}

export interface AdoptOptions {
  /** The stack that the commands of the ways out name. */
  readonly stack: string;
  /** The tenant's slug. */
  readonly tenant: string;
  /** SCIM base URL of the existing directory, which the org does not show. */
  readonly baseUrl: string | undefined;
  /** Name of the assigned group that becomes the assignment group, if several are assigned. */
  readonly assignmentGroup: string | undefined;
}

/** Describes an integration as stack file, import file and first preview. Pure. */
export function planAdoption(existing: Existing, options: AdoptOptions): Adoption {
  const group = assignmentGroupOf(existing, options.assignmentGroup);
  const pushes = existing.pushes
    .filter(({ source }) => source !== undefined && source.id !== group?.id)
    .toSorted((a, b) => ((a.source?.name ?? "") < (b.source?.name ?? "") ? -1 : 1));
  const groupRules = groupRulesOf(existing, group, pushes);
  const config = configOf(existing, group, pushes, groupRules, options);
  return {
    config,
    imports: importsOf(existing, group, pushes, options.tenant),
    preview: previewOf(pushes, config),
    obstacles: obstaclesOf(existing, group, { ...options, groupRules }),
  };
}

/**
 * The group that was asked for. Else the assigned group that a stack can take over best: one of Okta's own groups, not
 * pushed, of the default name; the first by name if several are equal.
 */
function assignmentGroupOf({ assigned, pushes }: Existing, wanted: string | undefined): LiveGroup | undefined {
  if (wanted !== undefined) return assigned.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  const pushed = new Set(pushes.map(({ mapping }) => mapping.sourceGroupId));
  const rank = ({ id, name, type }: LiveGroup): number =>
    (type === "OKTA_GROUP" ? 0 : 4) + (pushed.has(id) ? 2 : 0) + (name.toLowerCase() === ASSIGNMENT_GROUP ? 0 : 1);
  return assigned.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))[0];
}

/** Whether Okta provisions through the app. */
const isConnected = ({ app }: Existing): boolean => app.features.some((feature) => feature.startsWith("PUSH_"));

/**
 * Rules of the stack would assign members who are not assigned today, stand beside active rules that the administrator
 * made, or follow active rules that fill a pushed group: in all cases filling the group stays with the administrator.
 */
function groupRulesOf(
  { rules }: Existing,
  group: LiveGroup | undefined,
  pushes: readonly ExistingPush[],
): "automatic" | "none" {
  const filled = new Set([group?.id, ...pushes.map(({ mapping }) => mapping.sourceGroupId)]);
  const isFilled = rules.some(({ targets, status }) => status === "ACTIVE" && targets.some((id) => filled.has(id)));
  return isFilled || pushes.some(({ unassigned }) => unassigned > 0) ? "none" : "automatic";
}

function configOf(
  existing: Existing,
  group: LiveGroup | undefined,
  pushes: readonly ExistingPush[],
  groupRules: "automatic" | "none",
  { tenant, baseUrl }: AdoptOptions,
): Record<string, unknown> {
  const { app } = existing;
  const has = (feature: string): boolean => app.features.includes(feature);
  const provisioning = {
    createUsers: has("PUSH_NEW_USERS"),
    updateUserAttributes: has("PUSH_PROFILE_UPDATES"),
    deactivateUsers: has("PUSH_USER_DEACTIVATION"),
  };
  const isDefault = !isConnected(existing) || Object.values(provisioning).every((on) => on);
  const settings = {
    tenant,
    endpoint: { kind: "external", ...(baseUrl === undefined ? {} : { baseUrl }) },
    ...(app.name === CATALOGUE_APP ? { app: { template: CATALOGUE_APP } } : {}),
    connection: isConnected(existing) ? "ready" : "pending",
    ...(isDefault ? {} : { provisioning }),
    ...(group === undefined ? {} : { assignmentGroup: group.name }),
    ...(pushes.length === 0 ? {} : { pushGroups: pushes.map(entryOf) }),
    ...(groupRules === "automatic" ? {} : { groupRules }),
  };
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`${NAMESPACE}:${key}`, value]));
}

/** The groups stay in the directory when an entry is removed: an adopted group is the customer's own. */
function entryOf({ source, isNameUnique, mapping }: ExistingPush): unknown {
  const select = isNameUnique ? { name: source?.name } : { id: source?.id };
  return { ...select, keepTargetOnDelete: true, ...(mapping.status === "INACTIVE" ? { status: "INACTIVE" } : {}) };
}

function importsOf(
  existing: Existing,
  group: LiveGroup | undefined,
  pushes: readonly ExistingPush[],
  tenant: string,
): Import[] {
  const { appId, app } = existing;
  const type = app.name === CATALOGUE_APP ? "okta:app/autoLogin:AutoLogin" : "okta:app/saml:Saml";
  const assignment =
    group === undefined
      ? []
      : [
          { type: "okta:group/group:Group", name: `${tenant}-assignment-group`, id: group.id },
          ...(isConnected(existing)
            ? [
                {
                  type: "okta:app/groupAssignment:GroupAssignment",
                  name: `${tenant}-assignment`,
                  id: `${appId}/${group.id}`,
                },
              ]
            : []),
        ];
  const mappings = isConnected(existing)
    ? pushes.map(({ mapping }) => ({
        type: "okta:index/pushGroup:PushGroup",
        name: `${tenant}-push-${mapping.sourceGroupId}`,
        id: `${appId}/${mapping.id}`,
      }))
    : [];
  return [{ type, name: `${tenant}-app`, id: appId }, ...assignment, ...mappings];
}

function previewOf(pushes: readonly ExistingPush[], config: Readonly<Record<string, unknown>>): string[] {
  const rules = config[`${NAMESPACE}:groupRules`] === undefined ? pushes.length : 0;
  return [
    "+ the stack and its component OktaIntegration: they exist in Pulumi's state alone",
    "= assignment group and assignment: nothing changes",
    "~ app: skipAuthenticationPolicy leaves the sign-on policy to the administrator; Okta is sent the settings that the app has already. If that switches SCIM off (okta/terraform-provider-okta#655), the same up reports it",
    ...(pushes.length === 0
      ? []
      : [
          `~ ${count(pushes.length, "push mapping", "push mappings")}: deleteTargetGroupOnDestroy is a setting of the stack alone; Okta is sent the status that the mapping has already`,
        ]),
    ...(rules === 0
      ? []
      : [
          `+ ${count(rules, "group rule", "group rules")}: every member of a pushed group is assigned already, so the new rules add nobody today`,
        ]),
    ...(pushes.some(({ source, targetName }) => targetName !== undefined && source?.name !== targetName)
      ? [
          `no line for target names: ${listQuoted(pushes.flatMap(({ source, targetName }) => (targetName !== undefined && source?.name !== targetName ? [`${source?.name ?? ""} → ${targetName}`] : [])))} stay as they are in Okta, and targetName stays out of the stack file, because setting it replaces the mapping`,
        ]
      : []),
  ];
}
