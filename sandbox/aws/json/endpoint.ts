import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../support/errors.ts";
import { listen, readBody, shut } from "../../support/http.ts";
import { findDenial, type Denial } from "../iam/authorize.ts";
import type { Identity } from "../iam/roles.ts";
import type { ServiceFault, ServiceFaultHook } from "./faults.ts";
import { ServiceError, type FailsAlone, type JsonService } from "./operation.ts";

/** The requests to one operation, such as `kms:Sign`. */
export interface OperationCount {
  requests: number;
  denied: number;
  faulted: number;
}

export interface EndpointOptions {
  readonly account: string;
  readonly identify: (accessKeyId: string) => Identity | undefined;
  readonly faults: () => ServiceFaultHook | undefined;
  readonly onDenied: (denial: Denial) => void;
}

/** The address of every service of the JSON protocol on this machine. It listens as soon as a resource needs it. */
export interface JsonEndpoint {
  /** Undefined as long as no resource needs it. */
  readonly url: string | undefined;
  /** Starts listening, once. @returns the address */
  open(): Promise<string>;
  counts(): Readonly<Record<string, Readonly<OperationCount>>>;
  close(): Promise<void>;
}

/** Largest request of these services, in bytes: a batch of SQS has 1 MiB, and JSON may escape each byte. */
const LIMIT = 8 * 1024 * 1024;

interface State {
  readonly options: EndpointOptions;
  readonly services: () => readonly JsonService[];
  readonly counts: Map<string, OperationCount>;
  sequence: number;
}

/**
 * KMS, SQS, EventBridge, SSM and DynamoDB Streams as a function meets them: `X-Amz-Target` names the service and the
 * operation, and the access key names the role, whose policies must allow the request.
 * @param services asked at each request, because the services know the address and the address knows the services
 */
export function createJsonEndpoint(options: EndpointOptions, services: () => readonly JsonService[]): JsonEndpoint {
  const state: State = { options, services, counts: new Map(), sequence: 0 };
  let server: Server | undefined;
  let url: string | undefined;
  let opening: Promise<string> | undefined;
  const start = async (): Promise<string> => {
    server = createServer((request, response) => {
      handle(state, request, response).catch((error: unknown) => {
        if (response.headersSent) return void response.destroy();
        fail(response, undefined, new ServiceError("InternalFailure", messageOf(error), 500));
      });
    });
    server.keepAliveTimeout = 0;
    return (url = `http://127.0.0.1:${await listen(server, 0)}`);
  };
  return {
    get url() {
      return url;
    },
    open: () => (opening ??= start()),
    counts: () => Object.fromEntries([...state.counts].map(([action, count]) => [action, { ...count }])),
    async close() {
      await opening?.catch(() => undefined);
      if (server?.listening === true) await shut(server);
    },
  };
}

async function handle(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const bytes = await readBody(request, LIMIT);
  const [target = "", name = ""] = String(request.headers["x-amz-target"]).split(".");
  const service = state.services().find((known) => known.target === target);
  const action = `${service?.prefix ?? "unknown"}:${name}`;
  const count = countOf(state.counts, action);
  count.requests += 1;
  try {
    const identity = state.options.identify(
      /Credential=([^/\s,]+)\//.exec(request.headers.authorization ?? "")?.[1] ?? "",
    );
    if (identity === undefined)
      throw new ServiceError("UnrecognizedClientException", "The security token included in the request is invalid.");
    const operation = service?.operations[name];
    const work = operation?.read(parse(bytes));
    const denial = findDenial(identity, action, work?.accesses, state.options.account);
    if (denial !== undefined || service === undefined || work === undefined) {
      count.denied += 1;
      if (denial !== undefined) state.options.onDenied(denial);
      throw new ServiceError("AccessDeniedException", denial?.message ?? "");
    }
    const sequence = state.sequence++;
    const fault = state.options.faults()?.({ service: service.prefix, operation: name, sequence }) ?? "pass";
    if (fault !== "pass") count.faulted += 1;
    await perform(service, work.perform, fault, response);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    fail(response, service, error);
  }
}

/** Performs an allowed request as its fault leaves it. */
async function perform(
  service: JsonService,
  work: (failsAlone: FailsAlone) => Promise<object> | object,
  fault: ServiceFault,
  response: ServerResponse,
): Promise<void> {
  if (fault === "cut") return void response.destroy();
  if (fault === "throttle") throw new ServiceError(service.throttled, "Rate exceeded");
  if (typeof fault === "object" && "delayMs" in fault) await sleep(fault.delayMs);
  if (typeof fault === "object" && "status" in fault && !fault.done) return bare(response, fault.status);
  const failsAlone = typeof fault === "object" && "failsAlone" in fault ? fault.failsAlone : (): boolean => false;
  const answer = await work(failsAlone);
  if (fault === "lost") return void response.destroy();
  if (typeof fault === "object" && "status" in fault) return bare(response, fault.status);
  send(response, 200, answer, {});
}

function fail(response: ServerResponse, service: JsonService | undefined, error: ServiceError): void {
  const { code, message, status } = error;
  const __type = service?.namespace === undefined ? code : `${service.namespace}#${code}`;
  const query = service?.queryErrors;
  const headers = query === undefined ? {} : { "x-amzn-query-error": `${query[code] ?? code};Sender` };
  send(response, status, { __type, message }, headers);
}

/** An answer of a front end: no JSON, no error name. */
function bare(response: ServerResponse, status: number): void {
  response.writeHead(status, { "content-type": "text/html" }).end(`<html><body>${status}</body></html>`);
}

function send(response: ServerResponse, status: number, body: object, headers: Readonly<Record<string, string>>): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.1", ...headers }).end(JSON.stringify(body));
}

function countOf(counts: Map<string, OperationCount>, action: string): OperationCount {
  const known = counts.get(action);
  if (known !== undefined) return known;
  const fresh = { requests: 0, denied: 0, faulted: 0 };
  counts.set(action, fresh);
  return fresh;
}

/** @throws ServiceError */
function parse(bytes: Buffer | undefined): unknown {
  try {
    return JSON.parse(bytes?.toString("utf8") ?? "");
  } catch {
    throw new ServiceError("SerializationException", "the body is not JSON, or is too large");
  }
}
