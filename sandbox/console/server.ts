import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { listen, readBody, shut } from "../support/http.ts";
import { ApiError } from "../okta/org/errors.ts";
import type { Tenant } from "../tenant/tenant.ts";
import { createDeployments } from "./deployments.ts";
import { createDirectory } from "./directory.ts";
import { createLive } from "./live.ts";
import { refusal } from "./origin.ts";
import { BadRequest, routes, type Parts } from "./routes.ts";
import { DirectoryFailure } from "./scimReader.ts";
import { createTimeline } from "./timeline.ts";

export interface ConsolePage {
  readonly url: string;
  close(): Promise<void>;
}

const MOST_BYTES = 100_000;
const files: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/": ["index.html", "text/html"],
  "/style.css": ["style.css", "text/css"],
  "/parts.css": ["parts.css", "text/css"],
  ...Object.fromEntries(
    ["app", "article", "directory", "dom", "exchanges", "list", "org", "person", "group", "server", "stack"].map(
      (name) => [`/${name}.js`, [`${name}.js`, "text/javascript"] as const],
    ),
  ),
};

const SECURITY = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};

/**
 * Serves the page that shows the tenant and lets one act on it. It binds to loopback, answers its own address and
 * origin only, and holds nothing: every answer is read from the org, the service and the stack at that moment.
 */
export async function startConsole(tenant: Tenant): Promise<ConsolePage> {
  let port = 0;
  const live = createLive();
  const timeline = createTimeline(tenant);
  const parts: Parts = {
    tenant,
    timeline,
    directory: createDirectory(() => ({
      baseUrl: String(tenant.outputs["scimBaseUrl"]),
      token: String(tenant.outputs["scimToken"]),
    })),
    deployments: createDeployments(tenant, live.changed),
  };
  const stops = [timeline.close, tenant.org.onExchange(live.changed), tenant.org.onLogEvent(live.changed)];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = refusal(request, port);
    if (refused !== undefined) throw new BadRequest(403, refused);
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://page");
    const { method = "GET" } = request;
    const file = files[pathname];
    if (file !== undefined && method === "GET") {
      const text = await readFile(new URL(`page/${file[0]}`, import.meta.url), "utf8");
      return send(response, 200, file[1], text);
    }
    if (pathname === "/api/events" && method === "GET") return live.open(response);
    if (pathname === "/api/exchanges.json" && method === "GET") return sendAll(response, timeline.all());
    const handler = Object.hasOwn(routes, `${method} ${pathname}`) ? routes[`${method} ${pathname}`] : undefined;
    if (handler === undefined) throw new BadRequest(404, "There is nothing here.");
    const input = method === "GET" ? Object.fromEntries(searchParams) : await readJson(request);
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const answer = await handler(parts, input, gone.signal);
    if (method === "POST") live.changed();
    send(response, 200, "application/json", JSON.stringify(answer));
  }

  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(SECURITY)) response.setHeader(name, value);
    serve(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return response.destroy();
      const [status, message] = explain(error);
      send(response, status, "application/json", JSON.stringify({ error: message }));
    });
  });
  port = await listen(server, 0);
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      for (const stop of stops) stop();
      live.close();
      await shut(server);
    },
  };
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { "content-type": `${type}; charset=utf-8` });
  response.end(body);
}

/** An array, one item at a time: all bodies of thousands of exchanges are more than one string holds. */
async function sendAll(response: ServerResponse, items: Iterable<unknown>): Promise<void> {
  function* parts(): Iterable<string> {
    let before = "[\n";
    for (const item of items) {
      yield before + JSON.stringify(item);
      before = ",\n";
    }
    yield before === ",\n" ? "\n]\n" : "[]\n";
  }
  response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
  await pipeline(Readable.from(parts()), response);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const raw = await readBody(request, MOST_BYTES);
  if (raw === undefined) throw new BadRequest(413, `An action has ${MOST_BYTES} bytes at most.`);
  try {
    const value: unknown = JSON.parse(raw.toString("utf8"));
    return value;
  } catch {
    throw new BadRequest(400, "The body is not JSON.");
  }
}

/** Okta's words, the service's, the engine's: whoever reads the page gets them as they are. */
function explain(error: unknown): readonly [status: number, message: string] {
  if (error instanceof BadRequest) return [error.status, error.message];
  if (error instanceof ApiError) return [error.status, [error.message, ...error.causes].join(". ")];
  if (error instanceof DirectoryFailure) return [502, error.message];
  return [409, error instanceof Error ? error.message : String(error)];
}
