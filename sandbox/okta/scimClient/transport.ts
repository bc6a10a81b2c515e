import { request as httpRequest, Agent } from "node:http";
import { request as httpsRequest, Agent as SecureAgent } from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { gunzip, inflate } from "node:zlib";
import type { AppKind, Exchange } from "../org/model.ts";
import { ScimFailure, describeFailure } from "./failure.ts";

/** "60 seconds if Okta doesn't receive anything from the socket" (Okta's SCIM FAQ). */
export const OKTA_TIMEOUT_MS = 60_000;
/** How often Okta tries again is not on record [?]; this many times, then the task fails. */
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
 * Sends one SCIM request. Okta tries again after a 429 that names `Retry-After` (support.okta.com). That it does so
 * after a 429 without one, a 5xx, a timeout or a cut connection is not on record [?]: the task fails and waits for an
 * administrator. A 404 is handed back, since a lookup takes it for "none".
 * @throws ScimFailure
 */
export type Send = (connection: Connection, method: string, path: string, body?: unknown) => Promise<ScimAnswer>;

export interface Transport {
  readonly send: Send;
  /** False: no request gets through any more, until it is true again. */
  network: boolean;
  close(): void;
}

export interface TransportOptions {
  readonly onExchange: (exchange: Exchange) => void;
  readonly timeoutMs: number;
}

interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** An AIW app puts `Bearer` in front itself; the catalogue's header-auth app sends what was typed, as it was typed. */
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
  let network = true;
  let count = 0;
  const agents = { plain: new Agent({ keepAlive: true }), secure: new SecureAgent({ keepAlive: true }) };

  const once = (connection: Connection, method: string, url: URL, text: string | undefined): Promise<RawAnswer> =>
    new Promise((resolve, reject) => {
      if (!network) {
        reject(new Error(`Connection to ${url.host} failed: the network is unreachable`));
        return;
      }
      const secure = url.protocol === "https:";
      const headers: Record<string, string> = headersOf(connection, text !== undefined);
      if (text !== undefined) headers["Content-Length"] = String(Buffer.byteLength(text));
      const options = { method, headers, timeout: timeoutMs, signal: stop.signal };
      const request = secure
        ? httpsRequest(url, { ...options, agent: agents.secure })
        : httpRequest(url, { ...options, agent: agents.plain });
      request.on("error", reject);
      request.on("timeout", () => request.destroy(new Error("Read timed out")));
      request.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const headers = Object.fromEntries(
            Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
          );
          unpack(Buffer.concat(chunks), response.headers["content-encoding"]).then(
            (body) => resolve({ status: response.statusCode ?? 0, headers, text: body.toString("utf8") }),
            reject,
          );
        });
      });
      request.end(text);
    });

  const recorded = async (connection: Connection, method: string, path: string, body: unknown): Promise<RawAnswer> => {
    const url = new URL(`${connection.baseUrl.replace(/\/+$/, "")}${path}`);
    const started = performance.now();
    const about = {
      at: new Date().toISOString(),
      appId: connection.appId,
      method,
      url: url.href,
      requestHeaders: { ...headersOf(connection, body !== undefined), Authorization: "[secret]" },
      ...(body === undefined ? {} : { requestBody: withoutPassword(body) }),
    };
    const record = (answer: Pick<Exchange, "status" | "responseHeaders" | "responseBody">): void => {
      count += 1;
      onExchange({ id: count, ...about, ...answer, ms: Math.round(performance.now() - started) });
    };
    try {
      const answer = await once(connection, method, url, body === undefined ? undefined : JSON.stringify(body));
      const { status, headers, text } = answer;
      record({ status, responseHeaders: headers, ...(text === "" ? {} : { responseBody: parseOr(text, text) }) });
      return answer;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      record({ status: 0, responseHeaders: {}, responseBody: reason });
      throw new ScimFailure(0, reason);
    }
  };

  return {
    send: async (connection, method, path, body) => {
      for (let attempt = 0; ; attempt += 1) {
        const { status, headers, text } = await recorded(connection, method, path, body);
        const wait = status === 429 ? waitMs(headers["retry-after"]) : undefined;
        if (wait !== undefined && attempt < MOST_RETRIES) {
          await pause(wait, undefined, { signal: stop.signal }).catch(() => {
            throw new ScimFailure(status, "The org was shut down");
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
      agents.plain.destroy();
      agents.secure.destroy();
    },
  };
}

/** `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3); undefined where there is none to honour. */
function waitMs(retryAfter: string | undefined): number | undefined {
  if (retryAfter === undefined) return undefined;
  const seconds = Number(retryAfter);
  if (retryAfter.trim() !== "" && Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

async function unpack(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (encoding === "gzip") return promisify(gunzip)(body);
  return encoding === "deflate" ? promisify(inflate)(body) : body;
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
