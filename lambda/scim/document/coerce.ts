import type { JsonObject, JsonValue } from "../../model.ts";
import { ScimError } from "../error.ts";
import { limits } from "../limits.ts";
import type { Attribute } from "../schema/attribute.ts";
import { findAttribute } from "../schema/resolve.ts";
import { isPrimary, mergeEqual } from "../values/elements.ts";
import { fromBareId } from "../values/entra.ts";
import { isObject, oneOf, own } from "../values/json.ts";
import { readScalar } from "./scalars.ts";

/**
 * A value as the directory stores it: with canonical names, without attributes that are read-only or not retained.
 * Undefined if the value leaves the attribute unassigned: null, an empty list (RFC 7643 §2.5), an empty object, or an
 * empty text where the schema says so. Throws 400 `invalidValue`, naming `path`, for a value that the type does not allow.
 */
export function coerceAttribute(attribute: Attribute, value: JsonValue, path: string): JsonValue | undefined {
  if (value === null) return undefined;
  if (!attribute.multiValued) return coerceSingle(attribute, oneOf(value), path);
  if (!Array.isArray(value)) throw ScimError.invalidValue(`${path} must be an array.`);
  const list = coerceElements(attribute, value, path);
  return list.length > 0 ? list : undefined;
}

/**
 * The elements of a multi-valued attribute. Nulls and empty ones are left out, equal ones are merged, and at most one is
 * primary (RFC 7643 §2.4).
 */
export function coerceElements(attribute: Attribute, value: readonly JsonValue[], path: string): JsonValue[] {
  if (value.length > limits.values) {
    throw ScimError.invalidValue(`${path} has ${value.length} values; at most ${limits.values} are accepted.`);
  }
  const list = value.flatMap((item, index): JsonValue[] => {
    const element = coerceSingle(attribute, item, `${path}[${index}]`);
    return element === undefined ? [] : [element];
  });
  const merged = mergeEqual(attribute, list);
  if (merged.filter(isPrimary).length > 1) throw ScimError.invalidValue(`${path} has more than one primary value.`);
  return merged;
}

/** One value, or one element of a multi-valued attribute. Never null. */
export function coerceSingle(attribute: Attribute, value: JsonValue, path: string): JsonValue | undefined {
  if (value === null) return undefined;
  if (attribute.type === "complex") return coerceComplex(attribute, fromBareId(attribute, value), path);
  if (value === "" && attribute.emptyIsUnassigned) return undefined;
  return readScalar[attribute.type](value, path, attribute.name);
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

/**
 * The ids that elements of `members` name; one element may come without a list around it. Throws 400 `invalidValue` for an
 * element without `value`.
 */
export function memberIds(attribute: Attribute, value: JsonValue, path: string): Set<string> {
  const ids = new Set<string>();
  for (const [index, item] of (Array.isArray(value) ? value : [value]).entries()) {
    if (item !== null) ids.add(plainId(item) ?? readId(attribute, item, path, index));
  }
  return ids;
}

/** Printable ASCII, within every limit. */
const plain = /^[ -~]{1,500}$/;

/**
 * The id in an element as most clients send it: `value`, and perhaps `display`, both plain text, which the schema of
 * `members` accepts. A list can have ten thousand of them. Undefined for any other element.
 */
function plainId(item: JsonValue): string | undefined {
  if (!isObject(item)) return undefined;
  for (const name of Object.keys(item)) {
    const part = item[name];
    if ((name !== "value" && name !== "display") || typeof part !== "string" || !plain.test(part)) return undefined;
  }
  const { value } = item;
  return typeof value === "string" ? value : undefined;
}

function readId(attribute: Attribute, item: JsonValue, path: string, index: number): string {
  const element = coerceSingle(attribute, item, `${path}[${index}]`);
  const id = isObject(element) ? own(element, "value") : undefined;
  if (typeof id !== "string" || id === "") throw missingId(path, index);
  return id;
}

/**
 * The ids of a list that takes the place of a group's members; null is an empty list. Throws 400 `invalidValue` for a list
 * of nulls alone: a list that is not empty must not empty the group.
 */
export function memberList(attribute: Attribute, value: JsonValue | undefined, path: string): Set<string> {
  const list = value ?? [];
  const ids = memberIds(attribute, list, path);
  if (ids.size === 0 && Array.isArray(list) && list.length > 0) throw missingId(path, 0);
  return ids;
}

function missingId(path: string, index: number): ScimError {
  return ScimError.invalidValue(`${path}[${index}].value, the id of a user, is missing.`);
}
