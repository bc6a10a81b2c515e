import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { z } from "zod";
import { median, spreadOf } from "../measure/measure.ts";
import { row, type Row } from "../measure/rows.ts";
import { FILTERS, PEOPLE, type Part } from "./samples.ts";
import type { Order, Result } from "./serve.ts";

/** A contender's parts, in their own process. */
interface Bench {
  run(order: Order): Promise<Result>;
  close(): void;
}

const result = z.object({ micros: z.number(), outcome: z.number() });

/** Bundled like the function, so that the measured code is the shipped code. */
function startBench(file: string, folder: string): Bench {
  const outfile = join(folder, `${basename(file)}.mjs`);
  buildSync({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    outfile,
    ...{ bundle: true, minify: true, platform: "node", target: "node20", format: "esm", logLevel: "error" },
  });
  const child = fork(outfile, [], { execArgv: [] });
  const ended = new AbortController();
  child.once("exit", (code) => ended.abort(new Error(`${file} ended with code ${code ?? 0}`)));
  return {
    async run(order) {
      const answer = once(child, "message", { signal: ended.signal });
      child.send(order);
      const messages: unknown[] = await answer;
      return result.parse(messages[0]);
    },
    close: () => void child.kill(),
  };
}

/** Turns, and those of a quick run. */
const TURNS = { full: 30, quick: 10 };
const WARM_UP = 5;
/** Microseconds of work in a turn, enough for the resolution of the clock. */
const TURN = 5_000;

interface Measured {
  readonly name: string;
  readonly part: Part;
  readonly size: number;
  /** How many units of the named work one call does. */
  readonly count?: number;
  readonly ratioBound?: number;
}
const measured: readonly Measured[] = [
  { name: "parse a filter", part: "parse", size: 1, count: FILTERS.length },
  { name: "evaluate a filter on users", part: "evaluate", size: PEOPLE.length, ratioBound: 1 },
  { name: "apply a PATCH of 3 operations to a user", part: "patchUser", size: 1 },
  { name: "apply a PATCH that adds a member", part: "patchGroup10", size: 10 },
  { name: "apply a PATCH that adds a member", part: "patchGroup1000", size: 1_000, ratioBound: 1 },
  { name: "apply a PATCH that adds a member", part: "patchGroup10000", size: 10_000, ratioBound: 0.01 },
];

/** The number of calls that makes a turn measurable. */
async function calibrated(bench: Bench, part: Part): Promise<Order> {
  const { micros } = await bench.run({ part, times: 3 });
  return { part, times: Math.max(1, Math.min(1_000, Math.round(TURN / micros))) };
}

/** Parsing, evaluating and patching without server and database: ours and the peer's in turns, each in its own process. */
export async function benchParts(options: {
  readonly withPeer: boolean;
  readonly isQuick: boolean;
  readonly progress: (text: string) => void;
}): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const ours = startBench("ours.ts", folder);
  const peer = options.withPeer ? startBench("../peers/parts.mjs", folder) : undefined;
  const rows: Row[] = [];
  const turns = options.isQuick ? TURNS.quick : TURNS.full;
  try {
    for (const { name, part, size, count = 1, ratioBound } of measured) {
      options.progress(`${name}, ${size}`);
      const order = await calibrated(ours, part);
      const peerOrder = peer && (await calibrated(peer, part));
      const micros = { ours: [] as number[], peer: [] as number[] };
      for (let turn = 0; turn < WARM_UP + turns; turn += 1) {
        const one = await ours.run(order);
        const other = peerOrder && (await peer.run(peerOrder));
        if (other && other.outcome !== one.outcome) {
          throw new Error(`${name}: ours arrives at ${one.outcome}, the peer at ${other.outcome}`);
        }
        if (turn < WARM_UP) continue;
        micros.ours.push(one.micros / count);
        if (other) micros.peer.push(other.micros / count);
      }
      rows.push(
        row({
          ...{ name, size, unit: "µs cpu", ours: median(micros.ours) },
          ...(peer && { peer: median(micros.peer), ratioSpread: spreadOf(micros.ours, micros.peer) }),
          ...(ratioBound !== undefined && { ratioBound }),
        }),
      );
    }
  } finally {
    ours.close();
    peer?.close();
    rmSync(folder, { recursive: true });
  }
  return rows;
}
