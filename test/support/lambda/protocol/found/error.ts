import { ERROR_SCHEMA } from "../../../../../lambda/scim/error.ts";
import type { JsonObject } from "../../../../../lambda/model.ts";

/** The body of an error (RFC 7644 §3.12). */
export function error(status: number, detail: string, scimType?: string): JsonObject & { readonly status: string } {
  return { schemas: [ERROR_SCHEMA], status: String(status), ...(scimType === undefined ? {} : { scimType }), detail };
}
