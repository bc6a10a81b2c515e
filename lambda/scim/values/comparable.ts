import type { JsonValue } from "../../model.ts";
import type { Attribute } from "../schema/attribute.ts";

const dateTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** Milliseconds of an xsd:dateTime (RFC 7643 §2.3.5), of midnight for a date alone; undefined for what is neither. */
export function instantOf(text: string): number | undefined {
  const instant = dateTime.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(instant) ? undefined : instant;
}

/**
 * A value in the form in which it compares: instants as numbers, text without case unless the attribute is case-exact.
 * Text without case also has one Unicode form, as in the directory's keys: what refuses a second `userName` finds it too.
 */
export function comparable(attribute: Pick<Attribute, "type" | "caseExact">, value: JsonValue): JsonValue {
  if (typeof value !== "string") return value;
  if (attribute.type === "dateTime") return instantOf(value) ?? null;
  return attribute.caseExact || attribute.type === "binary" ? value : value.normalize("NFC").toLowerCase();
}
