import type { MemberChange } from "../model.ts";
import { readDeletions } from "./deletions.ts";
import { digestOf } from "./digest.ts";
import { addEdges, EDGE_ATTRIBUTES, membersAt, type Edge } from "./edges.ts";
import { readGroup, type Group } from "./group.ts";
import { UnknownMembersError } from "./errors.ts";
import { isId, keys, partition } from "./keys.ts";
import { wait } from "./retry.ts";
import { batchGet, queryPages, updateItem, type Store } from "./store.ts";
import { N, idOf } from "./values.ts";

/** The attributes that tell whether a user exists, without its document, which may be large. */
const USER_ATTRIBUTES = ["pk", "deleting"];
/**
 * Attempts after which a digest that does not match is taken to be wrong, and not the edges. They take longer than
 * DynamoDB needs to complete a transaction that has begun to show.
 */
const DOUBTS = 8;
/** The same in milliseconds, for edges that no digest proves. */
const SETTLED = 1_100;

/** The members that a change has to add and remove, with the edges that it was compared with. */
export interface Difference {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly edges: ReadonlyMap<string, Edge>;
  /** The members among `edges` at the group's committed epoch. */
  readonly current: ReadonlySet<string>;
  /** Whether `edges` has every edge of the group, not only those that a delta names. */
  readonly isWhole: boolean;
  /** Whether nothing proves that `edges` belong to the group's version, because they came from several reads. */
  readonly isTorn: boolean;
  /** Whether it leaves out members that needed no change when they were read; that may have changed since. */
  readonly isPartial: boolean;
  /** Whether it replaces all members by new ones. If none of the new ones exists, the change is refused. */
  readonly replacesAll: boolean;
}

/** The edges of a group, and its members at the committed epoch. */
export type Edges = Pick<Difference, "edges" | "current">;

/**
 * Every edge of the group at the version that was read before, including dead and uncommitted ones. Undefined if a
 * change is only partly visible: read the group again. `attempt` counts from 0.
 */
export async function readEdges(store: Store, group: Group, attempt: number): Promise<Edges | undefined> {
  const { digest, epoch } = group;
  const edges = digest === undefined ? await readWithoutDigest(store, group) : await queryEdges(store, group.id);
  if (edges === undefined) return undefined;
  const current = membersAt(edges, epoch);
  return digest === undefined || attempt >= DOUBTS || digestOf(current) === digest ? { edges, current } : undefined;
}

async function queryEdges(store: Store, groupId: string): Promise<Map<string, Edge>> {
  const edges = new Map<string, Edge>();
  const range = { beginsWith: "M#", attributes: EDGE_ATTRIBUTES };
  for await (const page of queryPages(store, partition.resource("Group", groupId), range)) addEdges(edges, page);
  return edges;
}

/**
 * The edges of a group from before there were digests. They are read twice, so long apart that a transaction that was
 * partly visible is complete. Undefined if the readings differ.
 */
async function readWithoutDigest(store: Store, group: Group): Promise<Map<string, Edge> | undefined> {
  const before = await queryEdges(store, group.id);
  await wait(SETTLED, store.deadline);
  const after = await queryEdges(store, group.id);
  const isSame = JSON.stringify([...before]) === JSON.stringify([...after]);
  return isSame && (await readGroup(store, group.id))?.version === group.version ? after : undefined;
}

/** Gives a group from before there were digests its digest, unless a change comes first: read it again. */
export async function giveDigest(store: Store, group: Group): Promise<void> {
  const edges = await readWithoutDigest(store, group);
  if (edges === undefined) return;
  await updateItem(store, {
    key: keys.resource("Group", group.id),
    expression: "SET d = :d",
    condition: "v = :v AND e = :e AND attribute_not_exists(d) AND attribute_not_exists(gone)",
    values: { ":d": N(digestOf(membersAt(edges, group.epoch))), ":v": N(group.version), ":e": N(group.epoch) },
  });
}

