/** Names by which DynamoDB tells a client to slow down, in an error or in the reason of a cancelled transaction. */
const throttling = new Set([
  "ProvisionedThroughputExceededException",
  "ProvisionedThroughputExceeded",
  "ThrottlingException",
  "ThrottlingError",
  "Throttling",
  "RequestLimitExceeded",
]);

/** Other errors with status 400 after which the same request may succeed. */
const transient = new Set(["TransactionConflictException", "TransactionInProgressException"]);

/** Errors of a connection that have no code, by their name. */
const connectionNames = new Set(["TimeoutError", "AbortError", "RequestTimeout", "NetworkingError"]);
/** System errors, and Node's errors for an answer that is not HTTP or that breaks off. */
const connectionCode = /^(?:E(?!RR_)[A-Z_]+|HPE_[A-Z_]+|ERR_STREAM_PREMATURE_CLOSE)$/;

/** Reasons for which DynamoDB cancels a transaction that may succeed a moment later. */
const transientReasons = new Set(["None", "TransactionConflict", ...throttling]);

interface Described {
  readonly name: string;
  readonly status: number | undefined;
  readonly isOfConnection: boolean;
  /** The SDK retries it, or corrected its clock and can sign again. */
  readonly isRetryable: boolean;
  readonly reasons: readonly string[];
}

const isRecord = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === "object";

function describe(error: Error): Described {
  const fields: Record<string, unknown> = Object.fromEntries(Object.entries(error));
  const metadata = isRecord(fields["$metadata"]) ? fields["$metadata"] : {};
  const status = metadata["httpStatusCode"];
  const reasons = Array.isArray(fields["CancellationReasons"]) ? fields["CancellationReasons"] : [];
  return {
    name: error.name,
    status: typeof status === "number" ? status : undefined,
    isOfConnection:
      connectionNames.has(error.name) || (typeof fields["code"] === "string" && connectionCode.test(fields["code"])),
    isRetryable: isRecord(fields["$retryable"]) || metadata["clockSkewCorrected"] === true,
    reasons: reasons.map((reason: unknown) =>
      isRecord(reason) && typeof reason["Code"] === "string" ? reason["Code"] : "None",
    ),
  };
}

/** Whether there was no answer: it did not come in time, or its connection broke. */
export const isOfConnection = (error: unknown): boolean => error instanceof Error && describe(error).isOfConnection;

/** Whether DynamoDB refused the request because the table or one key takes no more at the moment. */
export function isThrottle(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, reasons } = describe(error);
  return throttling.has(name) || reasons.some((reason) => throttling.has(reason));
}

/**
 * Whether the same request may succeed a moment later: throttling, conflicts, every 5xx and 429 whatever its body, no
 * answer, a broken connection, an answer that breaks off. A refusal by the access policy or by a condition is final.
 */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, status, reasons, ...is } = describe(error);
  if (name === "TransactionCanceledException") return reasons.every((reason) => transientReasons.has(reason));
  if (throttling.has(name) || transient.has(name) || is.isOfConnection || is.isRetryable) return true;
  // An answer that cannot be read, because its body was cut. The SDK attaches the status of the answer.
  if (error instanceof SyntaxError) return status !== undefined;
  return status !== undefined && (status >= 500 || status === 408 || status === 429);
}
