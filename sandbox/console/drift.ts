import { renamedEntry } from "../../operations/verify/groups.ts";
import { readTenant, type DeployedTenant } from "../../operations/live/tenant.ts";
import type { Tenant } from "../tenant/tenant.ts";
import { deletedGroups, groupsCreatedAgain } from "./deletedGroups.ts";
import type { Drift } from "./driftItem.ts";
import { PUSH, recordedFailures, troubledPushes } from "./failedPushes.ts";
import { pushLabel, resourceDrift } from "./resourceDrift.ts";

type Place = Pick<Tenant, "engine" | "org" | "outputs" | "config" | "stack">;

/**
 * Compares the org with the stack: each resource as `pulumi up --refresh` reads it, and everything else of the app that
 * the stack does not have.
 * @throws Error if the org cannot be read
 */
export async function readDrift(place: Place): Promise<readonly Drift[]> {
  const { org, outputs, config, stack, engine } = place;
  const app = org.view.app(String(outputs["oktaAppId"]));
  if (app === undefined) return [];
  const tenant = readTenant(stack, config.values, config.secretKeys, outputs);
  const resources = (await engine.drift("okta")).flatMap((drift) => resourceDrift(drift, place) ?? []);
  const changed = new Set(resources.map(({ subject }) => subject));
  return [
    ...connectionDrift(tenant, app.connected),
    ...resources,
    ...recordedFailures(place).filter(({ subject }) => !changed.has(subject)),
    ...assignedByHand(place, tenant),
    ...pushedByHand(place, tenant),
    ...deletedSources(place, tenant),
    ...renamedSources(place, tenant),
    ...rulesByHand(place, tenant),
  ];
}

/** The differences, and the commands that a deployment with refresh stands for. */
export function describeDrift(items: readonly Drift[], place: Place): unknown {
  const { stack } = place;
  const refreshed = items.flatMap(({ way }) => (way.kind === "refresh" ? [way] : []));
  const gone = refreshed.flatMap(({ forget }) => forget ?? []);
  const failed = troubledPushes(place).filter(({ now }) => now === "failed");
  const names = failed.map(({ groupId }) => pushLabel(groupId, place));
  const commands = [
    ...names.map((name) => `# Push Groups tab: unlink ${name}, leave its group in the target app`),
    ...[...gone, ...failed].map(({ urn }) => `pulumi state delete --stack ${stack} '${urn}'`),
    `pulumi up --refresh --stack ${stack}`,
  ];
  return { items, forgets: gone.length, failed: names, commands: refreshed.length === 0 ? [] : commands };
}

function connectionDrift({ config, stack }: DeployedTenant, connected: boolean): Drift[] {
  if (connected || config.connection === "pending") return [];
  return [
    {
      subject: "Provisioning of the app",
      difference: "switched off by hand: Okta has no base URL and no token",
      remedy: `No deployment can switch it on: repeat the console step. Until then "pulumi up --stack ${stack}" stops and says so.`,
      way: { kind: "consoleStep" },
      marks: [],
    },
  ];
}

function assignedByHand({ org, engine }: Place, { outputs }: DeployedTenant): Drift[] {
  return org.view
    .assignedGroups(outputs.oktaAppId)
    .filter(({ id }) => !engine.isOwn("okta:app/groupAssignment:GroupAssignment", id))
    .map(({ id, name }) => ({
      subject: `The assignment of ${name}`,
      difference: "made by hand: the configuration assigns only the assignment group",
      remedy: "No deployment removes it: remove the assignment, or put its people in the assignment group.",
      way: { kind: "unassignGroup", group: id },
      marks: [id],
    }));
}

const all = { search: "", start: 0, count: Number.MAX_SAFE_INTEGER };

/**
 * Pushes and push rules that the stack does not have. A group that the stack pushes, and that was pushed again by hand, is
 * not among them.
 */
function pushedByHand({ org, engine }: Place, { outputs, config, stack }: DeployedTenant): Drift[] {
  const declared = Object.values(outputs.pushGroups);
  const isIn = (pushes: typeof declared, id: string): boolean => pushes.some((push) => push.sourceGroupId === id);
  const isPending = config.connection === "pending";
  const byStack = declared.filter(({ mappingId }) => mappingId !== null);
  const pushes = org.view
    .pushedGroups(all, outputs.oktaAppId)
    .items.filter(({ id, push }) => push !== undefined && !isIn(byStack, id) && !engine.isOwn(PUSH, push.id));
  const undeclared = pushes.filter(({ id }) => !isIn(declared, id));
  const rules = org.admin.pushRules(outputs.oktaAppId).map((rule) => ({
    rule,
    found: undeclared.filter(({ id }) => rule.groupIds.includes(id)),
    isRefused: rule.groupIds.includes(outputs.assignmentGroupId),
  }));
  const covered = new Set(rules.flatMap(({ found, isRefused }) => (isRefused ? [] : found)));
  const remedyOf = (id: string, name: string, mapping: string): Remedy => {
    if (id === outputs.assignmentGroupId) return pushToUnlink(id);
    return isIn(declared, id) ? pushToHandOver(id, name, stack) : pushToDeclare(name, { mapping, isPending }, stack);
  };
  return [
    ...rules.map(({ rule, found, isRefused }) => ({
      subject: `The push rule ${rule.name}`,
      marks: [rule.id, ...found.map(({ id }) => id)],
      ...(isRefused ? ruleToRemove(rule.id) : ruleToDeclare(rule, isPending, stack)),
    })),
    ...pushes
      .filter((push) => !covered.has(push))
      .map(({ id, name, push }) => ({
        subject: `The push of ${name}`,
        marks: [id],
        ...remedyOf(id, name, push?.id ?? ""),
      })),
  ];
}

