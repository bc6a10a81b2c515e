import type { WriteRequest } from "@aws-sdk/client-dynamodb";
import type { JsonObject } from "../scim/json.ts";
import type { MemberChange } from "./directory.ts";
import { edgeWrites, type EdgeWrites } from "./edges.ts";
import { documentChange, groupUpdate, holderOf, inTransaction, readGroup, type Group } from "./group.ts";
import { N, S, decodeStored, listed } from "./items.ts";
import { keys } from "./keys.ts";
import { allEdges, existingUsers, membersAt, targetOf, type Difference, type Outcome } from "./members.ts";
import { busy } from "./retry.ts";
import type { Store } from "./store.ts";

/** Milliseconds kept for parking the intent and for the answer. */
const PARKING_TIME = 2_000;
/** Milliseconds by which a lease outlives its owner's deadline: writes in flight and clocks that differ. */
const LEASE_MARGIN = 5_000;

export interface EpochChange {
  readonly attributes: JsonObject;
  readonly members: MemberChange | undefined;
  /** What `members` comes to, where it was computed at the group's version and no intent was there. */
  readonly difference?: Difference | undefined;
  /** Who applies it, the same for all attempts of one request. */
  readonly owner: string;
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
    await writeEdges(store, group, await plan(store, group, change));
    return await commit(store, group, change);
  } catch (error) {
    // Best effort: when this fails too, the lease runs out.
    await park(store, group.id, change.owner).catch(() => undefined);
    throw error;
  }
}

export const newIntent = (store: Store, epoch: number, owner: string) => ({
  M: {
    epoch: N(epoch),
    owner: S(owner),
    leaseUntil: N(Math.ceil(Date.now() + store.deadline.remaining()) + LEASE_MARGIN),
  },
});

async function takeIntent(store: Store, group: Group, owner: string): Promise<boolean> {
  const free = group.intent === undefined ? "attribute_not_exists(intent)" : "intent.#owner = :before";
  const item = await store.update({
    key: keys.resource("Group", group.id),
    expression: "SET intent = :intent",
    // The version: edges that were compared before are still so, and nobody changed the document.
    condition: `v = :v AND e = :e AND attribute_not_exists(gone) AND ${free}`,
    values: {
      ":intent": newIntent(store, group.epoch + 1, owner),
      ":v": N(group.version),
      ":e": N(group.epoch),
      ...(group.intent && { ":before": S(group.intent.owner) }),
    },
    ...(group.intent && { names: { "#owner": "owner" } }),
  });
  return item !== undefined;
}

async function plan(store: Store, group: Group, change: EpochChange): Promise<EdgeWrites> {
  const epoch = group.epoch + 1;
  if (group.intent === undefined && change.difference !== undefined) {
    return edgeWrites(group.id, change.difference.edges, change.difference, epoch);
  }
  const edges = await allEdges(store, group.id);
  const target = targetOf(change.members, membersAt(edges, group.epoch));
  return edgeWrites(group.id, edges, { add: target, remove: [...edges.keys()].filter((id) => !target.has(id)) }, epoch);
}

async function writeEdges(store: Store, group: Group, writes: EdgeWrites): Promise<void> {
  const inTime = async (): Promise<void> => {
    if (store.deadline.remaining() < PARKING_TIME) throw busy();
  };
  await store.batchWrite(writes.forwardPuts, inTime);
  await store.batchWrite(writes.reverse, inTime);
  await store.batchWrite(writes.forwardDeletes, inTime);
  // After the writes: a user that is deleted from here on finds its edges and removes them itself.
  const users = await existingUsers(store, writes.touched);
  const strangers = writes.touched.filter((id) => !users.has(id));
  await deleteEdges(store, group.id, strangers, inTime);
}

/** Deletes both edges of each member, the forward one last: it is what a repetition finds them by. */
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
  const update = groupUpdate(group, document, {
    set: ["e = :next", "committedBy = :owner"],
    remove: ["intent", "unborn"],
    condition: "intent.#owner = :owner AND attribute_not_exists(gone)",
    values: { ":next": N(group.epoch + 1), ":owner": S(owner) },
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
      await park(store, group.id, owner);
      return { nameHolder };
    }
  }
  // Committed by a transaction, or by an update whose answer was lost, or not at all.
  const after = await readGroup(store, group.id);
  return { stored: after?.committedBy === owner ? after.stored : undefined };
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
