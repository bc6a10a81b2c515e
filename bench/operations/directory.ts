import { measure, type Contender, type Counts } from "../measure/measure.ts";
import type { Row } from "../measure/rows.ts";
import { rowsOf } from "./operationRows.ts";
import { createSubject, groupOperations } from "./groups.ts";
import { groupOperationNames } from "./names.ts";
import type { Operation, Populated } from "./operation.ts";
import { idOf, personOf } from "./requests.ts";
import { userOperations } from "./users.ts";

export interface Scale {
  readonly users: number;
  /** Sizes of the groups. Each leaves some people out of the group. */
  readonly groups: readonly number[];
}

export type Progress = (text: string) => void;

const LANES = 8;

/** Creates people through the service. */
export async function populate(contender: Contender, users: number, progress: Progress): Promise<Populated> {
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
  /** Parts of the names of the measured operations, in lower case; empty for all. */
  readonly operations: readonly string[];
  /** The number of samples, instead of each operation's own. */
  readonly samples: number | undefined;
  /** Upper bound of the ratio of processor times, instead of the operation's own. */
  readonly ratioBound?: number;
}

/**
 * Measures the operations in a directory of this scale, the contenders in turns: ours, then the service that ours is
 * compared with, then the service of another commit that is compared with it too.
 */
export async function benchDirectory(
  contenders: readonly [Contender, ...Contender[]],
  scale: Scale,
  settings: Settings,
): Promise<void> {
  const { progress, operations } = settings;
  const populated: Populated[] = [];
  for (const contender of contenders) populated.push(await populate(contender, scale.users, progress));
  await measureAll(populated, populated.map(userOperations), scale, settings);
  if (!groupOperationNames().some((name) => isWanted(name, operations))) return;
  for (const size of scale.groups) {
    // A peer that rewrites the list would take minutes for thirty changes of more than a few of ten thousand members.
    const most = populated.length > 1 && size >= 10_000 ? 10 : 100;
    progress(`a group of ${size} members`);
    const subjects = await Promise.all(populated.map((one) => createSubject(one, size, most)));
    await measureAll(populated, subjects.map(groupOperations), scale, settings);
  }
}

const isWanted = (name: string, operations: readonly string[]): boolean =>
  operations.length === 0 || operations.some((text) => name.toLowerCase().includes(text));

async function measureAll(
  populated: readonly Populated[],
  each: readonly (readonly Operation[])[],
  { users }: Scale,
  settings: Settings,
): Promise<void> {
  const { progress, emit, isQuick, operations, samples, ratioBound } = settings;
  // Counted requests are also sent in a process that is not warm.
  const warmUpMs = populated.length > 1 && !isQuick ? 8_000 : isQuick ? 500 : 2_000;
  for (const [index, operation] of (each[0] ?? []).entries()) {
    if (!isWanted(operation.name, operations)) continue;
    progress(`${operation.name}, ${operation.size} of ${users} people`);
    const lanes = populated.flatMap(({ contender }, nth) => {
      const sample = each[nth]?.[index]?.sample;
      return sample ? [{ contender, sample }] : [];
    });
    const counts = isQuick ? fewer(operation) : operation;
    const [ours, peer, before] = await measure(lanes, { ...counts, samples: samples ?? counts.samples }, warmUpMs);
    const { bounds } = operation;
    const bounded = ratioBound === undefined ? operation : { ...operation, bounds: { ...bounds, peer: ratioBound } };
    if (ours) emit(rowsOf(bounded, users, { ours, peer, before }));
  }
}

const fewer = ({ samples, warmUp }: Counts): Counts => ({ samples: Math.ceil(samples / 4), warmUp: warmUp / 4 });
