import type { WriteRequest } from "@aws-sdk/client-dynamodb";
import type { WriteOptions } from "../model.ts";
import { enterDeletion, removeDeletion } from "./deletions.ts";
import { AbsentError } from "./errors.ts";
import {
  decodeGroup,
  inTransaction,
  isTombstone,
  readGroupItem,
  reservedNames,
  updateExpression,
  type Group,
} from "./group.ts";
import { isIdle, sameIntent } from "./intent.ts";
import { checkVersion, listed } from "./items.ts";
import { isId, keys, partition, type Key } from "./keys.ts";
import { markedDeletion } from "./marks.ts";
import { moveNames } from "./names.ts";
import { busy, pause } from "./retry.ts";
import { batchWrite, queryPages, refusedAt, transactWrite, type Store } from "./store.ts";
import { N, TRUE, otherEnd } from "./values.ts";

/** Seconds that a tombstone without edges stays: long enough for every retry of its deletion. */
const TOMBSTONE_TTL = 7 * 24 * 60 * 60;
/** Milliseconds reserved for the answer. */
const ANSWER_TIME = 1_000;

/**
 * Makes the group a tombstone and frees its names, in one transaction. From then on the group has no members, whatever
 * edges are left. Returns false if another change came first.
 */
export async function writeTombstone(store: Store, group: Group): Promise<boolean> {
  const { table } = store;
  const moved = moveNames(table, group.id, reservedNames(group), undefined);
  const same = sameIntent(group);
  const marks = markedDeletion(store);
  const tombstone = inTransaction(table, {
    key: keys.resource("Group", group.id),
    expression: updateExpression(["gone = :true", "v = v + :one", ...marks.set], ["intent", "doc", "nk", "xk"]),
    condition: `v = :v AND attribute_not_exists(gone) AND ${same.expression}`,
    values: { ...same.values, ...marks.values, ":true": TRUE, ":one": N(1), ":v": N(group.version) },
    ...(group.intent && { names: same.names }),
  });
  const counted = group.hidden ? [] : listed(table, "Group", group.id, -1);
  const items = [tombstone, ...moved.items, ...counted, enterDeletion(table, "Group", group.id)];
  return (await transactWrite(store, items)) === undefined;
}

/**
 * Removes the edges of a tombstone, then lets it expire. Safe to repeat and to run twice. @throws BusyError past the
 * deadline
 */
export async function finishGroupDeletion(store: Store, id: string): Promise<void> {
  await removeEdges(store, id);
  const expiry = {
    key: keys.resource("Group", id),
    expression: "SET #ttl = :ttl",
    condition: "attribute_exists(gone)",
    values: { ":ttl": N(Math.floor(Date.now() / 1_000) + TOMBSTONE_TTL) },
    names: { "#ttl": "ttl" },
  };
  const done = removeDeletion(store.table, "Group", id);
  const refused = await transactWrite(store, [inTransaction(store.table, expiry), done]);
  // The tombstone is gone already.
  if (refused !== undefined && refusedAt(refused, 0)) await transactWrite(store, [done]);
}

/** Removes all edges of a group that does not exist any more. Returns whether there were any. */
async function removeEdges(store: Store, groupId: string): Promise<boolean> {
  const checkTime = (): void => {
    if (store.deadline.remaining() < ANSWER_TIME) throw busy();
  };
  const deletion = (key: Key): WriteRequest => ({ DeleteRequest: { Key: key } });
  let found = false;
  const edges = { beginsWith: "M#", attributes: ["sk"] };
  for await (const page of queryPages(store, partition.resource("Group", groupId), edges)) {
    found ||= page.length > 0;
    const users = page.map(otherEnd);
    // The item under the group is deleted last, because a repetition finds the edge by it. Nobody adds members to a
    // deleted group, so the deletions need no condition and may be done late.
    await batchWrite(
      store,
      users.map((user) => deletion(keys.membership(user, groupId))),
      checkTime,
    );
    await batchWrite(
      store,
      users.map((user) => deletion(keys.member(groupId, user))),
      checkTime,
    );
  }
  return found;
}

/** Deletes a group. Repeated on a tombstone that still has edges, it continues. */
export async function deleteGroup(store: Store, id: string, options: WriteOptions | undefined): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const item = await readGroupItem(store, id);
    if (item === undefined) {
      if (isId(id) && (await removeEdges(store, id))) return;
      throw new AbsentError("Group", id);
    }
    if (isTombstone(item)) {
      if (item["ttl"] === undefined) return finishGroupDeletion(store, id);
      if (await removeEdges(store, id)) return;
      throw new AbsentError("Group", id);
    }
    const group = decodeGroup(item);
    if (group.hidden) throw new AbsentError("Group", id);
    if (isIdle(group.intent)) {
      checkVersion(group.stored, options);
      if (await writeTombstone(store, group)) return finishGroupDeletion(store, id);
    }
    await pause(attempt, store.deadline);
  }
}
