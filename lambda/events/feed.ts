import { batchGet, batchWrite, queryPages, type Store } from "../directory/store.ts";
import type { Item, Key } from "../directory/keys.ts";
import { N, S, numberOf, textOf } from "../directory/values.ts";
import { jtiOf } from "./set.ts";

/** Seconds that an event waits for its receiver, and that a rejected one is kept. */
const RETENTION = 14 * 24 * 60 * 60;
/** Milliseconds. An event that was written longer ago is visible to every read, whatever the clocks of the functions say. */
const SETTLED = 10_000;

/** A SET of a receiver's feed. */
export interface FeedEntry {
  /** `feedOf` its receiver. */
  readonly feed: string;
  readonly sequence: string;
  /** Relative to the base URL. */
  readonly resource: string;
  /** The compact JWS. */
  readonly set: string;
}

export interface StoredEntry extends FeedEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Why a receiver rejected a SET (RFC 8936 §2.6). */
export interface SetError {
  readonly err: string;
  readonly description: string;
}

const key = (pk: string, sequence: string): Key => ({ pk: { S: pk }, sk: { S: sequence } });
const pending = (feed: string): string => `F#${feed}`;
const rejected = (feed: string): string => `E#${feed}`;
const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1_000);

/** Adds SETs to feeds. Safe to repeat. */
export async function addEntries(store: Store, entries: readonly FeedEntry[]): Promise<void> {
  const now = Date.now();
  const puts = entries.map(({ feed, sequence, resource, set }) => ({
    PutRequest: {
      Item: {
        ...key(pending(feed), sequence),
        ...{ set: S(set), r: S(resource), at: N(now), ttl: N(seconds(now) + RETENTION) },
      },
    },
  }));
  await batchWrite(store, puts, () => undefined);
}

/**
 * The oldest SETs that a receiver has not acknowledged, at most `count`, in an order that is right for each resource; and
 * whether there are more.
 *
 * A Query shows each item as it is at some moment, so it can show a SET and miss the one before it that was written
 * earlier, between the two moments. A second Query sees every SET that was written before one that the first saw. So if
 * one of them is new, only those of the first reading, and their predecessors, are given.
 */
export async function readEntries(
  store: Store,
  feed: string,
  count: number,
): Promise<{ readonly entries: readonly StoredEntry[]; readonly isMore: boolean }> {
  const seen = await oldest(store, feed, count + 1);
  const isSettled = seen.every(({ at }) => at < Date.now() - SETTLED);
  const found = isSettled ? seen : inOrder(seen, await oldest(store, feed, count + 1));
  return { entries: found.slice(0, count), isMore: found.length > count };
}

/** The entries of the second reading that the first saw, and those before them that are about the same resource. */
export function inOrder(first: readonly StoredEntry[], second: readonly StoredEntry[]): StoredEntry[] {
  const last = new Map(first.map(({ resource, sequence }) => [resource, sequence]));
  return second.filter(({ resource, sequence }) => sequence <= (last.get(resource) ?? ""));
}

async function oldest(store: Store, feed: string, count: number): Promise<StoredEntry[]> {
  const entries: StoredEntry[] = [];
  for await (const page of queryPages(store, pending(feed), { limit: count })) {
    // DynamoDB deletes items some time after their end.
    entries.push(...page.filter((item) => !isOver(item)).map((item) => decode(feed, item)));
    if (entries.length >= count) break;
  }
  return entries.slice(0, count);
}

const isOver = (item: Item): boolean => numberOf(item, "ttl") <= seconds(Date.now());

const decode = (feed: string, item: Item): StoredEntry => ({
  feed,
  sequence: textOf(item, "sk"),
  resource: textOf(item, "r"),
  set: textOf(item, "set"),
  at: numberOf(item, "at"),
});

/** The sequence that a `jti` of this receiver names; undefined for every other text. */
export function sequenceOf(jti: string, receiver: string): string | undefined {
  const sequence = /^(\d{40})-/.exec(jti)?.[1];
  return sequence !== undefined && jti === jtiOf(sequence, receiver) ? sequence : undefined;
}

/** Removes acknowledged SETs. Those that are not there are ignored. */
export async function removeEntries(store: Store, feed: string, sequences: readonly string[]): Promise<void> {
  const deletes = sequences.map((sequence) => ({ DeleteRequest: { Key: key(pending(feed), sequence) } }));
  await batchWrite(store, deletes, () => undefined);
}

/** Moves rejected SETs out of the feed, with their errors. Returns how many there were. */
export async function rejectEntries(
  store: Store,
  feed: string,
  errors: ReadonlyMap<string, SetError>,
): Promise<number> {
  const found = await batchGet(
    store,
    [...errors.keys()].map((sequence) => key(pending(feed), sequence)),
  );
  const puts = found.map((item) => {
    const sequence = textOf(item, "sk");
    const { err, description } = errors.get(sequence) ?? { err: "", description: "" };
    const ttl = N(seconds(Date.now()) + RETENTION);
    const Item = { ...item, ...key(rejected(feed), sequence), ttl, err: S(err), description: S(description) };
    return { PutRequest: { Item } };
  });
  // Written before they are removed: a repetition finds what is left.
  await batchWrite(store, puts, () => undefined);
  await removeEntries(
    store,
    feed,
    found.map((item) => textOf(item, "sk")),
  );
  return found.length;
}

/** Most entries that are counted. */
const COUNTED = 10_000;

/** How many SETs wait for a receiver (10,000 at most are counted), and since when the oldest does. */
export async function backlogOf(
  store: Store,
  feed: string,
): Promise<{ readonly count: number; readonly since: number | undefined }> {
  let count = 0;
  let since: number | undefined;
  for await (const page of queryPages(store, pending(feed), { limit: COUNTED })) {
    for (const item of page) {
      if (isOver(item)) continue;
      count += 1;
      const at = numberOf(item, "at");
      since = Math.min(since ?? at, at);
    }
    if (count >= COUNTED) break;
  }
  return { count: Math.min(count, COUNTED), since };
}
