import { createServer } from "node:http";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { listen, shut } from "../../support/http.ts";
import { ApiError, refused } from "../org/errors.ts";
import { newId } from "../org/ids.ts";
import { createRateLimiter, type RateLimit } from "./rateLimit.ts";

export interface Call {
  /** Values of the route's `{names}`, decoded, in order. */
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  /** The parsed JSON body; undefined if there is none. */
  readonly body: unknown;
  /** Path with query, as the client sent it. */
  readonly target: string;
  /** Scheme, host and port of this org, for links. */
  readonly origin: string;
  /** Cursors that were returned to clients: cursor → id of the item that followed it. */
  readonly cursors: Map<string, string>;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly links?: readonly string[];
}

export interface Route {
  /** For example `GET /api/v1/users/{id}`. The first matching route answers. */
  readonly path: string;
  /** Whether it needs no API token. */
  readonly public?: boolean;
  handle(call: Call): Reply | Promise<Reply>;
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const noContent: Reply = { status: 204 };

export interface ManagementServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly apiToken: string;
  /** Port on loopback; 0 means any free port. */
  readonly port: number;
  readonly rateLimit: RateLimit;
}

interface Env {
  Bindings: HttpBindings;
}

const MOST_BYTES = 5_000_000;
const MOST_CURSORS = 10_000;

/** Serves Okta's Management API on loopback: API token (SSWS), Okta's error bodies, rate limits, Link headers. */
export async function serveManagementApi(
  routes: readonly Route[],
  { apiToken, port, rateLimit }: ServerOptions,
): Promise<ManagementServer> {
  const app = new Hono<Env>();
  let origin = "";
  const cursors = new Map<string, string>();
  const allow = createRateLimiter(rateLimit);
  const open = new Set(routes.filter((route) => route.public === true).map(({ path }) => path));

  app.onError((error, context) => {
    const reply = failure(error);
    // The rest of a body that is too large is never read, so the connection cannot serve another request.
    if (reply.status === 413) context.env.outgoing.setHeader("Connection", "close");
    return send(context, reply);
  });
  app.use(async (context, next) => {
    const { allowed, limit, remaining, reset } = allow(context.req.path);
    const { outgoing } = context.env;
    outgoing.setHeader("X-Okta-Request-Id", newId("req"));
    outgoing.setHeader("X-Rate-Limit-Limit", limit);
    outgoing.setHeader("X-Rate-Limit-Remaining", remaining);
    outgoing.setHeader("X-Rate-Limit-Reset", reset);
    outgoing.setHeader("Cache-Control", "no-cache, no-store");
    if (!allowed) throw refused(429, "E0000047", "API call exceeded rate limit due to too many requests.");
    const isOpen = open.has(`${context.req.method} ${context.req.path}`);
    if (!isOpen && context.req.header("authorization") !== `SSWS ${apiToken}`)
      throw refused(401, "E0000011", "Invalid token provided");
    await next();
  });
  const tooLarge = (): never => {
    throw refused(413, "E0000001", `The request body is larger than ${MOST_BYTES} bytes`);
  };
  app.use(bodyLimit({ maxSize: MOST_BYTES, onError: tooLarge }));
  for (const route of routes) {
    const [method = "", path = ""] = route.path.split(" ");
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
    app.on(method, honoPath(path), async (context) => {
      if (cursors.size > MOST_CURSORS) cursors.clear();
      return send(
        context,
        await route.handle({
          params: names.map((name) => context.req.param(name) ?? ""),
          query: new URL(context.req.url).searchParams,
          body: parse(await context.req.text()),
          target: context.env.incoming.url ?? "/",
          origin,
          cursors,
        }),
      );
    });
  }
  for (const path of new Set(routes.map((route) => honoPath(route.path.split(" ")[1] ?? "")))) {
    app.all(path, () => {
      throw refused(405, "E0000022", "The endpoint does not support the provided HTTP method");
    });
  }
  app.notFound((context) =>
    send(context, failure(refused(404, "E0000007", `Not found: Resource not found: ${context.req.path} (Endpoint)`))),
  );

  const answer = getRequestListener(app.fetch);
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  origin = `http://127.0.0.1:${await listen(server, port)}`;
  return { url: origin, close: () => shut(server) };
}

const honoPath = (path: string): string => path.replace(/\{(\w+)\}/g, ":$1");

function failure(error: unknown): Reply {
  if (error instanceof ApiError) return { status: error.status, body: error.body() };
  const summary = error instanceof Error ? error.message : String(error);
  return { status: 500, body: refused(500, "E0000009", `Internal Server Error: ${summary}`).body() };
}

function parse(text: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (cause) {
    throw refused(400, "E0000003", "The request body was not well-formed.", { cause });
  }
}

function send({ env }: Context<Env>, { status, body, contentType = "application/json", links }: Reply): Response {
  // Okta sends one Link header for each relation, and its Go client reads them one by one. A `Response` would join
  // them.
  if (links !== undefined) env.outgoing.setHeader("Link", [...links]);
  if (body === undefined) return new Response(null, { status });
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return new Response(text, { status, headers: { "Content-Type": contentType } });
}
