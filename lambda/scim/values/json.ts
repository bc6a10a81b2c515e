import type { JsonObject, JsonValue } from "../../model.ts";

/** Whether a value is a JSON object: neither null nor an array. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An own property; a name such as `constructor` never reaches the prototype. */
export function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** An own property by its name, compared without case as RFC 7643 §2.1 asks. */
export function ownAnyCase(object: JsonObject, name: string): JsonValue | undefined {
  const lower = name.toLowerCase();
  return Object.entries(object).find(([key]) => key.toLowerCase() === lower)?.[1];
}

/**
 * Where one value belongs, some clients send a list of one. An empty list is null, as RFC 7643 §2.5 says: both are
 * unassigned.
 */
export function oneOf(value: JsonValue): JsonValue {
  return Array.isArray(value) && value.length <= 1 ? (value[0] ?? null) : value;
}
