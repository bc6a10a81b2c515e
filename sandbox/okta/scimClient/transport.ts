import { setTimeout as pause } from "node:timers/promises";
import type { AppKind, Exchange } from "../org/model.ts";
import { ScimFailure, describeFailure } from "./failure.ts";
import { closeAgents, createAgents, sendRequest, type RawAnswer } from "./request.ts";
import { messageOf } from "../../support/errors.ts";

/** "60 seconds if Okta doesn't receive anything from the socket" (Okta's SCIM FAQ). */
export const OKTA_TIMEOUT_MS = 60_000;
/** The number of Okta's retries is not on record [?]. Here the task fails after this many. */
const MOST_RETRIES = 20;

export interface Connection {
  readonly appId: string;
  readonly kind: AppKind;
  readonly baseUrl: string;
  readonly token: string;
}

export interface ScimAnswer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Sends one SCIM request. Okta retries after a 429 with `Retry-After` (support.okta.com). Whether it retries after a
 * 429 without that header, a 5xx, a timeout or a cut connection is not on record [?]: here the task fails and waits for
 * an administrator. A 404 is returned, because a lookup takes it as "none".
 * @throws ScimFailure
 */
export type Send = (connection: Connection, method: string, path: string, body?: unknown) => Promise<ScimAnswer>;

export interface Transport {
  readonly send: Send;
  /** While it is false, no request gets through. */
  network: boolean;
  close(): void;
}

export interface TransportOptions {
  readonly onExchange: (exchange: Exchange) => void;
  readonly timeoutMs: number;
}

/** For an AIW app, Okta itself adds `Bearer`. The catalogue's header-auth app sends the value exactly as entered. */
const authorization = ({ kind, token }: Connection): string => (kind === "aiw" ? `Bearer ${token}` : token);

/** The headers of "Okta SCIM Client 1.0.0"; a GET has no content type. */
function headersOf(connection: Connection, hasBody: boolean): Record<string, string> {
  return {
    Accept: "application/scim+json",
    "Accept-Charset": "utf-8",
    "Accept-Encoding": "gzip,deflate",
    Authorization: authorization(connection),
    ...(hasBody ? { "Content-Type": "application/scim+json; charset=utf-8" } : {}),
    "User-Agent": "Okta SCIM Client 1.0.0",
  };
}

export function createTransport({ onExchange, timeoutMs }: TransportOptions): Transport {
  const stop = new AbortController();
  const agents = createAgents();
  let network = true;
  let count = 0;

  const recorded = async (connection: Connection, method: string, path: string, body: unknown): Promise<RawAnswer> => {
    const url = new URL(`${connection.baseUrl.replace(/\/+$/, "")}${path}`);
    const headers = headersOf(connection, body !== undefined);
    const started = performance.now();
    const about = {
      at: new Date().toISOString(),
      appId: connection.appId,
      method,
      url: url.href,
      requestHeaders: { ...headers, Authorization: "[secret]" },
      ...(body === undefined ? {} : { requestBody: withoutPassword(body) }),
    };
    const record = (answer: Pick<Exchange, "status" | "responseHeaders" | "responseBody">): void => {
      count += 1;
      onExchange({ id: count, ...about, ...answer, ms: Math.round(performance.now() - started) });
    };
    try {
      if (!network) throw new Error(`Connection to ${url.host} failed: the network is unreachable`);
      const text = body === undefined ? undefined : JSON.stringify(body);
      const answer = await sendRequest({ method, url, headers, text }, { agents, timeoutMs, signal: stop.signal });
      record({
        status: answer.status,
        responseHeaders: answer.headers,
        ...(answer.text === "" ? {} : { responseBody: parseOr(answer.text, answer.text) }),
      });
      return answer;
    } catch (error) {
      const reason = messageOf(error);
      record({ status: 0, responseHeaders: {}, responseBody: reason });
      throw new ScimFailure(0, reason, { cause: error });
    }
  };

  return {
    send: async (connection, method, path, body) => {
      for (let attempt = 0; ; attempt += 1) {
        const { status, headers, text } = await recorded(connection, method, path, body);
        const wait = status === 429 ? waitMs(headers["retry-after"]) : undefined;
        if (wait !== undefined && attempt < MOST_RETRIES) {
          await pause(wait, undefined, { signal: stop.signal }).catch((cause: unknown) => {
            throw new ScimFailure(status, "The org was shut down", { cause });
          });
          continue;
        }
        if (status >= 400 && status !== 404) throw new ScimFailure(status, describeFailure(status, text));
        return { status, body: text === "" ? undefined : parseOr(text, text) };
      }
    },
    get network() {
      return network;
    },
    set network(up) {
      network = up;
    },
    close: () => {
      stop.abort();
      closeAgents(agents);
    },
  };
}

/** `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3); undefined if there is no usable value. */
function waitMs(retryAfter: string | undefined): number | undefined {
  if (retryAfter === undefined) return undefined;
  const seconds = Number(retryAfter);
  if (retryAfter.trim() !== "" && Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

function parseOr(text: string, fallback: unknown): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return fallback;
  }
}

function withoutPassword(body: unknown): unknown {
  if (typeof body !== "object" || body === null || !("password" in body)) return body;
  return { ...body, password: "[secret]" };
}
