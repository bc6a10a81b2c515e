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

/**
 * An answer other than success, as RFC 7644 §3.12 describes it. `detail` is what Okta shows its administrator, so it
 * says what to change and never holds a secret.
 */
export class ScimError extends Error {
  readonly status: number;
  readonly scimType: ScimType | undefined;
  /** Seconds after which a retry may succeed; sent as `Retry-After`. */
  readonly retryAfter: number | undefined;

  constructor(status: number, detail: string, options: { scimType?: ScimType; retryAfter?: number } = {}) {
    super(detail);
    this.name = "ScimError";
    this.status = status;
    this.scimType = options.scimType;
    this.retryAfter = options.retryAfter;
  }
}
