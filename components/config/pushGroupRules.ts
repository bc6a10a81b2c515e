import { configPath, removeCommand, setCommand, type StackName } from "./commands.ts";
import type { Problem } from "./errors.ts";
import type { PushGroupEntry } from "./pushGroupEntry.ts";

/** The parts of a push-group entry that select its groups. */
export type Selector = Pick<PushGroupEntry, "name" | "id" | "startsWith" | "contains">;

/** An entry with its position in `pushGroups`. */
export interface PlacedEntry {
  readonly index: number;
  readonly entry: PushGroupEntry;
}

export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The text of an entry for people: a name, an id, `Dev*` or `*dev*`. */
export function selectorText(entry: Selector): string {
  return (
    entry.name ?? entry.id ?? (entry.startsWith === undefined ? `*${entry.contains ?? ""}*` : `${entry.startsWith}*`)
  );
}

/** Whether a pattern matches a group's name, without regard to case like Okta's search. */
export function patternMatches({ startsWith, contains }: Selector, name: string): boolean {
  const lower = name.toLowerCase();
  if (startsWith !== undefined) return lower.startsWith(startsWith.toLowerCase());
  return contains !== undefined && lower.includes(contains.toLowerCase());
}

const pathOf = (index: number): readonly PropertyKey[] => ["pushGroups", index];

/** The command that removes an entry. */
const removeEntry = (index: number, stack: StackName): string => removeCommand(pathOf(index), stack);

/** The command that gives an entry another name and keeps its options. */
export function renameEntry({ index, entry }: PlacedEntry, name: string, stack: StackName): string {
  const plain = !entry.create && !entry.keepTargetOnDelete && entry.targetName === undefined;
  const path = plain && entry.status === "ACTIVE" ? pathOf(index) : [...pathOf(index), "name"];
  return setCommand(path, name, stack);
}

/** A problem of an entry that removing the entry solves. */
export const entryProblem = (index: number, wrong: string, allowed: string, stack: StackName): Problem => ({
  path: configPath(pathOf(index)),
  wrong,
  allowed,
  fix: removeEntry(index, stack),
});

/** Why Okta cannot have one group in both places (help.okta.com, "About Group Push"). */
export const assignedAndPushed = (index: number, group: string, stack: StackName): Problem =>
  entryProblem(
    index,
    `${JSON.stringify(group)} is the assignment group too: Okta does not support the same group for assignment and for group push, the assignment takes precedence and the group may not be pushed`,
    "groups other than the assignment group, which the group rules fill",
    stack,
  );

/** Why the group of all people cannot be pushed. */
export const everyonePushed = (index: number, stack: StackName): Problem =>
  entryProblem(
    index,
    "Everyone is Okta's built-in group: pushing it would assign and send the whole org",
    "groups of type OKTA_GROUP, such as a group of the people that the directory is for",
    stack,
  );

/** The problems that the names alone show, before Okta is asked. They are the same in each deployment of a stack. */
export function pushGroupProblems(
  entries: readonly PlacedEntry[],
  assignmentGroup: string | undefined,
  stack: StackName,
): Problem[] {
  const seen = new Map<string, number>();
  return entries.flatMap(({ index, entry }) => [
    ...(assignmentGroup === undefined ? [] : assignmentProblems(index, entry, assignmentGroup, stack)),
    ...(entry.name !== undefined && sameName(entry.name.trim(), "Everyone") ? [everyonePushed(index, stack)] : []),
    ...entries.flatMap(({ index: other, entry: { name, create } }) =>
      create && name !== undefined && patternMatches(entry, name)
        ? [
            entryProblem(
              index,
              `${selectorText(entry)} matches the group ${JSON.stringify(name)} too, which the stack creates for pushGroups[${other}]`,
              "each group once: remove or narrow one of the two entries",
              stack,
            ),
          ]
        : [],
    ),
    ...repetition(index, entry, seen, stack),
    ...targetTaken(index, entry, entries, stack),
  ]);
}

function assignmentProblems(
  index: number,
  entry: PushGroupEntry,
  assignmentGroup: string,
  stack: StackName,
): Problem[] {
  if (entry.name !== undefined && sameName(entry.name, assignmentGroup)) {
    return [assignedAndPushed(index, entry.name, stack)];
  }
  if (!patternMatches(entry, assignmentGroup)) return [];
  return [
    entryProblem(
      index,
      `${selectorText(entry)} matches the assignment group ${JSON.stringify(assignmentGroup)} too, and Okta does not support the same group for assignment and for group push`,
      "patterns that do not match the assignment group",
      stack,
    ),
  ];
}

function repetition(index: number, entry: PushGroupEntry, seen: Map<string, number>, stack: StackName): Problem[] {
  const key = selectorText(entry).toLowerCase();
  const first = seen.get(key);
  if (first === undefined) seen.set(key, index);
  return first === undefined
    ? []
    : [entryProblem(index, `repeats pushGroups[${first}]`, "each group once: remove one of the two entries", stack)];
}

/** Two groups of Okta that would fill one group of the directory, as far as their names tell. */
function targetTaken(
  index: number,
  entry: PushGroupEntry,
  entries: readonly PlacedEntry[],
  stack: StackName,
): Problem[] {
  const target = entry.targetName ?? entry.name;
  if (target === undefined) return [];
  const rival = entries.find(({ index: other, entry: { name, targetName } }) => {
    const theirs = targetName ?? name;
    return other < index && theirs !== undefined && sameName(theirs, target) && !repeats(entries, other, entry);
  });
  return rival === undefined
    ? []
    : [
        entryProblem(
          index,
          `would fill the group ${JSON.stringify(target)} of the directory, which pushGroups[${rival.index}] fills`,
          "another targetName: each group of the directory is filled by one group of Okta",
          stack,
        ),
      ];
}

/** Whether both entries name one group, which is already reported. */
const repeats = (entries: readonly PlacedEntry[], other: number, entry: PushGroupEntry): boolean => {
  const name = entries.find(({ index }) => index === other)?.entry.name;
  return name !== undefined && entry.name !== undefined && sameName(name, entry.name);
};
