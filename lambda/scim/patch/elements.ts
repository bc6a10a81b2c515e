import { ScimError } from "../error.ts";
import { isPrimary } from "../document/coerce.ts";
import { isObject, own, sameValue } from "../values/json.ts";
import type { JsonObject, JsonValue } from "../../model.ts";
import { limits } from "../limits.ts";

/** The elements of a multi-valued attribute after a change, and which of them the change touched. */
export interface Selection {
  readonly items: readonly JsonValue[];
  readonly touched: ReadonlySet<JsonValue>;
}

/** An object, or undefined where nothing is left of it. */
export function prune(object: JsonObject): JsonObject | undefined {
  return Object.keys(object).length > 0 ? object : undefined;
}

/** Two elements with the same value and type are one (RFC 7643 §2.4); elements without a value only if they are equal. */
function isSame(left: JsonValue, right: JsonValue): boolean {
  if (isObject(left) && isObject(right) && Object.hasOwn(left, "value") && Object.hasOwn(right, "value")) {
    return own(left, "value") === own(right, "value") && own(left, "type") === own(right, "type");
  }
  return sameValue(left, right);
}

/** Adds elements; one that is there already gets the parts that it lacks (RFC 7644 §3.5.2.1). */
export function addElements(list: readonly JsonValue[], given: readonly JsonValue[]): Selection {
  const items = [...list];
  const touched = new Set<JsonValue>();
  for (const element of given) {
    const index = items.findIndex((item) => isSame(item, element));
    const before = items[index];
    const merged = isObject(before) && isObject(element) ? { ...before, ...element } : element;
    if (before === undefined) items.push(merged);
    else items[index] = merged;
    touched.add(merged);
  }
  return { items, touched };
}

/** Entra removes by listing values: an element goes if one of the given ones names nothing that it has not. */
export function removeElements(list: readonly JsonValue[], given: readonly JsonValue[]): JsonValue[] {
  return list.filter((item) => !given.some((pattern) => covers(item, pattern)));
}

function covers(item: JsonValue, pattern: JsonValue): boolean {
  if (!isObject(item) || !isObject(pattern)) return sameValue(item, pattern);
  return Object.entries(pattern).every(([name, value]) => {
    const part = own(item, name);
    return part !== undefined && sameValue(part, value);
  });
}

/** Moves `primary` to what was touched (RFC 7644 §3.5.2). Throws 400 `invalidValue` for two primaries or too many values. */
export function checkElements(items: readonly JsonValue[], touched: ReadonlySet<JsonValue>, path: string): JsonValue[] {
  if (items.length > limits.values)
    throw ScimError.invalidValue(`${path} would have more than ${limits.values} values.`);
  const chosen = items.filter((item) => touched.has(item) && isPrimary(item));
  if (chosen.length > 1) throw ScimError.invalidValue(`${path} would have more than one primary value.`);
  if (chosen.length === 0) return [...items];
  return items.map((item) =>
    isPrimary(item) && !touched.has(item) && isObject(item) ? { ...item, primary: false } : item,
  );
}
