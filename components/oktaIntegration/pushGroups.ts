import * as pulumi from "@pulumi/pulumi";
import { problemsError, type Problem } from "../config/errors.ts";
import {
  assignedAndPushed,
  entryProblem,
  everyonePushed,
  type PlacedEntry,
  sameName,
  selectorText,
} from "../config/pushGroupRules.ts";
import type { PushGroupEntry } from "../config/tenant.ts";
import type { LastDeployment } from "./lastDeployment.ts";
import { planMoves, type PushPlan, type ReleasedMapping } from "./moves.ts";
import { findGroups, groupById, type OktaGroup } from "./orgGroups.ts";
import { deletedGroups, unknownGroup, type DeletedGroup } from "./missingGroups.ts";
import { followRename } from "./renames.ts";

/** One group to push. Without `groupId`, the stack creates the group. */
export interface ResolvedPushGroup {
  /**
   * The stable part of the names of the group's resources: its id, which survives a rename, or its name if the stack
   * creates the group.
   */
  readonly key: string;
  readonly name: string;
  /** The name, with the id if two groups to push share the name. */
  readonly label: string;
  readonly groupId?: string | undefined;
  /** The pattern that matched the group, such as `Dev*`. */
  readonly pattern?: string | undefined;
  readonly targetName?: string | undefined;
  readonly keepTargetOnDelete: boolean;
  readonly status: PushGroupEntry["status"];
  readonly plan: PushPlan;
}

export interface ResolvedPushGroups {
  readonly groups: readonly ResolvedPushGroup[];
  /** Mappings that stay for one more deployment, so that the directory keeps their groups. */
  readonly released: readonly ReleasedMapping[];
  /** The steps that a person has to do after this deployment, in order. */
  readonly notices: readonly string[];
}

export interface ResolveOptions {
  readonly assignmentGroup: string;
  /** The stack that the commands of the errors name. */
  readonly stack: string;
  readonly last: LastDeployment;
}

/** A group that one entry of the configuration selects. */
interface Claim {
  readonly index: number;
  readonly entry: PushGroupEntry;
  /** The name in Okta. */
  readonly name: string;
  /** The name that the configuration has, else the one in Okta. */
  readonly label: string;
  readonly groupId?: string;
}

const quoted = (text: string): string => JSON.stringify(text);
const isPattern = (entry: PushGroupEntry): boolean => entry.name === undefined && entry.id === undefined;

function searchOf(entry: PushGroupEntry): string {
  if (entry.name !== undefined) return `profile.name eq ${quoted(entry.name)}`;
  if (entry.id !== undefined) return `id eq ${quoted(entry.id)}`;
  if (entry.startsWith !== undefined) return `profile.name sw ${quoted(entry.startsWith)}`;
  return `profile.name co ${quoted(entry.contains ?? "")}`;
}

/**
 * Finds the groups that the configuration selects, in the org as it is at deploy time. A group that was renamed since the
 * last deployment is still the one that the configuration means. Warns of a pattern that matches none.
 * @throws UserError with every problem: unknown, ambiguous, app-sourced, built-in, also assigned, pushed twice, one
 * target for two groups
 */
export async function resolvePushGroups(
  entries: readonly PushGroupEntry[],
  options: ResolveOptions,
): Promise<ResolvedPushGroups> {
  const resolved = await Promise.all(entries.map((entry, index) => claimsOf({ index, entry }, entries, options)));
  const claims = resolved.flatMap((one) => one.claims);
  const problems = [
    ...deletedGroups(
      resolved.flatMap((one) => one.deleted ?? []),
      options.stack,
    ),
    ...resolved.flatMap((one) => one.problems),
    ...overlaps(claims, options.stack),
  ];
  if (problems.length > 0) throw problemsError("The groups to push are not usable", problems);

  for (const entry of entries) {
    if (isPattern(entry) && !claims.some((claim) => claim.entry === entry)) {
      await pulumi.log.warn(
        `pushGroups: no group of the Okta org matches ${selectorText(entry)} today; none is pushed for it`,
      );
    }
  }
  const groups = claims.map(({ entry, name, label, groupId }) => ({
    key: groupId ?? name,
    name,
    label: claims.filter((other) => other.label === label).length > 1 ? `${label} (${groupId ?? "new"})` : label,
    groupId,
    pattern: isPattern(entry) ? selectorText(entry) : undefined,
    targetName: entry.targetName,
    target: entry.targetName ?? name,
    keepTargetOnDelete: entry.keepTargetOnDelete,
    status: entry.status,
  }));
  const { plans, released, notices } = await planMoves(groups, options.last.mappings, options.stack);
  const all = [...resolved.flatMap((one) => one.notices), ...notices];
  for (const notice of all) await pulumi.log.warn(notice);
  return {
    groups: groups.map((group) => ({ ...group, plan: plans.get(group.key) ?? PUSH })),
    released,
    notices: all,
  };
}

const PUSH: PushPlan = { kind: "push", replaces: undefined, after: [] };

