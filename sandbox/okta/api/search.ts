import { badSearch } from "../org/errors.ts";

/** The depth of Okta's own limit is not on record [?]. */
const MOST_NESTED = 50;

type Test = (item: unknown) => boolean;

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|([()])|([^\s()"]+))/y;

/**
 * Compiles the `search` and `filter` language of Okta's lists: `attribute op "value"` with eq, ne, sw, co, ew, gt, ge,
 * lt, le and pr, joined by and, or, not and parentheses. Text is compared without case.
 * @throws ApiError E0000031 for an expression with an error
 */
export function compileSearch(field: "search" | "filter", source: string): Test {
  const tokens: string[] = [];
  const end = source.trimEnd().length;
  for (let position = 0; position < end; position = TOKEN.lastIndex) {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(source);
    if (match === null) throw badSearch(`${field}: ${source}`);
    tokens.push(match[1] ?? match[2] ?? match[3] ?? "");
  }
  let next = 0;
  let nested = 0;
  const peek = (): string => (tokens[next] ?? "").toLowerCase();
  const take = (): string => {
    const token = tokens[next];
    if (token === undefined) throw badSearch(`${field}: ${source}`);
    next += 1;
    return token;
  };

  const or = (): Test => {
    let test = and();
    while (peek() === "or") {
      take();
      const left = test;
      const right = and();
      test = (item) => left(item) || right(item);
    }
    return test;
  };
  const and = (): Test => {
    let test = not();
    while (peek() === "and") {
      take();
      const left = test;
      const right = not();
      test = (item) => left(item) && right(item);
    }
    return test;
  };
  const not = (): Test => {
    if (peek() !== "not" && peek() !== "(") return comparison();
    nested += 1;
    if (nested > MOST_NESTED) throw badSearch(`${field}: more than ${MOST_NESTED} levels of nesting`);
    const test = take().toLowerCase() === "not" ? negated() : grouped();
    nested -= 1;
    return test;
  };
  const negated = (): Test => {
    const test = not();
    return (item) => !test(item);
  };
  const grouped = (): Test => {
    const test = or();
    if (take() !== ")") throw badSearch(`${field}: ${source}`);
    return test;
  };
  const comparison = (): Test => {
    const path = take().split(".");
    const operator = take().toLowerCase();
    if (operator === "pr") return (item) => valuesAt(item, path).some((value) => value !== null && value !== "");
    const compare = operators[operator];
    if (compare === undefined) throw badSearch(`${field}: unsupported operator ${operator}`);
    const wanted = literal(take());
    return (item) => valuesAt(item, path).some((value) => compare(plain(value), wanted));
  };

  const test = or();
  if (next < tokens.length) throw badSearch(`${field}: ${source}`);
  return test;
}

const operators: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  eq: (value, wanted) => value === wanted,
  ne: (value, wanted) => value !== wanted,
  sw: (value, wanted) => value.startsWith(wanted),
  co: (value, wanted) => value.includes(wanted),
  ew: (value, wanted) => value.endsWith(wanted),
  gt: (value, wanted) => value > wanted,
  ge: (value, wanted) => value >= wanted,
  lt: (value, wanted) => value < wanted,
  le: (value, wanted) => value <= wanted,
};

const TIME = /^\d{4}-\d\d-\d\dt[\d:.]+z$/;

/** Text in lower case. A time always has milliseconds, so that times compare as text. */
const normal = (text: string): string => {
  const lower = text.toLowerCase();
  return TIME.test(lower) && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString().toLowerCase() : lower;
};

const literal = (token: string): string =>
  normal(token.startsWith(`"`) ? token.slice(1, -1).replace(/\\(.)/g, "$1") : token);

const plain = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? normal(String(value)) : "";

function valuesAt(item: unknown, path: readonly string[]): unknown[] {
  const [key, ...rest] = path;
  if (key === undefined) return Array.isArray(item) ? item : item === undefined ? [] : [item];
  if (Array.isArray(item)) return item.flatMap((one: unknown) => valuesAt(one, path));
  if (typeof item !== "object" || item === null) return [];
  for (const [name, value] of Object.entries(item)) if (name === key) return valuesAt(value, rest);
  return [];
}
