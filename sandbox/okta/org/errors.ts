import { newId } from "./ids.ts";

/** An answer other than success, in Okta's form (developer.okta.com, "Okta API error codes"). */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly causes: readonly string[];

  constructor(status: number, code: string, summary: string, causes: readonly string[] = [], options?: ErrorOptions) {
    super(summary, options);
    this.status = status;
    this.code = code;
    this.causes = causes;
  }

  body(): Record<string, unknown> {
    return {
      errorCode: this.code,
      errorSummary: this.message,
      errorLink: this.code,
      errorId: newId("oae"),
      errorCauses: this.causes.map((errorSummary) => ({ errorSummary })),
    };
  }
}

export const notFound = (id: string, type: string): ApiError =>
  new ApiError(404, "E0000007", `Not found: Resource not found: ${id} (${type})`);

/** A request that Okta refuses because of one field. */
export const invalid = (field: string, ...causes: string[]): ApiError =>
  new ApiError(400, "E0000001", `Api validation failed: ${field}`, causes);

export const refused = (status: number, code: string, summary: string, options?: ErrorOptions): ApiError =>
  new ApiError(status, code, summary, [], options);

/** A `search` or `filter` that Okta does not understand. */
export const badSearch = (why: string): ApiError => new ApiError(400, "E0000031", `Invalid search criteria. ${why}`);
