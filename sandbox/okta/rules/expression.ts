import type { Scope, Value } from "./functions.ts";
import { Parser, type Node, type References } from "./parser.ts";
import { ExpressionError } from "./tokens.ts";

export type { Scope, Value } from "./functions.ts";
export { ExpressionError } from "./tokens.ts";

interface Compiled extends Node {
  readonly references: References;
}

/** Expressions that are cached: more than an org may have rules. */
const MOST_KEPT = 4000;
const compiled = new Map<string, Compiled>();

function compile(source: string): Compiled {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const parser = new Parser(source);
  const fresh = { ...parser.all(), references: parser.references };
  if (compiled.size >= MOST_KEPT) compiled.clear();
  compiled.set(source, fresh);
  return fresh;
}

/**
 * Compiles an expression of Okta's expression language: attributes of `user`, group membership functions, `String.*`,
 * `Arrays.*`, `==` and the like, and/or/not, `? :` and `+` (developer.okta.com, "Okta Expression Language").
 * @throws ExpressionError for an expression with an error
 */
export const compileExpression = (source: string): ((scope: Scope) => Value) => compile(source).run;

/** Why Okta would refuse the expression; undefined if it would accept it. */
export function expressionProblem(source: string): string | undefined {
  return problemOf(source, () => undefined);
}

/**
 * Why Okta would refuse the expression in a group rule. Such an expression must give a Boolean and may read only some
 * values.
 */
export function ruleProblem(source: string, hasAttribute: (name: string) => boolean): string | undefined {
  return problemOf(source, ({ kind, references }) => {
    const unknown = [...references.attributes].find((name) => !hasAttribute(name));
    if (unknown !== undefined) return `no user attribute is named ${unknown}`;
    const [forbidden] = references.notInRules;
    if (forbidden !== undefined) return `${forbidden} is not allowed in a group rule`;
    return kind === "boolean" || kind === "unknown" ? undefined : `the result must be a Boolean, not a ${kind}`;
  });
}

function problemOf(source: string, check: (expression: Compiled) => string | undefined): string | undefined {
  try {
    return check(compile(source));
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
}
