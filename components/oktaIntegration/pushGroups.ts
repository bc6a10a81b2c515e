import * as pulumi from "@pulumi/pulumi";
import { problemsError, type Problem } from "../config/errors.ts";
import { nearest } from "../config/nearest.ts";
import {
  assignedAndPushed,
  entryProblem,
  everyonePushed,
  renameEntry,
  type PlacedEntry,
  sameName,
  selectorText,
} from "../config/pushGroupRules.ts";
import type { PushGroupEntry } from "../config/tenant.ts";
import type { LastDeployment } from "./lastDeployment.ts";
import { planMoves, type PushPlan, type ReleasedMapping } from "./moves.ts";
import { findGroups, type OktaGroup } from "./orgGroups.ts";
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
  const problems = [...resolved.flatMap((one) => one.problems), ...overlaps(claims, options.stack)];
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
}

async function claimsOf(
  placed: PlacedEntry,
  entries: readonly PushGroupEntry[],
  options: ResolveOptions,
): Promise<Resolved> {
  const { index, entry } = placed;
  if (entry.create && entry.name !== undefined)
    return { claims: [{ ...placed, name: entry.name, label: entry.name }], problems: [], notices: [] };
  const named = selectGroups(entry, await findGroups(searchOf(entry)));
  const renamed = await followRename(placed, named, { entries, ...options });
  const groups = renamed === undefined ? named : [renamed.group];
  const problems =
    groups.length === 0 && !isPattern(entry)
      ? [await unknownGroup(index, entry, options.stack)]
      : groupProblems(index, entry, groups, options);
  if (problems.length > 0) return { claims: [], problems, notices: [] };
  const claims = groups.map(({ id, name }) => ({ ...placed, name, label: entry.name ?? name, groupId: id }));
  return { claims, problems, notices: renamed?.notices ?? [] };
}

/**
 * Okta's search ignores case, but a name in the configuration means the exact group. If several groups have the name,
 * it means the Okta group, because no other kind can be pushed: each push makes the app bring a group of the same name
 * into the org.
 */
function selectGroups(entry: PushGroupEntry, groups: readonly OktaGroup[]): readonly OktaGroup[] {
  if (entry.id !== undefined) return groups;
  const pushable = groups.filter((group) => group.type === "OKTA_GROUP");
  if (entry.name === undefined) return pushable;
  const named = ({ name }: OktaGroup): boolean => name === entry.name;
  return pushable.some(named) ? pushable.filter(named) : groups.filter(named);
}

/** An entry that selects no group, with the nearest name of the org if there is one. */
async function unknownGroup(index: number, entry: PushGroupEntry, stack: string): Promise<Problem> {
  const wanted = selectorText(entry);
  const near = entry.name === undefined ? undefined : await nearestGroup(entry.name);
  const allowed =
    entry.id === undefined
      ? `existing groups, spelled as in Okta, or {name: ${quoted(wanted)}, create: true}, which creates the group`
      : "the id in the address of the group's page in the Admin Console";
  const problem = entryProblem(index, `no group ${quoted(wanted)} exists in the Okta org`, allowed, stack);
  if (near === undefined) return problem;
  return {
    ...problem,
    wrong: `${problem.wrong}; did you mean ${quoted(near)}?`,
    fix: renameEntry({ index, entry }, near, stack),
  };
}

/**
 * Only names that start alike are considered, without regard to case and blanks, because a search for everything could
 * return a whole org.
 */
async function nearestGroup(name: string): Promise<string | undefined> {
  const start = name.trim().slice(0, 3);
  const groups = [
    ...(await findGroups(`profile.name sw ${quoted(start)}`)),
    ...(await findGroups(`profile.name co ${quoted(name.trim())}`)),
  ];
  const names = groups.filter(({ type }) => type === "OKTA_GROUP").map((group) => group.name);
  return nearest(name, names);
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
  if (entry.name !== undefined && groups.length > 1) {
    const ids = groups.map(({ id }) => id);
    const wrong = `${groups.length} groups of the org are named ${quoted(entry.name)} (${ids.join(", ")})`;
    return [entryProblem(index, wrong, `a name that one group has, or an id: {id: ${ids[0] ?? ""}}`, stack)];
  }
  return groups.flatMap((group): Problem[] => {
    if (sameName(group.name, assignmentGroup)) return [assignedAndPushed(index, group.name, stack)];
    if (group.type === "BUILT_IN") return [everyonePushed(index, stack)];
    if (group.type === "OKTA_GROUP") return [];
    const wrong = `${quoted(group.name)} comes from an app (${group.type}), and Okta pushes its own groups only`;
    return [entryProblem(index, wrong, "groups of type OKTA_GROUP, such as one with the same members", stack)];
  });
}
