import { setTimeout as sleep } from "node:timers/promises";
import type { Deadline } from "../model.ts";
import { BusyError } from "./errors.ts";

const FIRST_DELAY = 15;
const LONGEST_DELAY = 1_000;
/** Milliseconds that an answer needs; work stops this long before the deadline. */
const MARGIN = 500;

const transient = new Set([
  "ProvisionedThroughputExceededException",
  "ThrottlingException",
  "ThrottlingError",
  "RequestLimitExceeded",
  "InternalServerError",
  "ServiceUnavailable",
  "TransactionConflictException",
  "TransactionInProgressException",
  "TimeoutError",
  "NetworkingError",
  "ECONNRESET",
  "ECONNREFUSED",
  "EPIPE",
]);

/** Reasons for which DynamoDB cancels a transaction that may succeed a moment later. */
const transientReasons = new Set(["None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"]);

interface Described {
  readonly name: string;
  readonly code: unknown;
  readonly reasons: readonly (string | undefined)[];
}

function describe(error: unknown): Described {
  if (!(error instanceof Error)) return { name: "", code: undefined, reasons: [] };
  const reasons =
    "CancellationReasons" in error && Array.isArray(error.CancellationReasons) ? error.CancellationReasons : [];
  return {
    name: error.name,
    code: "code" in error ? error.code : undefined,
    reasons: reasons.map((reason: unknown) =>
      reason !== null && typeof reason === "object" && "Code" in reason && typeof reason.Code === "string"
        ? reason.Code
        : undefined,
    ),
  };
}

/** Whether the same request may succeed a moment later. A refusal by the access policy or a condition may not. */
export function isTransient(error: unknown): boolean {
  const { name, code, reasons } = describe(error);
  if (name === "TransactionCanceledException") return reasons.every((reason) => transientReasons.has(reason ?? "None"));
  return transient.has(name) || (typeof code === "string" && transient.has(code));
}

/** Seconds after which a request that found no time is worth another attempt. */
const RETRY_AFTER = 2;

/** Thrown where a request cannot be finished in time. */
export const busy = (retryAfter = RETRY_AFTER, cause?: unknown): BusyError =>
  new BusyError(retryAfter, cause === undefined ? undefined : { cause });

/** Waits a random time of at most the attempt's share (full jitter), and gives up near the deadline. @throws BusyError. */
export async function pause(attempt: number, deadline: Deadline, cause?: unknown): Promise<void> {
  const delay = Math.random() * Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** attempt);
  if (deadline.remaining() - delay < MARGIN) throw busy(RETRY_AFTER, cause);
  await sleep(delay);
}

/** Repeats `work` while it fails for a passing reason. */
export async function retrying<T>(deadline: Deadline, work: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      if (!isTransient(error)) throw error;
      await pause(attempt, deadline, error);
    }
  }
}
