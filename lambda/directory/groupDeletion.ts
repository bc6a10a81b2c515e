import type { WriteOptions } from "../model.ts";
import { AbsentError } from "./errors.ts";
import { decodeEdge } from "./edges.ts";
import { deleteEdges } from "./epochs.ts";
import { decodeGroup, inTransaction, isAdoptable, isGone, readGroupItem, type Group } from "./group.ts";
import { N, S, checkVersion, listed, moveNames, namesOf } from "./items.ts";
import { keys, partition } from "./keys.ts";
import { busy, pause } from "./retry.ts";
import type { Store } from "./store.ts";

/** Seconds that a tombstone stays: long enough for every retry of its deletion. */
const TOMBSTONE_TTL = 7 * 24 * 60 * 60;
/** Milliseconds kept for the answer. */
const ANSWER_TIME = 1_000;

/**
 * Makes the group a tombstone and frees its names, in one transaction: from then on it has no members, whatever edges are
 * left. False when something came first.
 */
export async function buryGroup(store: Store, group: Group): Promise<boolean> {
  const names = namesOf("Group", group.stored.attributes);
  const moved = moveNames(
    store.table,
    group.id,
    group.hidden ? { ...names, externalIdKey: undefined } : names,
    undefined,
  );
  const tombstone = inTransaction(store.table, {
    key: keys.resource("Group", group.id),
    expression: "SET gone = :true, #ttl = :ttl, v = v + :one REMOVE intent, doc, nk, xk",
    condition: `v = :v AND attribute_not_exists(gone) AND ${group.intent ? "intent.#owner = :owner" : "attribute_not_exists(intent)"}`,
    values: {
      ":true": { BOOL: true },
      ":one": N(1),
      ":ttl": N(Math.floor(Date.now() / 1000) + TOMBSTONE_TTL),
      ":v": N(group.version),
      ...(group.intent && { ":owner": S(group.intent.owner) }),
    },
    names: { "#ttl": "ttl", ...(group.intent && { "#owner": "owner" }) },
  });
  const counted = group.hidden ? [] : listed(store.table, "Group", group.id, -1);
  return (await store.transact([tombstone, ...moved.items, ...counted])) === undefined;
}

/** Removes what edges a tombstone has, within the deadline. Whether there were any. */
export async function removeEdges(store: Store, groupId: string): Promise<boolean> {
  const inTime = async (): Promise<void> => {
    if (store.deadline.remaining() < ANSWER_TIME) throw busy();
  };
  let found = false;
  for await (const page of store.query(partition.resource("Group", groupId), {
    beginsWith: "M#",
  })) {
    found ||= page.length > 0;
    await deleteEdges(
      store,
      groupId,
      page.map((item) => decodeEdge(item).userId),
      inTime,
    );
  }
  return found;
}

/** Deletes a group; repeated on a tombstone that still has edges it goes on with them. */
export async function deleteGroup(store: Store, id: string, options: WriteOptions | undefined): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const item = await readGroupItem(store, id);
    if (item === undefined) throw new AbsentError("Group", id);
    if (isGone(item)) {
      if (await removeEdges(store, id)) return;
      throw new AbsentError("Group", id);
    }
    const group = decodeGroup(item);
    if (group.hidden) throw new AbsentError("Group", id);
    if (group.intent === undefined || isAdoptable(group.intent, "")) {
      checkVersion(group.stored, options);
      if (await buryGroup(store, group)) {
        await removeEdges(store, id);
        return;
      }
    }
    await pause(attempt, store.deadline);
  }
}
