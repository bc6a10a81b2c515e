import type { Contender, Counts, Sample } from "../measure/measure.ts";

/** What a number of DynamoDB requests must not exceed. */
export interface Bounds {
  readonly requests?: number;
  readonly reads?: number;
  /** What the ratio of our processor time to the peer's must not exceed. */
  readonly peer?: number;
}

export interface Operation extends Counts {
  readonly name: string;
  readonly size: number;
  readonly bounds: Bounds;
  /** Whether its cost is in proportion to its size, by what it does. */
  readonly isProportional?: boolean;
  /** Whether it changes a group by as much at every size: then it must take as long. */
  readonly isChange?: boolean;
  readonly sample: (at: number) => Promise<Sample> | Sample;
}

/** A contender with the ids that it gave to the people, in order. */
export interface Populated {
  readonly contender: Contender;
  readonly people: readonly string[];
}

/** After two thousand requests a process takes half the time that it takes after two hundred: it is compiled then. */
export const LIGHT = { samples: 200, warmUp: 2_000 };
export const HEAVY = { samples: 30, warmUp: 2_000 };
/** Lists of more than ten thousand members take megabytes and seconds. */
const HUGE = { samples: 5, warmUp: 1 };

/** Ours asks a database, the peer its own memory: so much more may that take where nothing grows with the size. */
export const FLAT = 2;
/** Where the work grows with the size, at 1,000. */
export const GROWING = 1;
/** At 10,000 members of a group. */
const HUNDREDTH = 0.01;
export const besidePeer = (members: number): Bounds => {
  return { peer: members >= 10_000 ? HUNDREDTH : members >= 1_000 ? GROWING : FLAT };
};
export const countsFor = (members: number): Counts => (members > 10_000 ? HUGE : members > 100 ? HEAVY : LIGHT);
