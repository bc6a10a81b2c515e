import type { JsonValue } from "../../model.ts";
import { ScimError } from "../error.ts";
import { limits } from "../limits.ts";
import type { Attribute } from "../schema/attribute.ts";
import { instantOf } from "../values/comparable.ts";
import { entraBoolean } from "../values/entra.ts";
import { isUriReference } from "../values/uri.ts";

type ScalarType = Exclude<Attribute["type"], "complex">;

/** RFC 7643 §2.3.6, in either alphabet of RFC 4648. */
const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
/** Half of a surrogate pair: with the flag `u`, a pair is one character and does not match. */
const lone = /\p{Surrogate}/u;
/** Attributes that are keys of the table. */
const keys: ReadonlySet<string> = new Set(["userName", "externalId", "displayName"]);

/** How a value of each type is read. Each throws 400 `invalidValue`, naming `path`, for a value of another type. */
export const readScalar: Record<ScalarType, (value: JsonValue, path: string, name: string) => JsonValue> = {
  string: readText,
  boolean(value, path) {
    const flag = entraBoolean(value);
    if (typeof flag !== "boolean") throw ScimError.invalidValue(`${path} must be true or false.`);
    return flag;
  },
  integer(value, path) {
    if (!Number.isInteger(value)) throw ScimError.invalidValue(`${path} must be an integer.`);
    return value;
  },
  decimal(value, path) {
    if (typeof value !== "number") throw ScimError.invalidValue(`${path} must be a number.`);
    return value;
  },
  dateTime(value, path) {
    if (typeof value === "string" && instantOf(value) !== undefined) return value;
    throw ScimError.invalidValue(`${path} must be a date and time, such as "2026-01-31T12:00:00Z".`);
  },
  binary(value, path, name) {
    const text = readText(value, path, name);
    if (!base64.test(text)) throw ScimError.invalidValue(`${path} must be in base64.`);
    return text;
  },
  reference(value, path, name) {
    const text = readText(value, path, name);
    if (isUriReference(text)) return text;
    throw ScimError.invalidValue(
      `${path} must be an absolute or relative URI, such as "https://example.com/ann". Percent-encode any other character.`,
    );
  },
};

function readText(value: JsonValue, path: string, name: string): string {
  if (typeof value !== "string") throw ScimError.invalidValue(`${path} must be a string.`);
  const limit = keys.has(name) ? limits.key : limits.string;
  if (value.length > limit) throw ScimError.invalidValue(`${path} is longer than ${limit} characters.`);
  if (lone.test(value)) throw ScimError.invalidValue(`${path} is not valid Unicode: it has half of a surrogate pair.`);
  return value;
}
