import type { CancellationReason } from "@aws-sdk/client-dynamodb";
import { AwsError, ConnectionError } from "../aws/errors.ts";

/** Names by which DynamoDB tells a client to slow down, in an error or in the reason of a cancelled transaction. */
const throttling = new Set([
  "ProvisionedThroughputExceededException",
  "ProvisionedThroughputExceeded",
  "ThrottlingException",
  "ThrottledException",
  "ThrottlingError",
  "Throttling",
  "RequestLimitExceeded",
  "TooManyRequestsException",
]);

/** Other errors with status 400 after which the same request may succeed. */
const transient = new Set([
  "TransactionConflictException",
  "TransactionInProgressException",
  "ReplicatedWriteConflictException",
  "RequestTimeout",
  "RequestTimeoutException",
]);

/** Reasons for which DynamoDB cancels a transaction that may succeed a moment later. */
const transientReasons = new Set(["None", "TransactionConflict", ...throttling]);

/**
 * Why each item of a cancelled transaction was refused, in the order of the items; undefined if the error is not of a
 * cancelled transaction.
 */
export function cancellationReasons(error: unknown): readonly CancellationReason[] | undefined {
  if (!(error instanceof AwsError) || error.name !== "TransactionCanceledException") return undefined;
  const reasons = error.fields["CancellationReasons"];
  return Array.isArray(reasons) ? reasons.map((reason: CancellationReason | null) => reason ?? {}) : [];
}

const codes = (error: unknown): readonly string[] =>
  (cancellationReasons(error) ?? []).map(({ Code = "None" }) => Code);

/** Whether DynamoDB refused the request because the table or one key takes no more at the moment. */
export const isThrottle = (error: unknown): boolean =>
  error instanceof AwsError && (throttling.has(error.name) || codes(error).some((code) => throttling.has(code)));

/**
 * Whether the same request may succeed a moment later: throttling, conflicts, every 5xx and 429 whatever its body, no
 * answer, a broken connection, an answer that breaks off, a signature of a clock that is now right. A refusal by the
 * access policy or by a condition is final.
 */
export function isTransient(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  if (!(error instanceof AwsError)) return false;
  const { name, status } = error;
  if (name === "TransactionCanceledException") return codes(error).every((code) => transientReasons.has(code));
  if (throttling.has(name) || transient.has(name) || error.isClockCorrected) return true;
  return status >= 500 || status === 408 || status === 429;
}
