import type { AttributeValue, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { JsonObject, Stored } from "../model.ts";
import { isEqual } from "./equal.ts";
import { decodeIntent, type Intent } from "./intent.ts";
import { decodeStored, encodeDocument, now } from "./items.ts";
import { isId, keys, type Item } from "./keys.ts";
import { moveNames, namesOf, type MovedNames, type Names } from "./names.ts";
import { namesAfter } from "./reservations.ts";
import { getItem, type Store, type Update } from "./store.ts";
import { N, S, idOf, numberOf, textOf } from "./values.ts";

/** A group item that is not a tombstone. */
export interface Group {
  readonly id: string;
  readonly stored: Stored;
  /** The hash under which its name is reserved. */
  readonly nameKey: string;
  readonly version: number;
  /** The committed epoch: edges alive in it are the members. */
  readonly epoch: number;
  /** Of the members; undefined in a group from before there were digests. */
  readonly digest: number | undefined;
  readonly intent: Intent | undefined;
  /** Members a second that its partition took when it last throttled a large change. */
  readonly pace: number | undefined;
  /** Its first members are being written; no reader sees it. */
  readonly hidden: boolean;
  /** The request that changed it last, the same for all of its attempts. */
  readonly committedBy: string;
}

/** A deleted group stays as a tombstone until its edges are gone. */
export const isTombstone = (item: Item): boolean => item["gone"] !== undefined;

/** Whether readers see the group: it is neither deleted nor hidden. */
export const isVisible = (item: Item): boolean => !isTombstone(item) && item["unborn"] === undefined;

/** The attributes from which a group is read, besides its key. */
// prettier-ignore
export const GROUP_ATTRIBUTES = ["doc", "v", "m", "c", "nk", "e", "d", "intent", "pace", "unborn", "committedBy", "gone"] as const;

const optionalNumber = (item: Item, name: string): number | undefined =>
  item[name] === undefined ? undefined : numberOf(item, name);

export function decodeGroup(item: Item): Group {
  return {
    id: idOf(item),
    stored: decodeStored(item),
    nameKey: textOf(item, "nk"),
    version: numberOf(item, "v"),
    epoch: numberOf(item, "e"),
    digest: optionalNumber(item, "d"),
    intent: decodeIntent(item),
    pace: optionalNumber(item, "pace"),
    hidden: item["unborn"] !== undefined,
    committedBy: textOf(item, "committedBy"),
  };
}

/** The group's item, whether hidden or a tombstone; undefined if there is none. Costs one read. */
export const readGroupItem = async (store: Store, id: string): Promise<Item | undefined> =>
  isId(id) ? getItem(store, keys.resource("Group", id)) : undefined;

/** The group, hidden ones included; undefined for an absent or deleted one. */
export async function readGroup(store: Store, id: string): Promise<Group | undefined> {
  const item = await readGroupItem(store, id);
  return item === undefined || isTombstone(item) ? undefined : decodeGroup(item);
}

/** The names that a group has reserved. A hidden group is not found by its externalId yet. */
export function reservedNames({ stored, nameKey, hidden }: Group): Names {
  const names = { ...namesOf("Group", stored.attributes), nameKey };
  return hidden ? { ...names, externalIdKey: undefined } : names;
}

/** How a document differs from the stored one, and the transaction items that move its names. */
export interface DocumentChange {
  readonly attributes: JsonObject;
  readonly changed: boolean;
  readonly names: Names;
  readonly moved: MovedNames;
}

/** @throws TakenError */
export async function documentChange(store: Store, group: Group, attributes: JsonObject): Promise<DocumentChange> {
  const changed = !isEqual(attributes, group.stored.attributes);
  const before = reservedNames(group);
  const names = changed
    ? await namesAfter(store, "Group", before, attributes, (holder) => isReleased(store, holder))
    : { ...namesOf("Group", attributes), nameKey: group.nameKey };
  return { attributes, changed, names, moved: moveNames(store.table, group.id, before, names) };
}

/** Whether no visible group holds a name that was reserved under a former hash. */
async function isReleased(store: Store, holder: string): Promise<boolean> {
  const group = await readGroup(store, holder);
  return group === undefined || group.hidden;
}

/**
 * An update of the group item: the next version, the request that makes it, the document if it changed, and the
 * caller's additions.
 */
export function groupUpdate(
  group: Group,
  document: DocumentChange,
  owner: string,
  more: {
    readonly set: readonly string[];
    readonly remove?: readonly string[];
    readonly condition: string;
    readonly values: Record<string, AttributeValue>;
    readonly names?: Record<string, string>;
  },
): Update {
  const set = ["v = v + :one", "m = :m", "committedBy = :owner", ...more.set];
  const remove = [...(more.remove ?? [])];
  const values: Record<string, AttributeValue> = { ":one": N(1), ":m": S(now()), ":owner": S(owner), ...more.values };
  if (document.changed) {
    const encoded: Item = {
      ...encodeDocument("Group", document.attributes, 0, ""),
      nk: S(document.names.nameKey),
    };
    for (const name of ["doc", "nk", "xk"] as const) {
      const value = encoded[name];
      if (value === undefined) remove.push(name);
      else {
        set.push(`${name} = :${name}`);
        values[`:${name}`] = value;
      }
    }
  }
  return {
    key: keys.resource("Group", group.id),
    expression: updateExpression(set, remove),
    condition: more.condition,
    values,
    ...(more.names && Object.keys(more.names).length > 0 && { names: more.names }),
  };
}

/** An update expression from its assignments and the attributes that it removes. */
export const updateExpression = (set: readonly string[], remove: readonly string[]): string =>
  `SET ${set.join(", ")}${remove.length > 0 ? ` REMOVE ${remove.join(", ")}` : ""}`;

/** The same update as part of a transaction. */
export const inTransaction = (table: string, update: Update): TransactWriteItem => ({
  Update: {
    TableName: table,
    Key: update.key,
    UpdateExpression: update.expression,
    ...(update.condition !== undefined && { ConditionExpression: update.condition }),
    ...(update.values && { ExpressionAttributeValues: update.values }),
    ...(update.names && { ExpressionAttributeNames: update.names }),
  },
});
