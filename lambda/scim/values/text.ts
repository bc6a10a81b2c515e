import type { JsonValue } from "../../model.ts";
import { oneOf } from "./json.ts";
import { checkStructure } from "./structure.ts";

/**
 * The value, or what its text holds: some clients send an object or a list as JSON in a string. Undefined if the text
 * starts like JSON and is none. Throws 400 `invalidSyntax`, with `name` as its subject, for JSON that can be read in two ways.
 */
export function fromText(value: JsonValue, name: string): JsonValue | undefined {
  if (typeof value !== "string" || !/^\s*[{[]/.test(value)) return value;
  let inner: JsonValue;
  try {
    inner = JSON.parse(value) as JsonValue;
  } catch {
    return undefined;
  }
  checkStructure(inner, name);
  return inner;
}

/** As `fromText`, for an object that may also stand in a list of one, inside and outside of its text. */
export function unwrap(value: JsonValue, name: string): JsonValue | undefined {
  const inner = fromText(oneOf(value), name);
  return inner === undefined ? undefined : oneOf(inner);
}
