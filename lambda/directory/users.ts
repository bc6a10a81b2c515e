import type { AttributeValue, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { JsonObject, Stored, WriteOptions } from "../model.ts";
import { nodeCrypto } from "../nodeCrypto.ts";
import { isEqual } from "./equal.ts";
import { AbsentError } from "./errors.ts";
import { checkVersion, decodeStored, encodeDocument, listed, now } from "./items.ts";
import { isId, keys, type Item } from "./keys.ts";
import { markedItem } from "./marks.ts";
import { holderOf, moveNames, nameTaken, namesOf, type MovedNames, type Names } from "./names.ts";
import { checkFormerNames, findByName, namesAfter } from "./reservations.ts";
import { pause } from "./retry.ts";
import { getItem, putItem, refusedAt, transactWrite, type Store } from "./store.ts";
import { finishUserDeletion, holdsNames, isDeleting } from "./userDeletion.ts";
import { N, S, textOf } from "./values.ts";

const sameValue = (one: AttributeValue | undefined, other: AttributeValue | undefined): boolean =>
  one?.S === other?.S && one?.N === other?.N;

async function findUser(store: Store, id: string): Promise<Item | undefined> {
  const item = isId(id) ? await getItem(store, keys.resource("User", id)) : undefined;
  return item === undefined || isDeleting(item) ? undefined : item;
}

/** @throws AbsentError */
export async function getUser(store: Store, id: string): Promise<Stored> {
  const item = await findUser(store, id);
  if (item === undefined) throw new AbsentError("User", id);
  return decodeStored(item);
}

/** The user with this name, compared without case; undefined if there is none. */
export async function findUserByUserName(store: Store, userName: string): Promise<Stored | undefined> {
  const item = await findByName(store, "User", userName, (id) => findUser(store, id));
  return item && decodeStored(item);
}

/** Whether the name is free now. A deletion that an earlier version of this code began may still hold it. */
async function isNameReleased(store: Store, holder: string): Promise<boolean> {
  const item = await getItem(store, keys.resource("User", holder));
  if (item !== undefined && !isDeleting(item)) return false;
  if (item !== undefined && holdsNames(item)) await finishUserDeletion(store, item);
  return true;
}

/** @throws TakenError, TooLargeError */
export async function createUser(store: Store, attributes: JsonObject): Promise<Stored> {
  const id = nodeCrypto().randomUUID();
  const names = namesOf("User", attributes);
  const created = now();
  const item: Item = {
    ...keys.resource("User", id),
    ...encodeDocument("User", attributes, 1, created),
    c: S(created),
    ...markedItem(store, { how: "create" }),
  };
  const moved = moveNames(store.table, id, undefined, names);
  await checkFormerNames(store, "User", names.name, (holder) => isNameReleased(store, holder));
  for (let attempt = 0; ; attempt += 1) {
    const refused = await transactWrite(store, [
      ...moved.items,
      { Put: { TableName: store.table, Item: item } },
      ...listed(store.table, "User", id, 1),
    ]);
    if (refused === undefined) return decodeStored(item);
    const holder = holderOf(refused, moved.nameIndex);
    if (holder === id) return decodeStored(item);
    if (holder !== undefined && !(await isNameReleased(store, holder))) throw nameTaken("User", names.name);
    await pause(attempt, store.deadline);
  }
}

/** @throws AbsentError, StaleError, TakenError, TooLargeError */
export async function updateUser(
  store: Store,
  id: string,
  change: (current: Stored) => JsonObject,
  options?: WriteOptions,
): Promise<Stored> {
  let sent: Item | undefined;
  for (let attempt = 0; ; attempt += 1) {
    const item = await findUser(store, id);
    if (item === undefined) throw new AbsentError("User", id);
    // The answer to this request's own write was lost.
    if (sent !== undefined && ["doc", "v", "m"].every((name) => sameValue(item[name], sent?.[name])))
      return decodeStored(item);
    const current = decodeStored(item);
    checkVersion(current, options);
    const attributes = change(current);
    if (isEqual(attributes, current.attributes)) return current;
    const before = { ...namesOf("User", current.attributes), nameKey: textOf(item, "nk") };
    const after = await namesAfter(store, "User", before, attributes, (holder) => isNameReleased(store, holder));
    const how = options?.how ?? "patch";
    const next = { ...nextItem(current, attributes, after), ...markedItem(store, { how }) };
    sent = next;
    const { isDone, nameHolder } = await writeUser(store, current, next, moveNames(store.table, id, before, after));
    if (isDone) return decodeStored(next);
    if (nameHolder !== undefined && nameHolder !== id && !(await isNameReleased(store, nameHolder)))
      throw nameTaken("User", after.name);
    await pause(attempt, store.deadline);
  }
}

const nextItem = ({ id, version, created }: Stored, attributes: JsonObject, { nameKey }: Names): Item => ({
  ...keys.resource("User", id),
  ...encodeDocument("User", attributes, Number(version) + 1, now()),
  nk: S(nameKey),
  c: S(created),
});

/** Replaces a user, if it is still as it was read. Only then does a holder of the name matter. */
async function writeUser(
  store: Store,
  current: Stored,
  next: Item,
  moved: MovedNames,
): Promise<{ readonly isDone: boolean; readonly nameHolder?: string | undefined }> {
  const condition = {
    expression: "v = :v AND attribute_not_exists(deleting)",
    values: { ":v": N(Number(current.version)) },
  };
  if (moved.items.length === 0) return { isDone: await putItem(store, next, condition) };
  const put: TransactWriteItem = {
    Put: {
      TableName: store.table,
      Item: next,
      ConditionExpression: condition.expression,
      ExpressionAttributeValues: condition.values,
    },
  };
  const refused = await transactWrite(store, [...moved.items, put]);
  if (refused === undefined) return { isDone: true };
  const isOvertaken = refusedAt(refused, moved.items.length);
  return { isDone: false, nameHolder: isOvertaken ? undefined : holderOf(refused, moved.nameIndex) };
}
