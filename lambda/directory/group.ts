import type { AttributeValue, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { JsonObject } from "../model.ts";
import type { Stored } from "../model.ts";
import { N, S, decodeStored, encodeDocument, moveNames, namesOf, now, numberOf, textOf } from "./items.ts";
import { isId, keys, type Item } from "./keys.ts";
import type { Store, Update } from "./store.ts";

/** A large change that is being applied: by whom, and until when nobody else may go on with it. */
export interface Intent {
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly leaseUntil: number;
  /** Its owner stopped at its deadline and left it to whoever comes next. */
  readonly parked: boolean;
}

/** A group item that is not a tombstone. */
export interface Group {
  readonly id: string;
  readonly stored: Stored;
  readonly version: number;
  /** The committed epoch: edges alive in it are the members. */
  readonly epoch: number;
  readonly intent: Intent | undefined;
  /** Its first members are being written; nobody sees it yet. */
  readonly hidden: boolean;
  /** The request that changed it last, the same for all of its attempts. */
  readonly committedBy: string;
}

/** A deleted group stays as a tombstone until its edges are gone. */
export const isGone = (item: Item): boolean => item["gone"] !== undefined;
export const isVisible = (item: Item): boolean => !isGone(item) && item["unborn"] === undefined;

function decodeIntent(item: Item): Intent | undefined {
  const intent = item["intent"]?.M;
  if (intent === undefined) return undefined;
  return {
    owner: textOf(intent, "owner"),
    leaseUntil: numberOf(intent, "leaseUntil"),
    parked: intent["parked"] !== undefined,
  };
}

export function decodeGroup(item: Item): Group {
  return {
    id: textOf(item, "pk").slice(2),
    stored: decodeStored(item),
    version: numberOf(item, "v"),
    epoch: numberOf(item, "e"),
    intent: decodeIntent(item),
    hidden: item["unborn"] !== undefined,
    committedBy: textOf(item, "committedBy"),
  };
}

export const readGroupItem = async (store: Store, id: string): Promise<Item | undefined> =>
  isId(id) ? store.get(keys.resource("Group", id)) : undefined;

/** The group, hidden ones included; undefined for an absent or deleted one. */
export async function readGroup(store: Store, id: string): Promise<Group | undefined> {
  const item = await readGroupItem(store, id);
  return item === undefined || isGone(item) ? undefined : decodeGroup(item);
}

/** Whether this request may go on with what the intent began. */
export const isAdoptable = (intent: Intent, owner: string): boolean =>
  intent.parked || intent.leaseUntil < Date.now() || intent.owner === owner;

/** How a document differs from the stored one, and the transaction items that move its names. */
export interface DocumentChange {
  readonly attributes: JsonObject;
  readonly changed: boolean;
  readonly name: string;
  readonly names: readonly TransactWriteItem[];
  /** Where among `names` the reservation of the name is, or -1. */
  readonly nameIndex: number;
}

export function documentChange(store: Store, group: Group, attributes: JsonObject): DocumentChange {
  const before = namesOf("Group", group.stored.attributes);
  const after = namesOf("Group", attributes);
  const moved = moveNames(
    store.table,
    group.id,
    group.hidden ? { ...before, externalIdKey: undefined } : before,
    after,
  );
  return {
    attributes,
    changed: JSON.stringify(attributes) !== JSON.stringify(group.stored.attributes),
    name: after.name,
    names: moved.items,
    nameIndex: moved.nameIndex,
  };
}

/** An update of the group item: the next version and whose it is, the document where it changed, and what the caller adds. */
export function groupUpdate(
  group: Group,
  document: DocumentChange,
  owner: string,
  more: {
    set?: readonly string[];
    remove?: readonly string[];
    condition: string;
    values: Record<string, AttributeValue>;
    names?: Record<string, string>;
  },
): Update {
  const set = ["v = v + :one", "m = :m", "committedBy = :owner", ...(more.set ?? [])];
  const remove = [...(more.remove ?? [])];
  const values: Record<string, AttributeValue> = {
    ":one": N(1),
    ":m": S(now()),
    ":owner": S(owner),
    ...more.values,
  };
  if (document.changed) {
    const encoded = encodeDocument("Group", document.attributes, 0, "");
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
    expression: `SET ${set.join(", ")}${remove.length > 0 ? ` REMOVE ${remove.join(", ")}` : ""}`,
    condition: more.condition,
    values,
    ...(more.names && { names: more.names }),
  };
}

/** The same update as part of a transaction. */
export const inTransaction = (table: string, update: Update): TransactWriteItem => ({
  Update: {
    TableName: table,
    Key: update.key,
    UpdateExpression: update.expression,
    ...(update.condition !== undefined && {
      ConditionExpression: update.condition,
    }),
    ...(update.values && { ExpressionAttributeValues: update.values }),
    ...(update.names && { ExpressionAttributeNames: update.names }),
  },
});

/** The id of the resource that holds the name which a transaction wanted. */
export const holderOf = (
  refused: readonly { readonly Item?: Item | undefined }[],
  nameIndex: number,
): string | undefined => refused[nameIndex]?.Item?.["id"]?.S;
