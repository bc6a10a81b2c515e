import { ScimError } from "../error.ts";
import { limits } from "../limits.ts";
import { operators, type Literal, type Operator, type Syntax } from "./syntax.ts";
import { tokenize, type Token } from "./tokens.ts";

const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Parses a filter of RFC 7644 §3.4.2.2. `and` binds tighter than `or`; both are flat lists, so that chains do not nest.
 * Throws 400 `invalidFilter`, with the position, for wrong syntax, more than 4,096 characters, or nesting beyond 32.
 */
export function parseFilter(filter: string): Syntax {
  if (filter.length > limits.filter)
    throw ScimError.invalidFilter(`The filter is longer than ${limits.filter} characters.`);
  const tokens = tokenize(filter);
  let position = 0;

  const peek = (): Token => tokens[position] ?? { kind: "end", at: filter.length };
  const next = (): Token => {
    const token = peek();
    position++;
    return token;
  };
  const fail = (token: Token, expected: string): never => {
    const found = token.kind === "end" ? "its end" : "text" in token ? JSON.stringify(token.text) : `"${token.kind}"`;
    throw ScimError.invalidFilter(`The filter has ${found} at position ${token.at + 1} where ${expected} is expected.`);
  };
  const isWord = (token: Token, word: string): boolean => token.kind === "word" && token.text.toLowerCase() === word;
  const close = (kind: ")" | "]"): void => {
    const token = next();
    if (token.kind !== kind) fail(token, `"${kind}"`);
  };

  function chain(kind: "and" | "or", operand: (depth: number) => Syntax, depth: number): Syntax {
    const first = operand(depth);
    const operands = [first];
    while (isWord(peek(), kind)) {
      next();
      operands.push(operand(depth));
    }
    return operands.length > 1 ? { kind, operands } : first;
  }
  const disjunction = (depth: number): Syntax => chain("or", conjunction, depth);
  const conjunction = (depth: number): Syntax => chain("and", term, depth);

  function group(depth: number): Syntax {
    if (depth >= limits.depth) throw ScimError.invalidFilter(`The filter nests deeper than ${limits.depth} levels.`);
    return disjunction(depth + 1);
  }

  function term(depth: number): Syntax {
    const token = next();
    if (token.kind === "(") {
      const inner = group(depth);
      close(")");
      return inner;
    }
    if (token.kind !== "word") return fail(token, "an attribute");
    if (isWord(token, "not") && peek().kind === "(") {
      next();
      const operand = group(depth);
      close(")");
      return { kind: "not", operand };
    }
    if (peek().kind !== "[") return expression(token.text);
    next();
    const inner = group(depth);
    close("]");
    const after = peek();
    if (after.kind !== "word" || !after.text.startsWith("."))
      return { kind: "valuePath", path: token.text, filter: inner };
    // `emails[type eq "work"].value eq "x"`, as Entra filters: the same element satisfies both.
    next();
    return {
      kind: "valuePath",
      path: token.text,
      filter: { kind: "and", operands: [inner, expression(after.text.slice(1))] },
    };
  }

  function expression(path: string): Syntax {
    const token = next();
    if (isWord(token, "pr")) return { kind: "present", path };
    const operator = token.kind === "word" ? asOperator(token.text) : undefined;
    if (operator === undefined) return fail(token, "an operator");
    return { kind: "compare", path, operator, value: literal(next()) };
  }

  function literal(token: Token): Literal {
    if (token.kind === "string") return token.text;
    if (token.kind === "word") {
      const lower = token.text.toLowerCase();
      if (lower === "true" || lower === "false") return lower === "true";
      if (lower === "null") return null;
      if (number.test(token.text)) return Number(token.text);
    }
    return fail(token, "a value (a string in double quotes, a number, true, false or null)");
  }

  const parsed = disjunction(0);
  const rest = peek();
  if (rest.kind !== "end") fail(rest, '"and", "or" or the end');
  return parsed;
}

function asOperator(text: string): Operator | undefined {
  const lower = text.toLowerCase();
  return operators.find((operator) => operator === lower);
}