/** The edges of a group to these users, if there are any. */
export async function edgesTo(store: Store, groupId: string, users: readonly string[]): Promise<Map<string, Edge>> {
  const edges = new Map<string, Edge>();
  const wanted = users.map((id) => keys.member(groupId, id));
  addEdges(edges, await batchGet(store, wanted));
  return edges;
}

/** The users among these ids that exist and are not deleted. */
export async function existingUsers(store: Store, ids: Iterable<string>): Promise<Set<string>> {
  const wanted = [...ids].filter(isId).map((id) => keys.resource("User", id));
  const items = await batchGet(store, wanted, USER_ATTRIBUTES);
  return new Set(items.filter((item) => item["deleting"] === undefined).map(idOf));
}

/** Members as readers see them: without users whose deletion is committed. */
export async function shownMembers(store: Store, members: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  return without(members, (await readDeletions(store)).users);
}

export const without = (ids: ReadonlySet<string>, others: ReadonlySet<string>): ReadonlySet<string> =>
  others.size === 0 ? ids : new Set([...ids].filter((id) => !others.has(id)));

/** The members that a change asks for, from all that there are; `replacesAll` as in a difference. */
export function targetOf(
  change: MemberChange | undefined,
  committed: ReadonlySet<string>,
): { readonly target: ReadonlySet<string>; readonly replacesAll: boolean } {
  if (change === undefined) return { target: committed, replacesAll: false };
  if (change.kind === "delta") {
    const target = new Set([...committed, ...change.add].filter(isId));
    for (const id of change.remove) target.delete(id);
    return { target, replacesAll: false };
  }
  const asked = change.kind === "replace" ? change.members : change.edit(committed);
  const target = new Set<string>();
  let keepsSome = false;
  for (const id of asked) {
    const isKept = committed.has(id);
    keepsSome ||= isKept;
    if (isKept || isId(id)) target.add(id);
  }
  return { target, replacesAll: asked.size > 0 && !keepsSome };
}

/** @throws UnknownMembersError if `add`, the new members that exist, is empty although they replace all others */
export function checkSomeoneExists({ replacesAll }: Pick<Difference, "replacesAll">, add: readonly string[]): void {
  if (replacesAll && add.length === 0) throw new UnknownMembersError();
}

const unchanged: Difference = {
  add: [],
  remove: [],
  edges: new Map(),
  current: new Set(),
  isWhole: false,
  isTorn: false,
  isPartial: false,
  replacesAll: false,
};

/**
 * Compares a change with the edges. A delta reads only the edges that it names; the other changes read all. Undefined
 * if another change is only partly visible: read the group again.
 */
export async function difference(
  store: Store,
  group: Group,
  change: MemberChange | undefined,
  attempt: number,
): Promise<Difference | undefined> {
  if (change === undefined) return unchanged;
  if (change.kind === "delta") {
    const remove = [...change.remove].filter(isId);
    const add = [...change.add].filter((id) => isId(id) && !change.remove.has(id));
    const edges = await edgesTo(store, group.id, [...add, ...remove]);
    const current = membersAt(edges, group.epoch);
    const effective = { add: add.filter((id) => !current.has(id)), remove: remove.filter((id) => current.has(id)) };
    const named = add.length + remove.length;
    const isPartial = effective.add.length + effective.remove.length < named;
    return { ...effective, edges, current, isWhole: false, isTorn: named > 1, isPartial, replacesAll: false };
  }
  const read = await readEdges(store, group, attempt);
  if (read === undefined) return undefined;
  const { current } = read;
  const { target, replacesAll } = targetOf(change, current);
  return {
    add: [...target].filter((id) => !current.has(id)),
    remove: [...current].filter((id) => !target.has(id)),
    ...read,
    isWhole: true,
    isTorn: false,
    isPartial: true,
    replacesAll,
  };
}

/** The difference without those users in `add` that do not exist. @throws UnknownMembersError */
export async function ofExistingUsers(store: Store, found: Difference): Promise<Difference> {
  const users = await existingUsers(store, found.add);
  const add = found.add.filter((id) => users.has(id));
  checkSomeoneExists(found, add);
  return add.length === found.add.length ? found : { ...found, add, isPartial: true };
}
