import { ERROR_SCHEMA, ScimError } from "../scim/error.ts";
import type { JsonObject } from "../model.ts";
import { toScimError } from "../service/directoryErrors.ts";

/** Characters of a `detail`: it may quote what a client sent. */
const DETAIL = 1000;

/** An HTTP request, free of the gateway that brought it. */
export interface HttpRequest {
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array | undefined;
  readonly requestId: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** For the log: the unexpected error behind the answer. */
  readonly failure?: unknown;
}

/** A SCIM answer; `undefined` is an empty body. */
export function respond(status: number, body?: JsonObject, headers: Record<string, string> = {}): HttpResponse {
  if (!body) return { status, headers, body: undefined };
  return { status, headers: { "content-type": "application/scim+json", ...headers }, body: JSON.stringify(body) };
}

/** An error as RFC 7644 §3.12 describes it. */
export function respondError(error: ScimError, headers: Record<string, string> = {}): HttpResponse {
  return respond(
    error.status,
    {
      schemas: [ERROR_SCHEMA],
      status: String(error.status),
      ...(error.scimType ? { scimType: error.scimType } : {}),
      detail: error.message.slice(0, DETAIL),
    },
    { ...headers, ...(error.retryAfter === undefined ? {} : { "retry-after": String(error.retryAfter) }) },
  );
}

/**
 * The answer to whatever was thrown. What is no `ScimError` tells the client nothing but where to look. The detail of a
 * 401, 429 or 5xx carries the request id: whoever reads it in Okta can be told what the log says.
 */
export function respondFailure(thrown: unknown, requestId: string): HttpResponse {
  const error = toScimError(thrown);
  if (error instanceof ScimError) {
    return respondError(
      error.status === 401 || error.status === 429 || error.status >= 500 ? traced(error, requestId) : error,
      error.status === 401 ? { "www-authenticate": "Bearer" } : {},
    );
  }
  return {
    ...respondError(traced(ScimError.internal("The directory failed unexpectedly.", { cause: error }), requestId)),
    failure: error,
  };
}

function traced(error: ScimError, requestId: string): ScimError {
  return error.withDetail(`${error.message} Request id: ${requestId}`);
}
