import type { JsonValue } from "../../model.ts";

/** One operation of a bulk request. Its own errors are found when its turn comes. */
export interface BulkOperation {
  /** In upper case; empty if it is missing. */
  readonly method: string;
  readonly bulkId: string | undefined;
  /** For `If-Match`. */
  readonly version: string | undefined;
  readonly path: string;
  readonly data: JsonValue | undefined;
}

/** The bulkId that stands for the id of the resource that a create makes (RFC 7644 §3.7.2). */
export function declaredId({ method, bulkId }: Pick<BulkOperation, "method" | "bulkId">): string | undefined {
  return method === "POST" ? bulkId : undefined;
}
