import { request as send, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { createSecureContext } from "node:tls";
import { listen, readBody, shut } from "../../support/http.ts";
import { createAuthority, type Authority } from "./certificates.ts";

/** A request that a function sent to a public host. */
export interface Delivery {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly host: string;
  readonly path: string;
  readonly method: string;
  readonly contentType: string;
  readonly body: string;
  /** The status of the answer; undefined if the connection ended without one. */
  readonly status: number | undefined;
}

/** How a process of a function reaches it. */
export interface InternetAccess {
  readonly port: number;
  /** PEM of the authority to trust. */
  readonly authority: string;
}

/** The public hosts that functions send https requests to. */
export interface Internet {
  /** Undefined before `open`. */
  readonly access: InternetAccess | undefined;
  open(): Promise<void>;
  /** Leads a host to a server of this machine. Without a target the host answers by itself again. */
  route(host: string, target: string | undefined): void;
  /** The last requests, the oldest first. */
  deliveries(): readonly Delivery[];
  close(): Promise<void>;
}

const LIMIT = 1024 * 1024;
const MOST_DELIVERIES = 1_000;

interface State {
  readonly routes: Map<string, URL>;
  readonly deliveries: Delivery[];
}

/**
 * The internet as functions meet it: every public name leads here, with a certificate that they trust. A host has a
 * route to a server of this machine, or it is a receiver that accepts events (RFC 8935) and nothing else.
 */
export function createInternet(routes: ReadonlyMap<string, string> = new Map()): Internet {
  const state: State = { routes: new Map(), deliveries: [] };
  let server: Server | undefined;
  let access: InternetAccess | undefined;
  let opening: Promise<void> | undefined;
  const start = async (): Promise<void> => {
    const authority = createAuthority();
    server = serve(state, authority);
    access = { port: await listen(server, 0), authority: authority.cert };
  };
  const internet: Internet = {
    get access() {
      return access;
    },
    open: () => (opening ??= start()),
    route(host, target) {
      if (target === undefined) state.routes.delete(host);
      else state.routes.set(host, new URL(target));
    },
    deliveries: () => state.deliveries,
    async close() {
      await opening?.catch(() => undefined);
      if (server !== undefined) await shut(server);
    },
  };
  for (const [host, target] of routes) internet.route(host, target);
  return internet;
}

function serve(state: State, authority: Authority): Server {
  const options = {
    ...authority.certificateOf("unnamed.example"),
    SNICallback: (
      host: string,
      done: (error: Error | null, context?: ReturnType<typeof createSecureContext>) => void,
    ) => done(null, createSecureContext(authority.certificateOf(host))),
  };
  return createServer(options, (request, response) => {
    answer(state, request, response).catch(() => response.destroy());
  });
}

async function answer(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { headers, url: path = "/", method = "GET" } = request;
  const host = (headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
  const contentType = headers["content-type"] ?? "";
  const body = (await readBody(request, LIMIT)) ?? Buffer.alloc(0);
  const target = state.routes.get(host);
  const keep = (status: number | undefined): void => {
    state.deliveries.push({ at: Date.now(), host, path, method, contentType, body: body.toString("utf8"), status });
    if (state.deliveries.length > MOST_DELIVERIES) state.deliveries.shift();
  };
  if (target === undefined) {
    const status = method === "POST" && contentType === "application/secevent+jwt" ? 202 : 404;
    response.writeHead(status).end();
    return keep(status);
  }
  try {
    keep(await forward(target, request, body, response));
  } catch {
    // No server listens at the target: the host is not there.
    keep(undefined);
    response.destroy();
  }
}

/** @returns the status of the target's answer */
function forward(
  target: URL,
  { url = "/", method, headers }: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = send(
      new URL(url, target),
      { method, headers: { ...headers, "content-length": body.length } },
      (incoming) => {
        const { statusCode = 502 } = incoming;
        response.writeHead(statusCode, incoming.headers);
        incoming.on("error", reject).pipe(response);
        resolve(statusCode);
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
