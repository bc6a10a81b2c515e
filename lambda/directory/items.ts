import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { JsonObject, ResourceKind, Stored, WriteOptions } from "../model.ts";
import { StaleError, TooLargeError } from "./errors.ts";
import { keys, type Item } from "./keys.ts";
import { namesOf } from "./names.ts";
import { N, S, idOf, numberOf, textOf } from "./values.ts";

/** An item is at most 400 kB, keys and times included. */
const LARGEST_DOCUMENT = 390_000;

function documentText(attributes: JsonObject): string {
  const text = JSON.stringify(attributes);
  if (Buffer.byteLength(text) > LARGEST_DOCUMENT) throw new TooLargeError(LARGEST_DOCUMENT);
  return text;
}

/** The attributes of an item that come from a document and its version. Deleted attributes are not carried over. */
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
    id: idOf(item),
    version: String(numberOf(item, "v")),
    created: textOf(item, "c"),
    lastModified: textOf(item, "m"),
    attributes,
  };
}

/** @throws StaleError if the caller accepts only another version */
export function checkVersion(current: Stored, options: WriteOptions | undefined): void {
  if (options?.ifMatch !== undefined && !options.ifMatch(current.version)) throw new StaleError(current.version);
}

/** Transaction items that add a resource to the listing and count it, or remove it. */
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
