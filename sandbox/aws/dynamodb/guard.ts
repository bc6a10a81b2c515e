import { Agent, createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { messageOf } from "../../support/errors.ts";
import { listen, readBody, shut } from "../../support/http.ts";
import { isRecord } from "../../../operations/live/isRecord.ts";
import type { Identity } from "../iam/roles.ts";
import type { Place } from "../support/place.ts";
import { accessesOf, consumesCapacity, tablesOf } from "./access.ts";
import { findDenial, type Denial } from "../iam/authorize.ts";
import { countOf, unitsIn, type ActionCount } from "./counts.ts";
import type { FaultHook, Rest } from "./faults/fault.ts";
import { createKeyLimiter, type KeyLimit, type KeyLimiter } from "./faults/keyLimit.ts";
import { performRequest, type Call } from "./perform.ts";
import { createKeyNames, type KeyNames } from "./tableKeys.ts";
import { askEngine, refuse, type EngineAnswer } from "./transport.ts";

export interface Guard {
  readonly endpoint: string;
  requestCounts(): Readonly<Record<string, Readonly<ActionCount>>>;
  /** Waits until all requests so far are done, also those whose client has given up. */
  settled(): Promise<void>;
  /** Decides the fate of the open connections of the process that sends its requests to this path. */
  rest(path: string, how: Rest): void;
  close(): Promise<void>;
}

export interface GuardOptions extends Place {
  /** Address of the engine. */
  readonly target: string;
  readonly identify: (accessKeyId: string) => Identity | undefined;
  readonly faults: () => FaultHook | undefined;
  readonly keyLimit?: () => KeyLimit | undefined;
  readonly onDenied: (denial: Denial) => void;
  /** Receives the capacity units of each request that the engine answered, with the path that it was sent to. */
  readonly onCharge?: (path: string, action: string, units: number) => void;
}

/** Largest request of DynamoDB, in bytes (BatchWriteItem). */
const LIMIT = 16 * 1024 * 1024;
const TARGET = /^DynamoDB_20120810\.(\w+)$/;

interface State {
  readonly options: GuardOptions;
  readonly target: URL;
  readonly agent: Agent;
  readonly counts: Map<string, ActionCount>;
  readonly keyNames: KeyNames;
  /** Path of the process that a connection belongs to, and whether the connection is dead. */
  readonly connections: Map<Socket, { readonly path: string; rest: Rest }>;
  readonly inFlight: Set<Promise<void>>;
  limiter: { readonly limit: KeyLimit; readonly limiter: KeyLimiter } | undefined;
  sequence: number;
}

/**
 * DynamoDB as a function meets it. Every request is checked against the policies of the role whose access key signed
 * it, and is denied in AWS's words unless they allow it. Then the faults and the key limit apply.
 */
export async function startGuard(options: GuardOptions): Promise<Guard> {
  const agent = new Agent({ keepAlive: true });
  const target = new URL(options.target);
  const keyNames = createKeyNames(async (table) => parse((await describeTable(target, agent, table)).bytes));
  const counts = new Map<string, ActionCount>();
  const connections: State["connections"] = new Map();
  const inFlight: State["inFlight"] = new Set();
  const state: State = {
    ...{ options, target, agent, counts, keyNames, connections, inFlight },
    ...{ limiter: undefined, sequence: 0 },
  };
  const server = createServer((request, response) => {
    const work = handle(state, request, response).catch((error: unknown) => {
      if (response.headersSent) return void response.destroy();
      refuse(
        response,
        { __type: "com.amazonaws.dynamodb.v20120810#InternalServerError", message: messageOf(error) },
        500,
      );
    });
    inFlight.add(work);
    void work.finally(() => inFlight.delete(work));
  });
  // Clients keep connections as long as they like, as with AWS.
  server.keepAliveTimeout = 0;
  const port = await listen(server, 0);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requestCounts: () => Object.fromEntries([...counts].map(([action, count]) => [action, { ...count }])),
    async settled() {
      await Promise.all(inFlight);
    },
    rest(path, how) {
      for (const connection of connections.values()) if (connection.path === trimmed(path)) connection.rest = how;
    },
    async close() {
      await shut(server);
      agent.destroy();
    },
  };
}

