import { functions, textOfValue, type Kind, type Scope, type Value } from "./functions.ts";
import { ExpressionError, tokenize, type Token } from "./tokens.ts";

/** A compiled part of an expression. */
export interface Node {
  readonly kind: Kind;
  readonly run: (scope: Scope) => Value;
}

/** The names to which an expression refers. */
export interface References {
  /** Attributes of the profile. */
  readonly attributes: Set<string>;
  /** Functions that Okta does not allow in a group rule. */
  readonly notInRules: Set<string>;
}

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
const ROOTS = new Set(["user", "source", "appuser"]);
const literals: Readonly<Record<string, Node>> = {
  true: { kind: "boolean", run: () => true },
  false: { kind: "boolean", run: () => false },
  null: { kind: "unknown", run: () => null },
};
/** Deeper nesting is refused. The depth of Okta's own limit is not on record [?]. */
const MOST_NESTED = 100;

const truth = (run: (scope: Scope) => boolean): Node => ({ kind: "boolean", run });

/** Reads tokens by descent: ternary, or, and, not, comparison, sum, operand. */
export class Parser {
  readonly references: References = { attributes: new Set(), notInRules: new Set() };
  readonly #tokens: readonly Token[];
  #next = 0;
  #nested = 0;

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

  #enter(): void {
    this.#nested += 1;
    if (this.#nested > MOST_NESTED) throw new ExpressionError(`more than ${MOST_NESTED} levels of nesting`);
  }

  #ternary(): Node {
    this.#enter();
    const node = this.#choice(this.#or());
    this.#nested -= 1;
    return node;
  }

  #choice(condition: Node): Node {
    if (!this.#accept("?")) return condition;
    const yes = this.#ternary();
    this.#expect(":");
    const no = this.#ternary();
    const kind = yes.kind === no.kind ? yes.kind : "unknown";
    return { kind, run: (scope) => (isTrue(condition.run(scope)) ? yes.run(scope) : no.run(scope)) };
  }

  #or(): Node {
    const all = [this.#and()];
    while (this.#isWord(ORS)) {
      this.#take();
      all.push(this.#and());
    }
    return all.length === 1 && all[0] !== undefined
      ? all[0]
      : truth((scope) => all.some((node) => isTrue(node.run(scope))));
  }

  #and(): Node {
    const all = [this.#not()];
    while (this.#isWord(ANDS)) {
      this.#take();
      all.push(this.#not());
    }
    return all.length === 1 && all[0] !== undefined
      ? all[0]
      : truth((scope) => all.every((node) => isTrue(node.run(scope))));
  }

  #not(): Node {
    if (!this.#isWord(NOTS)) return this.#comparison();
    this.#take();
    this.#enter();
    const node = this.#not();
    this.#nested -= 1;
    return truth((scope) => !isTrue(node.run(scope)));
  }

  #comparison(): Node {
    const left = this.#sum();
    const { kind, value } = this.#peek();
    const compare = kind === "sign" ? compared[value] : undefined;
    if (compare === undefined) return left;
    this.#take();
    const right = this.#sum();
    return truth((scope) => compare(left.run(scope), right.run(scope)));
  }

  #sum(): Node {
    const all = [this.#operand()];
    while (this.#accept("+")) all.push(this.#operand());
    if (all.length === 1 && all[0] !== undefined) return all[0];
    return { kind: "text", run: (scope) => all.map((node) => textOfValue(node.run(scope))).join("") };
  }

  #operand(): Node {
    const token = this.#take();
    if (token.kind === "text") return { kind: "text", run: () => token.value };
    if (token.kind === "number") return { kind: "number", run: () => Number(token.value) };
    if (token.kind === "sign" && token.value === "(") {
      const node = this.#ternary();
      this.#expect(")");
      return node;
    }
    if (token.kind === "sign" && token.value === "{") {
      const items = this.#list("}");
      return { kind: "list", run: (scope) => items.map((item) => item.run(scope)) };
    }
    if (token.kind !== "name")
      throw new ExpressionError(token.kind === "end" ? "the expression ends too early" : `unexpected ${token.value}`);
    if (this.#accept("(")) return this.#call(token.value, this.#list(")"));
    return this.#attribute(token.value);
  }

  #list(close: string): Node[] {
    const items: Node[] = [];
    if (this.#accept(close)) return items;
    do items.push(this.#ternary());
    while (this.#accept(","));
    this.#expect(close);
    return items;
  }

  #call(name: string, args: readonly Node[]): Node {
    const known = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (known === undefined) throw new ExpressionError(`unknown function ${name}`);
    const [fewest, most] = known.takes;
    if (args.length < fewest || args.length > most)
      throw new ExpressionError(`${name} takes ${fewest === most ? fewest : `${fewest} to ${most}`} arguments`);
    if (known.notInRules === true) this.references.notInRules.add(name);
    return {
      kind: known.gives,
      run: (scope) =>
        known.call(
          scope,
          args.map((argument) => argument.run(scope)),
        ),
    };
  }

  #attribute(name: string): Node {
    const literal = Object.hasOwn(literals, name) ? literals[name] : undefined;
    if (literal !== undefined) return literal;
    const [root = "", key, ...rest] = name.split(".");
    if (!ROOTS.has(root) || key === undefined || rest.length > 0) throw new ExpressionError(`unknown name ${name}`);
    this.references.attributes.add(key);
    return {
      kind: "unknown",
      run: (scope) => toValue(Object.hasOwn(scope.profile, key) ? scope.profile[key] : null),
    };
  }
}
