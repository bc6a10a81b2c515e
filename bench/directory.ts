import { measure, percentile, type Contender, type Measurement } from "./measure.ts";
import { groupOperations, idOf, personOf, userOperations, type Operation, type Populated } from "./operations.ts";
import { row, type Row } from "./rows.ts";

export interface Scale {
  readonly users: number;
  /** Sizes of the groups; each leaves people out of it. */
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

/** Measures every operation in a directory of this scale: ours first, beside it a peer where there is one. */
export async function benchDirectory(
  contenders: readonly [Contender, ...Contender[]],
  scale: Scale,
  { progress, emit }: { readonly progress: Progress; readonly emit: (rows: readonly Row[]) => void },
): Promise<void> {
  const populated: Populated[] = [];
  for (const contender of contenders) populated.push(await populate(contender, scale.users, progress));
  const run = async (each: readonly (readonly Operation[])[]): Promise<void> => {
    for (const [index, operation] of (each[0] ?? []).entries()) {
      progress(`${operation.name}, ${operation.size} of ${scale.users} people`);
      const samples = each.flatMap((operations) => operations[index]?.sample ?? []);
      const [ours, peer] = await measure(contenders, operation, samples);
      if (ours) emit(rowsOf(operation, scale.users, ours, peer));
    }
  };
  await run(populated.map(userOperations));
  for (const size of scale.groups) await run(await Promise.all(populated.map((one) => groupOperations(one, size))));
}

function rowsOf(
  { name, size, bounds, isProportional = false }: Operation,
  users: number,
  ours: Measurement,
  peer: Measurement | undefined,
): Row[] {
  const common = { name, size, users, peakMemoryMb: Math.round(ours.peakMemory / 1024 / 1024) };
  const bound = (value: number | undefined): object => (value === undefined ? {} : { bound: value });
  const beside = (of: (measurement: Measurement) => number): { ours: number; peer?: number } => ({
    ours: of(ours),
    ...(peer && { peer: of(peer) }),
  });
  const { readRequests = 0, writeRequests = 0, readUnits = 0, writeUnits = 0 } = ours.consumed ?? {};
  return [
    row({ ...common, unit: "requests", ours: readRequests + writeRequests, ...bound(bounds.requests) }),
    row({ ...common, unit: "read requests", ours: readRequests, ...bound(bounds.reads) }),
    row({ ...common, unit: "read units", ours: readUnits, isFlat: !isProportional }),
    row({ ...common, unit: "write units", ours: writeUnits, isFlat: !isProportional }),
    row({ ...common, unit: "ms cpu", ...beside(({ cpu }) => cpu) }),
    row({ ...common, unit: "ms p50", ...beside(({ times }) => percentile(times, 0.5)) }),
    row({ ...common, unit: "ms p99", ...beside(({ times }) => percentile(times, 0.99)) }),
  ];
}
