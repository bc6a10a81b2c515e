import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Archive } from "../../sandbox/engine/provider.ts";
import { median, percentile, type Request } from "../measure/measure.ts";
import { row, type Row } from "../measure/rows.ts";
import { startOurs, type Ours } from "../contenders/ours.ts";
import { priceOfMillion } from "./price.ts";
import { findQuotas, shareOf, type QuotaGroup } from "./quota.ts";
import { fill, type Filled } from "./requests.ts";
import { send, type Timing } from "./send.ts";

const SIZES = [256, 512, 1_024, 1_769];
/**
 * Milliseconds by which each answer of the sandbox's DynamoDB is delayed, because AWS's takes a few milliseconds longer. An
 * assumption, not a measurement.
 */
const DYNAMODB_MS = 5;
/** Members of the large group; rounds; and in each round the cold requests, the warm-up, the light and the large requests. */
const FULL = { members: 10_000, rounds: 5, cold: 4, warmUp: 150, light: 40, heavy: 3 };
const QUICK: typeof FULL = { members: 1_000, rounds: 2, cold: 3, warmUp: 60, light: 30, heavy: 2 };

interface Options {
  readonly isQuick: boolean;
  readonly progress: (text: string) => void;
}

/**
 * Latency and price of the function at several memory sizes. Lambda gives processor time in proportion to memory: the
 * function's process has that share as a quota of the kernel, or the wait for it is computed from its processor time.
 */
export async function benchMemory({ isQuick, progress }: Options): Promise<Row[]> {
  const counts = isQuick ? QUICK : FULL;
  const quotas = findQuotas();
  progress(
    quotas === undefined
      ? "no control groups for processor time: latencies are computed from processor times"
      : `processor time by quotas of control groups, version ${quotas.version}`,
  );
  progress(`${DYNAMODB_MS} ms are added to each answer of DynamoDB: an assumption`);
  const ours = await startOurs();
  const sizes = SIZES.map((megabytes): Size => {
    const group = quotas?.create(`scim-bench-${process.pid}-${megabytes}`, shareOf(megabytes));
    return { megabytes, group, times: { start: [], cold: [], user: [], patch: [], list: [], put: [] }, peakMemory: 0 };
  });
  try {
    const filled = await fill(ours, counts.members, progress);
    ours.delayDynamoDb(DYNAMODB_MS);
    for (let round = 0; round < counts.rounds; round += 1) {
      progress(`${SIZES.join(", ")} MB, round ${round + 1} of ${counts.rounds}`);
      for (const size of sizes) await measureSize(ours, filled, size, counts);
    }
  } finally {
    await ours.close();
    // A group can be removed as soon as its processes have ended.
    for (const { group } of sizes) group?.remove();
  }
  return [
    row({ name: "assumed addition to each answer of DynamoDB", size: 1, unit: "ms", ours: DYNAMODB_MS }),
    ...sizes.flatMap((size) => rowsOf(size, counts.members)),
  ];
}

/** A memory size, and the milliseconds that its requests took. */
interface Size {
  readonly megabytes: number;
  /** Undefined if the machine has no quotas. */
  readonly group: QuotaGroup | undefined;
  /** `start` is the client's time until the first answer of a process; all others are the function's, as Lambda bills it. */
  readonly times: Readonly<Record<"start" | "cold" | "user" | "patch" | "list" | "put", number[]>>;
  /** Bytes. */
  peakMemory: number;
}

/** One round of a size. Sizes take turns, so that other load on the machine affects all of them equally. */
async function measureSize(ours: Ours, filled: Filled, size: Size, counts: typeof FULL): Promise<void> {
  const { group, megabytes, times } = size;
  await ours.redeploy({
    memorySize: megabytes,
    code: ({ files }) => new Archive(new Map([...files, ["service.js", files.get("index.js") ?? ""], TIMED])),
    environment: group === undefined ? {} : { BENCH_QUOTA: group.procs },
  });
  const { getUser, patchGroup, getList, putList } = filled;
  const billed = ({ handler, cpu }: Timing): number =>
    group === undefined ? handler + cpu / shareOf(megabytes) - cpu : handler;
  const take = async (of: (at: number) => Request, count: number, into: number[]): Promise<void> => {
    for (let at = 0; at < count; at += 1) into.push(billed(await send(ours, of(at))));
  };
  for (let at = 0; at < counts.cold; at += 1) {
    await ours.restart();
    const timing = await send(ours, getUser(at));
    times.start.push(timing.client);
    times.cold.push(billed(timing));
  }
  await take(getUser, counts.warmUp, []);
  await take(patchGroup, counts.warmUp, []);
  await take(getUser, counts.light, times.user);
  await take(patchGroup, counts.light, times.patch);
  await take(getList, counts.heavy, times.list);
  await take(putList, counts.heavy, times.put);
  size.peakMemory = Math.max(size.peakMemory, await ours.peakMemory());
}

const TIMED = ["index.js", readFileSync(fileURLToPath(new URL("timedHandler.cjs", import.meta.url)), "utf8")] as const;

function rowsOf({ megabytes, group, times, peakMemory }: Size, members: number): Row[] {
  const how = group === undefined ? "computed" : "quota";
  const common = { size: megabytes, peakMemoryMb: Math.round(peakMemory / 1024 / 1024) };
  const latency = (name: string, samples: readonly number[]): Row[] => [
    row({ ...common, name: `${name} (${how})`, unit: "ms p50", ours: median(samples) }),
    row({ ...common, name: `${name} (${how})`, unit: "ms p99", ours: percentile(samples, 0.99) }),
  ];
  const billed = (name: string, samples: readonly number[]): Row[] => [
    ...latency(name, samples),
    row({ ...common, name: `${name} (${how})`, unit: "$ a million", ours: priceOfMillion(samples, megabytes) }),
  ];
  return [
    ...latency("GET user, first request of a process, with its start", times.start),
    ...latency("GET user, first request of a process", times.cold),
    ...billed("GET user", times.user),
    ...billed("PATCH adds or removes 1 member of 10", times.patch),
    ...billed(`GET group of ${members} members`, times.list),
    ...billed(`PUT group of ${members} members, 1 changed`, times.put),
  ];
}
