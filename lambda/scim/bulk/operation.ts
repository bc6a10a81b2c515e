import type { JsonValue } from "../../model.ts";

/** One operation of a bulk request; what is wrong with it alone is found when its turn comes. */
export interface BulkOperation {
  /** In upper case; empty where it is missing. */
  readonly method: string;
  readonly bulkId: string | undefined;
  /** For `If-Match`. */
  readonly version: string | undefined;
  readonly path: string;
  readonly data: JsonValue | undefined;
}

/** The id that a create stands for until it has one (RFC 7644 §3.7.2). */
export function declaredId({ method, bulkId }: Pick<BulkOperation, "method" | "bulkId">): string | undefined {
  return method === "POST" ? bulkId : undefined;
}
