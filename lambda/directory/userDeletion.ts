import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { WriteOptions } from "../model.ts";
import { nodeCrypto } from "../nodeCrypto.ts";
import { chunks } from "./bounded.ts";
import { enterDeletion, removeDeletion } from "./deletions.ts";
import { digestOf } from "./digest.ts";
import { aliveAt, decodeMembership, edgeItems } from "./edges.ts";
import { AbsentError } from "./errors.ts";
import { decodeGroup, inTransaction, isTombstone, updateExpression, type Group } from "./group.ts";
import { besideIntent, isIdle } from "./intent.ts";
import { checkVersion, decodeStored, listed, now } from "./items.ts";
import { isId, keys, partition, type Item } from "./keys.ts";
import { markedDeletion, markedUpdate } from "./marks.ts";
import { moveNames } from "./names.ts";
import { pause } from "./retry.ts";
import { batchGet, getItem, queryPages, transactWrite, type Store } from "./store.ts";
import { N, S, TRUE, idOf, numberOf, textOf } from "./values.ts";

/** Memberships that one transaction of at most 100 items removes: both items of the edge and the group. */
const MEMBERSHIPS_A_TRANSACTION = 33;

/** Whether the user is deleted and only its edges remain to be removed. */
export const isDeleting = (item: Item): boolean => item["deleting"] !== undefined;

/** Whether an earlier version of this code began the deletion and left the user's names reserved. */
export const holdsNames = (item: Item): boolean => item["nk"] !== undefined;

type Membership = ReturnType<typeof decodeMembership>;

/** Deletes a user. Repeated on a user that still has edges, it continues. */
export async function deleteUser(store: Store, id: string, options?: WriteOptions): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const item = isId(id) ? await getItem(store, keys.resource("User", id)) : undefined;
    if (item === undefined) throw new AbsentError("User", id);
    if (isDeleting(item)) return finishUserDeletion(store, item);
    checkVersion(decodeStored(item), options);
    if (await markDeleted(store, item)) return removeUser(store, id);
    await pause(attempt, store.deadline);
  }
}

/**
 * Commits the deletion of a user in one transaction. From then on no reader sees the user, its names are free, and no
 * group can add it, so the edges that are read next are all that there will be. Returns false if another change came
 * first.
 */
async function markDeleted(store: Store, item: Item): Promise<boolean> {
  const id = idOf(item);
  const reserved = { nameKey: textOf(item, "nk"), externalIdKey: item["xk"]?.S };
  const marks = markedDeletion(store);
  const mark = inTransaction(store.table, {
    key: keys.resource("User", id),
    expression: updateExpression(["deleting = :true", "v = v + :one", ...marks.set], ["doc", "nk", "xk"]),
    condition: "v = :v AND attribute_exists(nk)",
    values: { ...marks.values, ":true": TRUE, ":one": N(1), ":v": N(numberOf(item, "v")) },
  });
  const refused = await transactWrite(store, [
    mark,
    ...moveNames(store.table, id, reserved, undefined).items,
    ...listed(store.table, "User", id, -1),
    enterDeletion(store.table, "User", id),
  ]);
  return refused === undefined;
}

/** Finishes a deletion that another request began. @throws BusyError past the deadline */
export async function finishUserDeletion(store: Store, item: Item): Promise<void> {
  if (holdsNames(item)) await markDeleted(store, item);
  await removeUser(store, idOf(item));
}

/** Removes the user from all groups, then its item. Safe to repeat and to run twice. */
async function removeUser(store: Store, id: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const items: Item[] = [];
    for await (const page of queryPages(store, partition.resource("User", id), { beginsWith: "G#" }))
      items.push(...page);
    if (items.length === 0) break;
    const memberships = items.map((item) => decodeMembership(item, id));
    let isDone = true;
    for (const chunk of chunks(memberships, MEMBERSHIPS_A_TRANSACTION)) isDone = (await leave(store, chunk)) && isDone;
    if (!isDone) await pause(attempt, store.deadline);
  }
  const user = { Delete: { TableName: store.table, Key: keys.resource("User", id), ...onlyDeleted } };
  await transactWrite(store, [user, removeDeletion(store.table, "User", id)]);
}

const onlyDeleted = { ConditionExpression: "attribute_exists(deleting)" };

/**
 * Removes a user's edges to some groups, which get a new version. A group whose large change is in progress is skipped
 * until that change is done, because its request knows which edges there are. Returns false if there is more to do.
 */
async function leave(store: Store, memberships: readonly Membership[]): Promise<boolean> {
  const found = await batchGet(
    store,
    memberships.map(({ groupId }) => keys.resource("Group", groupId)),
  );
  const groups = new Map(found.filter((item) => !isTombstone(item)).map((item) => [idOf(item), decodeGroup(item)]));
  const isFree = ({ groupId }: Membership): boolean => isIdle(groups.get(groupId)?.intent);
  const free = memberships.filter(isFree);
  if (free.length === 0) return false;
  const refused = await transactWrite(
    store,
    free.flatMap((membership): TransactWriteItem[] => {
      const group = groups.get(membership.groupId);
      const change = { userId: membership.userId, from: membership, to: undefined };
      const edge = edgeItems(store.table, membership.groupId, change);
      return group === undefined ? edge.map(unconditional) : [...edge, withoutMember(store, group, membership)];
    }),
  );
  return refused === undefined && free.length === memberships.length;
}

/** Nobody changes the edges of a group that does not exist. */
const unconditional = ({ Delete }: TransactWriteItem): TransactWriteItem => ({
  Delete: { TableName: Delete?.TableName, Key: Delete?.Key },
});

/** The update of a group that loses a member. */
function withoutMember(store: Store, group: Group, membership: Membership): TransactWriteItem {
  const beside = besideIntent(group, nodeCrypto().randomUUID());
  const isMember = aliveAt(membership, group.epoch);
  const counts = group.digest !== undefined && isMember;
  const members = isMember ? { add: [], remove: [membership.userId] } : undefined;
  const marks = markedUpdate(store, { how: "patch", members });
  const set = ["v = v + :one", "m = :m", ...beside.set, ...(counts ? ["d = d - :d"] : []), ...marks.set];
  return inTransaction(store.table, {
    key: keys.resource("Group", group.id),
    expression: updateExpression(set, marks.remove),
    condition: `e = :e AND attribute_not_exists(gone) AND ${beside.expression}`,
    values: {
      ...beside.values,
      ...marks.values,
      ":one": N(1),
      ":m": S(now()),
      ":e": N(group.epoch),
      ...(counts && { ":d": N(digestOf([membership.userId])) }),
    },
    ...(group.intent && { names: beside.names }),
  });
}

/** Finishes the deletion of a user, if one is in progress. @throws BusyError past the deadline */
export const finishDeletionOf = async (store: Store, id: string): Promise<void> => {
  const item = await getItem(store, keys.resource("User", id));
  if (item !== undefined && isDeleting(item)) await finishUserDeletion(store, item);
};
