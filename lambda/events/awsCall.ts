import type { JsonObject, JsonValue } from "../model.ts";
import { isObject, own } from "../scim/values/json.ts";

/**
 * Sends one request to a service that speaks AWS's JSON protocol, once, and returns the document of the answer. Throws errors that
 * have AWS's name of them as `name`.
 */
export type AwsCall = (operation: string, input: object) => Promise<unknown>;

/** AWS answered with something else than its API reference says. */
export class UnexpectedAnswerError extends Error {
  override readonly name = "UnexpectedAnswerError";
}

/** One part of a batch failed, and would fail again. `name` is AWS's code of the failure. */
export class EntryError extends Error {
  override readonly name: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = code;
  }
}

/** The answer as JSON. @throws UnexpectedAnswerError */
export function documentOf(answer: unknown): JsonObject {
  // The client parsed it from JSON.
  const value = answer as JsonValue;
  if (!isObject(value)) throw new UnexpectedAnswerError("the answer is not a JSON object");
  return value;
}

/** A text of the answer. @throws UnexpectedAnswerError */
export function textIn(object: JsonObject, name: string): string {
  const value = own(object, name);
  if (typeof value !== "string") throw new UnexpectedAnswerError(`the answer has no text ${name}`);
  return value;
}

/** The objects of a list in the answer; none if it has no such list. */
export function listIn(object: JsonObject, name: string): JsonObject[] {
  const value = own(object, name);
  return Array.isArray(value) ? value.filter((item) => isObject(item)) : [];
}
