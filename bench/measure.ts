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

/** Requests that a fresh process serves before it is measured. */
export const WARM_UP = 4;

export interface Measurement extends Consumption {
  /** Milliseconds, from the client's side of the gateway. */
  readonly p50: number;
  readonly p99: number;
  readonly samples: number;
  /** Bytes: the most that the function's process had resident, from its start on. */
  readonly peakMemory: number;
}

/** The value below which a share of the samples lies, by the nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/**
 * Sends an operation `samples` times, one after the other, in a fresh process that is warmed up first. Consumption is that
 * of one operation: the highest of all samples, so that a bound holds for each.
 */
export async function measure(
  cloud: Cloud,
  samples: number,
  send: (sample: number) => Promise<unknown>,
  warmUp: (sample: number) => Promise<unknown>,
): Promise<Measurement> {
  await cloud.killFunctions();
  for (let at = 0; at < WARM_UP; at += 1) await warmUp(at);
  const times: number[] = [];
  const most = { readRequests: 0, writeRequests: 0, readUnits: 0, writeUnits: 0 };
  for (let at = 0; at < samples; at += 1) {
    const before = consumption(cloud);
    const started = performance.now();
    await send(at);
    times.push(performance.now() - started);
    const after = consumption(cloud);
    for (const key of ["readRequests", "writeRequests", "readUnits", "writeUnits"] as const) {
      most[key] = Math.max(most[key], after[key] - before[key]);
    }
  }
  return {
    ...most,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    samples,
    peakMemory: cloud.peakFunctionMemory(),
  };
}
