import type { ChangedGroup, JsonObject } from "../model.ts";
import { nodeCrypto } from "../nodeCrypto.ts";
import { changeIdOf } from "./changeId.ts";
import { digestOf } from "./digest.ts";
import { edgeChanges, edgeItems } from "./edges.ts";
import { applyEpoch } from "./epochs.ts";
import { readGroup } from "./group.ts";
import { changedGroup, isNameReleased } from "./groups.ts";
import { isAdoptable, newIntent } from "./intent.ts";
import { decodeStored, encodeDocument, listed, now } from "./items.ts";
import { isId, keys, type Item } from "./keys.ts";
import { markedItem } from "./marks.ts";
import { existingUsers } from "./members.ts";
import { holderOf, moveNames, nameTaken, namesOf } from "./names.ts";
import { checkFormerNames } from "./reservations.ts";
import { pause } from "./retry.ts";
import { fitsTransaction, userExists } from "./smallChange.ts";
import { transactWrite, type Store } from "./store.ts";
import { N, S, TRUE } from "./values.ts";

/** The item of a group that is being created, apart from its version and digest. */
function newItem(id: string, attributes: JsonObject, version: number, members: readonly string[]): Item {
  const created = now();
  return {
    ...keys.resource("Group", id),
    ...encodeDocument("Group", attributes, version, created),
    c: S(created),
    e: N(0),
    d: N(digestOf(members)),
  };
}

/**
 * Creates a group. A few members are written in the same transaction. With many members, the group stays hidden until
 * all of them are written. @throws TakenError, TooLargeError
 */
export async function createGroup(
  store: Store,
  attributes: JsonObject,
  members: ReadonlySet<string>,
): Promise<ChangedGroup> {
  const wanted = [...members].filter(isId);
  const { name } = namesOf("Group", attributes);
  await checkFormerNames(store, "Group", name, (holder) => isNameReleased(store, holder, ""));
  return fitsTransaction(wanted.length, 0)
    ? createSmall(store, attributes, wanted)
    : createLarge(store, attributes, members);
}

async function createSmall(store: Store, attributes: JsonObject, wanted: readonly string[]): Promise<ChangedGroup> {
  const id = nodeCrypto().randomUUID();
  const { name, ...names } = namesOf("Group", attributes);
  const moved = moveNames(store.table, id, undefined, names);
  for (let attempt = 0; ; attempt += 1) {
    const users = wanted.length > 0 ? await existingUsers(store, wanted) : new Set<string>();
    const known = wanted.filter((user) => users.has(user)).sort();
    const marks = markedItem(store, { how: "create", members: { add: known, remove: [] } });
    const item = { ...newItem(id, attributes, 1, known), ...marks };
    const refused = await transactWrite(store, [
      ...moved.items,
      { Put: { TableName: store.table, Item: item } },
      ...listed(store.table, "Group", id, 1),
      ...edgeChanges(new Map(), { add: known, remove: [] }, 0).flatMap((addition) => [
        ...edgeItems(store.table, id, addition),
        userExists(store.table, addition.userId),
      ]),
    ]);
    if (refused === undefined) return { ...decodeStored(item), members: known };
    const holder = holderOf(refused, moved.nameIndex);
    if (holder === id) return (await readGroup(store, id))?.stored ?? decodeStored(item);
    if (holder !== undefined && !(await isNameReleased(store, holder, id))) throw nameTaken("Group", name);
    await pause(attempt, store.deadline);
  }
}

async function createLarge(store: Store, attributes: JsonObject, members: ReadonlySet<string>): Promise<ChangedGroup> {
  const [id, owner] = [nodeCrypto().randomUUID(), nodeCrypto().randomUUID()];
  const { name, nameKey } = namesOf("Group", attributes);
  const moved = moveNames(store.table, id, undefined, { nameKey, externalIdKey: undefined });
  const wanted = { kind: "replace", members } as const;
  const changeId = changeIdOf(wanted, new Set());
  const claim = { owner, change: changeId, deletions: undefined };
  for (let attempt = 0; ; attempt += 1) {
    const item = { ...newItem(id, attributes, 0, []), unborn: TRUE, intent: newIntent(claim) };
    const refused = await transactWrite(store, [...moved.items, { Put: { TableName: store.table, Item: item } }]);
    const holder = refused === undefined ? id : holderOf(refused, moved.nameIndex);
    const group = holder === undefined ? undefined : await readGroup(store, holder);
    if (group !== undefined && !group.hidden) {
      if (holder === id) return group.stored;
      throw nameTaken("Group", name);
    }
    // Created by this request, or left by an earlier attempt of it.
    if (group?.intent !== undefined && isAdoptable(group.intent, claim)) {
      const outcome = await applyEpoch(store, group, { attributes, members: wanted, changeId, owner, how: "put" });
      if (outcome.stored !== undefined) return changedGroup(outcome.stored, outcome.members);
    }
    await pause(attempt, store.deadline);
  }
}
