import { requiredActions } from "./accessPatterns.ts";
import { directoryTable } from "./table.ts";

/**
 * The contract between the infrastructure and the function: everything that `components/` must know to deploy and to
 * observe the service. The function reads the same constants.
 */
export { directoryTable, requiredActions };

/** The path of the service on its host. */
export const BASE_PATH = "/api/v1/scim";

/**
 * The paths that the gateway routes to the function, so that errors are the function's own SCIM errors: the base URL itself
 * and everything below it. A route key must not end in a slash; `{proxy+}` takes the base URL with one.
 */
export const routePaths = { base: BASE_PATH, below: `${BASE_PATH}/{proxy+}` } as const;

/** The names of the environment variables that the function reads. */
export const environmentNames = {
  /** The name of the directory's table. */
  tableName: "TABLE_NAME",
  /** The public base URL, which resource locations start with. */
  baseUrl: "BASE_URL",
  /** A JSON array of `TokenHash`. */
  tokenHashes: "TOKEN_HASHES",
  /** The retained attributes: `"iru"`, `"standard"` or a JSON array of attribute paths. */
  attributes: "ATTRIBUTES",
} as const;

/** An accepted token, by the SHA-256 of its text in lower-case hexadecimal. */
export interface TokenHash {
  readonly generation: number;
  readonly sha256: string;
}

/** Namespace of the metrics in CloudWatch. Their only dimension is `FunctionName`, as for Lambda's own metrics. */
export const METRICS_NAMESPACE = "OktaScimDirectory";

/** Counts for which Lambda, API Gateway and DynamoDB have no metric. */
export type Metric = "Unauthorized" | "PreviousToken" | "Busy";
