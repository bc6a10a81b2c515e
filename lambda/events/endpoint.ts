import { EVENTS_PATH, eventRoutes, type EventReceiver, type SigningKey } from "../contract.ts";
import type { Store } from "../directory/store.ts";
import { BusyError } from "../directory/errors.ts";
import type { JsonObject, JsonValue } from "../model.ts";
import { DeliveryError } from "./deliveryError.ts";
import { poll } from "./poll.ts";
import { readPollRequest } from "./pollRequest.ts";
import { receiverOf, type Caller, type KnownTokens } from "./receivers.ts";

export interface EventRequest {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array | undefined;
}

export interface EventResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** For the log: the operation, the receiver once it is known, and what a poll did. */
  readonly operation: "poll" | "keys" | "unauthenticated";
  readonly receiver?: string | undefined;
  /** Of the receiver's token. */
  readonly tokenGeneration?: number;
  readonly given?: number;
  readonly acknowledged?: number;
  readonly rejected?: number;
  /** The unexpected error behind a 500. */
  readonly failure?: unknown;
}

export interface EventEndpoint {
  readonly receivers: readonly EventReceiver[];
  readonly tokens: KnownTokens;
  readonly keys: readonly SigningKey[];
}

/** Bytes of a poll request. */
const LARGEST_BODY = 256_000;
const JWKS_SECONDS = 300;
/** Seconds after which a request that ran out of time may be sent again. */
const RETRY_AFTER = "2";

type Operation = EventResponse["operation"];

/** Answers receivers: the poll of RFC 8936 and the public keys. Never throws. */
export async function answerReceiver(
  endpoint: EventEndpoint,
  store: Store,
  request: EventRequest,
): Promise<EventResponse> {
  const found: { operation: Operation; receiver?: string; tokenGeneration?: number } = { operation: "unauthenticated" };
  try {
    if (request.path === eventRoutes.keys) {
      found.operation = "keys";
      return answerKeys(endpoint, request);
    }
    const caller = receiverOf(endpoint.tokens, request.headers["authorization"]);
    found.operation = "poll";
    if (caller !== undefined) Object.assign(found, { receiver: caller.name, tokenGeneration: caller.generation });
    return { ...(await answerPoll(endpoint, store, request, caller)), ...found };
  } catch (error) {
    return { ...answerError(error), ...found };
  }
}

function answerKeys({ keys }: EventEndpoint, { method }: EventRequest): EventResponse {
  if (method !== "GET" && method !== "HEAD") throw notAllowed(method, "GET, HEAD");
  // The key that signs comes first.
  const ordered = [...keys].sort((one, other) => Number(other.signs) - Number(one.signs));
  const jwks = { keys: ordered.map(({ kid, jwk }) => ({ ...jwk, kid, use: "sig", alg: "ES256" })) };
  return {
    status: 200,
    headers: { "content-type": "application/jwk-set+json", "cache-control": `public, max-age=${JWKS_SECONDS}` },
    body: method === "HEAD" ? undefined : JSON.stringify(jwks),
    operation: "keys",
  };
}

async function answerPoll(
  { receivers }: EventEndpoint,
  store: Store,
  request: EventRequest,
  caller: Caller | undefined,
): Promise<EventResponse> {
  const name = nameIn(request.path);
  const receiver = receivers.find((one) => one.name === name);
  if (receiver === undefined)
    throw new DeliveryError(404, "invalid_request", `There is no receiver here. Poll ${EVENTS_PATH}/<receiver>.`);
  if (receiver.name !== caller?.name)
    throw new DeliveryError(403, "access_denied", "The token is not that of this receiver; use the receiver's own.");
  if (receiver.delivery !== "poll")
    throw new DeliveryError(404, "invalid_request", "The events of this receiver are pushed to it.");
  if (request.method !== "POST") throw notAllowed(request.method, "POST");
  const wanted = readPollRequest(readBody(request), receiver.name);
  const { sets, moreAvailable, rejected } = await poll(store, receiver, wanted);
  return {
    ...json(200, { sets, ...(moreAvailable && { moreAvailable }) }),
    operation: "poll",
    given: Object.keys(sets).length,
    acknowledged: wanted.acknowledged.length,
    rejected,
  };
}

/** The receiver that a path names; undefined for any other path. */
function nameIn(path: string): string | undefined {
  const name = path.startsWith(`${EVENTS_PATH}/`) ? path.slice(EVENTS_PATH.length + 1) : "";
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}

function readBody({ headers, body }: EventRequest): JsonValue {
  const type = (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json")
    throw new DeliveryError(415, "invalid_request", "The Content-Type must be application/json.");
  const size = body?.byteLength ?? 0;
  if (size > LARGEST_BODY)
    throw new DeliveryError(
      413,
      "invalid_request",
      `The body has ${size} bytes; at most ${LARGEST_BODY} are accepted. Acknowledge in several requests.`,
    );
  try {
    return JSON.parse(Buffer.from(body ?? []).toString("utf8")) as JsonValue;
  } catch (cause) {
    throw new DeliveryError(400, "invalid_request", "The body is not JSON.", { cause });
  }
}

const notAllowed = (method: string, allow: string): DeliveryError =>
  new DeliveryError(405, "invalid_request", `${method} is not allowed here; allowed: ${allow}.`, { allow });

function json(
  status: number,
  body: JsonObject,
  headers: EventResponse["headers"] = {},
): Pick<EventResponse, "status" | "headers" | "body"> {
  return {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
    body: JSON.stringify(body),
  };
}

function answerError(error: unknown): Omit<EventResponse, "operation"> {
  if (error instanceof DeliveryError) {
    return json(
      error.status,
      { err: error.code, description: error.message },
      {
        "content-language": "en",
        ...(error.status === 401 && { "www-authenticate": "Bearer" }),
        ...(error.allow !== undefined && { allow: error.allow }),
      },
    );
  }
  // RFC 8935 has no codes for a transmitter that is busy or broken.
  const headers = { "cache-control": "no-store", "retry-after": RETRY_AFTER };
  if (error instanceof BusyError) return { status: 503, headers, body: undefined };
  return { status: 500, headers, body: undefined, failure: error };
}
