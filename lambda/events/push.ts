import type { SQSBatchResponse, SQSRecord } from "aws-lambda";
import type { Deadline } from "../model.ts";
import { feedOfGroup } from "./queue.ts";
import type { FindTarget } from "./targets.ts";
import { TransmitError, type Answer, type Target } from "./transmit.ts";

export interface Pushing {
  readonly findTarget: FindTarget;
  readonly transmit: (target: Target, set: string) => Promise<Answer>;
  /** Hides a message for some seconds. */
  readonly hide: (receiptHandle: string, seconds: number) => Promise<void>;
  readonly deadline: Deadline;
}

/** One attempt to deliver, for the log: it names no person and no address. */
export interface Attempt {
  readonly receiver: string;
  /** `gone` if the receiver was removed, or removed and added again; `later` if there was no time or an earlier SET of the resource failed. */
  readonly outcome: "delivered" | "refused" | "unanswered" | "gone" | "later";
  readonly status?: number | undefined;
  readonly err?: string | undefined;
  /** Seconds until the next attempt. */
  readonly retryIn?: number;
  /** The unexpected error that kept the function from an attempt. */
  readonly failure?: unknown;
}

/** Seconds. */
const LONGEST_BACKOFF = 3_600;
/** Milliseconds that an attempt may take, and its consequences. */
const ATTEMPT = 12_000;

/**
 * Delivers messages of the queue to their receivers. The SETs about one resource are delivered one after another: after a
 * failure, those after it wait as long as it does.
 * @returns what Lambda must leave in the queue
 */
export async function push(
  pushing: Pushing,
  records: readonly SQSRecord[],
): Promise<{ readonly response: SQSBatchResponse; readonly attempts: readonly Attempt[] }> {
  const groups = new Map<string, SQSRecord[]>();
  for (const record of records) {
    const group = record.attributes.MessageGroupId ?? "";
    groups.set(group, [...(groups.get(group) ?? []), record]);
  }
  const done = await Promise.all([...groups].map(([group, messages]) => pushGroup(pushing, group, messages)));
  const batchItemFailures = done.flatMap(({ left }) => left.map(({ messageId }) => ({ itemIdentifier: messageId })));
  return { response: { batchItemFailures }, attempts: done.flatMap(({ attempts }) => attempts) };
}

async function pushGroup(
  pushing: Pushing,
  group: string,
  messages: readonly SQSRecord[],
): Promise<{ readonly left: readonly SQSRecord[]; readonly attempts: readonly Attempt[] }> {
  const feed = feedOfGroup(group);
  const receiver = nameOf(feed);
  const attempts: Attempt[] = [];
  for (const [at, message] of messages.entries()) {
    const attempt = await pushOne(pushing, feed, message);
    attempts.push(attempt);
    if (attempt.outcome === "delivered" || attempt.outcome === "gone") continue;
    const left = messages.slice(at);
    attempts.push(...left.slice(1).map((): Attempt => ({ receiver, outcome: "later" })));
    // The queue gives nothing of a group while one of its messages is hidden: all of them appear at the same time.
    await Promise.all(left.map(({ receiptHandle }) => hideQuietly(pushing, receiptHandle, attempt.retryIn ?? 1)));
    return { left, attempts };
  }
  return { left: [], attempts };
}

/** The name in a `feedOf`. */
const nameOf = (feed: string): string => feed.split(".")[0] ?? "";

/** If a message cannot be hidden, it appears at the end of the queue's own time. */
const hideQuietly = async ({ hide }: Pushing, receiptHandle: string, seconds: number): Promise<void> =>
  hide(receiptHandle, seconds).catch(() => undefined);

async function pushOne(pushing: Pushing, feed: string, message: SQSRecord): Promise<Attempt> {
  const receiver = nameOf(feed);
  const { findTarget, transmit, deadline } = pushing;
  if (deadline.remaining() < ATTEMPT) return { receiver, outcome: "later", retryIn: 1 };
  const backoff = Math.min(LONGEST_BACKOFF, 2 ** Math.min(20, Number(message.attributes.ApproximateReceiveCount)));
  try {
    const target = await findTarget(feed, deadline);
    if (target === undefined) return { receiver, outcome: "gone" };
    const { status, retryAfter, err } = await transmit(target, message.body);
    if (status === 202) return { receiver, outcome: "delivered", status };
    return { receiver, outcome: "refused", status, err, retryIn: Math.max(1, retryAfter ?? backoff) };
  } catch (error) {
    if (error instanceof TransmitError)
      return { receiver, outcome: "unanswered", err: error.message, retryIn: backoff };
    return { receiver, outcome: "later", retryIn: backoff, failure: error };
  }
}
