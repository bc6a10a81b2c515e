import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { ApiError, refused } from "../org/errors.ts";
import { newId } from "../org/ids.ts";
import { createRateLimiter, type Allowance, type RateLimit } from "./rateLimit.ts";

export interface Call {
  readonly method: string;
  /** Values of the route's `{names}`, decoded, in order. */
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  /** The parsed JSON body; undefined without one. */
  readonly body: unknown;
  /** Path with query, as it came. */
  readonly target: string;
  /** Scheme, host and port of this org, for links. */
  readonly origin: string;
  /** What followed the cursors that were handed out: cursor → id of the next item. */
  readonly cursors: Map<string, string>;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly links?: readonly string[];
}

export interface Route {
  /** For example `GET /api/v1/users/{id}`. Routes are tried in order. */
  readonly path: string;
  readonly public?: boolean;
  handle(call: Call): Reply | Promise<Reply>;
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const noContent: Reply = { status: 204 };

export interface ManagementServer {
  readonly url: string;
  close(): Promise<void>;
}

interface CompiledRoute extends Route {
  readonly method: string;
  readonly pattern: RegExp;
}

const compileRoute = (route: Route): CompiledRoute => {
  const [method = "", path = ""] = route.path.split(" ");
  const pattern = path.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, "([^/]+)");
  return { ...route, method, pattern: new RegExp(`^${pattern}$`), handle: (call) => route.handle(call) };
};

const MOST_BYTES = 5_000_000;
const MOST_CURSORS = 10_000;

export interface ServerOptions {
  readonly apiToken: string;
  /** Port on loopback; 0 means any free one. */
  readonly port: number;
  readonly rateLimit: RateLimit;
}

/** Serves Okta's Management API on loopback: API token (SSWS), Okta's error bodies, rate limits, Link headers. */
export async function serveManagementApi(
  routes: readonly Route[],
  { apiToken, port, rateLimit }: ServerOptions,
): Promise<ManagementServer> {
  const compiled = routes.map(compileRoute);
  const allow = createRateLimiter(rateLimit);
  const cursors = new Map<string, string>();
  let origin = "";
  const server = createServer((request, response) => {
    const allowance = allow(new URL(request.url ?? "/", "http://org").pathname);
    if (cursors.size > MOST_CURSORS) cursors.clear();
    answer(compiled, { apiToken, origin, allowance, cursors }, request)
      .catch((error: unknown): Reply => {
        if (error instanceof ApiError) return { status: error.status, body: error.body() };
        const summary = error instanceof Error ? error.message : String(error);
        return { status: 500, body: refused(500, "E0000009", `Internal Server Error: ${summary}`).body() };
      })
      .then(
        (reply) => send(response, reply, allowance),
        (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
      );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the org's server has no address");
  origin = `http://127.0.0.1:${address.port}`;
  return {
    url: origin,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Context {
  readonly apiToken: string;
  readonly origin: string;
  readonly allowance: Allowance;
  readonly cursors: Map<string, string>;
}

async function answer(
  routes: readonly CompiledRoute[],
  { apiToken, origin, allowance, cursors }: Context,
  request: IncomingMessage,
): Promise<Reply> {
  const target = request.url ?? "/";
  const url = new URL(target, origin);
  const method = request.method ?? "GET";
  const text = await readBody(request);
  if (!allowance.allowed) {
    throw refused(429, "E0000047", "API call exceeded rate limit due to too many requests.");
  }
  const matching = routes.filter(({ pattern }) => pattern.test(url.pathname));
  const route = matching.find((candidate) => candidate.method === method);
  if (route?.public !== true && request.headers.authorization !== `SSWS ${apiToken}`) {
    throw refused(401, "E0000011", "Invalid token provided");
  }
  if (route === undefined) {
    if (matching.length > 0) throw refused(405, "E0000022", "The endpoint does not support the provided HTTP method");
    throw refused(404, "E0000007", `Not found: Resource not found: ${url.pathname} (Endpoint)`);
  }
  const params = (route.pattern.exec(url.pathname) ?? []).slice(1).map((value) => decodeURIComponent(value));
  return route.handle({ method, params, query: url.searchParams, body: parse(text), target, origin, cursors });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > MOST_BYTES) throw refused(413, "E0000001", "The request body is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parse(text: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw refused(400, "E0000003", "The request body was not well-formed.");
  }
}

function send(response: ServerResponse, reply: Reply, { limit, remaining, reset }: Allowance): void {
  response.statusCode = reply.status;
  response.setHeader("X-Okta-Request-Id", newId("req"));
  response.setHeader("X-Rate-Limit-Limit", limit);
  response.setHeader("X-Rate-Limit-Remaining", remaining);
  response.setHeader("X-Rate-Limit-Reset", reset);
  response.setHeader("Cache-Control", "no-cache, no-store");
  if (reply.links !== undefined) response.setHeader("Link", [...reply.links]);
  if (reply.body === undefined) {
    response.end();
    return;
  }
  response.setHeader("Content-Type", reply.contentType ?? "application/json");
  response.end(typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body));
}
