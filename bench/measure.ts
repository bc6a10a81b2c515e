import type { Cloud } from "../sandbox/aws/index.ts";

/** What DynamoDB was asked for, in requests and in capacity units, exactly as the guard counted it. */
export interface Consumption {
  readonly readRequests: number;
  readonly writeRequests: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

const reads = new Set(["GetItem", "BatchGetItem", "Query"]);

export function consumption(cloud: Cloud): Consumption {
  const sum = { readRequests: 0, writeRequests: 0, readUnits: 0, writeUnits: 0 };
  for (const [action, { requests, capacityUnits }] of Object.entries(cloud.requestCounts())) {
    if (reads.has(action)) {
      sum.readRequests += requests;
      sum.readUnits += capacityUnits;
    } else {
      sum.writeRequests += requests;
      sum.writeUnits += capacityUnits;
    }
  }
  return sum;
}

/** A SCIM service that takes part: ours, or a peer. */
export interface Contender {
  /** Sends one request until it has its answer. @throws Error for an answer that is no success */
  send(request: Request): Promise<unknown>;
  /** What its server process has used so far: bytes at most resident, microseconds of processor time. */
  usage(): Promise<{ readonly peakMemory: number; readonly cpu: number }>;
  /** Starts its process anew, where it can without losing its data. */
  restart(): Promise<void>;
  /** Of DynamoDB; undefined where there is none. */
  consumed(): Consumption | undefined;
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** One request, and what takes it back, for the sample of this number. */
export interface Sample {
  readonly request: Request;
  readonly undo?: Request | undefined;
}

export interface Measurement {
  /** Milliseconds of each sample, from the client's side. */
  readonly times: readonly number[];
  /** Milliseconds of processor time a request. */
  readonly cpu: number;
  readonly peakMemory: number;
  /** Of one request: the most of all samples, so that a bound holds for each. */
  readonly consumed: Consumption | undefined;
}

/** The value below which a share of the samples lies, by the nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);

/** The quartiles of the ratio of two contenders, sample by sample. */
export function spreadOf(ours: readonly number[], peer: readonly number[]): [low: number, high: number] {
  const ratios = ours.map((value, at) => value / (peer[at] ?? Number.NaN));
  return [percentile(ratios, 0.25), percentile(ratios, 0.75)];
}

/**
 * Measures the same operation on every contender: fresh processes, warmed up, then sample by sample in turns, so that
 * whatever else the machine does befalls all of them alike. Taking back is not measured.
 */
export async function measure(
  contenders: readonly Contender[],
  counts: { readonly samples: number; readonly warmUp: number },
  samplesOf: readonly ((at: number) => Promise<Sample> | Sample)[],
): Promise<Measurement[]> {
  const tallies = contenders.map(() => ({
    times: [] as number[],
    cpu: 0,
    consumed: { readRequests: 0, writeRequests: 0, readUnits: 0, writeUnits: 0 },
  }));
  for (const contender of contenders) await contender.restart();
  for (let at = 0; at < counts.warmUp + counts.samples; at += 1) {
    for (const [index, contender] of contenders.entries()) {
      const sample = await samplesOf[index]?.(at);
      const tally = tallies[index];
      if (!sample || !tally) continue;
      const before = { consumed: contender.consumed(), usage: await contender.usage() };
      const started = performance.now();
      await contender.send(sample.request);
      const elapsed = performance.now() - started;
      if (at >= counts.warmUp) {
        tally.times.push(elapsed);
        tally.cpu += (await contender.usage()).cpu - before.usage.cpu;
        const after = contender.consumed();
        for (const key of ["readRequests", "writeRequests", "readUnits", "writeUnits"] as const) {
          tally.consumed[key] = Math.max(tally.consumed[key], (after?.[key] ?? 0) - (before.consumed?.[key] ?? 0));
        }
      }
      if (sample.undo) await contender.send(sample.undo);
    }
  }
  return Promise.all(
    contenders.map(async (contender, index) => {
      const { times, cpu, consumed } = tallies[index] ?? { times: [], cpu: Number.NaN, consumed: undefined };
      const { peakMemory } = await contender.usage();
      return {
        times,
        cpu: cpu / counts.samples / 1_000,
        peakMemory,
        consumed: contender.consumed() === undefined ? undefined : consumed,
      };
    }),
  );
}
