import { ScimError } from "../error.ts";
import type { MemberChange } from "../../model.ts";
import { memberIds, memberList } from "../document/coerce.ts";
import { matches, reads, type Filter } from "../filter/index.ts";
import { noTarget, type Step } from "./steps.ts";

type Ids = ReadonlySet<string>;
const none: Ids = new Set();

/** The members of a group after a change. */
export function applyMembers(change: MemberChange, current: Ids): Ids {
  switch (change.kind) {
    case "delta": {
      const members = new Set([...current, ...change.add]);
      for (const id of change.remove) members.delete(id);
      return members;
    }
    case "replace":
      return change.members;
    case "edit":
      return change.edit(current);
  }
}

/**
 * Combines the steps on `members` into one change; undefined if they change nothing. Adding a present member and
 * removing an absent one succeed, so that a retry never fails. Linear in the number of ids that the steps name.
 */
export function foldMembers(steps: readonly Step[]): MemberChange | undefined {
  const folded: Folded[] = [];
  for (const change of steps.map(readChange)) {
    // A replacement makes the steps before it irrelevant. The exception is an edit, which may throw: its error comes
    // first.
    if (change.kind === "replace" && folded.every(({ kind }) => kind !== "edit")) folded.length = 0;
    const last = folded.at(-1);
    if (change.kind !== "delta" || !last || last.kind === "edit") folded.push(copyOf(change));
    else include(last, change);
  }
  const [first] = folded;
  if (!first || (folded.length === 1 && first.kind === "delta" && first.add.size + first.remove.size === 0)) {
    return undefined;
  }
  if (folded.length === 1) return first;
  return {
    kind: "edit",
    edit: (current) => folded.reduce<Ids>((members, change) => applyMembers(change, members), current),
  };
}

type Folded =
  | { readonly kind: "delta"; readonly add: Set<string>; readonly remove: Set<string> }
  | { readonly kind: "replace"; readonly members: Set<string> }
  | (MemberChange & { readonly kind: "edit" });

function copyOf(change: MemberChange): Folded {
  switch (change.kind) {
    case "delta":
      return { kind: "delta", add: new Set(change.add), remove: new Set(change.remove) };
    case "replace":
      return { kind: "replace", members: new Set(change.members) };
    case "edit":
      return change;
  }
}

/** If two changes name the same id, the later one counts. */
function include(
  earlier: Folded & { kind: "delta" | "replace" },
  { add, remove }: MemberChange & { kind: "delta" },
): void {
  const [present, absent] =
    earlier.kind === "delta" ? [earlier.add, earlier.remove] : [earlier.members, new Set<string>()];
  for (const id of remove) {
    present.delete(id);
    absent.add(id);
  }
  for (const id of add) {
    absent.delete(id);
    present.add(id);
  }
}

function readChange(step: Step): MemberChange {
  const { op, target, filter, value, path } = step;
  if (target.sub) throw ScimError.mutability(`${path} cannot change; add or remove whole members.`);
  const ids = (): Ids => memberIds(target.attribute, value ?? [], path);
  if (filter) return filtered(step, filter, ids);
  switch (op) {
    case "add":
      return { kind: "delta", add: ids(), remove: none };
    case "replace":
      return { kind: "replace", members: memberList(target.attribute, value, path) };
    case "remove":
      // Entra lists the members to remove in the value. An empty list names nobody and must not empty the group.
      return value === undefined || value === null
        ? { kind: "replace", members: none }
        : { kind: "delta", add: none, remove: ids() };
  }
}

function filtered({ op, path }: Step, filter: Filter, ids: () => Ids): MemberChange {
  // A group keeps only the ids of its members.
  if (reads(filter, "$ref")) throw ScimError.invalidFilter(`${path} selects by $ref; select members by their value.`);
  const named = idsOf(filter);
  if (op === "remove" && named) return { kind: "delta", add: none, remove: named };
  if (op === "add" && named) return { kind: "delta", add: named, remove: none };
  if (op === "add") throw ScimError.mutability(`${path} cannot change; add members by their value.`);
  const isMatch = (value: string): boolean => matches(filter, { value, type: "User" });
  if (op === "remove") return { kind: "edit", edit: (current) => new Set([...current].filter((id) => !isMatch(id))) };
  const replacement = ids();
  return {
    kind: "edit",
    edit: (current) => {
      const rest = [...current].filter((id) => !isMatch(id));
      if (rest.length === current.size) throw noTarget(path);
      return new Set([...rest, ...replacement]);
    },
  };
}

/** Whether a filter compares only ids, which costs nothing to evaluate. */
export function namesIds(filter: Filter): boolean {
  return idsOf(filter) !== undefined;
}

/** The ids of `value eq "a" or value eq "b"`; undefined for any other filter. */
function idsOf(filter: Filter): Ids | undefined {
  if (filter.kind === "or") {
    const parts = filter.operands.map(idsOf);
    const ids = new Set<string>();
    for (const part of parts) {
      if (!part) return undefined;
      for (const id of part) ids.add(id);
    }
    return ids;
  }
  if (filter.kind !== "compare" || filter.operator !== "eq" || filter.target.attribute.name !== "value")
    return undefined;
  return typeof filter.value === "string" ? new Set([filter.value]) : undefined;
}
