import { setTimeout as sleep } from "node:timers/promises";
import process from "node:process";
import { eventLine } from "./eventLine.ts";
import { feedAddress, type FeedAddress } from "./feedAddress.ts";
import { FeedError, pollFeed, type FeedPage, type PollOptions } from "./feed.ts";
import { OutputError, type Output } from "./output.ts";
import { keysAt, openSet, SetError, type Keys } from "./set.ts";

export interface Feed {
  readonly receiver: string;
  /** Undefined for the only tenant that runs in this checkout. */
  readonly stack: string | undefined;
  readonly sandbox: boolean;
}

export interface ShowOptions {
  readonly follow: boolean;
  readonly acknowledge: boolean;
  readonly json: boolean;
}

/** Events of one answer, at most. */
const PAGE = 100;
/** Milliseconds before the next attempt of a feed that is followed. */
const RETRY_MS = 2_000;

/**
 * Prints the events of a receiver and acknowledges them.
 * @returns the exit code
 * @throws StackError if there is no such feed; FeedError if it cannot be read
 */
export async function showEvents(feed: Feed, options: ShowOptions, output: Output): Promise<number> {
  const address = await addressOf(feed);
  return showFeed(address, options, output, options.follow ? stopSignal() : new AbortController().signal);
}

/** As `showEvents`, for a known feed. @param stopped ends a feed that is followed */
export async function showFeed(
  address: FeedAddress,
  options: ShowOptions,
  output: Output,
  stopped: AbortSignal,
): Promise<number> {
  try {
    return await showAndAcknowledge(address, options, output, stopped);
  } catch (error) {
    if (error instanceof OutputError && error.isUnread) return 0;
    throw error;
  }
}

async function showAndAcknowledge(
  address: FeedAddress,
  options: ShowOptions,
  output: Output,
  stopped: AbortSignal,
): Promise<number> {
  const printed: string[] = [];
  try {
    const shown = await show(address, options, output, stopped, printed);
    if (shown === 0 && !options.follow) output.say("No event waits.");
    return 0;
  } catch (error) {
    if (!(error instanceof SetError)) throw error;
    output.say(`error: ${error.message}. It stays in the feed, and so does everything after it.`);
    return 1;
  } finally {
    await output.written();
    if (options.acknowledge && printed.length > 0) await pollFeed(address, { ack: printed, maxEvents: 0, wait: false });
  }
}

/**
 * Prints the events of page after page; each poll acknowledges those of the page before.
 * @param printed gets the printed events that no poll has acknowledged yet
 * @returns number of printed events
 */
async function show(
  address: FeedAddress,
  options: ShowOptions,
  output: Output,
  stopped: AbortSignal,
  printed: string[],
): Promise<number> {
  const keys = keysAt(address.keysUrl);
  for (let shown = 0; ;) {
    await output.written();
    const ack = options.acknowledge ? [...printed] : [];
    const page = await poll(address, { ack, maxEvents: PAGE, wait: options.follow, signal: stopped }, options, output);
    if (page === undefined) return shown;
    printed.splice(0, ack.length);
    for (const [jti, jws] of page.sets) {
      output.print(await lineOf(jti, jws, keys, address, options));
      printed.push(jti);
      shown += 1;
    }
    if (stopped.aborted) return shown;
    if (options.follow) continue;
    if (!options.acknowledge && page.moreAvailable)
      output.say(`More events wait; these are the oldest ${page.sets.size}.`);
    if (!options.acknowledge || !page.moreAvailable) return shown;
  }
}

async function addressOf({ receiver, stack, sandbox }: Feed): Promise<FeedAddress> {
  if (sandbox) {
    const { readLocalStack } = await import("../live/localTenant.ts");
    const local = await readLocalStack(stack);
    return feedAddress(local.stack, local.outputs, receiver);
  }
  const { readStack } = await import("../live/stack.ts");
  const name = stack ?? "";
  return feedAddress(name, (await readStack(name)).outputs, receiver);
}

/** One poll. A feed that is followed is asked again until it answers. @returns undefined once a signal has come */
async function poll(
  address: FeedAddress,
  request: PollOptions,
  { follow }: ShowOptions,
  { say }: Output,
): Promise<FeedPage | undefined> {
  for (;;) {
    try {
      return await pollFeed(address, request);
    } catch (error) {
      if (request.signal?.aborted === true) return undefined;
      if (!follow || !(error instanceof FeedError) || !error.isTemporary) throw error;
      say(`${error.message}; the next attempt is in ${RETRY_MS / 1000} seconds`);
      await sleep(RETRY_MS, undefined, { signal: request.signal }).catch(() => undefined);
    }
  }
}

async function lineOf(
  jti: string,
  jws: string,
  keys: Keys,
  { issuer }: FeedAddress,
  { json }: ShowOptions,
): Promise<string> {
  const claims = await openSet(jti, jws, keys, issuer);
  return json ? JSON.stringify(claims) : eventLine(claims);
}

function stopSignal(): AbortSignal {
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => abort.abort());
  return abort.signal;
}
