/** The `scimType` values of RFC 7644 §3.12 (table 9) and RFC 9865 §3. */
export type ScimType =
  | "invalidFilter"
  | "tooMany"
  | "uniqueness"
  | "mutability"
  | "invalidSyntax"
  | "invalidPath"
  | "noTarget"
  | "invalidValue"
  | "invalidVers"
  | "sensitive"
  | "invalidCursor"
  | "expiredCursor"
  | "invalidCount";

export const ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error";

interface Details extends ErrorOptions {
  readonly scimType?: ScimType | undefined;
  readonly retryAfter?: number | undefined;
}

/**
 * A response other than success (RFC 7644 §3.12), made by the constructor that names it. `detail` is shown to an
 * administrator, in Okta for example: it says what is wrong, what is allowed and what to do, and never holds a secret.
 */
export class ScimError extends Error {
  override readonly name = "ScimError";
  readonly status: number;
  readonly scimType: ScimType | undefined;
  /** Seconds after which a retry may succeed; sent as `Retry-After`. */
  readonly retryAfter: number | undefined;

  private constructor(status: number, detail: string, { scimType, retryAfter, ...options }: Details = {}) {
    super(detail, options);
    this.status = status;
    this.scimType = scimType;
    this.retryAfter = retryAfter;
  }

  /** 400: a filter has the wrong syntax, or compares an attribute in a way that its type does not allow (§3.4.2.2). */
  static invalidFilter(detail: string, options?: ErrorOptions): ScimError {
    return new ScimError(400, detail, { ...options, scimType: "invalidFilter" });
  }

  /** 400: a query would read or return more than the service allows (§3.4.2). */
  static tooMany(detail: string): ScimError {
    return new ScimError(400, detail, { scimType: "tooMany" });
  }

  /** 409: another resource has the value of an attribute whose `uniqueness` is `server` (§3.3.1). */
  static uniqueness(detail: string): ScimError {
    return new ScimError(409, detail, { scimType: "uniqueness" });
  }

  /** 400: a PATCH changes a read-only or immutable attribute, or removes a required one (§3.5.2). */
  static mutability(detail: string): ScimError {
    return new ScimError(400, detail, { scimType: "mutability" });
  }

  /** 400: the body is not JSON, or not the message that the endpoint takes (§3.12). */
  static invalidSyntax(detail: string, options?: ErrorOptions): ScimError {
    return new ScimError(400, detail, { ...options, scimType: "invalidSyntax" });
  }

  /** 400: the path of a PATCH, or of an operation of a bulk request, is malformed or names nothing (§3.5.2, §3.7). */
  static invalidPath(detail: string): ScimError {
    return new ScimError(400, detail, { scimType: "invalidPath" });
  }

  /** 400: a PATCH removes without a path, or its value filter selects nothing to change (§3.5.2.2, §3.5.2.3). */
  static noTarget(detail: string): ScimError {
    return new ScimError(400, detail, { scimType: "noTarget" });
  }

  /** 400: a required value is missing, or a value does not fit the attribute, parameter or operation (§3.12). */
  static invalidValue(detail: string): ScimError {
    return new ScimError(400, detail, { scimType: "invalidValue" });
  }

  /** 400: the path names a protocol version other than v2 (§3.13). */
  static invalidVers(detail: string): ScimError {
    return new ScimError(400, detail, { scimType: "invalidVers" });
  }

  /** 403: a query would reveal the value of a write-only attribute, such as `password` (§7.5.2). */
  static sensitive(detail: string): ScimError {
    return new ScimError(403, detail, { scimType: "sensitive" });
  }

  /** 400: the service did not issue this cursor, or issued it for another query (RFC 9865 §3). */
  static invalidCursor(detail: string, options?: ErrorOptions): ScimError {
    return new ScimError(400, detail, { ...options, scimType: "invalidCursor" });
  }

  /** 400: the cursor is older than `cursorTimeout` (RFC 9865 §3). */
  static expiredCursor(detail: string): ScimError {
    return new ScimError(400, detail, { scimType: "expiredCursor" });
  }

  /** 400: the count of a page that a cursor starts is out of range (RFC 9865 §3). */
  static invalidCount(detail: string): ScimError {
    return new ScimError(400, detail, { scimType: "invalidCount" });
  }

  /** 401: the bearer token is missing or not valid (RFC 6750 §3). */
  static unauthorized(detail: string): ScimError {
    return new ScimError(401, detail);
  }

  /** 403: the endpoint does not allow this request, such as a filter on a discovery endpoint (§4). */
  static forbidden(detail: string): ScimError {
    return new ScimError(403, detail);
  }

  /** 404: no resource has this id, or the path is not an endpoint. */
  static notFound(detail: string): ScimError {
    return new ScimError(404, detail);
  }

  /** 405: the endpoint does not take this method; the response names those it takes in `Allow`. */
  static methodNotAllowed(detail: string): ScimError {
    return new ScimError(405, detail);
  }

  /** 409: an operation of a bulk request refers to a resource that the request did not create (§3.7.2). */
  static conflict(detail: string): ScimError {
    return new ScimError(409, detail);
  }

  /** 412: the resource has another version than `If-Match` or `If-None-Match` allows (§3.14). */
  static preconditionFailed(detail: string): ScimError {
    return new ScimError(412, detail);
  }

  /** 413: the body, the list of operations or the resource is larger than the service allows (§3.7.4). */
  static tooLarge(detail: string): ScimError {
    return new ScimError(413, detail);
  }

  /** 415: the body's content type or encoding is not one that the service reads (RFC 9110 §15.5.16). */
  static unsupportedMediaType(detail: string): ScimError {
    return new ScimError(415, detail);
  }

  /** 429: contention, throttling or the deadline stopped the request; nothing was lost (RFC 6585 §4). */
  static busy(detail: string, retryAfter: number, options?: ErrorOptions): ScimError {
    return new ScimError(429, detail, { ...options, retryAfter });
  }

  /** 500: an error that the service did not expect. */
  static internal(detail: string, options?: ErrorOptions): ScimError {
    return new ScimError(500, detail, options);
  }

  /** 501: the service does not offer this endpoint, such as `/Me` (§3.11). */
  static notImplemented(detail: string): ScimError {
    return new ScimError(501, detail);
  }

  /** The same error with another detail. */
  withDetail(detail: string): ScimError {
    const { status, scimType, retryAfter } = this;
    return new ScimError(status, detail, { scimType, retryAfter, cause: this });
  }
}
