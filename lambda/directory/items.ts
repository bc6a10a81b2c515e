import type { AttributeValue, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { JsonObject, ResourceKind, Stored, WriteOptions } from "../model.ts";
import { StaleError, TakenError, TooLargeError } from "./errors.ts";
import { externalIdHash, keys, nameHash, type Item } from "./keys.ts";

export const S = (value: string): AttributeValue.SMember => ({ S: value });
export const N = (value: number): AttributeValue.NMember => ({
  N: String(value),
});

export const textOf = (item: Item, name: string): string => item[name]?.S ?? "";
export const numberOf = (item: Item, name: string): number => Number(item[name]?.N ?? 0);

/** The uniquely named attribute of each kind. */
const nameAttribute = { User: "userName", Group: "displayName" } as const;

export interface Names {
  readonly name: string;
  readonly nameKey: string;
  readonly externalIdKey: string | undefined;
}

/** What a document is found by. Its name is a text: `service/` refuses any other document. */
export function namesOf(kind: ResourceKind, attributes: JsonObject): Names {
  const name = attributes[nameAttribute[kind]];
  const externalId = attributes["externalId"];
  if (typeof name !== "string") throw new TypeError(`a document without ${nameAttribute[kind]}`);
  return {
    name,
    nameKey: nameHash(kind, name),
    externalIdKey: typeof externalId === "string" ? externalIdHash(kind, externalId) : undefined,
  };
}

/** An item is at most 400 kB, keys and times included. */
const LARGEST_DOCUMENT = 390_000;

function documentText(attributes: JsonObject): string {
  const text = JSON.stringify(attributes);
  if (Buffer.byteLength(text) > LARGEST_DOCUMENT) throw new TooLargeError(LARGEST_DOCUMENT);
  return text;
}

/** The part of an item that a document and its version make. Deleted attributes are not carried over. */
export function encodeDocument(kind: ResourceKind, attributes: JsonObject, version: number, modified: string): Item {
  const { nameKey, externalIdKey } = namesOf(kind, attributes);
  return {
    doc: S(documentText(attributes)),
    v: N(version),
    m: S(modified),
    nk: S(nameKey),
    ...(externalIdKey === undefined ? {} : { xk: S(externalIdKey) }),
  };
}

export function decodeStored(item: Item): Stored {
  // The document is our own: it was validated before it was written.
  const attributes = JSON.parse(textOf(item, "doc")) as JsonObject;
  return {
    id: textOf(item, "pk").slice(2),
    version: String(numberOf(item, "v")),
    created: textOf(item, "c"),
    lastModified: textOf(item, "m"),
    attributes,
  };
}

export const nameTaken = (kind: ResourceKind, name: string): TakenError =>
  new TakenError(kind, nameAttribute[kind], name);

export function checkVersion(current: Stored, options: WriteOptions | undefined): void {
  if (options?.ifMatch !== undefined && !options.ifMatch(current.version)) throw new StaleError(current.version);
}

/** Transaction items that move the reservations from one document's names to another's; either may be absent. */
export function moveNames(
  table: string,
  id: string,
  before: Names | undefined,
  after: Names | undefined,
): {
  readonly items: TransactWriteItem[];
  /** Where the name's reservation is, or -1. */
  readonly nameIndex: number;
} {
  const items: TransactWriteItem[] = [];
  let nameIndex = -1;
  if (before?.nameKey !== after?.nameKey) {
    if (after) {
      nameIndex = items.length;
      items.push({
        Put: {
          TableName: table,
          Item: { ...keys.name(after.nameKey), id: S(id) },
          ConditionExpression: "attribute_not_exists(pk)",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        },
      });
    }
    if (before)
      items.push({
        Delete: { TableName: table, Key: keys.name(before.nameKey) },
      });
  }
  if (before?.externalIdKey !== after?.externalIdKey) {
    if (after?.externalIdKey !== undefined)
      items.push({
        Put: {
          TableName: table,
          Item: keys.externalId(after.externalIdKey, id),
        },
      });
    if (before?.externalIdKey !== undefined) {
      items.push({
        Delete: {
          TableName: table,
          Key: keys.externalId(before.externalIdKey, id),
        },
      });
    }
  }
  return { items, nameIndex };
}

/** Transaction items that put a resource in the listing and count it, or take it out. */
export function listed(table: string, kind: ResourceKind, id: string, change: 1 | -1): TransactWriteItem[] {
  const key = keys.listing(kind, id);
  return [
    change === 1 ? { Put: { TableName: table, Item: key } } : { Delete: { TableName: table, Key: key } },
    {
      Update: {
        TableName: table,
        Key: keys.counter(kind, id),
        UpdateExpression: "ADD n :n",
        ExpressionAttributeValues: { ":n": N(change) },
      },
    },
  ];
}

export const now = (): string => new Date().toISOString();
