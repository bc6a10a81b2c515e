import type { JsonObject, JsonValue } from "../../model.ts";
import { ScimError } from "../error.ts";
import type { ResourceType } from "../schema/index.ts";
import { findMisplaced, findSchema, pathIn, resolvePath, type Resolved } from "../schema/resolve.ts";
import { isObject, oneOf, own } from "../values/json.ts";
import { requireObject } from "../values/message.ts";
import { read, write } from "../values/place.ts";
import { coerceAttribute, memberList } from "./coerce.ts";

/** A resource as a client sent it, validated. */
export interface Document {
  /** As `Stored.attributes`. */
  readonly attributes: JsonObject;
  /** Ids of members; undefined if the document does not name `members`, as always for users. */
  readonly members: ReadonlySet<string> | undefined;
}

/**
 * Reads the body of a POST or PUT (RFC 7644 §3.3, §3.5.1). Names are compared without case. Attributes may stand at the
 * top, in an object under the URN of their schema, or under a key such as `name.givenName` or `URN:attribute`. Unknown,
 * read-only and not retained attributes are dropped. Throws 400 `invalidSyntax` if the body is not an object or has an
 * attribute twice, 400 `invalidValue` for a wrong type or if a required attribute is missing.
 */
export function readDocument(type: ResourceType, body: JsonValue): Document {
  const attributes: JsonObject = {};
  const given = new Set<string>();
  let members: ReadonlySet<string> | undefined;
  for (const [path, value] of flatten(type, requireObject(body))) {
    const found = resolvePath(type, path);
    if (!found) {
      refuseFilter(type, path);
      checkPlaced(type, path);
      continue;
    }
    checkOnce(given, found, value, path);
    if (!found.retained || isReadOnly(found)) continue;
    if (found.sub && found.attribute.multiValued) {
      throw ScimError.invalidValue(`${path} names no element; send ${found.attribute.name} as an array of objects.`);
    }
    if (isMembers(type, found)) members = memberList(found.attribute, value, "members");
    else assign(attributes, found, value, path);
  }
  checkRequired(type, attributes);
  return { attributes, members };
}

function assign(attributes: JsonObject, found: Resolved, value: JsonValue, path: string): void {
  const before = read(attributes, found);
  const coerced = coerceAttribute(found.sub ?? found.attribute, value, path);
  if (coerced === undefined) return;
  const part = found.sub ? { [found.sub.name]: coerced } : coerced;
  // A complex attribute that is given both whole and by dotted keys has the parts of both.
  write(attributes, found, isObject(before) && isObject(part) ? { ...before, ...part } : part);
}

/** Whether a path leads to a group's members, which are not part of its document. */
export function isMembers(type: ResourceType, { extension, attribute }: Resolved): boolean {
  return type.name === "Group" && extension === undefined && attribute.name === "members";
}

/** Whether the attribute or its sub-attribute is read-only (RFC 7643 §2.2). */
export function isReadOnly({ attribute, sub }: Resolved): boolean {
  return attribute.mutability === "readOnly" || sub?.mutability === "readOnly";
}

/**
 * Throws 400 `invalidSyntax` if an attribute is given under two names, such as `title` and `URN:title`, or a
 * sub-attribute both in its complex attribute and by a dotted key.
 */
export function checkOnce(given: Set<string>, found: Resolved, value: JsonValue, path: string): void {
  const { extension, attribute, sub } = found;
  const isComplex = !sub && attribute.type === "complex" && isObject(value);
  const parts = isComplex ? ["", ...Object.keys(value)] : [sub?.name ?? ""];
  for (const part of parts) {
    const name = JSON.stringify([extension ?? "", attribute.name, part.toLowerCase()]);
    if (given.has(name)) throw ScimError.invalidSyntax(`${path} is given twice, under two names; send one of them.`);
    given.add(name);
  }
}

/** A value filter belongs in the path of a PATCH. As a key of a document, it would be dropped with the value it names. */
function refuseFilter(type: ResourceType, path: string): void {
  const open = path.indexOf("[");
  if (open > 0 && resolvePath(type, path.slice(0, open)) !== undefined) {
    throw ScimError.invalidValue(
      `${path.slice(0, open)} has a value filter, which only a PATCH takes; send it as an array of objects.`,
    );
  }
}

/** Throws 400 `invalidValue` for a key under the URN of a schema of another resource type: it would be dropped. */
export function checkPlaced(type: ResourceType, path: string): void {
  const schema = findMisplaced(type, path);
  if (schema === undefined) return;
  throw ScimError.invalidValue(`${schema} is not a schema of ${type.name}; leave ${path.slice(0, 200)} out.`);
}

/** Throws 400 `invalidValue` if a required attribute is missing or blank. */
export function checkRequired(type: ResourceType, attributes: JsonObject): void {
  for (const { name, required } of type.schema.attributes) {
    const value = own(attributes, name);
    if (required && (typeof value !== "string" || value.trim() === "")) {
      throw ScimError.invalidValue(`${name} is required and must not be empty.`);
    }
  }
}

/** The keys of a document as paths, including those of an object under the URN of a schema, at any position. */
function* flatten(type: ResourceType, body: JsonObject, under?: string): Generator<[path: string, value: JsonValue]> {
  for (const [key, value] of Object.entries(body)) {
    const path = under === undefined ? key : pathIn(under, key);
    const schema = findSchema(type, path);
    const container = schema === undefined ? null : oneOf(value);
    if (schema === undefined) yield [path, value];
    else if (isObject(container)) yield* flatten(type, container, schema);
    else if (container !== null) throw ScimError.invalidValue(`${schema} must be an object.`);
  }
}
