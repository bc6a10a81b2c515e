import { setTimeout as sleep } from "node:timers/promises";
import type { Fault, FaultHook, Rest } from "./fault.ts";
import type { KeyLimit } from "./keyLimit.ts";

/** All disturbances of a DynamoDB, drawn from one seed. */
export interface Freedoms {
  readonly faults: FaultHook;
  readonly connectionsAtRest: () => Rest;
  readonly keyLimit: KeyLimit | undefined;
}

export interface FreedomOptions {
  readonly seed: number;
  /** Share of the requests that meet a fault, from 0 to 1. */
  readonly rate: number;
  readonly kinds: readonly FaultKind[];
  /** Write units that one partition key accepts per second; undefined for no limit. */
  readonly keyLimit?: number | undefined;
}

/** Numbers from 0 to 1, the same for the same seed. */
export type Draw = () => number;

interface Kind {
  /** One line for people. */
  readonly help: string;
  /** How often it is drawn compared with the others. A fault that costs a client its timeout is drawn seldom. */
  readonly weight: number;
  readonly make: (draw: Draw) => Fault;
}

/** Milliseconds. The function gives up on a request after 3 seconds. */
const LATEST = 4_000;
const LATE = 200;
const PAUSE = 15;

const between = (draw: Draw) => (): Promise<void> => sleep(draw() * PAUSE);
const statuses = [500, 502, 503, 504] as const;

const kinds = {
  throttle: { help: "rejected as over the table's throughput", weight: 1, make: () => "throttle" },
  conflict: { help: "rejected because another transaction holds an item", weight: 1, make: () => "conflict" },
  unprocessed: { help: "half of a batch returned as unprocessed", weight: 1, make: () => "unprocessed" },
  cut: { help: "connection cut before the request is done", weight: 1, make: () => "cut" },
  lost: { help: "connection cut after the request is done", weight: 1, make: () => "lost" },
  unanswered: { help: "never answered, not done", weight: 0.1, make: () => "unanswered" },
  "unanswered-done": { help: "never answered, but done", weight: 0.1, make: () => "unansweredDone" },
  late: { help: "done late", weight: 1, make: (draw) => ({ delayMs: draw() * LATE }) },
  "too-late": { help: "done after the client gave up", weight: 0.1, make: () => ({ delayMs: LATEST }) },
  "bare-5xx": {
    help: "a 5xx without JSON, done or not",
    weight: 1,
    make: (draw) => ({ status: statuses[Math.floor(draw() * statuses.length)] ?? 500, done: draw() < 0.5 }),
  },
  "cut-body": { help: "answer cut in the middle", weight: 1, make: () => ({ body: "cut" }) },
  "stalled-body": { help: "answer stalls in the middle", weight: 0.1, make: () => ({ body: "stalled" }) },
  "slow-body": { help: "answer arrives slowly", weight: 1, make: (draw) => ({ body: { slowMs: draw() * LATE } }) },
  pieces: {
    help: "Query, Scan and BatchGetItem read a few items at a time",
    weight: 2,
    make: (draw) => ({ pieces: 1 + Math.floor(draw() * 5), between: between(draw) }),
  },
  mixed: {
    help: "Query, Scan and BatchGetItem read each item at one of two moments",
    weight: 2,
    make: (draw) => ({ mixed: () => draw() < 0.5, between: between(draw) }),
  },
  "dead-connections": { help: "pooled connections die while the function is frozen", weight: 0, make: () => "pass" },
  // The stand-ins for streams, mappings and the services for events take these (`eventFreedoms.ts`).
  "late-records": { help: "stream: records come late", weight: 0, make: () => "pass" },
  "split-shards": { help: "stream: a shard splits in two", weight: 0, make: () => "pass" },
  "repeated-batches": { help: "mapping: a batch that succeeded is delivered again", weight: 0, make: () => "pass" },
  "service-faults": { help: "KMS, SQS, EventBridge, SSM: throttled, cut, late, 503", weight: 0, make: () => "pass" },
  "failed-entries": { help: "SQS, EventBridge: entries of a batch fail alone", weight: 0, make: () => "pass" },
} as const satisfies Record<string, Kind>;

export type FaultKind = keyof typeof kinds;

export const faultKinds = Object.keys(kinds) as FaultKind[];

/** For each kind, one line for people. */
export const faultHelp: readonly (readonly [FaultKind, string])[] = faultKinds.map((kind) => [kind, kinds[kind].help]);

/** Draws faults by a seed. The same requests in the same order meet the same faults. */
export function seededFreedoms({ seed, rate, kinds: named, keyLimit }: FreedomOptions): Freedoms {
  const draw = createDraw(seed);
  const drawn: readonly Kind[] = named.map((kind) => kinds[kind]);
  const total = drawn.reduce((sum, { weight }) => sum + weight, 0);
  return {
    faults: () => {
      if (draw() >= rate) return "pass";
      let at = draw() * total;
      const kind = drawn.find(({ weight }) => (at -= weight) < 0);
      return kind?.make(draw) ?? "pass";
    },
    connectionsAtRest: () => {
      if (!named.includes("dead-connections") || draw() >= rate) return "kept";
      // A silent connection costs the client its timeout.
      return draw() < 0.2 ? "silent" : "reset";
    },
    keyLimit: keyLimit === undefined ? undefined : { writeUnits: keyLimit },
  };
}

/** A 32-bit generator (mulberry32): small, fast and good enough to choose faults. */
export function createDraw(seed: number): Draw {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Reads `all` or names of kinds, with `rate=0.02`, `seed=7` and `key-limit=1000`, separated by commas. Without a kind,
 * it means all of them. Default rate: 0.02; default seed: `newSeed`.
 * @throws Error that lists everything that is wrong, and what is allowed
 */
export function parseFaults(text: string, newSeed: number): FreedomOptions {
  const problems: string[] = [];
  const named: FaultKind[] = [];
  const numbers = new Map<string, number>();
  for (const part of text.split(",").map((raw) => raw.trim())) {
    const [name = "", value] = part.split("=");
    const setting = value === undefined ? undefined : settings[name];
    const kind = faultKinds.find((known) => known === name);
    if (value === undefined && name === "all") named.push(...faultKinds);
    else if (value === undefined && kind !== undefined) named.push(kind);
    else if (setting === undefined) problems.push(`"${part}" is neither a kind of fault nor a setting`);
    else if (value === "" || !setting.accepts(Number(value)))
      problems.push(`${name} takes ${setting.range}, not "${value}"`);
    else numbers.set(name, Number(value));
  }
  if (problems.length > 0) {
    const allowed = `Allowed: all, ${faultKinds.join(", ")}, rate=0.02, seed=7, key-limit=1000`;
    throw new Error(`--faults: ${problems.join("; ")}. ${allowed}; separated by commas`);
  }
  return {
    seed: numbers.get("seed") ?? newSeed,
    rate: numbers.get("rate") ?? 0.02,
    kinds: named.length === 0 ? faultKinds : [...new Set(named)],
    keyLimit: numbers.get("key-limit"),
  };
}

const settings: Readonly<Record<string, { readonly range: string; readonly accepts: (value: number) => boolean }>> = {
  rate: { range: "a number from 0 to 1", accepts: (value) => value >= 0 && value <= 1 },
  seed: { range: "a whole number", accepts: Number.isInteger },
  "key-limit": { range: "a number of write units above 0", accepts: (value) => value > 0 },
};
