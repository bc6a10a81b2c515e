import { isRecord } from "../../../operations/live/isRecord.ts";
import { md5, systemAttributes, type Message } from "../sqs/message.ts";
import type { Queue } from "../sqs/queue.ts";
import { matchesPattern } from "../support/pattern.ts";
import { pause } from "../support/pause.ts";
import { DENIED_MS, failuresOf, type Runtime } from "./mapping.ts";

export interface QueueRuntime extends Runtime {
  readonly queue: Queue;
  readonly account: string;
}

/** Milliseconds after which a poller looks for messages that became visible meanwhile. */
const LOOK_MS = 100;

/** Polls a queue with several pollers. A message that is not done is received again after its visibility timeout. */
export async function runQueue(runtime: QueueRuntime): Promise<void> {
  await Promise.all(Array.from({ length: runtime.mapping.concurrency }, () => poll(runtime)));
}

/** The permissions that a mapping of a queue needs from the function's role. */
export const queueAccesses = (arn: string): { action: string; resource: string }[] =>
  ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"].map((action) => ({
    action: `sqs:${action}`,
    resource: arn,
  }));

async function poll(runtime: QueueRuntime): Promise<void> {
  const { mapping, queue, signal } = runtime;
  while (!signal.aborted) {
    const { visible } = queue.counts();
    if (visible > 0 && !runtime.may(queueAccesses(queue.arn))) {
      await pause(DENIED_MS, signal);
      continue;
    }
    if (visible > 0 && visible < mapping.batchSize && mapping.batchingWindow > 0)
      await pause(mapping.batchingWindow * 1000, signal);
    const messages = queue.receive(mapping.batchSize);
    if (messages.length === 0) await queue.changed(LOOK_MS, signal);
    else await deliver(runtime, messages);
  }
}

async function deliver(runtime: QueueRuntime, messages: readonly Message[]): Promise<void> {
  const { queue } = runtime;
  const wanted = messages.filter((message) => isWanted(runtime, message));
  for (const message of messages) if (!wanted.includes(message)) remove(queue, message);
  if (wanted.length === 0) return;
  const invocation = await runtime.invoke({ Records: wanted.map((message) => recordOf(runtime, message)) });
  const failed = failuresOf(
    runtime,
    invocation,
    wanted.map(({ id }) => id),
  );
  if (failed === undefined || runtime.freedoms()?.repeats() === true) return;
  for (const message of wanted) if (!failed.includes(message.id)) remove(queue, message);
}

/** A receipt that expired meanwhile deletes nothing: the message is delivered again. */
function remove(queue: Queue, { receipt }: Message): void {
  try {
    if (receipt !== undefined) queue.delete(receipt);
  } catch {
    return;
  }
}

/** A body that is JSON is filtered by its content. */
function isWanted({ mapping }: QueueRuntime, message: Message): boolean {
  if (mapping.filters.length === 0) return true;
  const body = parsed(message.body);
  return mapping.filters.some((pattern) => matchesPattern(pattern, { body, messageAttributes: message.attributes }));
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : text;
  } catch {
    return text;
  }
}

function recordOf({ queue, account, region }: QueueRuntime, message: Message): object {
  return {
    messageId: message.id,
    receiptHandle: message.receipt,
    body: message.body,
    attributes: systemAttributes(message, account),
    messageAttributes: Object.fromEntries(
      Object.entries(message.attributes).map(([name, value]) => [name, isRecord(value) ? lowered(value) : value]),
    ),
    md5OfBody: md5(message.body),
    eventSource: "aws:sqs",
    eventSourceARN: queue.arn,
    awsRegion: region,
  };
}

/** Lambda writes `stringValue` where SQS writes `StringValue`. */
const lowered = (value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(value).map(([key, part]) => [key.charAt(0).toLowerCase() + key.slice(1), part]));
