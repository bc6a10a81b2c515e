/**
 * How fast a large change writes the edges of one group. They share a partition key, which takes 1,000 write units a second
 * whatever the size of the table; an edge in a transaction costs 2 of them under its group. A pace below that limit is not
 * throttled. Where DynamoDB throttles all the same, the pace falls quickly and rises slowly; the group remembers it.
 */
export interface Pace {
  /** Edges a second. */
  rate: number;
  /** Edges that may be written at once; below 0 while the writer is ahead of the pace. */
  credit: number;
  /** Milliseconds since 1970 when `credit` was right. */
  at: number;
  /** Whether this change or an earlier one found a rate below the default that passes. */
  isLearned: boolean;
}

/** Edges a second: 90 % of the limit of a key, which leaves room for small changes. */
const FULL = 450;
const SLOWEST = 5;
/** Edges that fit in one transaction of at most 100 items, beside the group's fence. */
const MOST_EDGES = 49;
const FEWEST_EDGES = 5;
/** The factors by which a throttled transaction lowers the rate, before and after a rate was found that passes. */
const SEARCH = 0.5;
const BACK_OFF = 0.75;
/** The factor by which each edge that passed raises the rate. */
const GROWTH = 0.0004;

/** The pace of a new large change, from the rate that the group remembers. */
export function createPace(remembered: number | undefined, now: number): Pace {
  const rate = Math.min(FULL, Math.max(SLOWEST, remembered ?? FULL));
  return { rate, credit: remembered === undefined ? rate : MOST_EDGES, at: now, isLearned: remembered !== undefined };
}

/** Edges for the next transaction: less than half a second's worth, because other requests write to the key too. */
export const batchSize = ({ rate }: Pace): number =>
  Math.max(FEWEST_EDGES, Math.min(MOST_EDGES, Math.floor(rate * 0.4)));

/** Reserves the writing of some edges. Returns the milliseconds to wait before it. */
export function reserve(pace: Pace, edges: number, now: number): number {
  pace.credit = Math.min(pace.rate, pace.credit + ((now - pace.at) / 1_000) * pace.rate) - edges;
  pace.at = now;
  return pace.credit >= 0 ? 0 : (-pace.credit / pace.rate) * 1_000;
}

/** Speeds up a little after a transaction that passed. */
export function passed(pace: Pace, edges: number): void {
  pace.isLearned ||= pace.rate < FULL;
  pace.rate = Math.min(FULL, pace.rate * (1 + GROWTH * edges));
}

/** Slows down after a throttled transaction. Returns the milliseconds to wait before its next attempt. */
export function slowDown(pace: Pace, edges: number, now: number): number {
  pace.rate = Math.max(SLOWEST, pace.rate * (pace.isLearned ? BACK_OFF : SEARCH));
  pace.credit = 0;
  pace.at = now;
  return (edges / pace.rate) * 1_000;
}

/** The rate for the group to remember; undefined while the default pace was never throttled. */
export const toRemember = ({ rate, isLearned }: Pace): number | undefined => (isLearned ? Math.round(rate) : undefined);
