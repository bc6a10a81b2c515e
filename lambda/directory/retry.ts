import type { Deadline } from "../model.ts";
import { BusyError } from "./errors.ts";
import { isTransient } from "./transient.ts";

const FIRST_DELAY = 15;
const LONGEST_DELAY = 1_000;
/** Milliseconds reserved for the answer; work stops this long before the deadline. */
const MARGIN = 500;
/** Seconds after which a request that ran out of time may be sent again. */
const RETRY_AFTER = 2;

/** The error of a request that cannot finish in time. `cause` is the last error of DynamoDB, if there was one. */
export const busy = (retryAfter = RETRY_AFTER, cause?: unknown): BusyError =>
  new BusyError(retryAfter, cause === undefined ? undefined : { cause });

/** Waits. @throws BusyError at once if the wait would not end in time */
export async function wait(milliseconds: number, deadline: Deadline, cause?: unknown): Promise<void> {
  if (deadline.remaining() - milliseconds < MARGIN) throw busy(RETRY_AFTER, cause);
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Waits a random time of at most the attempt's share (full jitter). @throws BusyError near the deadline */
export const pause = (attempt: number, deadline: Deadline, cause?: unknown): Promise<void> =>
  wait(Math.random() * Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** attempt), deadline, cause);

/**
 * Repeats `work` while it fails for a transient reason. Between attempts it waits, unless `between` decides otherwise.
 */
export async function retrying<T>(
  deadline: Deadline,
  work: () => Promise<T>,
  between: (error: unknown, attempt: number) => Promise<void> = (error, attempt) => pause(attempt, deadline, error),
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error)) throw error;
      await between(error, attempt);
    }
  }
}
