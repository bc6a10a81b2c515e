import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { JsonObject, ResourceKind } from "../model.ts";
import { TakenError } from "./errors.ts";
import { externalIdHash, keys, nameHash, type Item } from "./keys.ts";
import { S } from "./values.ts";

/** The uniquely named attribute of each kind. */
const nameAttribute = { User: "userName", Group: "displayName" } as const;

export interface Names {
  readonly name: string;
  readonly nameKey: string;
  readonly externalIdKey: string | undefined;
}

/** The names by which a document is found. Its name is a string: `service/` rejects any other document. */
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

export const nameTaken = (kind: ResourceKind, name: string): TakenError =>
  new TakenError(kind, nameAttribute[kind], name);

export interface MovedNames {
  readonly items: readonly TransactWriteItem[];
  /** The index in `items` of the reservation of the new name, or -1. */
  readonly nameIndex: number;
}

/** Transaction items that move the reservations from one document's names to another's; either may be absent. */
export function moveNames(
  table: string,
  id: string,
  before: Omit<Names, "name"> | undefined,
  after: Omit<Names, "name"> | undefined,
): MovedNames {
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
    if (before) items.push({ Delete: { TableName: table, Key: keys.name(before.nameKey) } });
  }
  if (before?.externalIdKey !== after?.externalIdKey) {
    if (after?.externalIdKey !== undefined)
      items.push({ Put: { TableName: table, Item: keys.externalId(after.externalIdKey, id) } });
    if (before?.externalIdKey !== undefined)
      items.push({ Delete: { TableName: table, Key: keys.externalId(before.externalIdKey, id) } });
  }
  return { items, nameIndex };
}

/** The id of the resource that holds the name that a transaction wanted. */
export const holderOf = (
  refused: readonly { readonly Item?: Item | undefined }[],
  nameIndex: number,
): string | undefined => refused[nameIndex]?.Item?.["id"]?.S;
