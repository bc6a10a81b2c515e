import { z } from "zod";
import type { FeedAddress } from "./feedAddress.ts";

/** The service did not answer a poll with events. The message says what it answered. */
export class FeedError extends Error {
  override readonly name = "FeedError";
  /** Whether the same request may succeed later. */
  readonly isTemporary: boolean;

  constructor(message: string, isTemporary: boolean, options?: ErrorOptions) {
    super(message, options);
    this.isTemporary = isTemporary;
  }
}

/** The answer to a poll (RFC 8936, section 2.4). */
export interface FeedPage {
  /** Compact JWS by `jti`, the oldest first. */
  readonly sets: ReadonlyMap<string, string>;
  readonly moreAvailable: boolean;
}

export interface PollOptions {
  /** Events that are done. */
  readonly ack: readonly string[];
  /** 0: only acknowledges. */
  readonly maxEvents: number;
  /** Whether the service waits for an event, up to 20 seconds. */
  readonly wait: boolean;
  readonly signal?: AbortSignal;
}

const answerSchema = z.object({ sets: z.record(z.string(), z.string()), moreAvailable: z.boolean().default(false) });
const refusal = z.object({ err: z.string().optional(), description: z.string().optional() });

/** Milliseconds without an answer: the service answers a long poll after 20 seconds at most. */
const TIMEOUT_MS = 40_000;

/** Polls a feed once. @throws FeedError */
export async function pollFeed({ pollUrl, token }: FeedAddress, options: PollOptions): Promise<FeedPage> {
  const { ack, maxEvents, wait, signal } = options;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(pollUrl, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ maxEvents, returnImmediately: !wait, ack }),
    redirect: "manual",
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  }).catch((cause: unknown) => {
    throw new FeedError(`${pollUrl} does not answer: ${reasonOf(cause)}`, true, { cause });
  });
  const text = await response.text();
  if (!response.ok) throw refused(pollUrl, response.status, text);
  const read = answerSchema.safeParse(parsed(text));
  if (!read.success)
    throw new FeedError(`${pollUrl} answers something that is no list of events`, false, { cause: read.error });
  return { sets: new Map(Object.entries(read.data.sets)), moreAvailable: read.data.moreAvailable };
}

function refused(url: string, status: number, text: string): FeedError {
  const { err, description } = refusal.safeParse(parsed(text)).data ?? {};
  const words = [err, description].filter((part) => part !== undefined).join(": ");
  const isTemporary = status === 429 || status >= 500;
  return new FeedError(`${url} answers ${status}${words === "" ? "" : ` (${words})`}`, isTemporary);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The message `fetch failed` says nothing; its cause names the reason. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
}