async function handle(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { options } = state;
  const rest = restOf(state, request);
  if (rest === "reset") return void request.socket.destroy();
  const body = parse(await readBody(request, LIMIT));
  const action = TARGET.exec(header(request, "x-amz-target"))?.[1] ?? "UnknownOperation";
  const count = countOf(state.counts, action);
  count.requests += 1;
  if (rest === "silent") {
    count.faulted += 1;
    return;
  }
  const identity = options.identify(/Credential=([^/\s,]+)\//.exec(header(request, "authorization"))?.[1] ?? "");
  if (identity === undefined) {
    count.denied += 1;
    const message = "The security token included in the request is invalid.";
    return refuse(response, { __type: "com.amazon.coral.service#UnrecognizedClientException", message });
  }
  const accesses = accessesOf(action, body, options);
  const denial = findDenial(identity, `dynamodb:${action}`, accesses, options.account);
  if (denial !== undefined || accesses === undefined || body === undefined) {
    count.denied += 1;
    if (denial !== undefined) options.onDenied(denial);
    const Message = denial?.message ?? "";
    return refuse(response, { __type: "com.amazon.coral.service#AccessDeniedException", Message });
  }
  const table = tablesOf(accesses)[0] ?? "";
  const fault = (await options.faults()?.({ action, table, sequence: state.sequence++ })) ?? "pass";
  const call: Call = {
    action,
    table,
    body,
    request,
    response,
    count,
    keyNames: state.keyNames,
    limiter: currentLimiter(state),
    ask: (part) => forward(state, request, action, part, count),
  };
  await performRequest(call, fault);
}

/**
 * Remembers the process that a connection belongs to. @returns the fate of the connection while its process was frozen
 */
function restOf({ connections }: State, { socket, url = "/" }: IncomingMessage): Rest {
  const known = connections.get(socket);
  if (known !== undefined) return known.rest;
  connections.set(socket, { path: trimmed(url), rest: "kept" });
  socket.once("close", () => connections.delete(socket));
  return "kept";
}

/** The limiter for the current limit. A new limit starts with full buckets. */
function currentLimiter(state: State): KeyLimiter | undefined {
  const limit = state.options.keyLimit?.();
  if (limit === undefined) state.limiter = undefined;
  else if (state.limiter?.limit !== limit) {
    const limiter = createKeyLimiter(limit, async (table) => (await state.keyNames(table))[0]);
    state.limiter = { limit, limiter };
  }
  return state.limiter?.limiter;
}

/** Sends a request to the engine and counts its capacity, even if the function does not ask for it. */
async function forward(
  { options, target, agent }: State,
  { headers, url = "/" }: IncomingMessage,
  action: string,
  body: Readonly<Record<string, unknown>>,
  count: ActionCount,
): Promise<{ readonly answer: EngineAnswer; readonly units: number }> {
  const asked = body["ReturnConsumedCapacity"];
  const measure = consumesCapacity(action);
  const hide = measure && (asked === undefined || asked === "NONE");
  const text = JSON.stringify(hide ? { ...body, ReturnConsumedCapacity: "TOTAL" } : body);
  const answer = await askEngine(target, agent, headers, text);
  const parsed = measure && answer.status === 200 ? parse(answer.bytes) : undefined;
  const units = unitsIn(parsed?.["ConsumedCapacity"]);
  count.capacityUnits += units;
  options.onCharge?.(url, action, units);
  if (parsed === undefined || !hide) return { answer, units };
  const { ConsumedCapacity: _, ...rest } = parsed;
  return { answer: { ...answer, bytes: Buffer.from(JSON.stringify(rest)) }, units };
}

function describeTable(target: URL, agent: Agent, table: string): Promise<EngineAnswer> {
  const scope = "sandbox/20260101/us-east-1/dynamodb/aws4_request";
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": "DynamoDB_20120810.DescribeTable",
    "x-amz-date": "20260101T000000Z",
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
  };
  return askEngine(target, agent, headers, JSON.stringify({ TableName: table }));
}

function parse(raw: Buffer | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(raw?.toString("utf8") ?? "");
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const header = (request: IncomingMessage, name: string): string => {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
};

const trimmed = (path: string): string => path.replace(/\/+$/, "");
