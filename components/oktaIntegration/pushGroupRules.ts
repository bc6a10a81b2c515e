import type { Problem } from "../errors.ts";

/** The parts of a push-group entry that tell which group it means. */
export interface Selector {
  readonly name?: string | undefined;
  readonly id?: string | undefined;
  readonly startsWith?: string | undefined;
  readonly contains?: string | undefined;
}

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The text that a person wrote for an entry; also the stable key of what is made from it. */
export function selectorText(entry: Selector): string {
  return entry.name ?? entry.id ?? (entry.startsWith ? `${entry.startsWith}*` : `*${entry.contains ?? ""}*`);
}

/** Why Okta cannot have one group in both places (help.okta.com, "About Group Push"). */
export function assignedAndPushed(path: string, group: string): Problem {
  return {
    path,
    wrong: `${JSON.stringify(group)} is the assignment group too: Okta does not support the same group for assignment and for group push, the assignment takes precedence and the group may not be pushed`,
    allowed: "groups other than the assignment group",
    fix: "push your existing groups and leave the assignment group to the group rules",
  };
}

/** Why the group of all people cannot be pushed. */
export function everyonePushed(path: string): Problem {
  return {
    path,
    wrong: "Everyone is Okta's built-in group: pushing it would assign and send the whole org",
    allowed: "groups of type OKTA_GROUP",
    fix: "make a group of the people that the directory is for and push that one",
  };
}

/** What can be told from the names alone, before Okta is asked. */
export function pushGroupProblems(entries: readonly Selector[], assignmentGroup: string): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, number>();
  entries.forEach((entry, index) => {
    const path = `pushGroups[${index}]`;
    if (entry.name !== undefined && sameName(entry.name, assignmentGroup)) {
      problems.push(assignedAndPushed(path, entry.name));
    }
    if (entry.name !== undefined && sameName(entry.name, "Everyone")) problems.push(everyonePushed(path));
    const key = selectorText(entry).toLowerCase();
    const first = seen.get(key);
    if (first === undefined) seen.set(key, index);
    else {
      problems.push({
        path,
        wrong: `repeats pushGroups[${first}]`,
        allowed: "each group once",
        fix: "remove one of the two",
      });
    }
  });
  return problems;
}
