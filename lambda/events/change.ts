import type { AttributeValue as StreamValue, DynamoDBRecord } from "aws-lambda";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { digestOf } from "../directory/digest.ts";
import { isVisible } from "../directory/group.ts";
import { decodeStored } from "../directory/items.ts";
import type { Item } from "../directory/keys.ts";
import { decodeMarkedMembers } from "../directory/marks.ts";
import { isDeleting } from "../directory/userDeletion.ts";
import { idOf, numberOf, textOf } from "../directory/values.ts";
import type { ResourceKind, Stored, WriteKind } from "../model.ts";

/** The members that a change added and removed; `many` if they cannot be named. */
export type ChangedMembers = "many" | { readonly add: readonly string[]; readonly remove: readonly string[] };

/** A visible change of one resource. */
export interface Change {
  readonly kind: ResourceKind;
  readonly id: string;
  /** Of the stream record, padded to 40 digits: the order of the changes of one resource. */
  readonly sequence: string;
  /** The same for all changes of one request. */
  readonly transaction: string;
  readonly how: "create" | WriteKind | "delete";
  /** Undefined for a resource that is created. */
  readonly before: Stored | undefined;
  /** Undefined for a resource that is deleted. */
  readonly after: Stored | undefined;
  /** Of a group; undefined if its members did not change. */
  readonly members: ChangedMembers | undefined;
}

/** Digits of the largest sequence number of a stream (API reference, "StreamRecord"). */
const SEQUENCE = 40;

/**
 * The visible change that a record of the directory's stream shows; undefined if readers see no change: locks, leases and
 * edges of large changes, repaired digests, leftovers of deletions, hidden groups.
 */
export function changeOf({ dynamodb }: DynamoDBRecord): Change | undefined {
  const [before, after] = [itemOf(dynamodb?.OldImage), itemOf(dynamodb?.NewImage)];
  const item = after ?? before;
  const kind = item && kindOf(item);
  if (item === undefined || kind === undefined) return undefined;
  const [old, current] = [shown(kind, before), shown(kind, after)];
  if (old === undefined && current === undefined) return undefined;
  if (old !== undefined && current !== undefined && numberOf(old, "v") === numberOf(current, "v")) return undefined;
  const sequence = (dynamodb?.SequenceNumber ?? "").padStart(SEQUENCE, "0");
  return {
    kind,
    id: idOf(item),
    sequence,
    transaction: item["t"]?.S ?? sequence,
    how: howOf(old, current),
    before: old && decodeStored(old),
    after: current && decodeStored(current),
    members: kind === "Group" && current !== undefined ? membersOf(old, current) : undefined,
  };
}

function howOf(old: Item | undefined, current: Item | undefined): Change["how"] {
  if (current === undefined) return "delete";
  if (old === undefined) return "create";
  return current["h"]?.S === "put" ? "put" : "patch";
}

/** `U#<id>|#` and `G#<id>|#` are resources. */
function kindOf(item: Item): ResourceKind | undefined {
  if (textOf(item, "sk") !== "#") return undefined;
  const [prefix] = textOf(item, "pk").split("#", 1);
  return prefix === "U" ? "User" : prefix === "G" ? "Group" : undefined;
}

const shown = (kind: ResourceKind, item: Item | undefined): Item | undefined =>
  item !== undefined && (kind === "User" ? !isDeleting(item) : isVisible(item)) ? item : undefined;

/**
 * The members that the change names, if they explain the new digest. They do not if the last change of members was not
 * marked: the function that made it had no `events` yet.
 */
function membersOf(old: Item | undefined, current: Item): ChangedMembers | undefined {
  const marked = decodeMarkedMembers(current);
  if (marked === "many") return "many";
  const [add, remove] = [[...(marked?.add ?? [])], [...(marked?.remove ?? [])]];
  const isNamed = add.length + remove.length > 0;
  const isExplained =
    (old !== undefined && old["d"] === undefined) ||
    numberOf(current, "d") - (old === undefined ? 0 : numberOf(old, "d")) === digestOf(add) - digestOf(remove);
  if (isExplained) return isNamed ? { add, remove } : undefined;
  const isUnchanged = old !== undefined && old["d"]?.N === current["d"]?.N;
  return isUnchanged ? undefined : "many";
}

/** Lambda gives binary values as text; the items of resources have none. */
function itemOf(image: Record<string, StreamValue> | undefined): Item | undefined {
  if (image === undefined) return undefined;
  return Object.fromEntries(Object.entries(image).flatMap(([name, value]) => namedValue(name, value)));
}

function namedValue(name: string, { S, N, BOOL, M }: StreamValue): [string, AttributeValue][] {
  if (S !== undefined) return [[name, { S }]];
  if (N !== undefined) return [[name, { N }]];
  if (BOOL !== undefined) return [[name, { BOOL }]];
  return M === undefined ? [] : [[name, { M: itemOf(M) ?? {} }]];
}
