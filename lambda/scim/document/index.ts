import { ScimError } from "../error.ts";
import type { JsonObject, JsonValue } from "../../model.ts";
import { findExtension, resolvePath } from "../schema/resolve.ts";
import type { ResourceType } from "../schema/index.ts";
import { coerceAttribute, memberIds } from "./coerce.ts";
import { read, write } from "../values/place.ts";
import { isObject, own } from "../values/json.ts";

/** A resource as a client sent it, validated. */
export interface Document {
  /** As `Stored.attributes`. */
  readonly attributes: JsonObject;
  /** Ids of members; undefined where the document does not name `members`, as always for users. */
  readonly members: ReadonlySet<string> | undefined;
}

/**
 * Reads the body of a POST or PUT (RFC 7644 §3.3, §3.5.1). Names are matched without regard to case; `name.givenName`
 * and `URN:attribute` are accepted as keys. Unknown, read-only and not retained attributes are dropped.
 * Throws 400 `invalidSyntax` where the body is no object, 400 `invalidValue` for a wrong type or a missing required one.
 */
export function readDocument(type: ResourceType, body: JsonValue): Document {
  if (!isObject(body)) throw ScimError.invalidSyntax("The body must be a JSON object.");
  const attributes: JsonObject = {};
  let members: ReadonlySet<string> | undefined;
  for (const [path, value] of flatten(type, body)) {
    const found = resolvePath(type, path);
    if (!found?.retained || found.attribute.mutability === "readOnly" || found.sub?.mutability === "readOnly") continue;
    if (type.name === "Group" && found.attribute.name === "members") {
      if (found.sub) continue;
      if (value !== null && !Array.isArray(value)) throw ScimError.invalidValue("members must be an array.");
      members = memberIds(found.attribute, value ?? [], "members");
    } else if (found.sub) {
      if (found.attribute.multiValued) continue;
      const complex = read(attributes, found);
      const part = coerceAttribute(found.sub, value, path);
      if (part !== undefined)
        write(attributes, found, { ...(isObject(complex) ? complex : {}), [found.sub.name]: part });
    } else {
      const coerced = coerceAttribute(found.attribute, value, path);
      if (coerced !== undefined) write(attributes, found, merged(read(attributes, found), coerced));
    }
  }
  checkRequired(type, attributes);
  return { attributes, members };
}

/** Throws 400 `invalidValue` where a required attribute is missing or blank. */
export function checkRequired(type: ResourceType, attributes: JsonObject): void {
  for (const { name, required } of type.schema.attributes) {
    const value = own(attributes, name);
    if (required && (typeof value !== "string" || value.trim() === "")) {
      throw ScimError.invalidValue(`${name} is required and must not be empty.`);
    }
  }
}

function* flatten(type: ResourceType, body: JsonObject): Generator<[path: string, value: JsonValue]> {
  for (const [name, value] of Object.entries(body)) {
    const extension = findExtension(type, name);
    if (extension === undefined) yield [name, value];
    else if (isObject(value)) for (const [key, item] of Object.entries(value)) yield [`${extension}:${key}`, item];
    else if (value !== null) throw ScimError.invalidValue(`${extension} must be an object.`);
  }
}

/** A complex attribute given both whole and by dotted keys has the parts of both. */
function merged(before: JsonValue | undefined, value: JsonValue): JsonValue {
  return isObject(before) && isObject(value) ? { ...before, ...value } : value;
}