type Remedy = Pick<Drift, "difference" | "remedy" | "way">;
const UNDECLARED = "made by hand: not in the configuration";

const ruleToDeclare = (
  rule: { id: string; match: string; text: string },
  isPending: boolean,
  stack: string,
): Remedy => ({
  difference: UNDECLARED,
  remedy: `Declare {"${rule.match}": ${JSON.stringify(rule.text)}} in pushGroups, then "pulumi up --stack ${stack}"; or remove the rule and unlink its groups.`,
  way: { kind: "declareRule", rule: rule.id, isPending },
});
const ruleToRemove = (rule: string): Remedy => ({
  difference: "made by hand: it matches the assignment group, which Okta does not support pushing",
  remedy: "No configuration can declare it: remove the rule, then unlink or declare its groups one by one.",
  way: { kind: "removePushRule", rule },
});
const pushToDeclare = (name: string, way: { mapping: string; isPending: boolean }, stack: string): Remedy => ({
  difference: UNDECLARED,
  remedy: `Declare ${name} in pushGroups, then "pulumi up --stack ${stack}"; or unlink it.`,
  way: { kind: "declarePush", ...way },
});
const pushToHandOver = (group: string, name: string, stack: string): Remedy => ({
  difference: "made by hand: the configuration has it, and Okta refuses to push a group twice",
  remedy: `The deployment that pushes ${name} fails until it is unlinked. Leave its group in the directory: "pulumi up --stack ${stack}" with connection: ready takes it over.`,
  way: { kind: "unlinkGroup", group },
});
const pushToUnlink = (group: string): Remedy => ({
  difference: "made by hand: it is the assignment group, which Okta does not support pushing",
  remedy: "No configuration can declare it: unlink it, and push another group with the same people.",
  way: { kind: "unlinkGroup", group },
});

/** Pushed groups that are gone, or that were created again. */
function deletedSources(place: Place, { stack }: DeployedTenant): Drift[] {
  const up = `"pulumi up --stack ${stack}"`;
  const remedies = {
    name: `No deployment works with its entry: remove it from pushGroups, or create the group again; then ${up}.`,
    id: `No deployment works with its entry: remove it from pushGroups, then ${up}. A group that is created again has another id.`,
    pattern: `${up} ends its push.`,
  };
  return [
    ...deletedGroups(place).map(({ label, by }): Drift => ({
      subject: `The group ${label}`,
      difference: "deleted by hand in Okta",
      remedy: remedies[by],
      way: { kind: by === "pattern" ? "endPush" : "removeDeleted", label },
      marks: [],
    })),
    ...groupsCreatedAgain(place).map(({ label }): Drift => ({
      subject: `The group ${label}`,
      difference: "deleted by hand in Okta and created again",
      remedy: `Its entry means the new group, and "pulumi up --refresh --stack ${stack}" pushes it. The push of the old group is unlinked first, and its group in the directory stays.`,
      way: { kind: "refresh" },
      marks: [],
    })),
  ];
}

/** Pushed groups that the stack did not create and that have another name. */
function renamedSources({ org, engine }: Place, { outputs, config, stack }: DeployedTenant): Drift[] {
  return Object.entries(outputs.pushGroups).flatMap(([label, { sourceGroupId: id }]): Drift[] => {
    const group = org.view.group(id, outputs.oktaAppId);
    if (engine.isOwn("okta:group/group:Group", id) || group === undefined) return [];
    if (renamedEntry(config, label, group.name) === -1) return [];
    return [
      {
        subject: `The group ${label}`,
        difference: `renamed by hand to ${JSON.stringify(group.name)}`,
        remedy: `The stack goes on pushing it. Give its entry in pushGroups the new name, then "pulumi up --stack ${stack}".`,
        way: { kind: "declareName", label, name: group.name },
        marks: [id],
      },
    ];
  });
}

/** Rules of the assignment group that the stack does not have. `groupRules: none` leaves the rules to the administrator. */
function rulesByHand({ org, engine }: Place, { outputs, config }: DeployedTenant): Drift[] {
  if (config.groupRules === "none") return [];
  return org.view
    .rules(all)
    .items.filter(
      ({ id, groupIds }) => groupIds.includes(outputs.assignmentGroupId) && !engine.isOwn("okta:group/rule:Rule", id),
    )
    .map(({ id, name }) => ({
      subject: `The rule ${name}`,
      difference: "made by hand: it fills the assignment group, and the configuration does not declare it",
      remedy: "No deployment removes it: remove the rule. Its people get the app through a pushed group.",
      way: { kind: "removeRule", rule: id },
      marks: [id],
    }));
}
