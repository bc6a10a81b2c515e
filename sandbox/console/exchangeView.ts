import { z } from "zod";
import type { Cost } from "../aws/index.ts";
import type { Exchange } from "../okta/index.ts";

/** One exchange, summarized in one line. */
export interface ExchangeSummary {
  readonly id: number;
  readonly at: string;
  readonly method: string;
  /** Below the base URL, decoded. */
  readonly path: string;
  readonly status: number;
  readonly ms: number;
  readonly failed: boolean;
  /** A description of the request in words. */
  readonly what: string;
  /** The SCIM resource that the request concerns. */
  readonly resource?: { readonly type: "Users" | "Groups"; readonly id: string };
  readonly cost?: Cost;
}

const BASE = /^.*?(?=\/(?:Users|Groups|Bulk|Schemas|ResourceTypes|ServiceProviderConfig)(?:[/?]|$))/;

function pathOf(url: string): string {
  const path = url.replace(BASE, "");
  try {
    return decodeURIComponent(path.replace(/\+/g, " "));
  } catch {
    return path;
  }
}

const textIn = (body: unknown, key: string): string | undefined => {
  if (typeof body !== "object" || body === null) return undefined;
  const value: unknown = Object.entries(body).find(([name]) => name === key)?.[1];
  return typeof value === "string" ? value : undefined;
};

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value: unknown;
}

function operationsOf(body: unknown): Operation[] {
  const all: unknown = typeof body === "object" && body !== null && "Operations" in body ? body.Operations : undefined;
  if (!Array.isArray(all)) return [];
  return all.map((one: unknown) => ({
    op: textIn(one, "op")?.toLowerCase() ?? "",
    path: textIn(one, "path") ?? "",
    value: typeof one === "object" && one !== null && "value" in one ? one.value : undefined,
  }));
}

/** The words for a change, by its operations: adding and removing members, activating, deactivating. */
function changeOf(body: unknown): string {
  const operations = operationsOf(body);
  const members = (op: string): number =>
    operations
      .filter((one) => one.op === op && one.path.startsWith("members"))
      .reduce((sum, { value }) => sum + (Array.isArray(value) ? value.length : 1), 0);
  const parts = [
    [members("add"), "add", "to"],
    [members("remove"), "remove", "from"],
  ] as const;
  const moved = parts.flatMap(([many, verb, where]) =>
    many === 0 ? [] : [`${verb} ${many} ${many === 1 ? "member" : "members"} ${where}`],
  );
  if (moved.length > 0) return moved.join(", ");
  const replaced = operations.find(({ op, path }) => op === "replace" && path === "members");
  if (replaced !== undefined) return `set ${Array.isArray(replaced.value) ? replaced.value.length : 0} members of`;
  const active = operations.map(({ value }) => (typeof value === "object" && value !== null ? value : {}));
  if (active.some((value) => "active" in value && value.active === false)) return "deactivate";
  return "change";
}

function countMembers(body: unknown): string {
  const members = typeof body === "object" && body !== null && "members" in body ? body.members : undefined;
  const many = Array.isArray(members) ? members.length : 0;
  return `${many} ${many === 1 ? "member" : "members"}`;
}

function describe(exchange: Exchange, type: "Users" | "Groups" | undefined, id: string | undefined): string {
  const noun = type === "Groups" ? "group" : "person";
  const { method, requestBody } = exchange;
  if (type === undefined) return "look at the service";
  if (method === "GET") {
    if (id !== undefined) return `read ${noun}`;
    return exchange.url.includes("filter=") ? `look for ${noun}` : `list ${type === "Groups" ? "groups" : "people"}`;
  }
  if (method === "POST") return `create ${noun}`;
  if (method === "DELETE") return `delete ${noun}`;
  if (method === "PATCH") return `${changeOf(requestBody)} ${noun}`;
  if (type === "Groups") return `set ${countMembers(requestBody)} of ${noun}`;
  const inactive =
    typeof requestBody === "object" && requestBody !== null && "active" in requestBody && requestBody.active === false;
  return `${inactive ? "deactivate" : "replace"} ${noun}`;
}

/** The value in a filter such as `userName eq "ada"`, a JSON string (RFC 7644, section 3.4.2.2). */
export function soughtName(text: string): string | undefined {
  const literal = /\beq ("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  if (literal === undefined) return undefined;
  try {
    return z.string().parse(JSON.parse(literal));
  } catch {
    return literal.slice(1, -1);
  }
}

/** The name of an exchange's resource: from the request, from the answer, or from the filter. */
function nameIn({ requestBody, responseBody, url, method }: Exchange): string | undefined {
  const own = ["userName", "displayName"].flatMap((key) => [textIn(responseBody, key), textIn(requestBody, key)]);
  const renamed = operationsOf(requestBody).map(({ value }) => textIn(value, "displayName"));
  const wanted = method === "GET" ? soughtName(pathOf(url)) : undefined;
  return [...own, ...renamed, wanted].find((name) => name !== undefined);
}

/** Describes exchanges in words, and remembers the name of each id. */
export function createSummarizer(): (exchange: Exchange, cost: Cost | undefined) => ExchangeSummary {
  const names = new Map<string, string>();
  return (exchange, cost) => {
    const { method, status, at, ms } = exchange;
    const path = pathOf(exchange.url);
    const [, type, inPath] = /^\/(Users|Groups)(?:\/([^/?]+))?/.exec(path) ?? [];
    const kind = type === "Users" || type === "Groups" ? type : undefined;
    const id = inPath ?? textIn(exchange.responseBody, "id");
    const name = nameIn(exchange) ?? (id === undefined ? undefined : names.get(id));
    if (id !== undefined && name !== undefined) names.set(id, name);
    const what = describe(exchange, kind, inPath);
    return {
      ...{ id: exchange.id, at, method, path, status, ms },
      failed: status === 0 || (status >= 400 && !(status === 404 && method === "GET")),
      what: name === undefined ? what : `${what} ${name}`,
      ...(kind === undefined || id === undefined ? {} : { resource: { type: kind, id } }),
      ...(cost === undefined ? {} : { cost }),
    };
  };
}

/** Characters of a body that are shown. The body of a group of ten thousand has a million. */
const MOST_SHOWN = 40_000;

/** A body for people to read, without the middle of a very long one. */
export function bodyText(body: unknown): string {
  const text = typeof body === "string" ? body : JSON.stringify(body, null, 2);
  if (text.length <= MOST_SHOWN) return text;
  const half = MOST_SHOWN / 2;
  const left = (text.length - MOST_SHOWN).toLocaleString("en");
  return `${text.slice(0, half)}\n\n… ${left} characters are left out here; the exported JSON has them …\n\n${text.slice(-half)}`;
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * The request as a `curl` command for a shell. @param authorization the header's value; if undefined, the command names
 * a variable instead
 */
export function toCurl(exchange: Exchange, authorization: string | undefined): string {
  const headers = Object.entries(exchange.requestHeaders).flatMap(([name, value]) => {
    if (name === "Accept-Encoding") return [];
    if (name !== "Authorization") return [`-H ${quote(`${name}: ${value}`)}`];
    return [
      authorization === undefined
        ? `-H "Authorization: $SCIM_AUTHORIZATION"`
        : `-H ${quote(`${name}: ${authorization}`)}`,
    ];
  });
  const body = exchange.requestBody === undefined ? [] : [`--data-raw ${quote(JSON.stringify(exchange.requestBody))}`];
  return [`curl --compressed -X ${exchange.method} ${quote(exchange.url)}`, ...headers, ...body].join(" \\\n  ");
}
