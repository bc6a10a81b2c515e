import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { MemberChange, Stored } from "./directory.ts";
import { aliveAt, decodeEdge, type Edge } from "./edges.ts";
import { groupUpdate, holderOf, inTransaction, type DocumentChange, type Group } from "./group.ts";
import { N, decodeStored, textOf } from "./items.ts";
import { isId, keys, partition, type Item } from "./keys.ts";
import type { Store } from "./store.ts";

/** A transaction has 100 items: the group takes one and its names at most four. */
const ITEMS_FOR_MEMBERS = 95;
const ITEMS_AN_ADD = 3;
const ITEMS_A_REMOVAL = 2;
const BATCH_GET = 100;
/** All that deciding about a member needs; a user's document may be large. */
const EDGE_ATTRIBUTES = ["pk", "sk", "a", "r", "deleting"];

/** What a change really adds and removes, with the edges it was compared with. */
export interface Difference {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly edges: ReadonlyMap<string, Edge>;
  /** The users that exist, where a small change read them together with its edges. */
  readonly users?: ReadonlySet<string> | undefined;
}

export const fitsTransaction = (add: number, remove: number): boolean =>
  add * ITEMS_AN_ADD + remove * ITEMS_A_REMOVAL <= ITEMS_FOR_MEMBERS;

/** Every edge of the group, dead ones and those of an uncommitted epoch included. */
export async function allEdges(store: Store, groupId: string): Promise<Map<string, Edge>> {
  const edges = new Map<string, Edge>();
  for await (const page of store.query(partition.resource("Group", groupId), {
    beginsWith: "M#",
  })) {
    for (const item of page) {
      const edge = decodeEdge(item);
      edges.set(edge.userId, edge);
    }
  }
  return edges;
}

const edgeMap = (items: readonly Item[]): Map<string, Edge> =>
  new Map(
    items
      .filter((item) => textOf(item, "sk") !== "#")
      .map(decodeEdge)
      .map((edge) => [edge.userId, edge]),
  );

const liveUsers = (items: readonly Item[]): Set<string> =>
  new Set(
    items
      .filter((item) => textOf(item, "pk").startsWith("U#") && item["deleting"] === undefined)
      .map((item) => textOf(item, "pk").slice(2)),
  );

/** The users among these ids that exist and are not being deleted. */
export async function existingUsers(store: Store, ids: readonly string[]): Promise<Set<string>> {
  const items = await store.batchGet(
    ids.filter(isId).map((id) => keys.resource("User", id)),
    EDGE_ATTRIBUTES,
  );
  return liveUsers(items);
}

export const membersAt = (edges: ReadonlyMap<string, Edge>, epoch: number): Set<string> =>
  new Set([...edges.values()].filter((edge) => aliveAt(edge, epoch)).map(({ userId }) => userId));

/** The members that a change asks for, from all that there are. */
export function targetOf(change: MemberChange | undefined, committed: ReadonlySet<string>): ReadonlySet<string> {
  if (change === undefined) return committed;
  if (change.kind === "replace") return new Set([...change.members].filter(isId));
  if (change.kind === "edit") return new Set([...change.edit(committed)].filter(isId));
  const target = new Set([...committed, ...change.add].filter(isId));
  for (const id of change.remove) target.delete(id);
  return target;
}

/** Compares a change with the edges: a delta reads only those it names, the others all. */
export async function difference(store: Store, group: Group, change: MemberChange | undefined): Promise<Difference> {
  if (change === undefined) return { add: [], remove: [], edges: new Map() };
  if (change.kind === "delta") {
    const remove = [...change.remove].filter(isId);
    const add = [...change.add].filter((id) => isId(id) && !change.remove.has(id));
    // A change of a few reads its users in the same request.
    const few = add.length * 2 + remove.length <= BATCH_GET;
    const items = await store.batchGet(
      [
        ...[...add, ...remove].map((id) => keys.member(group.id, id)),
        ...(few ? add.map((id) => keys.resource("User", id)) : []),
      ],
      EDGE_ATTRIBUTES,
    );
    const edges = edgeMap(items);
    const current = membersAt(edges, group.epoch);
    return {
      add: add.filter((id) => !current.has(id)),
      remove: remove.filter((id) => current.has(id)),
      edges,
      users: few ? liveUsers(items) : undefined,
    };
  }
  const edges = await allEdges(store, group.id);
  const current = membersAt(edges, group.epoch);
  const target = targetOf(change, current);
  return {
    add: [...target].filter((id) => !current.has(id)),
    remove: [...current].filter((id) => !target.has(id)),
    edges,
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
  readonly nameHolder?: string | undefined;
}

/**
 * Changes the document and a few members in one transaction. Only an `exact` change compares the version: deltas of
 * others at the same time are kept and do not make each other fail.
 */
export async function smallChange(
  store: Store,
  group: Group,
  document: DocumentChange,
  change: Difference,
  exact: boolean,
): Promise<Outcome> {
  const users = change.users ?? (await existingUsers(store, change.add));
  const add = change.add.filter((id) => users.has(id));
  if (!document.changed && add.length + change.remove.length === 0) return { stored: group.stored };
  const compared = exact || document.changed;
  const update = groupUpdate(group, document, {
    condition: `e = :e AND attribute_not_exists(intent) AND attribute_not_exists(gone)${compared ? " AND v = :v" : ""}`,
    values: {
      ":e": N(group.epoch),
      ...(compared && { ":v": N(group.version) }),
    },
  });
  const others = [
    ...addItems(store.table, group.id, group.epoch, add),
    ...removeItems(store.table, group.id, change.remove),
  ];
  if (document.names.length + others.length === 0) {
    const item = await store.update(update);
    return { stored: item && decodeStored(item) };
  }
  const refused = await store.transact([...document.names, inTransaction(store.table, update), ...others]);
  if (refused !== undefined) return { nameHolder: holderOf(refused, document.nameIndex) };
  // Others may have counted the version up further: what is answered is never newer than what it describes.
  return { stored: versioned(group, document, update.values?.[":m"]?.S) };
}

const versioned = (group: Group, document: DocumentChange, modified = ""): Stored => ({
  ...group.stored,
  version: String(group.version + 1),
  lastModified: modified,
  attributes: document.attributes,
});
