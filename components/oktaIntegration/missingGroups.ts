import { configPath, removeCommand } from "../config/commands.ts";
import type { Problem } from "../config/errors.ts";
import { nearest } from "../config/nearest.ts";
import { entryProblem, renameEntry, selectorText, type PlacedEntry } from "../config/pushGroupRules.ts";
import { findGroups } from "./orgGroups.ts";

const quoted = (text: string): string => JSON.stringify(text);

/** An entry of the configuration whose group was deleted in Okta since the last deployment, with the group's id. */
export interface DeletedGroup extends PlacedEntry {
  readonly id: string;
}

const CREATED = "{name: …, create: true}, which creates the group";

/**
 * One problem for all groups that were deleted, because no deployment works before all of them are out of the
 * configuration or exist again. Its commands remove the last entry first, because each removal renumbers the following
 * ones.
 */
export function deletedGroups(deleted: readonly DeletedGroup[], stack: string): Problem[] {
  if (deleted.length === 0) return [];
  const names = deleted.map(({ entry, id }) =>
    entry.name === undefined ? quoted(id) : `${quoted(entry.name)} (${id})`,
  );
  const wrong =
    deleted.length === 1
      ? `the group ${names.join("")}, which this stack pushes, was deleted in Okta`
      : `the groups ${names.join(", ")}, which this stack pushes, were deleted in Okta`;
  const paths = deleted.map(({ index }) => ["pushGroups", index] as const);
  return [
    {
      path: paths.map(configPath).join(", "),
      wrong,
      allowed: `existing groups, spelled as in Okta, or ${CREATED}`,
      fix: paths
        .toReversed()
        .map((path) => removeCommand(path, stack))
        .join(" && "),
    },
  ];
}

/** An entry that selects no group, with the nearest name of the org if there is one. */
export async function unknownGroup(placed: PlacedEntry, stack: string): Promise<Problem> {
  const { index, entry } = placed;
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
    fix: renameEntry(placed, near, stack),
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
