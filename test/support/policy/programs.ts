import type { Declared } from "./analyzer.ts";

/** A program: its resources. */
export type Program = readonly Declared[];

/** What holds a sentence of a rule's description to its word. */
export interface Sentence {
  readonly sentence: string;
  /** Each breaks the sentence's rule, and no other. */
  readonly violating: Readonly<Record<string, Program>>;
  readonly allowed: Readonly<Record<string, Program>>;
}

interface Options {
  readonly name?: string;
  readonly protect?: boolean;
  readonly parent?: Declared;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

export function resource(type: string, inputs: Readonly<Record<string, unknown>>, options: Options = {}): Declared {
  const { name = "it", protect = false, parent, outputs } = options;
  return {
    ...{ type, name, inputs, protect },
    urn: `urn:pulumi:s::p::${type}::${name}`,
    parent: parent?.urn,
    outputs: { ...inputs, ...outputs },
  };
}

export const one = (type: string, inputs: Readonly<Record<string, unknown>>): Program => [resource(type, inputs)];

export const ACCOUNT = "111122223333";
export const TABLE_ARN = `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/acme`;
export const FUNCTION = "aws:lambda/function:Function";

/** A policy with one statement, as JSON. */
export const policyJson = (statement: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });

export const readItem = { Action: "dynamodb:GetItem", Resource: TABLE_ARN };
