import type { MemberChange } from "../../directory/directory.ts";
import { memberIds } from "../document/coerce.ts";
import { matches, type Filter } from "../filter/index.ts";
import { mutability, noTarget, type Step } from "./steps.ts";

type Ids = ReadonlySet<string>;
const none: Ids = new Set();

/** The members after a change. */
export function applyMembers(change: MemberChange, current: Ids): Ids {
  switch (change.kind) {
    case "delta":
      return minus(new Set([...current, ...change.add]), change.remove);
    case "replace":
      return change.members;
    case "edit":
      return change.edit(current);
  }
}

/**
 * Folds the steps on `members` into one change; undefined where they change nothing. Adding a member that is there and
 * removing one that is not are successes, so that a retry never fails.
 */
export function foldMembers(steps: readonly Step[]): MemberChange | undefined {
  const change = steps.map(readChange).reduce<MemberChange>(compose, { kind: "delta", add: none, remove: none });
  return change.kind === "delta" && change.add.size === 0 && change.remove.size === 0 ? undefined : change;
}

function compose(first: MemberChange, second: MemberChange): MemberChange {
  if (second.kind === "replace") return second;
  if (second.kind === "delta" && first.kind === "delta") {
    return {
      kind: "delta",
      add: new Set([...minus(first.add, second.remove), ...second.add]),
      remove: new Set([...minus(first.remove, second.add), ...second.remove]),
    };
  }
  // An edit may refuse with noTarget, which only the members at hand can tell.
  if (second.kind === "delta" && first.kind === "replace") {
    return { kind: "replace", members: applyMembers(second, first.members) };
  }
  return { kind: "edit", edit: (current) => applyMembers(second, applyMembers(first, current)) };
}

function readChange(step: Step): MemberChange {
  const { op, target, filter, value, path } = step;
  if (target.sub) throw mutability(`${path} cannot change; add or remove whole members.`);
  const ids = (): Ids => memberIds(target.attribute, Array.isArray(value) ? value : [value ?? null], path);
  if (filter) return filtered(step, filter, ids);
  switch (op) {
    case "add":
      return { kind: "delta", add: ids(), remove: none };
    case "replace":
      return { kind: "replace", members: ids() };
    case "remove":
      // With a value Entra lists whom to remove; an empty list names nobody and must not empty the group.
      return value === undefined || value === null
        ? { kind: "replace", members: none }
        : { kind: "delta", add: none, remove: ids() };
  }
}

function filtered({ op, path }: Step, filter: Filter, ids: () => Ids): MemberChange {
  const named = idsOf(filter);
  if (op === "remove" && named) return { kind: "delta", add: none, remove: named };
  if (op === "add" && named) return { kind: "delta", add: named, remove: none };
  if (op === "add") throw mutability(`${path} cannot change; add members by their value.`);
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

function minus(from: Ids, without: Ids): Set<string> {
  return new Set([...from].filter((id) => !without.has(id)));
}
