import { ScimError } from "../error.ts";
import { instantOf } from "../values/comparable.ts";
import type { JsonObject, JsonValue } from "../../model.ts";
import { limits } from "../limits.ts";
import type { Attribute } from "../schema/attribute.ts";
import { findAttribute } from "../schema/resolve.ts";
import { entraBoolean, entraManager } from "../values/entra.ts";
import { isObject, own } from "../values/json.ts";

/** RFC 7643 §2.3.6, in either alphabet of RFC 4648. */
const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
/** Half of a surrogate pair: with the flag `u` a pair is one character and does not match. */
const lone = /\p{Surrogate}/u;
const keys = new Set(["userName", "externalId", "displayName"]);

/**
 * A value as the directory stores it: canonical names, what is not retained or read-only left out.
 * Undefined where the value leaves the attribute unassigned: null, an empty array (RFC 7643 §2.5) or an empty object.
 * Throws 400 `invalidValue`, naming `path`, for a value that the attribute's type does not allow.
 */
export function coerceAttribute(attribute: Attribute, value: JsonValue, path: string): JsonValue | undefined {
  if (value === null) return undefined;
  if (!attribute.multiValued) return coerceSingle(attribute, value, path);
  if (!Array.isArray(value)) throw ScimError.invalidValue(`${path} must be an array.`);
  const list = coerceElements(attribute, value, path);
  return list.length > 0 ? list : undefined;
}

/** The elements of a multi-valued attribute, nulls and empty ones left out; at most one is primary (RFC 7643 §2.4). */
export function coerceElements(attribute: Attribute, value: readonly JsonValue[], path: string): JsonValue[] {
  const unbounded = attribute.name === "members";
  if (!unbounded && value.length > limits.values) {
    throw ScimError.invalidValue(`${path} has ${value.length} values; at most ${limits.values} are accepted.`);
  }
  const list: JsonValue[] = [];
  value.forEach((item, index) => {
    const element = item === null ? undefined : coerceSingle(attribute, item, `${path}[${index}]`);
    if (element !== undefined) list.push(element);
  });
  if (!unbounded && list.filter(isPrimary).length > 1)
    throw ScimError.invalidValue(`${path} has more than one primary value.`);
  return list;
}

/** Whether an element of a multi-valued attribute is the primary one. */
export function isPrimary(element: JsonValue): boolean {
  return isObject(element) && own(element, "primary") === true;
}

/** One value, or one element of a multi-valued attribute. Never null. */
export function coerceSingle(attribute: Attribute, value: JsonValue, path: string): JsonValue | undefined {
  switch (attribute.type) {
    case "complex":
      return coerceComplex(attribute, entraManager(attribute, value), path);
    case "boolean": {
      const flag = entraBoolean(value);
      if (typeof flag !== "boolean") throw ScimError.invalidValue(`${path} must be true or false.`);
      return flag;
    }
    case "integer":
    case "decimal":
      if (typeof value !== "number" || (attribute.type === "integer" && !Number.isInteger(value))) {
        throw ScimError.invalidValue(`${path} must be a number of type ${attribute.type}.`);
      }
      return value;
    case "dateTime":
      if (typeof value !== "string" || instantOf(value) === undefined) {
        throw ScimError.invalidValue(`${path} must be a date and time.`);
      }
      return value;
    case "string":
    case "reference":
    case "binary": {
      if (typeof value !== "string") throw ScimError.invalidValue(`${path} must be a string.`);
      const limit = keys.has(attribute.name) ? limits.key : limits.string;
      if (value.length > limit) throw ScimError.invalidValue(`${path} is longer than ${limit} characters.`);
      if (lone.test(value))
        throw ScimError.invalidValue(`${path} is not valid Unicode: it has half of a surrogate pair.`);
      if (attribute.type === "binary" && !base64.test(value))
        throw ScimError.invalidValue(`${path} must be in base64.`);
      return value;
    }
  }
}

function coerceComplex(attribute: Attribute, value: JsonValue, path: string): JsonObject | undefined {
  if (!isObject(value)) throw ScimError.invalidValue(`${path} must be an object.`);
  const object: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    const sub = findAttribute(attribute.subAttributes ?? [], name);
    if (!sub || sub.mutability === "readOnly") continue;
    const coerced = coerceAttribute(sub, item, `${path}.${sub.name}`);
    if (coerced !== undefined) object[sub.name] = coerced;
  }
  return Object.keys(object).length > 0 ? object : undefined;
}

/** The ids that elements of `members` name. Throws 400 `invalidValue` for an element without `value`. */
export function memberIds(attribute: Attribute, value: readonly JsonValue[], path: string): Set<string> {
  const ids = new Set<string>();
  value.forEach((item, index) => {
    if (item === null) return;
    const element = coerceSingle(attribute, item, `${path}[${index}]`);
    const id = isObject(element) ? own(element, "value") : undefined;
    if (typeof id !== "string" || id === "")
      throw ScimError.invalidValue(`${path}[${index}].value, the id of a user, is missing.`);
    ids.add(id);
  });
  return ids;
}
