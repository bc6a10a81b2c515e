import type { AttributeValue, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Stored, WriteKind } from "../model.ts";
import { digestOf } from "./digest.ts";
import { edgeChanges, edgeItems } from "./edges.ts";
import { groupUpdate, inTransaction, readGroup, type DocumentChange, type Group } from "./group.ts";
import { besideIntent } from "./intent.ts";
import { decodeStored } from "./items.ts";
import { keys } from "./keys.ts";
import { markedUpdate } from "./marks.ts";
import { checkSomeoneExists, shownMembers, type Difference } from "./members.ts";
import { holderOf } from "./names.ts";
import type { Outcome } from "./outcome.ts";
import { refusedAt, transactWrite, updateItem, type Store, type Update } from "./store.ts";
import { N } from "./values.ts";

/** A transaction has 100 items: the group takes one and its names at most four. */
const ITEMS_FOR_MEMBERS = 95;
const ITEMS_AN_EDGE = 2;
const ITEMS_AN_ADD = ITEMS_AN_EDGE + 1;

/** Whether this many additions and removals of members fit in one transaction. */
export const fitsTransaction = (add: number, remove: number): boolean =>
  add * ITEMS_AN_ADD + remove * ITEMS_AN_EDGE <= ITEMS_FOR_MEMBERS;

/** The item that fails a transaction if a user does not exist. */
export const userExists = (table: string, userId: string): TransactWriteItem => ({
  ConditionCheck: {
    TableName: table,
    Key: keys.resource("User", userId),
    ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(deleting)",
  },
});

interface Request {
  readonly owner: string;
  /** Whether the change names a version. */
  readonly exact: boolean;
  readonly how: WriteKind;
}

/**
 * Changes the document and a few members in one transaction, without users that do not exist. Beside an idle intent, it
 * changes the committed epoch and leaves the intent's edges. An `exact` change compares the version, and so does one
 * that leaves out members that need no change. Other concurrent deltas fail each other only if they name the same
 * member. @throws UnknownMembersError
 */
export async function smallChange(
  store: Store,
  group: Group,
  document: DocumentChange,
  change: Difference,
  request: Request,
): Promise<Outcome> {
  const { moved } = document;
  const removals = edgeChanges(change.edges, { add: [], remove: change.remove }, group.epoch).map((removal) => ({
    ...removal,
    to: undefined,
  }));
  const removalItems = removals.flatMap((removal) => edgeItems(store.table, group.id, removal));
  for (let add = change.add; ;) {
    checkSomeoneExists(change, add);
    if (!document.changed && add.length + removals.length === 0) return unchanged(store, group, change);
    const update = updateOf(store, group, document, { ...change, add }, request);
    if (moved.items.length + add.length + removals.length === 0) {
      const item = await updateItem(store, update);
      return { stored: item && decodeStored(item), members: await shown(store, change, []) };
    }
    const before = [...moved.items, inTransaction(store.table, update)];
    const refused = await transactWrite(store, [
      ...before,
      ...removalItems,
      ...additionItems(store, group, change, add),
    ]);
    if (refused === undefined) {
      const stored = versioned(group, document, update.values?.[":m"]?.S);
      return { stored, members: await shown(store, change, add) };
    }
    const first = before.length + removalItems.length;
    const isMissing = (at: number): boolean => refusedAt(refused, first + ITEMS_AN_ADD * at + ITEMS_AN_EDGE);
    const existing = add.filter((_, at) => !isMissing(at));
    const others = refused.filter((_, at) => refusedAt(refused, at)).length - (add.length - existing.length);
    if (existing.length === add.length || others > 0) return nameHolderOf(refused, document);
    add = existing;
  }
}

/** If the group itself is not as it was read, the holder of the name may not matter any more. */
function nameHolderOf(refused: Parameters<typeof refusedAt>[0], { moved }: DocumentChange): Outcome {
  return refusedAt(refused, moved.items.length) ? {} : { nameHolder: holderOf(refused, moved.nameIndex) };
}

const additionItems = (store: Store, group: Group, { edges }: Difference, add: readonly string[]) =>
  edgeChanges(edges, { add, remove: [] }, group.epoch).flatMap((addition) => [
    ...edgeItems(store.table, group.id, addition),
    userExists(store.table, addition.userId),
  ]);

/** The update of the group's item. */
function updateOf(
  store: Store,
  group: Group,
  document: DocumentChange,
  change: Difference,
  { owner, exact, how }: Request,
): Update {
  const compared = exact || document.changed || change.isPartial;
  const beside = besideIntent(group, owner);
  const digest = digestChange(group, change);
  const marks = markedUpdate(store, { how, members: change });
  return groupUpdate(group, document, owner, {
    set: [...beside.set, ...digest.set, ...marks.set],
    remove: marks.remove,
    condition: `e = :e AND attribute_not_exists(gone) AND ${beside.expression}${compared ? " AND v = :v" : ""}`,
    values: {
      ...beside.values,
      ...digest.values,
      ...marks.values,
      ":e": N(group.epoch),
      ...(compared && { ":v": N(group.version) }),
    },
    names: beside.names,
  });
}

/** Sets the digest if all members are known; a delta adds to it and subtracts from it. */
function digestChange(
  group: Group,
  change: Difference,
): { set: readonly string[]; values: Record<string, AttributeValue> } {
  const { add, remove, current, isWhole } = change;
  const sum = digestOf(add) - digestOf(remove);
  if (isWhole) return { set: ["d = :d"], values: { ":d": N(digestOf(current) + sum) } };
  return group.digest === undefined || sum === 0
    ? { set: [], values: {} }
    : { set: ["d = d + :d"], values: { ":d": N(sum) } };
}

/** The members to answer with, if the change had to know them all. */
async function shown(store: Store, { current, remove, isWhole }: Difference, add: readonly string[]) {
  if (!isWhole) return undefined;
  const members = new Set(current);
  for (const id of remove) members.delete(id);
  for (const id of add) members.add(id);
  return shownMembers(store, members);
}

async function unchanged(store: Store, group: Group, change: Difference): Promise<Outcome> {
  if (change.isTorn && (await readGroup(store, group.id))?.version !== group.version) return {};
  return { stored: group.stored, members: await shown(store, change, []) };
}

/** Other requests may have increased the version since. The answer is never newer than the state that it describes. */
const versioned = (group: Group, document: DocumentChange, modified = ""): Stored => ({
  ...group.stored,
  version: String(group.version + 1),
  lastModified: modified,
  attributes: document.attributes,
});
