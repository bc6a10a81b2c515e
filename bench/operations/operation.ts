import type { Contender, Counts, Sample } from "../measure/measure.ts";

/** Upper bound of the number of DynamoDB requests. */
export interface Bounds {
  readonly requests?: number;
  readonly reads?: number;
  /** Upper bound of the ratio of our processor time to the peer's. */
  readonly peer?: number;
}

export interface Operation extends Counts {
  readonly name: string;
  readonly size: number;
  readonly bounds: Bounds;
  /** Whether its cost is in proportion to its size by nature. */
  readonly isProportional?: boolean;
  /** Whether it changes the same number of members at every size, so that its time must be the same. */
  readonly isChange?: boolean;
  readonly sample: (at: number) => Promise<Sample> | Sample;
}

/** A contender, with the ids that it assigned to the people, in order. */
export interface Populated {
  readonly contender: Contender;
  readonly people: readonly string[];
}

/**
 * A process needs half the time after two thousand requests compared with two hundred, because its code is compiled by
 * then.
 */
export const LIGHT = { samples: 200, warmUp: 2_000 };
export const HEAVY = { samples: 30, warmUp: 2_000 };
/** Lists of more than ten thousand members take megabytes and seconds. */
const HUGE = { samples: 5, warmUp: 1 };

/** Ours asks a database, the peer its own memory. This is the allowed factor if nothing grows with the size. */
export const FLAT = 2;
/** The allowed factor if the work grows with the size, at 1,000. */
export const GROWING = 1;
/** At 10,000 members of a group. */
const HUNDREDTH = 0.01;
export const besidePeer = (members: number): Bounds => {
  return { peer: members >= 10_000 ? HUNDREDTH : members >= 1_000 ? GROWING : FLAT };
};
export const countsFor = (members: number): Counts => (members > 10_000 ? HUGE : members > 100 ? HEAVY : LIGHT);
