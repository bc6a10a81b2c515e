import type { Archive } from "../../engine/provider.ts";
import type { Credentials } from "../iam/roles.ts";

/** A function as the program declares it. */
export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  readonly code: Archive;
  /** `file.export`, such as `index.handler`. */
  readonly handler: string;
  /** `nodejs20.x` to `nodejs24.x`. The function runs on the Node.js of this process. */
  readonly runtime: string;
  /** Megabytes. */
  readonly memorySize: number;
  /** Seconds. */
  readonly timeout: number;
  /** Undefined if the program leaves it to the account. */
  readonly reservedConcurrency: number | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
}

const RUNTIMES = /^nodejs2[0-4]\.x$/;
const RESERVED = [
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_LAMBDA_RUNTIME_API",
  "AWS_REGION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SECRET_KEY",
  "AWS_SESSION_TOKEN",
  "LAMBDA_RUNTIME_DIR",
  "LAMBDA_TASK_ROOT",
];
const ENVIRONMENT_LIMIT = 4096;

/** @returns the name that the module exports @throws Error if Lambda would refuse the function */
export function checkSpec(spec: FunctionSpec): string {
  const { runtime, memorySize, timeout, handler, environment } = spec;
  if (!RUNTIMES.test(runtime))
    throw new Error(`the sandbox runs nodejs20.x to nodejs24.x, not ${runtime || "a function without runtime"}`);
  if (memorySize < 128 || memorySize > 10_240) throw new Error(`memorySize must be 128 to 10240 MB, not ${memorySize}`);
  if (timeout < 1 || timeout > 900) throw new Error(`timeout must be 1 to 900 seconds, not ${timeout}`);
  const reserved = Object.keys(environment).filter((key) => RESERVED.includes(key));
  if (reserved.length > 0) {
    throw new Error(
      "Lambda was unable to configure your environment variables because the environment variables you have provided " +
        `contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`,
    );
  }
  const size = Object.entries(environment).reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value), 0);
  if (size > ENVIRONMENT_LIMIT) {
    throw new Error(`environment variables have ${size} bytes; Lambda allows ${ENVIRONMENT_LIMIT}`);
  }
  const exportName = handler.split(".").at(-1) ?? "";
  if (!/^[^.]+\.[^.]+$/.test(handler))
    throw new Error(`handler must have the form file.export, such as index.handler, not "${handler}"`);
  return exportName;
}
