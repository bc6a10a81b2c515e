import { mean, median, percentile, spreadOf, type Measurement } from "../measure/measure.ts";
import { row, type Row } from "../measure/rows.ts";
import type { Operation } from "./operation.ts";

/**
 * The factors by which the units of a flat operation and the processor time of a change of a group may differ. Latency is
 * shown but not compared: it depends more on other processes of the machine than on the size of the group.
 */
const FLAT_UNITS = 1.1;
const FLAT_CPU = 1.5;

interface Measured {
  readonly ours: Measurement;
  readonly peer: Measurement | undefined;
  /** The service of another commit, if both are compared with a peer. */
  readonly before: Measurement | undefined;
}

/** The rows of one operation. */
export function rowsOf(
  { name, size, bounds, isProportional = false, isChange = false }: Operation,
  users: number,
  { ours, peer, before }: Measured,
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
      ...(before && { before: of(samples(before)) }),
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
