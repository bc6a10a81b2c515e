import type { AttributeValue, TransactWriteItem, WriteRequest } from "@aws-sdk/client-dynamodb";
import type { JsonObject } from "../model.ts";
import type { MemberChange } from "../model.ts";
import { changed, clearingItems, edgeChanges, edgeItems, type Edge, type EdgeChange } from "./edges.ts";
import { DirectoryError } from "./errors.ts";
import { documentChange, groupUpdate, holderOf, inTransaction, readGroup, type Group } from "./group.ts";
import { N, S, decodeStored, listed } from "./items.ts";
import { keys } from "./keys.ts";
import { allEdges, existingUsers, membersAt, targetOf, without, type Difference, type Outcome } from "./members.ts";
import { busy } from "./retry.ts";
import { chunks, refusedAt, type Store } from "./store.ts";

/** Milliseconds kept for parking the intent and for the answer. */
const PARKING_TIME = 2_000;
/**
 * Milliseconds after its last write that an intent is left to its owner. It keeps large changes from taking turns at each
 * other's work; that nobody writes for a lost intent is what the fence in every transaction is for, whatever the clocks say.
 */
const LEASE = 5_000;
/** Edges that one transaction of at most 100 items takes beside the group's fence. */
const EDGES_A_TRANSACTION = 49;

export interface EpochChange {
  readonly attributes: JsonObject;
  readonly members: MemberChange | undefined;
  /** What `members` comes to, where it was computed at the group's version and no intent was there. */
  readonly difference?: Difference | undefined;
  /** Who applies it, the same for all attempts of one request. */
  readonly owner: string;
}

interface Plan {
  readonly changes: readonly EdgeChange[];
  /** Edges as the changes leave them. */
  readonly after: ReadonlyMap<string, Edge>;
  /** Whether `after` has every edge of the group, not only those that a delta names. */
  readonly isWhole: boolean;
}

/**
 * Applies a change of any size as one: takes the group's intent, writes edges that only the next epoch shows, and commits
 * the epoch with one write. An intent that its owner left behind is taken over with its epoch; all edges are brought to
 * this change's members then, which completes a repeated request and takes back any other. Undefined outcomes mean that
 * somebody came first: read again.
 */
export async function applyEpoch(store: Store, group: Group, change: EpochChange): Promise<Outcome> {
  if (!(await takeIntent(store, group, change.owner))) return {};
  try {
    const plan = await planEdges(store, group, change);
    if (!(await writeEdges(store, group.id, change.owner, plan.changes))) return {};
    const strangers = await removeStrangers(store, group, plan.after);
    const { stored, nameHolder } = await commit(store, group, change);
    if (stored === undefined) return { nameHolder };
    await clearDead(store, group, plan.after);
    // A user who was deleted since the intent was taken left the group with a version of its own.
    const isExact = plan.isWhole && stored.version === String(group.version + 1);
    const members = isExact ? without(membersAt(plan.after, group.epoch + 1), strangers) : undefined;
    return { stored, members };
  } catch (error) {
    // Best effort: when this fails too, the lease runs out.
    await park(store, group.id, change.owner).catch(() => undefined);
    throw error;
  }
}

const leaseEnd = (): AttributeValue => N(Date.now() + LEASE);

export const newIntent = (owner: string): AttributeValue => ({ M: { owner: S(owner), leaseUntil: leaseEnd() } });

async function takeIntent(store: Store, group: Group, owner: string): Promise<boolean> {
  const free = group.intent === undefined ? "attribute_not_exists(intent)" : "intent.#owner = :before";
  const item = await store.update({
    key: keys.resource("Group", group.id),
    expression: "SET intent = :intent",
    // The version: edges that were compared before are still so, and nobody changed the document.
    condition: `v = :v AND e = :e AND attribute_not_exists(gone) AND ${free}`,
    values: {
      ":intent": newIntent(owner),
      ":v": N(group.version),
      ":e": N(group.epoch),
      ...(group.intent && { ":before": S(group.intent.owner) }),
    },
    ...(group.intent && { names: { "#owner": "owner" } }),
  });
  return item !== undefined;
}

async function planEdges(store: Store, group: Group, change: EpochChange): Promise<Plan> {
  const epoch = group.epoch + 1;
  const { difference } = change;
  if (group.intent === undefined && difference !== undefined) {
    const changes = edgeChanges(difference.edges, difference, epoch);
    return { changes, after: changed(difference.edges, changes), isWhole: difference.isWhole };
  }
  const { edges } = await allEdges(store, group.id);
  const target = targetOf(change.members, membersAt(edges, group.epoch));
  const changes = edgeChanges(edges, { add: target, remove: [...edges.keys()].filter((id) => !target.has(id)) }, epoch);
  return { changes, after: changed(edges, changes), isWhole: true };
}

const outOfTime = (store: Store): boolean => store.deadline.remaining() < PARKING_TIME;

/**
 * Writes edges in transactions that each hold the intent and renew its lease: whoever lost it writes nothing more, however
 * late. False when it was lost.
 */
