import { createHash } from "node:crypto";

/** A message as a sender gives it. */
export interface NewMessage {
  readonly body: string;
  /** Message attributes as they came. */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
  readonly group?: string | undefined;
  readonly deduplicationId?: string | undefined;
  /** Seconds; standard queues only. */
  readonly delay?: number | undefined;
}

/** A message in a queue. All times are milliseconds since 1970. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly group: string | undefined;
  readonly deduplicationId: string | undefined;
  /** 20 digits; FIFO only. */
  readonly sequence: string | undefined;
  readonly sent: number;
  /** Retention counts from here. */
  readonly enqueued: number;
  readonly deadLetterSource: string | undefined;
  receiveCount: number;
  firstReceived: number | undefined;
  visibleAt: number;
  /** Of the last receipt. */
  receipt: string | undefined;
}

export const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

/** Bytes that count against the limits. */
export const sizeOf = ({ body, attributes }: NewMessage): number =>
  Buffer.byteLength(body) + (attributes === undefined ? 0 : Buffer.byteLength(JSON.stringify(attributes)));

/** The attributes of a received message. */
export function systemAttributes(message: Message, sender: string): Readonly<Record<string, string>> {
  const { group, deduplicationId, sequence, deadLetterSource, sent, receiveCount, firstReceived } = message;
  const present = {
    ApproximateReceiveCount: String(receiveCount),
    SentTimestamp: String(sent),
    SenderId: sender,
    ApproximateFirstReceiveTimestamp: String(firstReceived ?? sent),
    MessageGroupId: group,
    MessageDeduplicationId: deduplicationId,
    SequenceNumber: sequence,
    DeadLetterQueueSourceArn: deadLetterSource,
  };
  return Object.fromEntries(
    Object.entries(present).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
