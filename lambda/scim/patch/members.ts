import { ScimError } from "../error.ts";
import type { JsonValue, MemberChange } from "../../model.ts";
import { memberIds, memberList } from "../document/coerce.ts";
import { matches, reads, type Filter } from "../filter/index.ts";
import { isObject, ownAnyCase } from "../values/json.ts";
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
  // A part that is not retained, such as `display`, is dropped; its value filter must match as any other.
  if (target.sub && (target.retained || !filter)) {
    throw ScimError.mutability(`${path} cannot change; add or remove whole members.`);
  }
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

function filtered(step: Step, filter: Filter, ids: () => Ids): MemberChange {
  const { op, target, path } = step;
  // A group keeps only the ids of its members.
  if (reads(filter, "$ref")) throw ScimError.invalidFilter(`${path} selects by $ref; select members by their value.`);
  const isMatch = (value: string): boolean => matches(filter, { value, type: "User" });
  if (target.sub) return op === "remove" ? { kind: "delta", add: none, remove: none } : ofMatching(path, isMatch);
  if (op === "add") return addFiltered(step, filter, isMatch, ids);
  const named = idsOf(filter);
  if (op === "remove" && named) return { kind: "delta", add: none, remove: named };
  if (op === "remove") return { kind: "edit", edit: (current) => new Set([...current].filter((id) => !isMatch(id))) };
  const replacement = ids();
  return ofMatching(path, isMatch, (rest) => new Set([...rest, ...replacement]));
}

/** A change that is `noTarget` unless some members match. Without `change`, nothing changes. */
function ofMatching(
  path: string,
  isMatch: (id: string) => boolean,
  change?: (rest: readonly string[]) => Ids,
): MemberChange {
  return {
    kind: "edit",
    edit: (current) => {
      const rest = [...current].filter((id) => !isMatch(id));
      if (rest.length === current.size) throw noTarget(path);
      return change ? change(rest) : current;
    },
  };
}

/**
 * An `add` to the members that a value filter selects. A member's `value` cannot change, so a value that names the ids of
 * the filter adds these members, and a value without an id changes nothing.
 */
function addFiltered(
  { value = null, path }: Step,
  filter: Filter,
  isMatch: (id: string) => boolean,
  ids: () => Ids,
): MemberChange {
  const isNamed = (item: JsonValue): boolean => (isObject(item) ? (ownAnyCase(item, "value") ?? null) : item) !== null;
  if (!(Array.isArray(value) ? value : [value]).some(isNamed)) return ofMatching(path, isMatch);
  const given = ids();
  const named = idsOf(filter);
  if (!named) {
    return ofMatching(path, isMatch, () => {
      throw ScimError.mutability(`${path} cannot change; add members by their value.`);
    });
  }
  if (given.size !== named.size || [...given].some((id) => !named.has(id))) {
    throw ScimError.invalidValue(
      `${path} selects other members than its value names, and the id of a member cannot change. Name the same ids in both, or add to members without a filter.`,
    );
  }
  return { kind: "delta", add: given, remove: none };
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
