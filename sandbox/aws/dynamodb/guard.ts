import {
  Agent,
  createServer,
  request as send,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { accessesOf, consumesCapacity, tablesOf } from "./access.ts";
import { faultAnswer, halve, type FaultHook } from "./faults.ts";
import { listen, readBody, shut } from "../../support/http.ts";
import { evaluate } from "../iam/policy.ts";
import type { Identity } from "../iam/roles.ts";

export interface Denial {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly message: string;
}

export interface ActionCount {
  /** Requests that reached the guard, denied and faulted ones included. */
  requests: number;
  denied: number;
  faulted: number;
  /**
   * Capacity units that the engine reported: read units of reads, write units of writes. The engine reports none for a
   * request that failed, though AWS charges failed conditions.
   */
  capacityUnits: number;
}

export interface Guard {
  readonly endpoint: string;
  requestCounts(): Readonly<Record<string, Readonly<ActionCount>>>;
  close(): Promise<void>;
}

export interface GuardOptions {
  /** Address of the engine. */
  readonly target: string;
  readonly region: string;
  readonly account: string;
  readonly identify: (accessKeyId: string) => Identity | undefined;
  readonly faults: () => FaultHook | undefined;
  readonly onDenied: (denial: Denial) => void;
  /** Hears of each request that the engine answered, with its capacity units and the path that it was sent to. */
  readonly onCharge?: (path: string, action: string, units: number) => void;
}

/** DynamoDB requests have at most 16 MB (BatchWriteItem). */
const LIMIT = 16 * 1024 * 1024;
const TARGET = /^DynamoDB_20120810\.(\w+)$/;

/**
 * DynamoDB as a function meets it: every request is held against the policies of the role whose access key signed it,
 * and denied in AWS's words unless they allow it.
 */
export async function startGuard(options: GuardOptions): Promise<Guard> {
  const { region, account, identify } = options;
  const counts = new Map<string, ActionCount>();
  const agent = new Agent({ keepAlive: true });
  const target = new URL(options.target);
  let sequence = 0;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await readBody(request, LIMIT);
    const action = TARGET.exec(header(request, "x-amz-target"))?.[1] ?? "UnknownOperation";
    const count = counted(counts, action);
    count.requests += 1;
    const body = parse(raw);

    const identity = identify(/Credential=([^/\s,]+)\//.exec(header(request, "authorization"))?.[1] ?? "");
    if (identity === undefined) {
      count.denied += 1;
      return answer(response, {
        __type: "com.amazon.coral.service#UnrecognizedClientException",
        message: "The security token included in the request is invalid.",
      });
    }
    const accesses = accessesOf(action, body, { region, account });
    const denial = findDenial(identity, action, accesses, account);
    if (denial !== undefined || accesses === undefined || body === undefined) {
      count.denied += 1;
      if (denial !== undefined) options.onDenied(denial);
      return answer(response, {
        __type: "com.amazon.coral.service#AccessDeniedException",
        Message: denial?.message ?? "",
      });
    }

    const fault =
      (await options.faults()?.({ action, table: tablesOf(accesses)[0] ?? "", sequence: sequence++ })) ?? "pass";
    if (fault === "cut") {
      count.faulted += 1;
      request.socket.destroy();
      return;
    }
    if (typeof fault === "object") await sleep(fault.delayMs);
    const failure = faultAnswer(fault, action, body);
    const halves = fault === "unprocessed" ? halve(action, body) : undefined;
    if (typeof fault === "object" || failure !== undefined || halves !== undefined || fault === "lost") {
      count.faulted += 1;
    }
    if (failure !== undefined) return answer(response, failure);
    const done = await forward(request, action, halves?.first ?? body, count);
    if (fault === "lost") return void request.socket.destroy();
    const bytes = halves ? Buffer.from(JSON.stringify(halves.withRest(parse(done.bytes) ?? {}))) : done.bytes;
    response.writeHead(done.status, { "content-type": done.type, "content-length": bytes.length });
    response.end(bytes);
  }

  async function forward(
    { headers, url = "/" }: IncomingMessage,
    action: string,
    body: Readonly<Record<string, unknown>>,
    count: ActionCount,
  ): Promise<Exchange> {
    const asked = body["ReturnConsumedCapacity"];
    const measure = consumesCapacity(action);
    // The guard counts capacity even where the function does not ask for it.
    const hide = measure && (asked === undefined || asked === "NONE");
    const text = JSON.stringify(hide ? { ...body, ReturnConsumedCapacity: "TOTAL" } : body);
    const done = await exchange(target, agent, headers, text);
    const parsed = measure && done.status === 200 ? parse(done.bytes) : undefined;
    const units = unitsOf(parsed?.["ConsumedCapacity"]);
    count.capacityUnits += units;
    options.onCharge?.(url, action, units);
    if (parsed === undefined) return done;
    if (!hide) return done;
    const { ConsumedCapacity: _, ...rest } = parsed;
    return { ...done, bytes: Buffer.from(JSON.stringify(rest)) };
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent) return void response.destroy();
      const message = error instanceof Error ? error.message : String(error);
      answer(response, { __type: "com.amazonaws.dynamodb.v20120810#InternalServerError", message }, 500);
    });
  });
  // Clients keep connections for as long as they like, as with AWS.
  server.keepAliveTimeout = 0;
  const port = await listen(server, 0);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requestCounts: () => Object.fromEntries([...counts].map(([action, count]) => [action, { ...count }])),
    async close() {
      await shut(server);
      agent.destroy();
    },
  };
}

