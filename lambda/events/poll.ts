import { feedOf, type EventReceiver } from "../contract.ts";
import type { Store } from "../directory/store.ts";
import { readEntries, rejectEntries, removeEntries, type StoredEntry } from "./feed.ts";
import type { PollRequest } from "./pollRequest.ts";
import { jtiOf } from "./set.ts";

/** Milliseconds that a long poll waits for a first SET. API Gateway waits 30 s for its answer. */
const LONG_POLL = 20_000;
/** Milliseconds between two looks at an empty feed. */
const INTERVAL = 400;
/** Milliseconds that the last look and the answer need. */
const RESERVE = 3_000;
/** Characters of the tokens of one answer. */
const LARGEST = 1_000_000;

/** The answer to a poll request (RFC 8936 §2.3), and what it did. */
export interface PollAnswer {
  /** SETs by their `jti`, in the order in which they are to be applied. */
  readonly sets: Readonly<Record<string, string>>;
  readonly moreAvailable: boolean;
  readonly rejected: number;
}

/**
 * Removes what the receiver acknowledged, keeps apart what it rejected, then returns the oldest SETs of its feed (RFC 8936
 * §2.4). A SET is given again until it is acknowledged. @throws BusyError past the deadline
 */
export async function poll(
  store: Store,
  receiver: Pick<EventReceiver, "name" | "id">,
  request: PollRequest,
): Promise<PollAnswer> {
  const feed = feedOf(receiver);
  const { maxEvents, returnImmediately, acknowledged, errors } = request;
  await removeEntries(store, feed, [...new Set(acknowledged)]);
  const rejected = await rejectEntries(store, feed, errors);
  if (maxEvents === 0) return { sets: {}, moreAvailable: false, rejected };
  const end = Date.now() + (returnImmediately ? 0 : LONG_POLL);
  for (;;) {
    const { entries, isMore } = await readEntries(store, feed, maxEvents);
    const given = fitting(entries);
    const isOver = Date.now() + INTERVAL > end || store.deadline.remaining() < RESERVE + INTERVAL;
    if (given.length > 0 || isOver) {
      const sets = Object.fromEntries(given.map(({ sequence, set }) => [jtiOf(sequence, receiver.name), set]));
      return { sets, moreAvailable: isMore || given.length < entries.length, rejected };
    }
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
  }
}

/** The first entries that fit one answer: at least one. */
function fitting(entries: readonly StoredEntry[]): readonly StoredEntry[] {
  let size = 0;
  const end = entries.findIndex(({ set }, at) => (size += set.length) > LARGEST && at > 0);
  return end < 0 ? entries : entries.slice(0, end);
}
