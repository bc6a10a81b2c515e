import type { JsonValue } from "../model.ts";
import type { Paging } from "../query/query.ts";
import { isObject, ownAnyCase } from "../scim/values/json.ts";
import { ScimError } from "../scim/error.ts";
import { limits } from "../scim/limits.ts";
import type { SearchRequest } from "../service/search.ts";

/** The attributes that a client wants (RFC 7644 §3.9). */
type AttributeLists = Pick<SearchRequest, "attributes" | "excludedAttributes">;

/** Looks a parameter up by its name, without regard to case. */
type Parameters = (name: string) => JsonValue | undefined;

/** Reads a URL's query. Throws 400 `invalidValue` or `invalidCount`. */
export function readUrlQuery(query: URLSearchParams): SearchRequest {
  return readSearch(withoutEmpty(urlParameters(query)));
}

/** Reads the attribute lists of a URL's query: the only parameters of a request for one resource. */
export function readAttributeLists(query: URLSearchParams): AttributeLists {
  return attributeLists(urlParameters(query));
}

/** Reads the body of a `.search`. Throws 400 `invalidSyntax`, `invalidValue` or `invalidCount`. */
export function readSearchBody(body: JsonValue): SearchRequest {
  if (!isObject(body)) throw ScimError.invalidSyntax("The body must be a JSON object.");
  return readSearch(withoutEmpty((name) => ownAnyCase(body, name)));
}

/** A list of attributes may come in several parts. If there are two filters, neither can be the right one. */
function urlParameters(query: URLSearchParams): Parameters {
  return (name) => {
    const given = [...query].flatMap(([other, value]) => (other.toLowerCase() === name.toLowerCase() ? [value] : []));
    if (given.length > 1 && !name.toLowerCase().endsWith("attributes")) {
      throw ScimError.invalidValue(`${name} is given ${given.length} times; it may be given once.`);
    }
    return given.length > 0 ? given.join(",") : undefined;
  };
}

/** Clients send parameters without a value; these count as absent. Only `cursor` has a meaning without a value. */
function withoutEmpty(get: Parameters): Parameters {
  return (name) => {
    const value = get(name);
    const isEmpty = value === null || (typeof value === "string" && value.trim() === "");
    return isEmpty && name !== "cursor" ? undefined : value;
  };
}

function attributeLists(get: Parameters): AttributeLists {
  return { attributes: names(get, "attributes"), excludedAttributes: names(get, "excludedAttributes") };
}

function readSearch(get: Parameters): SearchRequest {
  const order = text(get, "sortOrder")?.toLowerCase();
  if (order !== undefined && order !== "ascending" && order !== "descending") {
    throw ScimError.invalidValue("sortOrder must be ascending or descending.");
  }
  return {
    ...attributeLists(get),
    filter: text(get, "filter"),
    sortBy: text(get, "sortBy"),
    descending: order === "descending",
    paging: readPaging(get),
  };
}

/** The presence of `cursor`, which is empty on the first page, asks for cursor pages (RFC 9865 §2.4). */
function readPaging(get: Parameters): Paging {
  const cursor = text(get, "cursor");
  if (cursor === undefined) {
    return {
      kind: "index",
      startIndex: Math.min(Number.MAX_SAFE_INTEGER, Math.max(1, integer(get, "startIndex") ?? 1)),
      count: Math.min(limits.maxCount, Math.max(0, integer(get, "count") ?? limits.defaultCount)),
    };
  }
  if (get("startIndex") !== undefined) {
    throw ScimError.invalidValue("startIndex and cursor are two ways of paging; leave one of them out.");
  }
  const count = asInteger(get("count") ?? limits.defaultCount);
  if (count === undefined || count < 1 || count > limits.maxCount) {
    throw ScimError.invalidCount(`With a cursor count must be an integer from 1 to ${limits.maxCount}.`);
  }
  return { kind: "cursor", cursor: cursor === "" ? undefined : cursor, count };
}

function text(get: Parameters, name: string): string | undefined {
  const value = get(name) ?? undefined;
  if (value !== undefined && typeof value !== "string") throw ScimError.invalidValue(`${name} must be a string.`);
  return value;
}

function names(get: Parameters, name: string): string[] {
  const value = get(name) ?? [];
  const list = typeof value === "string" ? value.split(",") : value;
  if (!Array.isArray(list)) throw ScimError.invalidValue(`${name} must be a list of attribute names.`);
  return list.flatMap((item) => {
    if (typeof item !== "string") throw ScimError.invalidValue(`${name} must be a list of attribute names.`);
    return item.trim() === "" ? [] : [item.trim()];
  });
}

function integer(get: Parameters, name: string): number | undefined {
  const value = get(name);
  if (value === undefined) return undefined;
  const number = asInteger(value);
  if (number === undefined) throw ScimError.invalidValue(`${name} must be an integer.`);
  return number;
}

function asInteger(value: JsonValue): number | undefined {
  const number = typeof value === "string" && /^[+-]?\d+$/.test(value.trim()) ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) ? number : undefined;
}
