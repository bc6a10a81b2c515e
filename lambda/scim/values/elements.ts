import type { JsonObject, JsonValue } from "../../model.ts";
import type { Attribute } from "../schema/attribute.ts";
import { findAttribute } from "../schema/resolve.ts";
import { comparable } from "./comparable.ts";
import { isObject, own } from "./json.ts";

/** Whether an element of a multi-valued attribute is the primary one. */
export function isPrimary(element: JsonValue): boolean {
  return isObject(element) && own(element, "primary") === true;
}

/**
 * The elements with equal ones merged into one, at the place of the first: RFC 7643 §2.4 allows a value and type once. The
 * later element wins where both have a part. A merged element is `touched` if one of the two is. Linear in the elements.
 */
export function mergeEqual(
  attribute: Attribute,
  elements: readonly JsonValue[],
  touched = new Set<JsonValue>(),
): JsonValue[] {
  const merged = new Map<string, JsonValue>();
  for (const element of elements) {
    const identity = identityOf(attribute, element);
    const before = merged.get(identity);
    const both = isObject(before) && isObject(element) ? { ...before, ...element } : element;
    if (touched.has(element) || (before !== undefined && touched.has(before))) touched.add(both);
    merged.set(identity, both);
  }
  return [...merged.values()];
}

/**
 * Equal for elements with the same value and type, and for elements without a value that have the same parts. `primary`
 * does not count: it can move between elements, and must not make two of one.
 */
function identityOf(attribute: Attribute, element: JsonValue): string {
  if (!isObject(element)) return JSON.stringify(comparable(attribute, element));
  const parts = comparableParts(attribute, element);
  const value = own(parts, "value");
  if (value !== undefined) return JSON.stringify({ value, type: own(parts, "type") ?? null });
  const named = Object.entries(parts).filter(([name]) => name !== "primary");
  return JSON.stringify(named.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** An element with each part in the form in which it is compared. */
export function comparableParts(attribute: Attribute, element: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(element).map(([name, part]) => {
      const sub = findAttribute(attribute.subAttributes ?? [], name);
      return [name, sub ? comparable(sub, part) : part];
    }),
  );
}
