import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { MemberChange, Stored } from "../model.ts";
import { aliveAt, decodeEdge, type Edge } from "./edges.ts";
import { groupUpdate, holderOf, inTransaction, readGroup, type DocumentChange, type Group } from "./group.ts";
import { N, decodeStored, textOf } from "./items.ts";
import { isId, keys, partition } from "./keys.ts";
import { refusedAt, type Store } from "./store.ts";

/** A transaction has 100 items: the group takes one and its names at most four. */
const ITEMS_FOR_MEMBERS = 95;
const ITEMS_AN_ADD = 3;
/** Where among the items of an addition the check of its user is. */
const USER_CHECK = 2;
const ITEMS_A_REMOVAL = 2;
/** All that tells whether a user exists; its document may be large. */
const USER_ATTRIBUTES = ["pk", "deleting"];

/** What a change really adds and removes, with the edges it was compared with. */
export interface Difference {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly edges: ReadonlyMap<string, Edge>;
  /** Whether `edges` has every edge of the group, not only those that a delta names. */
  readonly isWhole: boolean;
  /** Whether `edges` came from several reads, between which the group may have changed: a batch is no snapshot. */
  readonly isTorn: boolean;
  /** Whether it leaves out what was so already when it was read, which somebody may have changed since. */
  readonly isPartial: boolean;
}

export const fitsTransaction = (add: number, remove: number): boolean =>
  add * ITEMS_AN_ADD + remove * ITEMS_A_REMOVAL <= ITEMS_FOR_MEMBERS;

/** Every edge of the group, dead ones and those of an uncommitted epoch included. */
export async function allEdges(
  store: Store,
  groupId: string,
): Promise<{ readonly edges: Map<string, Edge>; readonly isTorn: boolean }> {
  const edges = new Map<string, Edge>();
  let pages = 0;
  for await (const page of store.query(partition.resource("Group", groupId), {
    beginsWith: "M#",
  })) {
    pages += 1;
    for (const item of page) {
      const edge = decodeEdge(item);
      edges.set(edge.userId, edge);
    }
  }
  return { edges, isTorn: pages > 1 };
}

/** The users among these ids that exist and are not being deleted. */
export async function existingUsers(store: Store, ids: readonly string[]): Promise<Set<string>> {
  const items = await store.batchGet(
    ids.filter(isId).map((id) => keys.resource("User", id)),
    USER_ATTRIBUTES,
  );
  return new Set(items.filter((item) => item["deleting"] === undefined).map((item) => textOf(item, "pk").slice(2)));
}

export const membersAt = (edges: ReadonlyMap<string, Edge>, epoch: number): Set<string> =>
  new Set([...edges.values()].filter((edge) => aliveAt(edge, epoch)).map(({ userId }) => userId));

export const without = (ids: ReadonlySet<string>, others: ReadonlySet<string>): Set<string> =>
  new Set([...ids].filter((id) => !others.has(id)));

/** The members that a change asks for, from all that there are. */
export function targetOf(change: MemberChange | undefined, committed: ReadonlySet<string>): ReadonlySet<string> {
  if (change === undefined) return committed;
  if (change.kind === "replace") return new Set([...change.members].filter(isId));
  if (change.kind === "edit") return new Set([...change.edit(committed)].filter(isId));
  const target = new Set([...committed, ...change.add].filter(isId));
  for (const id of change.remove) target.delete(id);
  return target;
}

const unchanged: Difference = {
  ...{ add: [], remove: [], edges: new Map() },
  ...{ isWhole: false, isTorn: false, isPartial: false },
};

/** Compares a change with the edges: a delta reads only those it names, the others all. */
export async function difference(store: Store, group: Group, change: MemberChange | undefined): Promise<Difference> {
  if (change === undefined) return unchanged;
  if (change.kind === "delta") {
    const remove = [...change.remove].filter(isId);
    const add = [...change.add].filter((id) => isId(id) && !change.remove.has(id));
    const items = await store.batchGet([...add, ...remove].map((id) => keys.member(group.id, id)));
    const edges = new Map(items.map(decodeEdge).map((edge) => [edge.userId, edge]));
    const current = membersAt(edges, group.epoch);
    const effective = {
      add: add.filter((id) => !current.has(id)),
      remove: remove.filter((id) => current.has(id)),
    };
    const named = add.length + remove.length;
    const isPartial = effective.add.length + effective.remove.length < named;
    return { ...effective, edges, isWhole: false, isTorn: named > 1, isPartial };
  }
  const { edges, isTorn } = await allEdges(store, group.id);
  const current = membersAt(edges, group.epoch);
  const target = targetOf(change, current);
  return {
    add: [...target].filter((id) => !current.has(id)),
    remove: [...current].filter((id) => !target.has(id)),
    edges,
    isWhole: true,
    isTorn,
    isPartial: true,
  };
}