/** The first access that the role lacks, in the words of AWS. */
function findDenial(
  { role, session }: Identity,
  operation: string,
  accesses: ReturnType<typeof accessesOf>,
  account: string,
): Denial | undefined {
  const user = `arn:aws:sts::${account}:assumed-role/${role.name}/${session}`;
  // What the guard does not know it does not let through, whatever the policy says.
  for (const { action, resource } of accesses ?? [{ action: `dynamodb:${operation}`, resource: "*" }]) {
    const verdict = accesses === undefined ? "implicitDeny" : evaluate(role.policies.values(), { action, resource });
    if (verdict === "allowed") continue;
    const reason =
      verdict === "explicitDeny"
        ? "with an explicit deny in an identity-based policy"
        : `because no identity-based policy allows the ${action} action`;
    const message = `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
    return { role: role.name, action, resource, message };
  }
  return undefined;
}

interface Exchange {
  readonly status: number;
  readonly type: string;
  readonly bytes: Buffer;
}

function exchange(target: URL, agent: Agent, headers: IncomingHttpHeaders, text: string): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const kept = Object.entries(headers).filter(([name]) => name !== "connection" && name !== "transfer-encoding");
    const outgoing = send(
      target,
      {
        agent,
        method: "POST",
        headers: { ...Object.fromEntries(kept), host: target.host, "content-length": Buffer.byteLength(text) },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () =>
          resolve({
            status: incoming.statusCode ?? 500,
            type: incoming.headers["content-type"] ?? "application/x-amz-json-1.0",
            bytes: Buffer.concat(chunks),
          }),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(text);
  });
}

function counted(counts: Map<string, ActionCount>, action: string): ActionCount {
  const known = counts.get(action);
  if (known !== undefined) return known;
  const fresh = { requests: 0, denied: 0, faulted: 0, capacityUnits: 0 };
  counts.set(action, fresh);
  return fresh;
}

function unitsOf(consumed: unknown): number {
  if (Array.isArray(consumed)) return consumed.reduce<number>((sum, part) => sum + unitsOf(part), 0);
  const isUnits = consumed !== null && typeof consumed === "object" && "CapacityUnits" in consumed;
  return isUnits && typeof consumed.CapacityUnits === "number" ? consumed.CapacityUnits : 0;
}

function parse(raw: Buffer | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(raw?.toString("utf8") ?? "");
    return value !== null && typeof value === "object" && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

const header = (request: IncomingMessage, name: string): string => {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
};

function answer(response: ServerResponse, body: Record<string, unknown>, status = 400): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/x-amz-json-1.0",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}
