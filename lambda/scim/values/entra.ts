import type { Attribute } from "../schema/attribute.ts";
import type { JsonValue } from "../../model.ts";

/**
 * Microsoft Entra ID sends booleans as "True" and "False" unless its `aadOptscim062020` flag is set
 * (learn.microsoft.com, "Known issues and resolutions with SCIM 2.0 protocol compliance").
 */
export function entraBoolean(value: JsonValue): JsonValue {
  if (typeof value !== "string") return value;
  const lower = value.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : value;
}

const bare: ReadonlySet<string> = new Set(["manager", "members"]);

/** Entra sends `manager` as the bare id instead of `{"value": id}`, and some clients send members in this way. */
export function fromBareId(attribute: Attribute, value: JsonValue): JsonValue {
  return typeof value === "string" && bare.has(attribute.name) ? { value } : value;
}
