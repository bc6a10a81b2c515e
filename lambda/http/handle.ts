import type { ScimType } from "../scim/error.ts";
import type { Context } from "../service/context.ts";
import { toScimError } from "../service/errors.ts";
import { authenticate, authorize, type Caller } from "./authenticate.ts";
import { respondError, type HttpRequest, type HttpResponse } from "./message.ts";
import { findRoute } from "./routes.ts";

/** One line of the log. It never holds a token, an address, a name or an id of a person. */
export interface LogLine {
  readonly requestId: string;
  readonly operation: string;
  readonly status: number;
  readonly latencyMs: number;
  readonly tokenGeneration: number | undefined;
  /** The name of the system whose token may only read; absent for the main token. */
  readonly reader?: string | undefined;
  readonly scimType?: string | undefined;
  /** Of an unexpected error: its name and where it was thrown. */
  readonly error?: string | undefined;
}

/** Serves one SCIM request. Never throws: every error becomes a SCIM error (RFC 7644 §3.12). */
export async function handle(
  context: Context,
  request: HttpRequest,
  log: (line: LogLine) => void,
): Promise<HttpResponse> {
  const elapsed = stopwatch();
  let operation = "unauthenticated";
  let caller: Caller | undefined;
  let scimType: ScimType | undefined;
  const answer = async (): Promise<HttpResponse> => {
    try {
      const { authorization } = request.headers;
      const route = findRoute(context, request);
      // A token is checked on every request that sends one, so that a connection test with a wrong token never passes.
      if (authorization || !route.isPublic) caller = authenticate(context.service.tokens, authorization);
      operation = route.operation;
      if (caller) authorize(caller, route);
      return await route.answer();
    } catch (error) {
      const known = toScimError(error);
      scimType = known.scimType;
      return respondError(known, request.requestId);
    }
  };
  const response = await answer();
  log({
    requestId: request.requestId,
    operation,
    status: response.status,
    latencyMs: elapsed(),
    tokenGeneration: caller?.generation,
    reader: caller?.reader,
    scimType,
    error: response.failure === undefined ? undefined : describe(response.failure),
  });
  return response;
}

/** Starts to count milliseconds. The global `performance` takes one of them to load. */
function stopwatch(): () => number {
  const started = process.hrtime.bigint();
  return () => Math.round(Number(process.hrtime.bigint() - started) / 1e6);
}

/** Messages may quote people's data; stack frames do not. IAM's refusals name the action that the policy lacks. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  if (error.name === "AccessDeniedException") return `${error.name}: ${error.message}`;
  const frames = (error.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
  return [error.name, ...frames.slice(0, 5).map((line) => line.trim())].join(" ");
}
