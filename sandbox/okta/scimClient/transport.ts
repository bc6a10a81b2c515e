import { request as httpRequest, Agent } from "node:http";
import { request as httpsRequest, Agent as SecureAgent } from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { gunzip, inflate } from "node:zlib";
import type { AppKind, Exchange } from "../model.ts";
import { ScimFailure, describeFailure } from "./failure.ts";

/** "60 seconds if Okta doesn't receive anything from the socket" (Okta's SCIM FAQ). */
const TIMEOUT_MS = 60_000;
const MOST_THROTTLED = 20;
const MOST_UNAVAILABLE = 4;
const DEFAULT_WAIT_MS = 200;

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

/** Sends one SCIM request; waits out 429 and 503. Any status that is not among them is handed back. */
export type Send = (connection: Connection, method: string, path: string, body?: unknown) => Promise<ScimAnswer>;

export interface Transport {
  readonly send: Send;
  close(): void;
}

interface RawAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
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

export function createTransport(onExchange: (exchange: Exchange) => void): Transport {
  const stop = new AbortController();
  const agents = { plain: new Agent({ keepAlive: true }), secure: new SecureAgent({ keepAlive: true }) };

  const once = (connection: Connection, method: string, url: URL, text: string | undefined): Promise<RawAnswer> =>
    new Promise((resolve, reject) => {
      const secure = url.protocol === "https:";
      const headers: Record<string, string> = headersOf(connection, text !== undefined);
      if (text !== undefined) headers["Content-Length"] = String(Buffer.byteLength(text));
      const options = { method, headers, timeout: TIMEOUT_MS, signal: stop.signal };
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
          const retryAfter = response.headers["retry-after"];
          unpack(Buffer.concat(chunks), response.headers["content-encoding"]).then(
            (body) => resolve({ status: response.statusCode ?? 0, retryAfter, text: body.toString("utf8") }),
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
    const ms = (): number => Math.round(performance.now() - started);
    try {
      const answer = await once(connection, method, url, body === undefined ? undefined : JSON.stringify(body));
      const { status, text } = answer;
      onExchange({ ...about, status, ...(text === "" ? {} : { responseBody: parseOr(text, text) }), ms: ms() });
      return answer;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      onExchange({ ...about, status: 0, responseBody: reason, ms: ms() });
      throw new ScimFailure(0, reason);
    }
  };

  return {
    send: async (connection, method, path, body) => {
      for (let attempt = 0; ; attempt += 1) {
        const { status, retryAfter, text } = await recorded(connection, method, path, body);
        const most = status === 429 ? MOST_THROTTLED : status === 503 ? MOST_UNAVAILABLE : 0;
        if (attempt < most) {
          await pause(waitMs(retryAfter, attempt), undefined, { signal: stop.signal });
          continue;
        }
        if (status >= 400 && status !== 404) throw new ScimFailure(status, describeFailure(status, text));
        return { status, body: text === "" ? undefined : parseOr(text, text) };
      }
    },
    close: () => {
      stop.abort();
      agents.plain.destroy();
      agents.secure.destroy();
    },
  };
}

/** `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3); doubling pauses where the server names none. */
function waitMs(retryAfter: string | undefined, attempt: number): number {
  if (retryAfter === undefined) return DEFAULT_WAIT_MS * 2 ** Math.min(attempt, 6);
  const seconds = Number(retryAfter);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? DEFAULT_WAIT_MS : Math.max(0, date - Date.now());
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
