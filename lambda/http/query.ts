import { invalidValue } from "../scim/document/coerce.ts";
import { isObject, ownAnyCase } from "../scim/document/values.ts";
import { ScimError } from "../scim/error.ts";
import type { JsonValue } from "../scim/json.ts";
import { limits } from "../scim/limits.ts";

/** The parameters of a query, of the URL (RFC 7644 §3.4.2) or of a `.search` (§3.4.3). */
export interface Query {
  readonly attributes: readonly string[];
  readonly excludedAttributes: readonly string[];
  readonly filter: string | undefined;
  readonly sortBy: string | undefined;
  readonly descending: boolean;
  /** 1-based, at least 1. */
  readonly startIndex: number;
  /** From 0 to 200. */
  readonly count: number;
}

type Parameters = (name: string) => JsonValue | undefined;

/** Reads a URL's query; names without regard to case. Throws 400 `invalidValue` for a number that is none. */
export function readUrlQuery(query: URLSearchParams): Query {
  const values = new Map([...query].map(([name, value]) => [name.toLowerCase(), value]));
  return readQuery((name) => values.get(name.toLowerCase()));
}

/** Reads the body of a `.search`. Throws 400 `invalidSyntax` or `invalidValue`. */
export function readSearchRequest(body: JsonValue): Query {
  if (!isObject(body)) throw new ScimError(400, "The body must be a JSON object.", { scimType: "invalidSyntax" });
  return readQuery((name) => ownAnyCase(body, name));
}

function readQuery(get: Parameters): Query {
  const order = text(get, "sortOrder")?.toLowerCase();
  if (order !== undefined && order !== "ascending" && order !== "descending") {
    throw invalidValue("sortOrder must be ascending or descending.");
  }
  return {
    attributes: names(get, "attributes"),
    excludedAttributes: names(get, "excludedAttributes"),
    filter: text(get, "filter"),
    sortBy: text(get, "sortBy"),
    descending: order === "descending",
    startIndex: Math.max(1, integer(get, "startIndex") ?? 1),
    count: Math.min(limits.maxCount, Math.max(0, integer(get, "count") ?? limits.defaultCount)),
  };
}

function text(get: Parameters, name: string): string | undefined {
  const value = get(name) ?? undefined;
  if (value !== undefined && typeof value !== "string") throw invalidValue(`${name} must be a string.`);
  return value;
}

function names(get: Parameters, name: string): string[] {
  const value = get(name) ?? [];
  const list = typeof value === "string" ? value.split(",") : value;
  if (!Array.isArray(list)) throw invalidValue(`${name} must be a list of attribute names.`);
  return list.flatMap((item) => {
    if (typeof item !== "string") throw invalidValue(`${name} must be a list of attribute names.`);
    return item.trim() === "" ? [] : [item.trim()];
  });
}

function integer(get: Parameters, name: string): number | undefined {
  const value = get(name) ?? undefined;
  if (value === undefined) return undefined;
  const number = typeof value === "string" && /^[+-]?\d+$/.test(value.trim()) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isSafeInteger(number)) throw invalidValue(`${name} must be an integer.`);
  return number;
}