interface Resolved {
  readonly claims: readonly Claim[];
  readonly problems: readonly Problem[];
  readonly notices: readonly string[];
  /** Set if the group that the stack pushes for the entry is gone. */
  readonly deleted?: DeletedGroup;
}

async function claimsOf(
  placed: PlacedEntry,
  entries: readonly PushGroupEntry[],
  options: ResolveOptions,
): Promise<Resolved> {
  const { index, entry } = placed;
  if (entry.create && entry.name !== undefined)
    return { claims: [{ ...placed, name: entry.name, label: entry.name }], problems: [], notices: [] };
  const named = selectGroups(entry, await findGroups(searchOf(entry)), options.last);
  const renamed = await followRename(placed, named, { entries, ...options });
  const groups = renamed === undefined ? named : [renamed.group];
  if (!isPattern(entry) && !groups.some(isPushable)) {
    const id = pushedFor(entry, options.last);
    if (id !== undefined && (await groupById(id)) === undefined)
      return { claims: [], problems: [], notices: [], deleted: { ...placed, id } };
  }
  const problems =
    groups.length === 0 && !isPattern(entry)
      ? [await unknownGroup(placed, options.stack)]
      : groupProblems(index, entry, groups, options);
  if (problems.length > 0) return { claims: [], problems, notices: [] };
  const claims = groups.map(({ id, name }) => ({ ...placed, name, label: entry.name ?? name, groupId: id }));
  return { claims, problems, notices: renamed?.notices ?? [] };
}

const isPushable = ({ type }: OktaGroup): boolean => type === "OKTA_GROUP";

/** The id of the group that the last deployment pushed for an entry with a name or an id. */
const pushedFor = ({ name, id }: PushGroupEntry, { pushed }: LastDeployment): string | undefined =>
  name === undefined ? [...pushed.values()].find((one) => one === id) : pushed.get(name);

/**
 * Okta's search ignores case, but a name in the configuration means the exact group. If several groups have the name,
 * it means the Okta group, because no other kind can be pushed: each push makes the app bring a group of the same name
 * into the org. The groups that this stack's own pushes brought are never meant.
 */
function selectGroups(
  entry: PushGroupEntry,
  groups: readonly OktaGroup[],
  { mappings }: LastDeployment,
): readonly OktaGroup[] {
  if (entry.id !== undefined) return groups;
  const pushable = groups.filter(isPushable);
  if (entry.name === undefined) return pushable;
  const named = ({ name }: OktaGroup): boolean => name === entry.name;
  if (pushable.some(named)) return pushable.filter(named);
  const targets = new Set(mappings.map(({ targetGroupId }) => targetGroupId));
  return groups.filter((group) => named(group) && !targets.has(group.id));
}

/** One group that is selected twice, or two groups that would fill one group of the directory. */
function overlaps(claims: readonly Claim[], stack: string): Problem[] {
  const groups = new Map<string, Claim>();
  const targets = new Map<string, Claim>();
  return claims.flatMap((claim): Problem[] => {
    const { index, name, groupId } = claim;
    const same = groupId === undefined ? undefined : groups.get(groupId);
    if (same !== undefined) {
      const wrong = `selects the group ${quoted(name)}, which pushGroups[${same.index}] pushes already`;
      return [entryProblem(index, wrong, "each group once: remove or narrow one of the two entries", stack)];
    }
    if (groupId !== undefined) groups.set(groupId, claim);
    const target = claim.entry.targetName ?? name;
    const rival = targets.get(target.toLowerCase());
    targets.set(target.toLowerCase(), claim);
    if (rival === undefined) return [];
    const wrong = `would fill the group ${quoted(target)} of the directory, which pushGroups[${rival.index}] fills already`;
    const allowed = "another targetName: each group of the directory is filled by one group of Okta";
    return [entryProblem(index, wrong, allowed, stack)];
  });
}

function groupProblems(
  index: number,
  entry: PushGroupEntry,
  groups: readonly OktaGroup[],
  { assignmentGroup, stack }: ResolveOptions,
): Problem[] {
  if (entry.name !== undefined && groups.filter(isPushable).length > 1) {
    const ids = groups.map(({ id }) => id);
    const wrong = `${groups.length} groups of the org are named ${quoted(entry.name)} (${ids.join(", ")})`;
    return [entryProblem(index, wrong, `a name that one group has, or an id: {id: ${ids[0] ?? ""}}`, stack)];
  }
  // Several apps can bring groups of one name.
  const distinct = entry.name === undefined ? groups : groups.slice(0, 1);
  return distinct.flatMap((group): Problem[] => {
    if (sameName(group.name, assignmentGroup)) return [assignedAndPushed(index, group.name, stack)];
    if (group.type === "BUILT_IN") return [everyonePushed(index, stack)];
    if (isPushable(group)) return [];
    const wrong = `${quoted(group.name)} comes from an app (${group.type}), and Okta pushes its own groups only`;
    return [entryProblem(index, wrong, "groups of type OKTA_GROUP, such as one with the same members", stack)];
  });
}
