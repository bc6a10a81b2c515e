import type { JsonObject, JsonValue } from "../../model.ts";

/** Whether a value is a JSON object: neither null nor an array. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An own property; a name such as `constructor` never reaches the prototype. */
export function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** An own property by its name without regard to case: how the SCIM messages are read (RFC 7643 §2.1). */
export function ownAnyCase(object: JsonObject, name: string): JsonValue | undefined {
  const lower = name.toLowerCase();
  return Object.entries(object).find(([key]) => key.toLowerCase() === lower)?.[1];
}

/** Whether two JSON values are the same, whatever the order of their keys. */
export function sameValue(left: JsonValue, right: JsonValue): boolean {
  if (left === right) return true;
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    const other = right;
    return left.every((item, index) => {
      const counterpart = other[index];
      return counterpart !== undefined && sameValue(item, counterpart);
    });
  }
  if (!isObject(left) || !isObject(right)) return false;
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => {
    const [a, b] = [own(left, name), own(right, name)];
    return a !== undefined && b !== undefined && sameValue(a, b);
  });
}

/** Whether a value nests deeper than `limit`. Iterative: its input is not trusted yet. */
export function deeperThan(value: JsonValue, limit: number): boolean {
  let level: JsonValue[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    const next: JsonValue[] = [];
    for (const item of level) {
      if (typeof item !== "object" || item === null) continue;
      for (const child of Object.values(item)) if (typeof child === "object" && child !== null) next.push(child);
    }
    level = next;
  }
  return false;
}
