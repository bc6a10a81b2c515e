import type { JsonObject, JsonValue } from "../../model.ts";
import { ScimError } from "../error.ts";
import { limits } from "../limits.ts";
import type { Attribute } from "../schema/attribute.ts";
import { comparable } from "../values/comparable.ts";
import { comparableParts, isPrimary, mergeEqual } from "../values/elements.ts";
import { isObject, own } from "../values/json.ts";

/** The elements of a multi-valued attribute after a change, and which of them the change touched. */
export interface Selection {
  readonly items: readonly JsonValue[];
  readonly touched: Set<JsonValue>;
  /** Whether the change created the element that its path describes. */
  readonly isCreation?: boolean;
}

/** An object, or undefined if nothing is left of it. */
export function prune(object: JsonObject): JsonObject | undefined {
  return Object.keys(object).length > 0 ? object : undefined;
}

/** Entra removes by listing values: an element is removed if it has every part that one of the given ones names. */
export function removeElements(
  attribute: Attribute,
  list: readonly JsonValue[],
  given: readonly JsonValue[],
): JsonValue[] {
  const form = (item: JsonValue): JsonValue =>
    isObject(item) ? comparableParts(attribute, item) : comparable(attribute, item);
  const patterns = given.map(form);
  return list.filter((item) => {
    const compared = form(item);
    return !patterns.some((pattern) => covers(compared, pattern));
  });
}

function covers(item: JsonValue, pattern: JsonValue): boolean {
  if (!isObject(item) || !isObject(pattern)) return item === pattern;
  return Object.entries(pattern).every(([name, part]) => own(item, name) === part);
}

/**
 * Merges equal elements, and moves `primary` to the touched one (RFC 7644 §3.5.2). Throws 400 `invalidValue` if the change
 * leaves two primary values or too many values.
 */
export function settle(attribute: Attribute, { items, touched }: Selection, path: string): JsonValue[] {
  const merged = mergeEqual(attribute, items, touched);
  if (merged.length > limits.values) {
    throw ScimError.invalidValue(`${path} would have more than ${limits.values} values.`);
  }
  const chosen = merged.filter((item) => touched.has(item) && isPrimary(item));
  if (chosen.length > 1) throw ScimError.invalidValue(`${path} would have more than one primary value.`);
  if (chosen.length === 0) return merged;
  return merged.map((item) =>
    isPrimary(item) && !touched.has(item) && isObject(item) ? { ...item, primary: false } : item,
  );
}
