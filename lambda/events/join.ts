import { isEqual } from "../directory/equal.ts";
import type { Change, ChangedMembers } from "./change.ts";

/** Consecutive changes of one resource that are told as one. */
export interface JoinedChange extends Change {
  /** The sequence of the first of them; `sequence` is the last one's. */
  readonly first: string;
}

/**
 * Joins each run of changes of one group that change only its members, so that a push in many small requests is told in few
 * events (RFC 9967, Security Considerations). The changes of each resource keep their order.
 */
export function joinChanges(changes: readonly Change[]): JoinedChange[] {
  const joined: JoinedChange[] = [];
  /** Where the last change of each resource is. */
  const last = new Map<string, number>();
  for (const change of changes) {
    const at = last.get(change.id);
    const previous = at === undefined ? undefined : joined[at];
    if (at !== undefined && previous !== undefined && isOfMembers(previous) && isOfMembers(change)) {
      joined[at] = join(previous, change);
      continue;
    }
    last.set(change.id, joined.length);
    joined.push({ ...change, first: change.sequence });
  }
  return joined;
}

const isOfMembers = ({ members, how, before, after }: Change): boolean =>
  members !== undefined && how !== "create" && isEqual(before?.attributes, after?.attributes);

/** Two changes become a PUT only if both are one. */
const join = (one: JoinedChange, next: Change): JoinedChange => ({
  ...next,
  first: one.first,
  before: one.before,
  how: one.how === next.how ? next.how : "patch",
  members: joinMembers(one.members, next.members),
});

/** For each user the last change counts: it is the one that leads to the last version. */
function joinMembers(one: ChangedMembers | undefined, next: ChangedMembers | undefined): ChangedMembers | undefined {
  if (one === undefined || next === undefined) return one ?? next;
  if (one === "many" || next === "many") return "many";
  const add = new Set(one.add);
  const remove = new Set(one.remove);
  for (const id of next.add) {
    remove.delete(id);
    add.add(id);
  }
  for (const id of next.remove) {
    add.delete(id);
    remove.add(id);
  }
  return { add: [...add], remove: [...remove] };
}
