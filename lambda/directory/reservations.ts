import { fold } from "../folding.ts";
import type { JsonObject, ResourceKind } from "../model.ts";
import { formerNameHashes, keys, nameHash } from "./keys.ts";
import { nameTaken, namesOf, type Names } from "./names.ts";
import { getItem, type Store } from "./store.ts";
import { textOf } from "./values.ts";

/** The id of the resource that has reserved a name under a hash. */
async function holderAt(store: Store, hash: string): Promise<string | undefined> {
  const reservation = await getItem(store, keys.name(hash));
  return reservation && textOf(reservation, "id");
}

/** The resource that has a name, by the current hash or by a hash of an earlier version of this code. */
export async function findByName<T>(
  store: Store,
  kind: ResourceKind,
  name: string,
  read: (id: string) => Promise<T | undefined>,
): Promise<T | undefined> {
  for (const hash of [nameHash(kind, name), ...formerNameHashes(kind, name)]) {
    const holder = await holderAt(store, hash);
    const found = holder === undefined ? undefined : await read(holder);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Checks that no resource reserved the name under a former hash. A read is enough: such reservations disappear, and nobody
 * makes new ones. @throws TakenError
 */
export async function checkFormerNames(
  store: Store,
  kind: ResourceKind,
  name: string,
  isReleased: (holder: string) => Promise<boolean>,
): Promise<void> {
  for (const hash of formerNameHashes(kind, name)) {
    const holder = await holderAt(store, hash);
    if (holder !== undefined && !(await isReleased(holder))) throw nameTaken(kind, name);
  }
}

/**
 * The names that a resource has after a change of its document. A name that stays the same, but is reserved under a
 * former hash, moves to the current hash, unless an equal name was reserved there: then it stays, so that the change
 * succeeds. `before.name` is the present name. @throws TakenError for a new name that is reserved under a former hash
 */
export async function namesAfter(
  store: Store,
  kind: ResourceKind,
  before: Names,
  attributes: JsonObject,
  isReleased: (holder: string) => Promise<boolean>,
): Promise<Names> {
  const after = namesOf(kind, attributes);
  if (after.nameKey === before.nameKey) return after;
  if (fold(after.name) !== fold(before.name)) {
    await checkFormerNames(store, kind, after.name, isReleased);
    return after;
  }
  return (await holderAt(store, after.nameKey)) === undefined ? after : { ...after, nameKey: before.nameKey };
}
