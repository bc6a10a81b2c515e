import type { Problem } from "./errors.ts";

/** The parts of a push-group entry that tell which group it means. */
export interface Selector {
  readonly name?: string | undefined;
  readonly id?: string | undefined;
  readonly startsWith?: string | undefined;
  readonly contains?: string | undefined;
  readonly create?: boolean | undefined;
}

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The text that a person wrote for an entry: a name, an id, `Dev*` or `*dev*`. */
export function selectorText(entry: Selector): string {
  return entry.name ?? entry.id ?? (entry.startsWith ? `${entry.startsWith}*` : `*${entry.contains ?? ""}*`);
}

/** Whether a pattern finds a group of this name; like Okta's search, without regard to case. */
export function patternMatches({ startsWith, contains }: Selector, name: string): boolean {
  const lower = name.toLowerCase();
  if (startsWith !== undefined) return lower.startsWith(startsWith.toLowerCase());
  return contains !== undefined && lower.includes(contains.toLowerCase());
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

/** What can be told from the names alone, before Okta is asked; the same in each deployment of a stack. */
export function pushGroupProblems(entries: readonly Selector[], assignmentGroup: string): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, number>();
  entries.forEach((entry, index) => {
    const path = `pushGroups[${index}]`;
    if (entry.name !== undefined && sameName(entry.name, assignmentGroup)) {
      problems.push(assignedAndPushed(path, entry.name));
    }
    if (entry.name !== undefined && sameName(entry.name, "Everyone")) problems.push(everyonePushed(path));
    if (patternMatches(entry, assignmentGroup)) {
      problems.push({
        path,
        wrong: `${selectorText(entry)} finds the assignment group ${JSON.stringify(assignmentGroup)} too, and Okta does not support the same group for assignment and for group push`,
        allowed: "patterns that do not match the assignment group",
        fix: "narrow the pattern, or give the assignment group another name",
      });
    }
    entries.forEach(({ name, create }, other) => {
      if (create !== true || name === undefined || !patternMatches(entry, name)) return;
      problems.push({
        path,
        wrong: `${selectorText(entry)} finds the group ${JSON.stringify(name)} too, which the stack makes for pushGroups[${other}]`,
        allowed: "each group once",
        fix: "remove or narrow one of the two entries",
      });
    });
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
