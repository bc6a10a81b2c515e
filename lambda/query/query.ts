import { isObject, ownAnyCase } from "../scim/values/json.ts";
import { ScimError } from "../scim/error.ts";
import type { JsonValue } from "../model.ts";
import { limits } from "../scim/limits.ts";

/** Which attributes a client wants (RFC 7644 §3.9). */
export interface AttributeLists {
  readonly attributes: readonly string[];
  readonly excludedAttributes: readonly string[];
}

/** Which resources of a list a client wants. `startIndex` is 1-based, at least 1 (RFC 7644 §3.4.2.4). */
export type Paging =
  | { readonly kind: "index"; readonly startIndex: number; readonly count: number }
  /** Without a cursor it is the first page (RFC 9865 §2). */
  | { readonly kind: "cursor"; readonly cursor: string | undefined; readonly count: number };

/** The parameters of a query, of the URL (RFC 7644 §3.4.2) or of a `.search` (§3.4.3). */
export interface Query extends AttributeLists {
  readonly filter: string | undefined;
  readonly sortBy: string | undefined;
  readonly descending: boolean;
  readonly paging: Paging;
}

type Parameters = (name: string) => JsonValue | undefined;

/** Reads a URL's query. Throws 400 `invalidValue` or `invalidCount`. */
export function readUrlQuery(query: URLSearchParams): Query {
  return readQuery(urlParameters(query));
}

/** Reads what a URL's query says of attributes; the only parameters that a request for one resource has. */
export function readAttributeLists(query: URLSearchParams): AttributeLists {
  return attributeLists(urlParameters(query));
}

/** Reads the body of a `.search`. Throws 400 `invalidSyntax`, `invalidValue` or `invalidCount`. */
export function readSearchRequest(body: JsonValue): Query {
  if (!isObject(body)) throw ScimError.invalidSyntax("The body must be a JSON object.");
  return readQuery((name) => ownAnyCase(body, name));
}

/** Names are read without regard to case. A list may be given in several parts; of two filters neither can be right. */
function urlParameters(query: URLSearchParams): Parameters {
  const values = new Map<string, string[]>();
  for (const [name, value] of query) values.set(name.toLowerCase(), [...(values.get(name.toLowerCase()) ?? []), value]);
  return (name) => {
    const given = values.get(name.toLowerCase()) ?? [];
    if (given.length > 1 && !name.toLowerCase().endsWith("attributes")) {
      throw ScimError.invalidValue(`${name} is given ${given.length} times; it may be given once.`);
    }
    return given.length > 0 ? given.join(",") : undefined;
  };
}

function attributeLists(get: Parameters): AttributeLists {
  return { attributes: names(get, "attributes"), excludedAttributes: names(get, "excludedAttributes") };
}

function readQuery(get: Parameters): Query {
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

/** The presence of `cursor`, empty on the first page, is what asks for cursor pages (RFC 9865 §2.4). */
function readPaging(get: Parameters): Paging {
  const cursor = text(get, "cursor");
  if (cursor === undefined) {
    return {
      kind: "index",
      startIndex: Math.max(1, integer(get, "startIndex") ?? 1),
      count: Math.min(limits.maxCount, Math.max(0, integer(get, "count") ?? limits.defaultCount)),
    };
  }
  if ((get("startIndex") ?? undefined) !== undefined) {
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
  const value = get(name) ?? undefined;
  if (value === undefined) return undefined;
  const number = asInteger(value);
  if (number === undefined) throw ScimError.invalidValue(`${name} must be an integer.`);
  return number;
}

function asInteger(value: JsonValue): number | undefined {
  const number = typeof value === "string" && /^[+-]?\d+$/.test(value.trim()) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
}
