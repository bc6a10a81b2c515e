import {
  mean,
  measure,
  median,
  percentile,
  spreadOf,
  type Contender,
  type Counts,
  type Measurement,
} from "./measure/measure.ts";
import { groupOperations } from "./operations/groups.ts";
import type { Operation, Populated } from "./operations/operation.ts";
import { idOf, personOf } from "./operations/requests.ts";
import { userOperations } from "./operations/users.ts";
import { row, type Row } from "./measure/rows.ts";

export interface Scale {
  readonly users: number;
  /** Sizes of the groups. Each leaves some people out of the group. */
  readonly groups: readonly number[];
}

export type Progress = (text: string) => void;

const LANES = 8;

/** Creates people through the service. */
async function populate(contender: Contender, users: number, progress: Progress): Promise<Populated> {
  const people: string[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < users; at = next++) {
      people[at] = idOf(await contender.send({ method: "POST", path: "/Users", body: personOf(at) }));
      if (at % 1_000 === 999) progress(`${at + 1} of ${users} people`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { contender, people };
}

export interface Settings {
  readonly progress: Progress;
  readonly emit: (rows: readonly Row[]) => void;
  /** A quarter of the samples, after less warm-up. */
  readonly isQuick: boolean;
  /** Upper bound of the ratio of processor times, instead of the operation's own. */
  readonly ratioBound?: number;
}

/** Measures every operation in a directory of this scale: ours first, next to a peer if there is one. */
export async function benchDirectory(
  contenders: readonly [Contender, ...Contender[]],
  scale: Scale,
  { progress, emit, isQuick, ratioBound }: Settings,
): Promise<void> {
  // Counted requests are also sent in a process that is not warm.
  const warmUpMs = contenders.length > 1 && !isQuick ? 8_000 : isQuick ? 500 : 2_000;
  const populated: Populated[] = [];
  for (const contender of contenders) populated.push(await populate(contender, scale.users, progress));
  const run = async (each: readonly (readonly Operation[])[]): Promise<void> => {
    for (const [index, operation] of (each[0] ?? []).entries()) {
      progress(`${operation.name}, ${operation.size} of ${scale.users} people`);
      const lanes = contenders.flatMap((contender, nth) => {
        const sample = each[nth]?.[index]?.sample;
        return sample ? [{ contender, sample }] : [];
      });
      const [ours, peer] = await measure(lanes, isQuick ? fewer(operation) : operation, warmUpMs);
      const { bounds } = operation;
      const bounded = ratioBound === undefined ? operation : { ...operation, bounds: { ...bounds, peer: ratioBound } };
      if (ours) emit(rowsOf(bounded, scale.users, ours, peer));
    }
  };
  await run(populated.map(userOperations));
  for (const size of scale.groups) {
    // A peer that rewrites the list would take minutes for thirty changes of more than a few of ten thousand members.
    const most = contenders.length > 1 && size >= 10_000 ? 10 : 100;
    await run(await Promise.all(populated.map((one) => groupOperations(one, size, most))));
  }
}

const fewer = ({ samples, warmUp }: Counts): Counts => ({ samples: Math.ceil(samples / 4), warmUp: warmUp / 4 });

/**
 * The factors by which the units of a flat operation and the processor time of a change of a group may differ. Latency is
 * shown but not compared: it depends more on other processes of the machine than on the size of the group.
 */
const FLAT_UNITS = 1.1;
const FLAT_CPU = 1.5;

function rowsOf(
  { name, size, bounds, isProportional = false, isChange = false }: Operation,
  users: number,
  ours: Measurement,
  peer: Measurement | undefined,
): Row[] {
  const common = { name, size, users, peakMemoryMb: Math.round(ours.peakMemory) };
  const counted = (unit: string, value: number, bound: number | undefined): Row =>
    row({ ...common, unit, ours: value, ...(bound !== undefined && { bound }) });
  const units = (unit: string, value: number): Row =>
    row({ ...common, unit, ours: value, ...(!isProportional && { flatWithin: FLAT_UNITS }) });
  const timed = (
    unit: string,
    of: (samples: readonly number[]) => number,
    samples: (measurement: Measurement) => readonly number[],
    more: Pick<Row, "ratioBound" | "flatWithin"> = {},
  ): Row =>
    row({
      ...{ ...common, unit, ours: of(samples(ours)), ...more },
      ...(peer && { peer: of(samples(peer)), ratioSpread: spreadOf(samples(ours), samples(peer)) }),
    });
  const { readRequests, writeRequests, readUnits, writeUnits } = ours.consumed;
  const cpu = (measurement: Measurement): readonly number[] => measurement.cpu;
  const times = (measurement: Measurement): readonly number[] => measurement.times;
  return [
    counted("requests", readRequests + writeRequests, bounds.requests),
    counted("read requests", readRequests, bounds.reads),
    units("read units", readUnits),
    units("write units", writeUnits),
    timed("ms cpu", mean, cpu, {
      ...(bounds.peer !== undefined && { ratioBound: bounds.peer }),
      ...(isChange && { flatWithin: FLAT_CPU }),
    }),
    timed("ms p50", median, times),
    timed("ms p99", (samples) => percentile(samples, 0.99), times),
  ];
}
