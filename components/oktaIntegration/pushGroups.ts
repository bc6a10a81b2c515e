import * as okta from "@pulumi/okta";
import * as pulumi from "@pulumi/pulumi";
import type { PushGroupEntry } from "../config/tenant.ts";
import { problemsError, type Problem } from "../config/errors.ts";
import { assignedAndPushed, everyonePushed, selectorText } from "../config/pushGroupRules.ts";

/** One group to push. Without `groupId` the stack makes the group. */
export interface ResolvedPushGroup {
  /** Names what is made for the group: its id, which outlives a new name; its name while the stack makes it. */
  readonly key: string;
  readonly name: string;
  /** The name, with the id where two groups to push share it. */
  readonly label: string;
  readonly groupId?: string | undefined;
  /** The pattern that found the group. */
  readonly pattern?: string | undefined;
  readonly targetName?: string | undefined;
  readonly keepTargetOnDelete: boolean;
  readonly status: "ACTIVE" | "INACTIVE";
}

interface OktaGroup {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

/** A group that one entry of the configuration means. */
interface Claim {
  readonly path: string;
  readonly entry: PushGroupEntry;
  readonly name: string;
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
 * Finds the groups that the configuration means, in the org as it is at deploy time. Warns of a pattern that finds none.
 * @throws UserError with every problem: unknown, ambiguous, app-sourced, built-in, assigned too, pushed twice, one
 *   target for two groups.
 */
export async function resolvePushGroups(
  entries: readonly PushGroupEntry[],
  assignmentGroup: string,
  options?: pulumi.InvokeOptions,
): Promise<ResolvedPushGroup[]> {
  const found = await Promise.all(
    entries.map(async (entry) =>
      entry.create ? [] : (await okta.getGroups({ search: searchOf(entry) }, options)).groups,
    ),
  );
  const problems: Problem[] = [];
  const claims = entries.flatMap((entry, index): Claim[] => {
    const path = `pushGroups[${index}]`;
    if (entry.create && entry.name !== undefined) return [{ path, entry, name: entry.name }];
    const groups = selectGroups(entry, found[index] ?? []);
    const wrong = groupProblems(path, entry, groups, assignmentGroup);
    problems.push(...wrong);
    return wrong.length > 0 ? [] : groups.map(({ id, name }) => ({ path, entry, name, groupId: id }));
  });
  problems.push(...overlaps(claims));
  if (problems.length > 0) throw problemsError("The groups to push are not usable", problems);

  for (const entry of entries) {
    if (isPattern(entry) && !claims.some((claim) => claim.entry === entry)) {
      await pulumi.log.warn(
        `pushGroups: no group of the Okta org matches ${selectorText(entry)} today; none is pushed for it`,
      );
    }
  }
  return claims.map(({ entry, name, groupId }) => ({
    key: groupId ?? name,
    name,
    label: claims.filter((other) => other.name === name).length > 1 ? `${name} (${groupId ?? "new"})` : name,
    groupId,
    pattern: isPattern(entry) ? selectorText(entry) : undefined,
    targetName: entry.targetName,
    keepTargetOnDelete: entry.keepTargetOnDelete,
    status: entry.status,
  }));
}

/**
 * Okta compares without case; a name in the configuration means the exact group. Of groups with one name the Okta group is
 * meant, since no other can be pushed: each push makes the app bring a group of the same name into the org.
 */
function selectGroups(entry: PushGroupEntry, groups: readonly OktaGroup[]): readonly OktaGroup[] {
  if (entry.id !== undefined) return groups;
  const okta = groups.filter((group) => group.type === "OKTA_GROUP");
  if (entry.name === undefined) return okta;
  const named = (one: OktaGroup): boolean => one.name === entry.name;
  return okta.some(named) ? okta.filter(named) : groups.filter(named);
}

/** One group meant twice, or two groups that would fill one group of the directory. */
function overlaps(claims: readonly Claim[]): Problem[] {
  const groups = new Map<string, Claim>();
  const targets = new Map<string, Claim>();
  return claims.flatMap((claim): Problem[] => {
    const { path, name, groupId } = claim;
    const same = groupId === undefined ? undefined : groups.get(groupId);
    if (same !== undefined) {
      return [
        {
          path,
          wrong: `means the group ${quoted(name)}, which ${same.path} pushes already`,
          allowed: "each group once",
          fix: "remove or narrow one of the two entries",
        },
      ];
    }
    if (groupId !== undefined) groups.set(groupId, claim);
    const target = claim.entry.targetName ?? name;
    const rival = targets.get(target.toLowerCase());
    targets.set(target.toLowerCase(), claim);
    if (rival === undefined) return [];
    return [
      {
        path,
        wrong: `would fill the group ${quoted(target)} of the directory, which ${rival.path} fills already`,
        allowed: "one pushed group for each group of the directory",
        fix: "give one of the two another targetName",
      },
    ];
  });
}

function groupProblems(
  path: string,
  entry: PushGroupEntry,
  groups: readonly OktaGroup[],
  assignmentGroup: string,
): Problem[] {
  const asked = selectorText(entry);
  if (groups.length === 0 && !isPattern(entry)) {
    return [
      {
        path,
        wrong: `no group ${quoted(asked)} exists in the Okta org`,
        allowed: "existing groups, spelled as in Okta (case matters)",
        fix:
          entry.id === undefined
            ? `correct the name, create the group in Okta, or let the stack create it: {name: ${quoted(asked)}, create: true}`
            : "copy the id from the address of the group's page in the Okta console",
      },
    ];
  }
  if (entry.name !== undefined && groups.length > 1) {
    return [
      {
        path,
        wrong: `${groups.length} groups of the org are named ${quoted(asked)} (${groups.map((g) => g.id).join(", ")})`,
        allowed: "a name that one group has, or an id",
        fix: "name the one that you mean by its id: {id: 00g…}",
      },
    ];
  }
  return groups.flatMap((group): Problem[] => {
    if (group.name.toLowerCase() === assignmentGroup.toLowerCase()) return [assignedAndPushed(path, group.name)];
    if (group.type === "BUILT_IN") return [everyonePushed(path)];
    if (group.type !== "OKTA_GROUP") {
      return [
        {
          path,
          wrong: `${quoted(group.name)} comes from an app (${group.type}), and Okta pushes groups of its own only`,
          allowed: "groups of type OKTA_GROUP",
          fix: "make an Okta group of its members and push that one",
        },
      ];
    }
    return [];
  });
}