async function writeEdges(
  store: Store,
  groupId: string,
  owner: string,
  changes: readonly EdgeChange[],
): Promise<boolean> {
  const fence = (): TransactWriteItem => ({
    Update: {
      TableName: store.table,
      Key: keys.resource("Group", groupId),
      UpdateExpression: "SET intent.leaseUntil = :until",
      ConditionExpression: "intent.#owner = :owner AND attribute_not_exists(gone)",
      ExpressionAttributeNames: { "#owner": "owner" },
      ExpressionAttributeValues: { ":owner": S(owner), ":until": leaseEnd() },
    },
  });
  for (const chunk of chunks(changes, EDGES_A_TRANSACTION)) {
    let pending = chunk;
    while (pending.length > 0) {
      if (outOfTime(store)) throw busy();
      const items = pending.map((change) => edgeItems(store.table, groupId, change));
      const refused = await store.transact([fence(), ...items.flat()]);
      if (refused === undefined) break;
      if (refusedAt(refused, 0)) return false;
      // Members who were deleted since they were read.
      pending = pending.filter((_, at) => !refusedAt(refused, 1 + 2 * at));
    }
  }
  return true;
}

/**
 * Takes out again whom this epoch adds and who does not exist. After the edges were written: a user that is deleted from
 * then on finds its edges and removes them itself.
 */
async function removeStrangers(store: Store, group: Group, edges: ReadonlyMap<string, Edge>): Promise<Set<string>> {
  const added = [...edges.values()].filter((edge) => edge.added === group.epoch + 1).map(({ userId }) => userId);
  const users = await existingUsers(store, added);
  const strangers = added.filter((id) => !users.has(id));
  await deleteEdges(store, group.id, strangers, async () => {
    if (outOfTime(store)) throw busy();
  });
  return new Set(strangers);
}

/** Deletes both items of each edge, the one under the group last: it is what a repetition finds them by. */
export async function deleteEdges(
  store: Store,
  groupId: string,
  users: readonly string[],
  inTime: () => Promise<void>,
): Promise<void> {
  const deletion = (key: ReturnType<typeof keys.member>): WriteRequest => ({
    DeleteRequest: { Key: key },
  });
  await store.batchWrite(
    users.map((user) => deletion(keys.membership(user, groupId))),
    inTime,
  );
  await store.batchWrite(
    users.map((user) => deletion(keys.member(groupId, user))),
    inTime,
  );
}

async function commit(store: Store, group: Group, { attributes, owner }: EpochChange): Promise<Outcome> {
  const document = documentChange(store, group, attributes);
  const update = groupUpdate(group, document, owner, {
    set: ["e = :next"],
    remove: ["intent", "unborn"],
    condition: "intent.#owner = :holder AND attribute_not_exists(gone)",
    values: { ":next": N(group.epoch + 1), ":holder": S(owner) },
    names: { "#owner": "owner" },
  });
  const others = [...document.names, ...(group.hidden ? listed(store.table, "Group", group.id, 1) : [])];
  if (others.length === 0) {
    const item = await store.update(update);
    if (item !== undefined) return { stored: decodeStored(item) };
  } else {
    const refused = await store.transact([...others, inTransaction(store.table, update)]);
    const nameHolder = refused && holderOf(refused, document.nameIndex);
    if (nameHolder !== undefined) {
      await withdraw(store, group, owner);
      return { nameHolder };
    }
  }
  // Committed by a transaction, or by an update whose answer was lost, or not at all.
  const after = await readGroup(store, group.id);
  return { stored: after?.committedBy === owner ? after.stored : undefined };
}

/**
 * Clears away the edges that the committed change removed. Nobody sees them, so what the time does not allow is left to
 * the next change of the whole list.
 */
async function clearDead(store: Store, group: Group, edges: ReadonlyMap<string, Edge>): Promise<void> {
  const epoch = group.epoch + 1;
  const dead = [...edges.values()].filter(({ removed }) => removed === epoch);
  try {
    for (const chunk of chunks(dead, EDGES_A_TRANSACTION)) {
      if (outOfTime(store)) return;
      await store.transact(chunk.flatMap(({ userId }) => clearingItems(store.table, group.id, userId, epoch)));
    }
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
  }
}

/** Takes back what was written for a change that cannot be, and gives the intent up. */
async function withdraw(store: Store, group: Group, owner: string): Promise<void> {
  const { edges } = await allEdges(store, group.id);
  const members = membersAt(edges, group.epoch);
  const remove = [...edges.keys()].filter((id) => !members.has(id));
  const changes = edgeChanges(edges, { add: members, remove }, group.epoch + 1);
  if (!(await writeEdges(store, group.id, owner, changes))) return;
  await store.update({
    key: keys.resource("Group", group.id),
    expression: "REMOVE intent",
    condition: "intent.#owner = :owner",
    values: { ":owner": S(owner) },
    names: { "#owner": "owner" },
  });
}

async function park(store: Store, groupId: string, owner: string): Promise<void> {
  await store.update({
    key: keys.resource("Group", groupId),
    expression: "SET intent.parked = :true",
    condition: "intent.#owner = :owner",
    values: { ":true": { BOOL: true }, ":owner": S(owner) },
    names: { "#owner": "owner" },
  });
}
