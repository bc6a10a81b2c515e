import { fold } from "../../folding.ts";
import type { JsonValue } from "../../model.ts";
import type { Attribute } from "../schema/attribute.ts";

const dateTime = /^(\d{4})-(\d\d)-(\d\d)(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/;

/**
 * Milliseconds of an xsd:dateTime (RFC 7643 §2.3.5), of midnight for a date alone; without an offset, in UTC. Undefined for
 * any other text, and for a day that its month does not have.
 */
export function instantOf(text: string): number | undefined {
  const [, year, month, day, time, , , offset] = dateTime.exec(text) ?? [];
  if (day === undefined || Number(day) > new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate())
    return undefined;
  const instant = Date.parse(time !== undefined && offset === undefined ? `${text}Z` : text);
  return Number.isNaN(instant) ? undefined : instant;
}

/**
 * The form in which a value is compared: an instant as a number, text folded unless the attribute is case-exact. Names
 * are reserved in the same folded form, so a filter finds the resource that made a create fail with `uniqueness`.
 */
export function comparable(attribute: Pick<Attribute, "type" | "caseExact">, value: JsonValue): JsonValue {
  if (typeof value !== "string") return value;
  if (attribute.type === "dateTime") return instantOf(value) ?? null;
  return attribute.caseExact || attribute.type === "binary" ? value : fold(value);
}
