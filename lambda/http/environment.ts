import type { JsonValue } from "../model.ts";
import { isObject } from "../scim/values/json.ts";
import { checkAttributes, type AttributesSetting } from "../scim/schema/index.ts";
import { environmentNames, type TokenHash } from "../contract.ts";

/** The function's settings, as the stack declares them. */
export interface Environment {
  readonly tableName: string;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly tokens: readonly TokenHash[];
  readonly attributes: AttributesSetting;
  /** Whether changes are told to others. */
  readonly events: boolean;
}

/** The environment does not match the function: the function answers no request. */
class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(`The function's environment is wrong: ${problems.join("; ")}. Deploy the stack again.`, options);
  }
}

/** Reads TABLE_NAME, BASE_URL, TOKEN_HASHES and ATTRIBUTES. Throws an `EnvironmentError` that names every wrong one. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const problems: string[] = [];
  const read = <T>(name: string, expected: string, parse: (text: string) => T | undefined): T | undefined => {
    const text = env[name];
    const value = text ? parse(text) : undefined;
    if (value === undefined) problems.push(`${name} ${text ? "must be" : "is missing; it must be"} ${expected}`);
    return value;
  };
  const tableName = read(environmentNames.tableName, "the name of the directory's table", (text) => text);
  const baseUrl = read(
    environmentNames.baseUrl,
    "an http or https URL such as https://example.com/api/v1/scim",
    readUrl,
  );
  const tokens = read(
    environmentNames.tokenHashes,
    'a JSON array such as [{"generation":1,"sha256":"<64 hexadecimal digits>"}]; only tokens that may only read have a "reader"',
    (text) => readTokens(parseJson(text)),
  );
  const attributes = read(
    environmentNames.attributes,
    '"iru", "standard" or a JSON array of known attribute paths',
    (text) => readAttributes(parseJson(text)),
  );
  if (tableName === undefined || baseUrl === undefined || tokens === undefined || attributes === undefined) {
    throw new EnvironmentError(problems);
  }
  return { tableName, baseUrl, tokens, attributes, events: env[environmentNames.events] === "1" };
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function readUrl(text: string): string | undefined {
  if (!/^https?:/.test(text) || !URL.canParse(text)) return undefined;
  return text.replace(/\/+$/, "");
}

function readTokens(value: JsonValue | undefined): TokenHash[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const tokens = value.flatMap((item): TokenHash[] => {
    if (!isObject(item)) return [];
    const { generation, sha256, reader } = item;
    if (typeof generation !== "number" || typeof sha256 !== "string" || !/^[0-9a-f]{64}$/i.test(sha256)) return [];
    if (reader === undefined) return [{ generation, sha256 }];
    return typeof reader === "string" && reader !== "" ? [{ generation, sha256, reader }] : [];
  });
  const hasMain = tokens.some(({ reader }) => reader === undefined);
  return tokens.length === value.length && hasMain ? tokens : undefined;
}

function readAttributes(value: JsonValue | undefined): AttributesSetting | undefined {
  if (value === "iru" || value === "standard") return value;
  if (!Array.isArray(value)) return undefined;
  const paths = value.filter((path) => typeof path === "string");
  return paths.length === value.length && checkAttributes(paths).length === 0 ? paths : undefined;
}
