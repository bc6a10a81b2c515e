import * as okta from "@pulumi/okta";
import type * as pulumi from "@pulumi/pulumi";
import type { PushGroupEntry } from "../config.ts";
import { problemsError, type Problem } from "../errors.ts";
import { assignedAndPushed, everyonePushed, selectorText } from "./pushGroupRules.ts";

/** One group to push. Without `groupId` the stack makes the group. */
export interface ResolvedPushGroup {
  /** The stable text that names what is made from it. */
  readonly key: string;
  readonly name: string;
  readonly groupId?: string;
  readonly targetName?: string | undefined;
  readonly keepTargetOnDelete: boolean;
  readonly status: "ACTIVE" | "INACTIVE";
}

interface OktaGroup {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

const quoted = (text: string): string => JSON.stringify(text);

function searchOf(entry: PushGroupEntry): string {
  if (entry.name !== undefined) return `profile.name eq ${quoted(entry.name)}`;
  if (entry.id !== undefined) return `id eq ${quoted(entry.id)}`;
  if (entry.startsWith !== undefined) return `profile.name sw ${quoted(entry.startsWith)}`;
  return `profile.name co ${quoted(entry.contains ?? "")}`;
}

/**
 * Finds the groups that the configuration means, in the org as it is at deploy time.
 * @throws UserError with every problem: unknown, ambiguous, app-sourced, built-in, assigned too, named twice.
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
  const resolved: ResolvedPushGroup[] = [];
  const claimed = new Map<string, string>();
  entries.forEach((entry, index) => {
    const path = `pushGroups[${index}]`;
    const { targetName, keepTargetOnDelete, status } = entry;
    const common = { targetName, keepTargetOnDelete, status };
    if (entry.create && entry.name !== undefined) {
      resolved.push({ key: entry.name, name: entry.name, ...common });
      return;
    }
    const groups = selectGroups(entry, found[index] ?? []);
    problems.push(...groupProblems(path, entry, groups, assignmentGroup));
    for (const group of groups) {
      const other = claimed.get(group.id);
      if (other !== undefined) {
        problems.push({
          path,
          wrong: `means the group ${quoted(group.name)}, which ${other} pushes already`,
          allowed: "each group once",
          fix: "remove or narrow one of the two entries",
        });
        continue;
      }
      claimed.set(group.id, path);
      const one = entry.name !== undefined || entry.id !== undefined;
      resolved.push({ key: one ? selectorText(entry) : group.name, name: group.name, groupId: group.id, ...common });
    }
  });
  if (problems.length > 0) throw problemsError("The groups to push are not usable", problems);
  return resolved;
}

/** Okta compares without case; a name in the configuration means the exact group. Patterns take Okta groups only. */
function selectGroups(entry: PushGroupEntry, groups: readonly OktaGroup[]): readonly OktaGroup[] {
  if (entry.name !== undefined) return groups.filter((group) => group.name === entry.name);
  if (entry.id !== undefined) return groups;
  return groups.filter((group) => group.type === "OKTA_GROUP");
}

function groupProblems(
  path: string,
  entry: PushGroupEntry,
  groups: readonly OktaGroup[],
  assignmentGroup: string,
): Problem[] {
  const asked = selectorText(entry);
  if (groups.length === 0 && (entry.name !== undefined || entry.id !== undefined)) {
    return [
      {
        path,
        wrong: `no group ${quoted(asked)} exists in the Okta org`,
        allowed: "existing groups, spelled as in Okta (case matters)",
        fix: `correct the name, create the group in Okta, or let the stack create it: {name: ${quoted(asked)}, create: true}`,
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
          wrong: `${quoted(group.name)} comes from an app (${group.type}): Okta's group rules do not fill from it`,
          allowed: "groups of type OKTA_GROUP",
          fix: "make an Okta group of its members and push that one",
        },
      ];
    }
    return [];
  });
}
