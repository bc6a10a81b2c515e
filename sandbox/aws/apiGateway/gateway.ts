import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { listen, readBody, shut } from "../../support/http.ts";
import type { Invocation } from "../lambda/functionPool.ts";
import type { Permissions } from "../lambda/permissions.ts";
import type { Cost } from "../support/meter.ts";
import type { Place } from "../support/place.ts";
import { HttpApi, type Integration } from "./apis.ts";
import { makeEvent, readAnswer, type HttpAnswer } from "./httpEvent.ts";
import { matchRoute } from "./routes.ts";

export interface Gateway {
  /** Address of the first API. */
  readonly url: string;
  readonly apis: ReadonlyMap<string, HttpApi>;
  /** From the host name of a custom domain to the id of the API that it maps to. */
  readonly domains: Map<string, string>;
  /** Creates an API that listens. The first API uses the gateway's port; the others use ports of their own. */
  addApi(declared: { readonly isEndpointDisabled: boolean }): Promise<HttpApi>;
  removeApi(id: string): Promise<void>;
  close(): Promise<void>;
}

export interface GatewayOptions extends Place {
  /** 0 means any free port. */
  readonly port: number;
  readonly permissions: Permissions;
  readonly invoke: (functionName: string, event: unknown) => Promise<Invocation>;
  readonly hasFunction: (functionName: string) => boolean;
  /** Receives the cost of an answered request with the id in its `apigw-requestid`. */
  readonly onCost?: (requestId: string, cost: Cost) => void;
  /** Receives each request that a function has ended, before its client gets the answer. */
  readonly onServed?: (request: ServedRequest) => void;
}

/** A request to an API that a function has ended. */
export interface ServedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The function's answer, also if it came too late for the client; undefined if the function failed. */
  readonly answer: HttpAnswer | undefined;
}

/** Bytes of the largest request body that an HTTP API accepts. */
const BODY_LIMIT = 10 * 1024 * 1024;

const refusals = {
  404: "Not Found",
  413: "Request Entity Too Large",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
} as const;
type Refusal = keyof typeof refusals;

interface Listener {
  readonly server: Server;
  readonly url: string;
  apiId: string | undefined;
}

interface State {
  readonly options: GatewayOptions;
  readonly apis: Map<string, HttpApi>;
  readonly domains: Map<string, string>;
  readonly listeners: Listener[];
}

/** API Gateway's HTTP APIs on loopback. @throws the system's error (EADDRINUSE) if the port is taken */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const state: State = { options, apis: new Map(), domains: new Map(), listeners: [] };
  const first = await open(state, options.port);
  return {
    url: first.url,
    apis: state.apis,
    domains: state.domains,
    async addApi({ isEndpointDisabled }) {
      const listener = first.apiId === undefined ? first : await open(state, 0);
      const id = makeId();
      const executionArn = `arn:aws:execute-api:${options.region}:${options.account}:${id}`;
      const api = new HttpApi({ id, endpoint: listener.url, executionArn, isEndpointDisabled });
      listener.apiId = id;
      state.apis.set(id, api);
      return api;
    },
    async removeApi(id) {
      state.apis.delete(id);
      const listener = state.listeners.find(({ apiId }) => apiId === id);
      if (listener === undefined) return;
      listener.apiId = undefined;
      if (listener === first) return;
      state.listeners.splice(state.listeners.indexOf(listener), 1);
      await shut(listener.server);
    },
    async close() {
      await Promise.all(state.listeners.map(({ server }) => shut(server)));
    },
  };
}

async function open(state: State, port: number): Promise<Listener> {
  const server = createServer((request, response) => {
    serve(state, listener.apiId, request, response).catch(() => refuse(response, 500));
  });
  const listener: Listener = { server, url: `http://127.0.0.1:${await listen(server, port)}`, apiId: undefined };
  state.listeners.push(listener);
  return listener;
}

async function serve(
  state: State,
  listenerApi: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { permissions, hasFunction, invoke, onCost, onServed, region, account } = state.options;
  const body = await readBody(request, BODY_LIMIT);
  if (body === undefined) return refuse(response, 413);
  const api = findApi(state, listenerApi, request);
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  const found = api?.stage && matchRoute(api.routes.values(), request.method ?? "GET", path);
  if (api === undefined || !found) return refuse(response, 404);
  const { routeKey, integrationId } = found.route;
  if (!api.take(routeKey)) return refuse(response, 429);
  const integration = api.integrations.get(integrationId);
  if (integration === undefined || !hasFunction(integration.functionName)) return refuse(response, 500);
  if (!api.isPermitted(permissions.values(), routeKey, integration.functionName)) return refuse(response, 500);
  const requestId = randomBytes(12).toString("base64url");
  const { parameters } = found;
  const context = { requestId, apiId: api.id, region, account, stage: "$default", routeKey, parameters };
  const event = makeEvent(request, body, context);
  const work = invoke(integration.functionName, event).then((outcome) => {
    if (outcome.kind === "answer" && outcome.cost) onCost?.(requestId, outcome.cost);
    const made = answerOf(outcome);
    onServed?.({ method: request.method ?? "GET", path, answer: typeof made === "number" ? undefined : made });
    return made;
  });
  const made = await inTime(integration, work);
  if (typeof made === "number") return refuse(response, made);
  answer(response, made, requestId);
}

function findApi({ apis, domains }: State, own: string | undefined, request: IncomingMessage): HttpApi | undefined {
  const mapped = domains.get((request.headers.host ?? "").replace(/:\d+$/, "").toLowerCase());
  const api = apis.get(mapped ?? own ?? "");
  return mapped === undefined && api?.isEndpointDisabled === true ? undefined : api;
}

/** The function's answer, or 503 after the integration's timeout. The function then continues, as on AWS. */
async function inTime<T>(integration: Integration, work: Promise<T>): Promise<T | 503> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<503>((resolve) => {
    timer = setTimeout(() => resolve(503), integration.timeout);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** AWS documents no status of an HTTP API for a throttled function. 500 is the least helpful status on record. */
function answerOf(outcome: Invocation): HttpAnswer | Refusal {
  if (outcome.kind === "tooLarge") return 413;
  return (outcome.kind === "answer" ? readAnswer(outcome.payload) : undefined) ?? 500;
}

function answer(response: ServerResponse, { status, headers, body }: HttpAnswer, requestId: string): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader("apigw-requestid", requestId);
  if (status !== 204 && status !== 304) response.setHeader("content-length", body.length);
  response.writeHead(status);
  response.end(body);
}

function refuse(response: ServerResponse, status: Refusal): void {
  if (response.headersSent) return void response.destroy();
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  const text = JSON.stringify({ message: refusals[status] });
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}

const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

/** Ten letters and digits, the form of API Gateway's ids. */
export const makeId = (): string =>
  [...randomBytes(10)].map((byte) => ALPHABET[byte % ALPHABET.length] ?? "a").join("");
