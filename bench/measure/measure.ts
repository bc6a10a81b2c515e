import { setTimeout as sleep } from "node:timers/promises";
import type { Cloud } from "../../sandbox/aws/index.ts";

/** The requests and capacity units of DynamoDB, exactly as the guard counted them. */
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

/** A SCIM service that is measured: ours, or a peer. */
export interface Contender {
  /** Sends one request until it has its answer. @throws Error for an answer other than success */
  send(request: Request): Promise<unknown>;
  /** Milliseconds of processor time that its server process had used at its last answer. */
  cpu(): number;
  /** Peak resident memory of its server process, in bytes. */
  peakMemory(): Promise<number>;
  /** Starts its process again, if that loses no data. */
  restart(): Promise<void>;
  /** The counts of DynamoDB; undefined if it uses none. */
  consumed(): Consumption | undefined;
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** One request and its reversal, for the sample of this number. */
export interface Sample {
  readonly request: Request;
  readonly undo?: Request | ((answer: unknown) => Request) | undefined;
}

export interface Measurement {
  /** Milliseconds of each sample, from the client's side. */
  readonly times: readonly number[];
  /** Milliseconds of processor time of each sample. */
  readonly cpu: readonly number[];
  /** Peak resident memory in MB. */
  readonly peakMemory: number;
  /** The maximum over all samples of one request, so that a bound holds for each. */
  readonly consumed: Consumption;
}

/** The value below which a share of the samples lies, by the nearest-rank method. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export const mean = (samples: readonly number[]): number =>
  samples.reduce((sum, sample) => sum + sample, 0) / samples.length;

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);

/** The quartiles of the ratio of two contenders, sample by sample. */
export function spreadOf(ours: readonly number[], peer: readonly number[]): [low: number, high: number] {
  const ratios = ours.map((value, at) => value / (peer[at] ?? Number.NaN));
  return [percentile(ratios, 0.25), percentile(ratios, 0.75)];
}

/** Samples of one contender per turn. */
const TURN = 10;
/** Milliseconds before a turn: the process may still collect garbage. */
const SETTLING_MS = 50;

export interface Counts {
  readonly samples: number;
  /** The number of requests that warm up a process. None is sent after `warmUpMs`. */
  readonly warmUp: number;
}

interface Tally {
  readonly times: number[];
  readonly cpu: number[];
  readonly consumed: Consumption;
}

const nothing: Consumption = { readRequests: 0, writeRequests: 0, readUnits: 0, writeUnits: 0 };
const each = (one: Consumption, other: Consumption, of: (a: number, b: number) => number): Consumption => ({
  readRequests: of(one.readRequests, other.readRequests),
  writeRequests: of(one.writeRequests, other.writeRequests),
  readUnits: of(one.readUnits, other.readUnits),
  writeUnits: of(one.writeUnits, other.writeUnits),
});

interface Lane {
  readonly contender: Contender;
  readonly sample: (at: number) => Promise<Sample> | Sample;
}

/**
 * Measures the same operation on every contender. Each contender is warmed up, in a fresh process if it has one. Then
 * they take turns of ten samples, so that other load on the machine affects all of them equally.
 */
export async function measure(lanes: readonly Lane[], counts: Counts, warmUpMs: number): Promise<Measurement[]> {
  for (const { contender, sample } of lanes) {
    await contender.restart();
    const until = performance.now() + warmUpMs;
    for (let at = 0; at < counts.warmUp && performance.now() < until; at += 1) {
      const { request, undo } = await sample(at);
      await takeBack(contender, undo, await contender.send(request));
    }
  }
  const emptyTally = (): Tally => ({ times: [], cpu: [], consumed: { ...nothing } });
  const measured = lanes.map((lane) => ({ ...lane, tally: emptyTally() }));
  for (let first = 0; first < counts.samples; first += TURN) {
    const last = Math.min(first + TURN, counts.samples);
    for (const { contender, sample, tally } of measured) {
      await sleep(SETTLING_MS);
      for (let at = first; at < last; at += 1) await takeSample(contender, await sample(counts.warmUp + at), tally);
    }
  }
  return Promise.all(
    measured.map(async ({ contender, tally }) => ({
      ...tally,
      peakMemory: (await contender.peakMemory()) / 1024 / 1024,
    })),
  );
}

/** One measured request and its reversal, which is not measured. */
async function takeSample(contender: Contender, { request, undo }: Sample, tally: Tally): Promise<void> {
  const before = { consumed: contender.consumed() ?? nothing, cpu: contender.cpu() };
  const started = performance.now();
  const answer = await contender.send(request);
  tally.times.push(performance.now() - started);
  tally.cpu.push(contender.cpu() - before.cpu);
  const spent = each(contender.consumed() ?? nothing, before.consumed, (after, then) => after - then);
  Object.assign(tally.consumed, each(tally.consumed, spent, Math.max));
  await takeBack(contender, undo, answer);
}

async function takeBack(contender: Contender, undo: Sample["undo"], answer: unknown): Promise<void> {
  if (undo) await contender.send(typeof undo === "function" ? undo(answer) : undo);
}
