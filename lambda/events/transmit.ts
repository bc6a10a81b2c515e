import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { LookupFunction } from "node:net";
import { isPublicAddress } from "./addresses.ts";
import type { JsonValue } from "../model.ts";
import { isObject, own } from "../scim/values/json.ts";

/** A receiver's answer to a SET. */
export interface Answer {
  readonly status: number;
  /** Seconds after which the receiver wants to be asked again. */
  readonly retryAfter: number | undefined;
  /** The code of the error in a 400 (RFC 8935 §2.3). */
  readonly err: string | undefined;
}

export interface Target {
  /** https */
  readonly url: string;
  /** The whole value of the header. */
  readonly authorization?: string;
}

/** There was no answer, or the address may not be asked. */
export class TransmitError extends Error {
  override readonly name = "TransmitError";
}

/** Milliseconds for the whole exchange. */
const TIMEOUT = 10_000;
/** Bytes of an answer that are read. */
const LARGEST_ANSWER = 64_000;

/** Loaded with the first SET: the other functions of the bundle do not need it, and it costs milliseconds of each start. */
const builtin = process.getBuiltinModule.bind(process);

/** Resolves names to public addresses only: a name must not lead into the network of the function. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  builtin("node:dns").lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, "", 0);
    const [first] = addresses;
    if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address)))
      return callback(new TransmitError(`${hostname} does not resolve to public addresses`), "", 0);
    if (options.all === true) return callback(null, addresses);
    callback(null, first.address, first.family);
  });
};

/**
 * Sends a SET to a receiver (RFC 8935 §2.1), once, without following redirects. @throws TransmitError if there is no answer
 * within 10 seconds
 */
export async function transmit({ url, authorization }: Target, set: string): Promise<Answer> {
  const { protocol, hostname } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, "");
  if (protocol !== "https:") throw new TransmitError("the address of a receiver must begin with https://");
  if (builtin("node:net").isIP(host) !== 0 && !isPublicAddress(host))
    throw new TransmitError(`${host} is not a public address`);
  const headers = {
    "content-type": "application/secevent+jwt",
    "content-length": String(Buffer.byteLength(set)),
    accept: "application/json",
    ...(authorization !== undefined && { authorization }),
  };
  return new Promise((done, reject) => {
    const fail = (cause: Error): void =>
      reject(cause instanceof TransmitError ? cause : new TransmitError("the connection failed", { cause }));
    const sent = builtin("node:https").request(url, { method: "POST", headers, lookup: publicLookup, agent: false });
    const timer = setTimeout(() => sent.destroy(new TransmitError(`no answer in ${TIMEOUT} ms`)), TIMEOUT);
    sent.once("close", () => clearTimeout(timer));
    sent.on("error", fail);
    sent.once("response", (response) => {
      bodyOf(response).then((body) => {
        done(answerOf(response.statusCode ?? 0, response.headers, body));
        sent.destroy();
      }, fail);
    });
    sent.end(set);
  });
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_ANSWER) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The parts of an answer that count. */
export const answerOf = (status: number, headers: IncomingHttpHeaders, body: string): Answer => ({
  status,
  retryAfter: secondsUntil(headers["retry-after"]),
  err: status === 400 ? errIn(body) : undefined,
});

/** Seconds, from seconds or a date (RFC 9110 §10.2.3). */
function secondsUntil(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header);
  const time = Date.parse(header);
  return Number.isNaN(time) ? undefined : Math.max(0, Math.ceil((time - Date.now()) / 1_000));
}

function errIn(body: string): string | undefined {
  try {
    const value = JSON.parse(body) as JsonValue;
    const err = isObject(value) ? own(value, "err") : undefined;
    return typeof err === "string" ? err.slice(0, 100) : undefined;
  } catch {
    return undefined;
  }
}
