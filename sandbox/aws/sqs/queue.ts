import { createHash, randomUUID } from "node:crypto";
import { ServiceError } from "../json/operation.ts";
import { sizeOf, type Message, type NewMessage } from "./message.ts";

/** Times in seconds, sizes in bytes. */
export interface QueueSettings {
  readonly visibilityTimeout: number;
  readonly retention: number;
  readonly delay: number;
  readonly maxMessageSize: number;
  /** Default of a receiver's long poll. */
  readonly receiveWait: number;
  readonly contentBasedDeduplication: boolean;
  readonly redrive: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number } | undefined;
}

/** A message with one of these ids is accepted again and not queued again, for 5 minutes after the first. */
const DEDUPLICATION_MS = 5 * 60_000;
const FIFO_ID = /^[!-~]{1,128}$/;
// Characters that XML 1.0 allows (SendMessage, "MessageBody").
const CONTENT = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]+$/u;

const invalid = (message: string): ServiceError => new ServiceError("InvalidParameterValueException", message);

/** One queue, standard or FIFO. */
export class Queue {
  readonly name: string;
  readonly arn: string;
  settings: QueueSettings;
  readonly #now: () => number;
  readonly #moveToDeadLetters: (arn: string, message: Message, source: string) => void;
  readonly #messages = new Map<string, Message>();
  readonly #seen = new Map<string, { readonly id: string; readonly sequence: string; readonly until: number }>();
  readonly #waiting = new Set<() => void>();
  #sequence = 0n;

  constructor(
    declared: { readonly name: string; readonly arn: string; readonly settings: QueueSettings },
    now: () => number,
    moveToDeadLetters: (arn: string, message: Message, source: string) => void,
  ) {
    this.name = declared.name;
    this.arn = declared.arn;
    this.settings = declared.settings;
    this.#now = now;
    this.#moveToDeadLetters = moveToDeadLetters;
  }

  get isFifo(): boolean {
    return this.name.endsWith(".fifo");
  }

