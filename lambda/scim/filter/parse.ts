import { ScimError } from "../error.ts";
import { limits } from "../limits.ts";
import { operators, type Literal, type Operator, type Syntax } from "./syntax.ts";
import { tokenize, type Token } from "./tokens.ts";

const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** The tokens of a filter, and the position of the next one to read. */
interface Reader {
  /** The last token is `end`. */
  readonly tokens: readonly Token[];
  position: number;
}

/**
 * Parses a filter of RFC 7644 §3.4.2.2. `and` binds tighter than `or`; both are flat lists, so that chains do not nest.
 * Throws 400 `invalidFilter`, with the position, for wrong syntax, more than 4,096 characters, or nesting beyond 32.
 */
export function parseFilter(filter: string): Syntax {
  if (filter.length > limits.filter) {
    throw ScimError.invalidFilter(`The filter is longer than ${limits.filter} characters.`);
  }
  const reader: Reader = { tokens: tokenize(filter), position: 0 };
  const parsed = disjunction(reader, 0);
  const rest = peek(reader);
  if (rest.kind !== "end") throw unexpected(rest, '"and", "or" or the end');
  return parsed;
}

function peek({ tokens, position }: Reader): Token {
  const last = tokens.length - 1;
  return tokens[Math.min(position, last)] ?? { kind: "end", at: 0 };
}

function next(reader: Reader): Token {
  const token = peek(reader);
  reader.position += 1;
  return token;
}

function unexpected(token: Token, expected: string): ScimError {
  const found = token.kind === "end" ? "its end" : "text" in token ? JSON.stringify(token.text) : `"${token.kind}"`;
  return ScimError.invalidFilter(`The filter has ${found} at position ${token.at + 1} where ${expected} is expected.`);
}

const isWord = (token: Token, word: string): boolean => token.kind === "word" && token.text.toLowerCase() === word;

const disjunction = (reader: Reader, depth: number): Syntax => chain(reader, "or", conjunction, depth);
const conjunction = (reader: Reader, depth: number): Syntax => chain(reader, "and", term, depth);

function chain(
  reader: Reader,
  kind: "and" | "or",
  operand: (reader: Reader, depth: number) => Syntax,
  depth: number,
): Syntax {
  const first = operand(reader, depth);
  const operands = [first];
  while (isWord(peek(reader), kind)) {
    next(reader);
    operands.push(operand(reader, depth));
  }
  return operands.length > 1 ? { kind, operands } : first;
}

/** A filter in parentheses or brackets, after its opening one. */
function group(reader: Reader, depth: number, close: ")" | "]"): Syntax {
  if (depth >= limits.depth) throw ScimError.invalidFilter(`The filter nests deeper than ${limits.depth} levels.`);
  const inner = disjunction(reader, depth + 1);
  const token = next(reader);
  if (token.kind !== close) throw unexpected(token, `"${close}"`);
  return inner;
}

function term(reader: Reader, depth: number): Syntax {
  const token = next(reader);
  if (token.kind === "(") return group(reader, depth, ")");
  if (token.kind !== "word") throw unexpected(token, "an attribute");
  if (isWord(token, "not") && peek(reader).kind === "(") {
    next(reader);
    return { kind: "not", operand: group(reader, depth, ")") };
  }
  if (peek(reader).kind !== "[") return expression(reader, token.text);
  next(reader);
  return valuePath(reader, token.text, group(reader, depth, "]"));
}

/** `emails[type eq "work"]`. Entra adds `.value eq "x"` to it: the same element must satisfy both. */
function valuePath(reader: Reader, path: string, filter: Syntax): Syntax {
  const after = peek(reader);
  if (after.kind !== "word" || !after.text.startsWith(".")) return { kind: "valuePath", path, filter };
  next(reader);
  const operands = [filter, expression(reader, after.text.slice(1))];
  return { kind: "valuePath", path, filter: { kind: "and", operands } };
}

function expression(reader: Reader, path: string): Syntax {
  const token = next(reader);
  if (isWord(token, "pr")) return { kind: "present", path };
  const operator = token.kind === "word" ? asOperator(token.text) : undefined;
  if (operator === undefined) throw unexpected(token, "an operator");
  return { kind: "compare", path, operator, value: literal(next(reader)) };
}

function literal(token: Token): Literal {
  if (token.kind === "string") return token.text;
  if (token.kind === "word") {
    const lower = token.text.toLowerCase();
    if (lower === "true" || lower === "false") return lower === "true";
    if (lower === "null") return null;
    if (number.test(token.text)) return Number(token.text);
  }
  throw unexpected(token, "a value (a string in double quotes, a number, true, false or null)");
}

function asOperator(text: string): Operator | undefined {
  const lower = text.toLowerCase();
  return operators.find((operator) => operator === lower);
}
