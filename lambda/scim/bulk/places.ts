import type { JsonObject, JsonValue } from "../../model.ts";
import { ScimError } from "../error.ts";
import type { Attribute } from "../schema/attribute.ts";
import type { ResourceType } from "../schema/index.ts";
import { findAttribute, findSchema, pathIn, resolvePath, type Resolved } from "../schema/resolve.ts";
import { isObject, oneOf, ownAnyCase } from "../values/json.ts";
import { fromText } from "../values/text.ts";
import type { BulkOperation } from "./operation.ts";

/** Where a reference may stand: as the id of a resource, in its address, or as an id that a value filter compares. */
export type Place = "id" | "address" | "filter";
/** Maps the text in such a place. Undefined leaves the reference out. */
export type MapReference = (text: string, place: Place) => string | undefined;

/**
 * The data of an operation, with `map` applied where the schema of its resource allows a reference to a resource: the
 * `value` and `$ref` of an attribute such as `members` or `manager`, the attribute itself as a bare id, and the ids that a
 * value filter of a PATCH compares. Every other text stays. JSON as text counts where a PATCH reads it.
 */
export function mapReferences(
  type: ResourceType | undefined,
  { method, data }: Pick<BulkOperation, "method" | "data">,
  map: MapReference,
): JsonValue | undefined {
  if (!type || !isObject(data)) return data;
  // Attributes that the tenant does not retain are read too: a misspelt reference fails under every setting alike.
  const whole = { ...type, ...type.known };
  if (method === "POST" || method === "PUT") return ofDocument({ type: whole, map, isPatch: false }, data);
  return method === "PATCH" ? ofPatch({ type: whole, map, isPatch: true }, data) : data;
}

interface Walk {
  readonly type: ResourceType;
  readonly map: MapReference;
  readonly isPatch: boolean;
}

function ofPatch(walk: Walk, body: JsonObject): JsonObject {
  return mapEntries(body, (key, operations) => {
    if (key.toLowerCase() !== "operations" || !Array.isArray(operations)) return [key, operations];
    return [key, operations.map((operation) => (isObject(operation) ? ofOperation(walk, operation) : operation))];
  });
}

function ofOperation(walk: Walk, operation: JsonObject): JsonObject {
  const path = ownAnyCase(operation, "path") ?? "";
  if (typeof path !== "string") return operation;
  return mapEntries(operation, (key, item) => {
    const name = key.toLowerCase();
    if (name === "path") return [key, typeof item === "string" ? ofPath(walk, item.trim()) : item];
    if (name !== "value") return [key, item];
    return [key, path === "" ? ofContainer(walk, item) : ofAttribute(walk, path.trim(), item)];
  });
}

/** The attributes of a document, or of an object under the URN `under` of a schema. */
function ofDocument(walk: Walk, document: JsonObject, under?: string): JsonObject {
  return mapEntries(document, (key, item) => {
    const path = under === undefined ? key : pathIn(under, key);
    return [walk.isPatch ? ofPath(walk, key, path) : key, ofAttribute(walk, path, item)];
  });
}

/** An object that stands for a document or for a part of one, in every form in which it may come. */
function ofContainer(walk: Walk, value: JsonValue, under?: string): JsonValue {
  const object = oneOf(readable(walk, oneOf(value)));
  return isObject(object) ? ofDocument(walk, object, under) : value;
}

function ofAttribute(walk: Walk, path: string, value: JsonValue): JsonValue | undefined {
  const schema = findSchema(walk.type, path);
  if (schema !== undefined) return ofContainer(walk, value, schema);
  const { name, end } = split(path);
  const found = resolvePath(walk.type, name + end);
  if (!found || !refersToResource(found)) return value;
  return found.sub ? ofPart(walk, found.sub, value) : ofReference(walk, found.attribute, readable(walk, value));
}

/** A reference to a resource: an object, a bare id, or a list of either. */
function ofReference(walk: Walk, attribute: Attribute, value: JsonValue): JsonValue | undefined {
  if (typeof value === "string") return walk.map(value, "id");
  if (Array.isArray(value)) return mapItems(value, (item) => ofReference(walk, attribute, item));
  if (!isObject(value)) return value;
  const mapped = mapEntries(value, (key, item) => {
    const sub = findAttribute(attribute.subAttributes ?? [], key);
    return [key, sub ? ofPart(walk, sub, item) : item];
  });
  return Object.keys(mapped).length < Object.keys(value).length ? undefined : mapped;
}

function ofPart(walk: Walk, sub: Attribute, value: JsonValue): JsonValue | undefined {
  const text = oneOf(value);
  if (typeof text !== "string" || (sub.name !== "value" && sub.name !== "$ref")) return value;
  return walk.map(text, sub.name === "value" ? "id" : "address");
}

/** An id that a value filter compares. */
const comparedId = /(\bvalue\s+(?:eq|ne)\s+")([^"\\]*)(?=")/gi;

/** The path of a PATCH, or a key that is one; `full` has the URN of the schema that the key is in. */
function ofPath({ type, map }: Walk, path: string, full = path): string {
  const { name, filter, end } = split(full);
  const found = filter === "" ? undefined : resolvePath(type, name);
  if (!found || !refersToResource(found)) return path;
  const mapped = filter.replace(comparedId, (_, before: string, id: string) => before + (map(id, "filter") ?? id));
  return path.slice(0, path.length - filter.length - end.length) + mapped + end;
}

/** The parts of a path: before, within and after its value filter with the brackets. */
function split(path: string): { readonly name: string; readonly filter: string; readonly end: string } {
  const open = path.indexOf("[");
  const close = path.lastIndexOf("]");
  if (open < 0 || close < open) return { name: path, filter: "", end: "" };
  return { name: path.slice(0, open), filter: path.slice(open, close + 1), end: path.slice(close + 1) };
}

/** Whether an attribute refers to resources of this service, which clients may change: `members` and `manager`. */
function refersToResource({ attribute }: Resolved): boolean {
  const address = findAttribute(attribute.subAttributes ?? [], "$ref");
  return attribute.mutability !== "readOnly" && address?.type === "reference";
}

/** JSON in a text, where a PATCH reads it. A text that cannot be read stays: its operation reports it. */
function readable({ isPatch }: Walk, value: JsonValue): JsonValue {
  if (!isPatch) return value;
  try {
    return fromText(value, "value") ?? value;
  } catch (error) {
    if (error instanceof ScimError) return value;
    throw error;
  }
}

function mapItems(list: readonly JsonValue[], map: (item: JsonValue) => JsonValue | undefined): JsonValue[] {
  return list.map(map).filter((item) => item !== undefined);
}

type Entry = readonly [key: string, value: JsonValue | undefined];

function mapEntries(object: JsonObject, map: (key: string, value: JsonValue) => Entry): JsonObject {
  const entries = Object.entries(object).map(([key, value]) => map(key, value));
  return Object.fromEntries(entries.filter((entry): entry is [string, JsonValue] => entry[1] !== undefined));
}
