import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { stream } from "hono/streaming";
import { ROOT } from "../../operations/live/stackFile.ts";
import { ApiError } from "../okta/org/errors.ts";
import { messageOf } from "../support/errors.ts";
import { listen, shut } from "../support/http.ts";
import type { Tenant } from "../tenant/tenant.ts";
import { BadRequest, type FieldProblem } from "./badRequest.ts";
import { controlRoutes, isControl } from "./control.ts";
import { FailedDeployment, createDeployments } from "./deployments.ts";
import { createDirectory, type DirectoryAccess } from "./directory/directory.ts";
import { DirectoryFailure } from "./directory/scimReader.ts";
import { createDriftReader } from "./driftReader.ts";
import { createLive } from "./live.ts";
import { refusal } from "./origin.ts";
import { routes, type Parts } from "./routes.ts";
import { createStackFileReader } from "./stackFile.ts";
import { createTimeline, type Timeline } from "./timeline.ts";

export interface ConsoleOptions {
  /** Port on loopback. Default: 0, which means any free port. */
  readonly port?: number;
  /** Lets other processes of this user act by the secret (`npm run up`). Without it, none can. */
  readonly controlSecret?: string;
  /** The options of `npm start`, quoted for a shell, without the page's port. */
  readonly startOptions?: readonly string[];
  /** Starts the tenant again from the beginning. Without it, the page cannot do so. */
  readonly onReset?: () => void;
  /** Rejects with the reason if the tenant could not start again. */
  readonly checkReset?: () => Promise<void>;
}

export interface ConsolePage {
  readonly url: string;
  close(): Promise<void>;
}

interface Env {
  Bindings: HttpBindings;
}

const MOST_BYTES = 100_000;
const PAGE = fileURLToPath(new URL("page", import.meta.url));

const SECURITY = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};

/**
 * Serves the page that shows the tenant and acts on it. The server binds to loopback and answers only requests for its
 * own address and origin. It keeps only the last deployment: every other answer is read from the org, the service and
 * the stack at that moment.
 * @throws the system's error, such as EADDRINUSE
 */
export async function startConsole(tenant: Tenant, options: ConsoleOptions = {}): Promise<ConsolePage> {
  const { controlSecret, startOptions = [] } = options;
  let port = 0;
  const live = createLive(() => ({ running: parts.deployments.running, shown: parts.deployments.shown }));
  const timeline = createTimeline(tenant);
  const deployments = createDeployments(tenant, () => told(parts, live));
  const parts: Parts = {
    ...{ tenant, timeline, deployments },
    directory: createDirectory(() => accessOf(parts)),
    instance: randomUUID(),
    startOptions,
    drift: createDriftReader(tenant, deployments),
    stackFile: createStackFileReader(ROOT, tenant, deployments, live.changed),
  };
  const stops = [
    ...[timeline, parts.drift, parts.stackFile].map((part) => () => part.close()),
    tenant.org.onExchange(live.changed),
    tenant.org.onLogEvent(live.changed),
    tenant.cloud.onServed(parts.directory.heard),
  ];

  const app = new Hono<Env>();
  app.onError((error, { env }) => failure(error, env));
  app.notFound(() => Response.json({ error: "Nothing has this address." }, { status: 404 }));
  app.use(async (context, next) => {
    const { incoming, outgoing } = context.env;
    for (const [name, value] of Object.entries(SECURITY)) outgoing.setHeader(name, value);
    const refused = refusal(incoming, port, isControl(context.req.path));
    if (refused !== undefined) throw new BadRequest(403, refused);
    await next();
  });
  const tooLarge = (): never => {
    throw new BadRequest(413, `An action has at most ${MOST_BYTES} bytes.`);
  };
  app.use(bodyLimit({ maxSize: MOST_BYTES, onError: tooLarge }));
  if (controlSecret !== undefined) app.route("/control", controlRoutes(parts, controlSecret));
  app.get("/api/events", live.open);
  app.post("/api/reset", async ({ env }) => {
    const answer = await reset(env, parts, options);
    await live.startingAgain();
    return answer;
  });
  app.get("/api/exchanges.json", (context) => exported(context, timeline));
  for (const [route, handle] of Object.entries(routes)) {
    const [method = "", path = ""] = route.split(" ");
    app.on(method, path, async (context) => {
      const input: unknown = method === "GET" ? context.req.query() : parse(await context.req.text());
      const gone = new AbortController();
      context.env.outgoing.on("close", () => gone.abort());
      const answer = await handle(parts, input, gone.signal);
      if (method === "POST") live.changed();
      return Response.json(answer);
    });
  }
  app.get("/", serveStatic({ root: PAGE, path: "index.html" }));
  app.get("/:file{[a-zA-Z]+\\.(?:css|js)}", serveStatic({ root: PAGE }));

  const answer = getRequestListener(app.fetch);
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  port = await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      for (const stop of stops) stop();
      live.close();
      await shut(server);
    },
  };
}

