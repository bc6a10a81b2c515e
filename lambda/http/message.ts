import { defined } from "../defined.ts";
import type { JsonObject } from "../model.ts";
import { ERROR_SCHEMA, type ScimError } from "../scim/error.ts";
import type { Answer } from "../service/resources.ts";

/** Characters of a `detail`: it may quote what a client sent. */
const DETAIL = 1000;

/** An HTTP request, from any gateway. */
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
  /** The unexpected error behind the response, for the log. */
  readonly failure?: unknown;
}

/** A SCIM response. A body that is text is JSON already; `undefined` is an empty body. */
export function respond(
  status: number,
  body?: JsonObject | string,
  headers: HttpResponse["headers"] = {},
): HttpResponse {
  if (body === undefined) return { status, headers, body };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { status, headers: { "content-type": "application/scim+json", ...headers }, body: text };
}

/** The response for the answer of a use case. */
export function respondAnswer({ status, resource, version, location }: Answer): HttpResponse {
  return respond(status, resource, defined({ etag: version, location }));
}

/** An error's body (RFC 7644 §3.12). That of a 401, 429 or 5xx carries the request id, by which the log can be searched. */
export function errorBody(error: ScimError, requestId: string): JsonObject {
  const { status, scimType, message } = error;
  const isTraced = status === 401 || status === 429 || status >= 500;
  return {
    schemas: [ERROR_SCHEMA],
    status: String(status),
    ...(scimType ? { scimType } : {}),
    detail: (isTraced ? `${message} Request id: ${requestId}` : message).slice(0, DETAIL),
  };
}

/** The response to an error. The cause of a 500 goes to the log; the client gets only the request id. */
export function respondError(error: ScimError, requestId: string, headers: HttpResponse["headers"] = {}): HttpResponse {
  return {
    ...respond(error.status, errorBody(error, requestId), {
      ...headers,
      ...(error.status === 401 ? { "www-authenticate": "Bearer" } : {}),
      ...(error.status === 415 ? { "accept-encoding": "gzip" } : {}),
      ...retryAfter(error),
    }),
    ...failureOf(error),
  };
}

/** The `Retry-After` header of a 429. */
export function retryAfter(error: ScimError | undefined): { "retry-after"?: string } {
  return error?.retryAfter === undefined ? {} : { "retry-after": String(error.retryAfter) };
}

/** The unexpected error behind a 500, for the log. */
export function failureOf(error: ScimError | undefined): { failure?: unknown } {
  return error?.status === 500 ? { failure: error.cause } : {};
}
