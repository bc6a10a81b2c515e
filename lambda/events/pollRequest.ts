import type { JsonObject, JsonValue } from "../model.ts";
import { isObject, own } from "../scim/values/json.ts";
import { sequenceOf, type SetError } from "./feed.ts";
import { DeliveryError } from "./deliveryError.ts";

/** A poll request (RFC 8936 §2.2). */
export interface PollRequest {
  readonly maxEvents: number;
  readonly returnImmediately: boolean;
  /** Sequences of the SETs that the receiver has stored. */
  readonly acknowledged: readonly string[];
  /** Why the receiver rejects SETs, by their sequences. */
  readonly errors: ReadonlyMap<string, SetError>;
}

/** SETs in one answer, unless the request asks for fewer. */
const MOST_EVENTS = 100;
/** SETs that one request may acknowledge or reject. */
const MOST_ANSWERED = 1_000;
/** Characters that are kept of an error. */
const LONGEST = { err: 100, description: 1_000 };

/**
 * Reads a poll request. Members that RFC 8936 does not define are ignored, and so is the `jti` of no SET of this receiver.
 * @throws DeliveryError
 */
export function readPollRequest(body: JsonValue, receiver: string): PollRequest {
  if (!isObject(body)) throw invalid("The body must be a JSON object such as {}.");
  const [ack, errors] = [readAck(body), readErrors(body)];
  if (ack.length + errors.length > MOST_ANSWERED)
    throw invalid(`"ack" and "setErrs" name more than ${MOST_ANSWERED} SETs; send several requests.`);
  return {
    maxEvents: Math.min(MOST_EVENTS, readCount(body)),
    returnImmediately: readFlag(body),
    acknowledged: ack.flatMap((jti) => sequenceOf(jti, receiver) ?? []),
    errors: new Map(
      errors.flatMap(([jti, error]) => {
        const sequence = sequenceOf(jti, receiver);
        return sequence === undefined ? [] : [[sequence, error]];
      }),
    ),
  };
}

const invalid = (description: string): DeliveryError => new DeliveryError(400, "invalid_request", description);

function readCount(body: JsonObject): number {
  const count = own(body, "maxEvents") ?? MOST_EVENTS;
  if (typeof count === "number" && Number.isInteger(count) && count >= 0) return count;
  throw invalid('"maxEvents" must be an integer of 0 or more.');
}

function readFlag(body: JsonObject): boolean {
  const flag = own(body, "returnImmediately") ?? false;
  if (typeof flag === "boolean") return flag;
  throw invalid('"returnImmediately" must be true or false.');
}

function readAck(body: JsonObject): string[] {
  const ack = own(body, "ack") ?? [];
  const texts = Array.isArray(ack) ? ack.filter((jti) => typeof jti === "string") : undefined;
  if (texts === undefined || texts.length !== (ack as JsonValue[]).length)
    throw invalid('"ack" must be a list of the jti of SETs.');
  return texts;
}

function readErrors(body: JsonObject): [string, SetError][] {
  const errors = own(body, "setErrs") ?? {};
  if (!isObject(errors)) throw invalid('"setErrs" must be an object with an error for each jti.');
  return Object.entries(errors).map(([jti, error]) => {
    const err = isObject(error) ? own(error, "err") : undefined;
    const description = (isObject(error) ? own(error, "description") : undefined) ?? "";
    if (typeof err !== "string" || typeof description !== "string")
      throw invalid('Each error in "setErrs" must have a text "err", and may have a text "description".');
    return [jti, { err: err.slice(0, LONGEST.err), description: description.slice(0, LONGEST.description) }];
  });
}