const accessOf = ({ tenant, deployments }: Parts): DirectoryAccess => ({
  baseUrl: String(tenant.outputs["scimBaseUrl"]),
  token: String(tenant.outputs["scimToken"]),
  deployment: tenant.config,
  isHeard: deployments.isManaged(),
});

/** A deployment began, went on or ended. */
function told({ deployments, drift }: Parts, live: ReturnType<typeof createLive>): void {
  if (!deployments.running) drift.changed();
  live.deploymentChanged();
  live.changed();
}

async function reset(
  { outgoing }: HttpBindings,
  { deployments }: Parts,
  { onReset, checkReset }: ConsoleOptions,
): Promise<Response> {
  if (onReset === undefined) throw new BadRequest(409, "This tenant cannot start again by itself.");
  await checkReset?.().catch((cause: unknown) => {
    throw new BadRequest(409, `The tenant goes on, because it could not start again. ${messageOf(cause)}`, { cause });
  });
  if (deployments.running)
    throw new BadRequest(409, "A deployment is running. Wait until it has ended, then start again.");
  // The page gets its answer before the server closes.
  outgoing.on("close", onReset);
  return Response.json({ message: "The tenant starts again from the beginning" });
}

function exported(context: Context, timeline: Timeline): Response {
  context.header("content-type", "application/json; charset=utf-8");
  return stream(context, async (body) => {
    for (const part of arrayParts(timeline.all())) await body.write(part);
  });
}

/** A JSON array, one item at a time, because all bodies of thousands of exchanges do not fit in one string. */
function* arrayParts(items: Iterable<unknown>): Iterable<string> {
  let before = "[\n";
  for (const item of items) {
    yield before + JSON.stringify(item);
    before = ",\n";
  }
  yield before === ",\n" ? "\n]\n" : "[]\n";
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (cause) {
    throw new BadRequest(400, "The body is not JSON.", { cause });
  }
}

/**
 * `isDeployment` says that the page shows the message in its panel of deployments. `problems` are the same message for
 * each field, which a dialog says with the names of its fields.
 */
function failure(error: Error, { outgoing }: HttpBindings): Response {
  const [status, message] = explain(error);
  // The rest of a body that is too large is never read, so the connection cannot serve another request.
  if (status === 413) outgoing.setHeader("Connection", "close");
  const more = error instanceof FailedDeployment ? { isDeployment: true } : {};
  return Response.json({ error: message, problems: problemsOf(error), ...more }, { status });
}

/** Okta's words for a cause that do not say what is allowed. Only an email address has a pattern. */
const IN_WORDS: Readonly<Record<string, string>> = {
  "Does not match required pattern": "The value must be an email address, such as name@example.com",
};

/** Okta's field of a group rule → the page's. */
const RULE_FIELDS: Readonly<Record<string, string>> = { "conditions.expression": "expression", groupIds: "group" };

/** Okta names the field before the colon of a cause, or in the summary. */
function problemsOf(error: unknown): readonly FieldProblem[] {
  if (error instanceof BadRequest) return error.problems;
  if (!(error instanceof ApiError)) return [];
  const [, whole = ""] = /^Api validation failed: (\S+)$/.exec(error.message) ?? [];
  return error.causes.map((cause) => {
    const [, own, text = cause] = /^([a-zA-Z]\w*): (.+)$/s.exec(cause) ?? [];
    const field = RULE_FIELDS[own ?? whole] ?? own ?? "";
    return { field, text: IN_WORDS[text] ?? text };
  });
}

/** The reader of the page sees the words of Okta, of the service or of the engine as they are. */
function explain(error: unknown): readonly [status: number, message: string] {
  if (error instanceof BadRequest) return [error.status, error.message];
  if (error instanceof ApiError) return [error.status, [error.message, ...error.causes].join(". ")];
  if (error instanceof DirectoryFailure) return [502, error.message];
  return [409, messageOf(error)];
}