  /** Messages that can be received, that are with a receiver, and that wait for their delay. */
  counts(): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
    this.#expire();
    const all = [...this.#messages.values()];
    const hidden = all.filter(({ visibleAt }) => visibleAt > this.#now());
    const inFlight = hidden.filter(({ receipt }) => receipt !== undefined).length;
    return { visible: all.length - hidden.length, inFlight, delayed: hidden.length - inFlight };
  }

  /** Seconds since the oldest message was sent; 0 for an empty queue. */
  oldestAge(): number {
    this.#expire();
    const [oldest] = this.#messages.values();
    return oldest === undefined ? 0 : (this.#now() - oldest.sent) / 1000;
  }

  /** @throws ServiceError */
  send(message: NewMessage): { readonly id: string; readonly sequence: string | undefined } {
    this.#check(message);
    const now = this.#now();
    const { body, attributes = {}, group, delay = this.settings.delay } = message;
    const deduplicationId = this.isFifo ? (message.deduplicationId ?? sha256(body)) : undefined;
    for (const [key, { until }] of this.#seen) if (until <= now) this.#seen.delete(key);
    const known = deduplicationId === undefined ? undefined : this.#seen.get(deduplicationId);
    if (known !== undefined) return known;
    const id = randomUUID();
    const sequence = this.isFifo ? this.#nextSequence() : undefined;
    if (deduplicationId !== undefined && sequence !== undefined)
      this.#seen.set(deduplicationId, { id, sequence, until: now + DEDUPLICATION_MS });
    const times = { sent: now, enqueued: now, visibleAt: now + delay * 1000 };
    const fresh = { receiveCount: 0, firstReceived: undefined, receipt: undefined, deadLetterSource: undefined };
    this.#messages.set(id, { id, body, attributes, group, deduplicationId, sequence, ...times, ...fresh });
    this.#wake();
    return { id, sequence };
  }

  /** Takes a message that another queue gave up. The retention of a FIFO queue's message starts again; others' does not. */
  takeOver(message: Message, source: string): void {
    const now = this.#now();
    this.#messages.set(message.id, {
      ...message,
      sequence: this.isFifo ? this.#nextSequence() : undefined,
      enqueued: this.isFifo ? now : message.enqueued,
      deadLetterSource: source,
      receiveCount: 0,
      receipt: undefined,
      visibleAt: now,
    });
    this.#wake();
  }

  /**
   * Up to `most` messages, each hidden from others for a time. A message of a FIFO queue is given only if none of its
   * group is with a receiver, and those before it in its group are given before it.
   * @param visibilityTimeout seconds; default: the queue's
   */
  receive(most: number, visibilityTimeout = this.settings.visibilityTimeout): Message[] {
    this.#expire();
    const now = this.#now();
    const taken: Message[] = [];
    const locked = new Set<string>();
    for (const message of this.#messages.values()) {
      if (this.isFifo && message.visibleAt > now && message.group !== undefined) locked.add(message.group);
    }
    for (const message of this.#messages.values()) {
      if (taken.length === most) break;
      if (message.visibleAt > now || (message.group !== undefined && locked.has(message.group))) continue;
      if (this.#isGivenUp(message)) continue;
      message.receiveCount += 1;
      message.firstReceived ??= now;
      message.receipt = randomUUID();
      message.visibleAt = now + visibilityTimeout * 1000;
      taken.push({ ...message });
    }
    return taken;
  }

  /** @throws ServiceError for a receipt that is none, or one of a FIFO queue that has expired */
  delete(receipt: string): void {
    const message = this.#received(receipt);
    if (message === undefined) return;
    if (this.isFifo && message.visibleAt <= this.#now())
      throw invalid(`Value ${receipt} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`);
    this.#messages.delete(message.id);
    this.#wake();
  }

  /** @param seconds 0 to 43,200 @throws ServiceError if the message is not with its receiver any more */
  changeVisibility(receipt: string, seconds: number): void {
    if (!Number.isInteger(seconds) || seconds < 0 || seconds > 43_200)
      throw invalid(
        `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200.`,
      );
    const message = this.#received(receipt);
    if (message === undefined || message.visibleAt <= this.#now())
      throw new ServiceError("MessageNotInflight", "The specified message isn't in flight.");
    message.visibleAt = this.#now() + seconds * 1000;
    this.#wake();
  }

  /** Resolves as soon as something changed, or after that many milliseconds. */
  changed(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#waiting.add(done);
      signal?.addEventListener("abort", done);
      if (signal?.aborted === true) done();
    });
  }

  #wake(): void {
    for (const done of [...this.#waiting]) done();
  }

  #nextSequence(): string {
    this.#sequence += 256n;
    return (18_850_000_000_000_000_000n + this.#sequence).toString();
  }

  #received(receipt: string): Message | undefined {
    if (!/^[0-9a-f-]{36}$/.test(receipt))
      throw new ServiceError("ReceiptHandleIsInvalid", `The input receipt handle "${receipt}" is not valid.`);
    return [...this.#messages.values()].find((message) => message.receipt === receipt);
  }

  #expire(): void {
    const oldest = this.#now() - this.settings.retention * 1000;
    for (const { id, enqueued } of this.#messages.values()) if (enqueued < oldest) this.#messages.delete(id);
  }

  #isGivenUp(message: Message): boolean {
    const { redrive } = this.settings;
    if (redrive === undefined || message.receiveCount < redrive.maxReceiveCount) return false;
    this.#messages.delete(message.id);
    this.#moveToDeadLetters(redrive.deadLetterTargetArn, message, this.arn);
    return true;
  }

  #check(message: NewMessage): void {
    const { body, group, deduplicationId, delay } = message;
    if (body === "") throw new ServiceError("MissingParameter", "The request must contain the parameter MessageBody.");
    if (!CONTENT.test(body))
      throw new ServiceError("InvalidMessageContents", "The message contains characters outside the allowed set.");
    const { maxMessageSize, contentBasedDeduplication } = this.settings;
    if (sizeOf(message) > maxMessageSize)
      throw invalid(
        `One or more parameters are invalid. Reason: Message must be shorter than ${maxMessageSize} bytes.`,
      );
    if (group !== undefined && !FIFO_ID.test(group))
      throw invalid("MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.");
    if (!this.isFifo) return;
    if (group === undefined)
      throw new ServiceError("MissingParameter", "The request must contain the parameter MessageGroupId.");
    if (deduplicationId === undefined && !contentBasedDeduplication)
      throw invalid(
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
      );
    if (deduplicationId !== undefined && !FIFO_ID.test(deduplicationId))
      throw invalid(
        "MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to 128 in length.",
      );
    if (delay !== undefined && delay !== 0)
      throw invalid(
        `Value ${delay} for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.`,
      );
  }
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
