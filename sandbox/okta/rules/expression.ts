import { functionNamed, textOfValue, type Scope, type Value } from "./functions.ts";
import { ExpressionError, tokenize, type Token } from "./tokens.ts";

export type { Scope, Value } from "./functions.ts";
export { ExpressionError } from "./tokens.ts";

type Node = (scope: Scope) => Value;

const isTrue = (value: Value): boolean => value === true;

function toValue(value: unknown): Value {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return Array.isArray(value) ? value.map(toValue) : null;
}

const compared: Readonly<Record<string, (left: Value, right: Value) => boolean>> = {
  "==": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  "<": (left, right) => Number(left) < Number(right),
  ">": (left, right) => Number(left) > Number(right),
  "<=": (left, right) => Number(left) <= Number(right),
  ">=": (left, right) => Number(left) >= Number(right),
};

const ORS = new Set(["||", "or"]);
const ANDS = new Set(["&&", "and"]);
const NOTS = new Set(["!", "not"]);
const literals: Readonly<Record<string, Value>> = { true: true, false: false, null: null };

/** Reads tokens by descent: ternary, or, and, not, comparison, sum, operand. */
class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(source: string) {
    this.#tokens = tokenize(source);
  }

  all(): Node {
    const node = this.#ternary();
    if (this.#peek().kind !== "end") throw new ExpressionError(`unexpected ${JSON.stringify(this.#peek().value)}`);
    return node;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: "end", value: "" };
  }

  #take(): Token {
    const token = this.#peek();
    this.#next += 1;
    return token;
  }

  #isWord(words: ReadonlySet<string>): boolean {
    const { kind, value } = this.#peek();
    return (kind === "sign" && words.has(value)) || (kind === "name" && words.has(value.toLowerCase()));
  }

  #accept(sign: string): boolean {
    const found = this.#peek().kind === "sign" && this.#peek().value === sign;
    if (found) this.#next += 1;
    return found;
  }

  #expect(sign: string): void {
    if (!this.#accept(sign)) throw new ExpressionError(`expected ${sign} before ${JSON.stringify(this.#peek().value)}`);
  }

  #ternary(): Node {
    const condition = this.#or();
    if (!this.#accept("?")) return condition;
    const yes = this.#ternary();
    this.#expect(":");
    const no = this.#ternary();
    return (scope) => (isTrue(condition(scope)) ? yes(scope) : no(scope));
  }

  #or(): Node {
    let node = this.#and();
    while (this.#isWord(ORS)) {
      this.#take();
      const left = node;
      const right = this.#and();
      node = (scope) => isTrue(left(scope)) || isTrue(right(scope));
    }
    return node;
  }

  #and(): Node {
    let node = this.#not();
    while (this.#isWord(ANDS)) {
      this.#take();
      const left = node;
      const right = this.#not();
      node = (scope) => isTrue(left(scope)) && isTrue(right(scope));
    }
    return node;
  }

  #not(): Node {
    if (!this.#isWord(NOTS)) return this.#comparison();
    this.#take();
    const node = this.#not();
    return (scope) => !isTrue(node(scope));
  }

  #comparison(): Node {
    const left = this.#sum();
    const { kind, value } = this.#peek();
    const compare = kind === "sign" ? compared[value] : undefined;
    if (compare === undefined) return left;
    this.#take();
    const right = this.#sum();
    return (scope) => compare(left(scope), right(scope));
  }

  #sum(): Node {
    let node = this.#operand();
    while (this.#accept("+")) {
      const left = node;
      const right = this.#operand();
      node = (scope) => textOfValue(left(scope)) + textOfValue(right(scope));
    }
    return node;
  }

  #operand(): Node {
    const token = this.#take();
    if (token.kind === "text") return () => token.value;
    if (token.kind === "number") return () => Number(token.value);
    if (token.kind === "sign" && token.value === "(") {
      const node = this.#ternary();
      this.#expect(")");
      return node;
    }
    if (token.kind === "sign" && token.value === "{") {
      const items = this.#list("}");
      return (scope) => items.map((item) => item(scope));
    }
    if (token.kind !== "name")
      throw new ExpressionError(token.kind === "end" ? "the expression ends too early" : `unexpected ${token.value}`);
    if (this.#accept("(")) return call(token.value, this.#list(")"));
    return attribute(token.value);
  }

  #list(close: string): Node[] {
    const items: Node[] = [];
    if (this.#accept(close)) return items;
    do items.push(this.#ternary());
    while (this.#accept(","));
    this.#expect(close);
    return items;
  }
}

function call(name: string, args: readonly Node[]): Node {
  const known = functionNamed(name);
  return (scope) =>
    known(
      scope,
      args.map((argument) => argument(scope)),
    );
}

function attribute(name: string): Node {
  if (Object.hasOwn(literals, name)) return () => literals[name] ?? null;
  const [root, key, ...rest] = name.split(".");
  if ((root !== "user" && root !== "source") || key === undefined || rest.length > 0) {
    throw new ExpressionError(`unknown name ${name}`);
  }
  return (scope) => toValue(Object.hasOwn(scope.profile, key) ? scope.profile[key] : null);
}

const MOST_KEPT = 1000;
const compiled = new Map<string, Node>();

/**
 * Compiles an expression of Okta's expression language: attributes of `user`, group membership functions, `String.*`,
 * `==` and the like, and/or/not, `? :` and `+` (developer.okta.com, "Okta Expression Language").
 * @throws ExpressionError when it is not understood
 */
export function compileExpression(source: string): (scope: Scope) => Value {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const fresh = new Parser(source).all();
  if (compiled.size >= MOST_KEPT) compiled.clear();
  compiled.set(source, fresh);
  return fresh;
}

/** Why Okta would refuse the expression; undefined when it would not. */
export function expressionProblem(source: string): string | undefined {
  try {
    compileExpression(source);
    return undefined;
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
}