/** Transaction items that make existing users members at an epoch, provided that they still exist. */
export const addItems = (
  table: string,
  groupId: string,
  epoch: number,
  users: readonly string[],
): TransactWriteItem[] =>
  users.flatMap((user) => [
    {
      Put: {
        TableName: table,
        Item: { ...keys.member(groupId, user), a: N(epoch) },
      },
    },
    {
      Put: {
        TableName: table,
        Item: { ...keys.membership(user, groupId), a: N(epoch) },
      },
    },
    {
      ConditionCheck: {
        TableName: table,
        Key: keys.resource("User", user),
        ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(deleting)",
      },
    },
  ]);

const removeItems = (table: string, groupId: string, users: readonly string[]): TransactWriteItem[] =>
  users.flatMap((user) => [
    { Delete: { TableName: table, Key: keys.member(groupId, user) } },
    { Delete: { TableName: table, Key: keys.membership(user, groupId) } },
  ]);

/** The group after the change; the holder of the name it wanted; or neither, when something else came first. */
export interface Outcome {
  readonly stored?: Stored | undefined;
  /** The members after the change, where it had to know them all. */
  readonly members?: ReadonlySet<string> | undefined;
  readonly nameHolder?: string | undefined;
}

/**
 * Changes the document and a few members in one transaction, which leaves out users that do not exist. An `exact` change
 * compares the version, and so does one that left out what was so already: it holds only while that stays so. Other
 * deltas at the same time are kept and do not make each other fail.
 */
export async function smallChange(
  store: Store,
  group: Group,
  document: DocumentChange,
  change: Difference,
  { owner, exact }: { readonly owner: string; readonly exact: boolean },
): Promise<Outcome> {
  const compared = exact || document.changed || change.isPartial;
  const update = groupUpdate(group, document, owner, {
    condition: `e = :e AND attribute_not_exists(intent) AND attribute_not_exists(gone)${compared ? " AND v = :v" : ""}`,
    values: {
      ":e": N(group.epoch),
      ...(compared && { ":v": N(group.version) }),
    },
  });
  const members = (add: readonly string[]): ReadonlySet<string> | undefined =>
    change.isWhole
      ? new Set([...without(membersAt(change.edges, group.epoch), new Set(change.remove)), ...add])
      : undefined;
  const removals = removeItems(store.table, group.id, change.remove);
  for (let add = change.add; ;) {
    if (!document.changed && add.length + change.remove.length === 0) {
      if (change.isTorn && (await readGroup(store, group.id))?.version !== group.version) return {};
      return { stored: group.stored, members: members([]) };
    }
    if (document.names.length + add.length + removals.length === 0) {
      const item = await store.update(update);
      return { stored: item && decodeStored(item), members: members([]) };
    }
    const before = [...document.names, inTransaction(store.table, update)];
    const refused = await store.transact([
      ...before,
      ...addItems(store.table, group.id, group.epoch, add),
      ...removals,
    ]);
    // Others may have counted the version up further: what is answered is never newer than what it describes.
    if (refused === undefined) {
      return { stored: versioned(group, document, update.values?.[":m"]?.S), members: members(add) };
    }
    const existing = add.filter((_, at) => !refusedAt(refused, before.length + ITEMS_AN_ADD * at + USER_CHECK));
    const isOnlyStrangers = existing.length < add.length && !before.some((_, at) => refusedAt(refused, at));
    if (!isOnlyStrangers) return { nameHolder: holderOf(refused, document.nameIndex) };
    add = existing;
  }
}

const versioned = (group: Group, document: DocumentChange, modified = ""): Stored => ({
  ...group.stored,
  version: String(group.version + 1),
  lastModified: modified,
  attributes: document.attributes,
});
