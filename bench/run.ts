import { benchBurst } from "./burst.ts";
import { benchMemory } from "./memory/index.ts";
import { codeOf } from "./contenders/against.ts";
import { benchDirectory, type Scale, type Settings } from "./operations/directory.ts";
import { benchEvents } from "./events.ts";
import type { Contender } from "./measure/measure.ts";
import type { Row } from "./measure/rows.ts";
import type { Options } from "./options.ts";
import { startOurs } from "./contenders/ours.ts";
import { benchParts } from "./parts/index.ts";
import { hasPeer, startPeer } from "./contenders/peer.ts";
import { benchProgram } from "./program.ts";
import { benchStart } from "./start.ts";

/** The small directory with which the large one is compared: its operations must cost the same. */
const SMALL: Scale = { users: 100, groups: [10] };
/** The directory in which ours is compared with a peer that keeps everything in memory. */
const BESIDE_PEER: readonly Scale[] = [
  { users: 1_100, groups: [10, 1_000] },
  { users: 10_100, groups: [10, 10_000] },
];

/** The only directory of a quick run. */
const QUICK: readonly Scale[] = [{ users: 120, groups: [10] }];
/** The factor by which an operation may take more processor time than before. */
const NO_WORSE = 1.05;

export interface Output {
  readonly emit: (rows: readonly Row[]) => void;
  readonly progress: (text: string) => void;
}

/** Measures the requested parts one after the other, and emits the rows of each as soon as they are ready. */
export async function run(options: Options, { emit, progress }: Output): Promise<void> {
  const { only, large, isQuick, operations, samples, against } = options;
  const withPeer = options.withPeer && hasPeer();
  if (options.withPeer && !withPeer) progress("no peer: npm ci --prefix bench installs it");
  const settings = { emit, progress, isQuick, operations, samples };
  const scales = options.scale !== undefined ? [options.scale] : isQuick ? QUICK : BESIDE_PEER;
  if (against !== undefined) {
    const code = codeOf(against);
    const before: Start = () => startOurs(code);
    const others = only.has("peer") && withPeer ? [startPeer, before] : [before];
    const more = others.length === 1 ? { ratioBound: NO_WORSE } : {};
    for (const scale of scales) await benchScale(scale, others, { ...settings, ...more });
    return;
  }
  if (only.has("parts")) emit(await benchParts({ withPeer, progress, isQuick }));
  if (only.has("start")) emit(await benchStart({ withPeer, progress }));
  if (only.has("program")) emit(await benchProgram(progress));
  if (only.has("burst")) emit(await benchBurst({ withPeer, isQuick, progress }));
  if (only.has("memory")) emit(await benchMemory({ isQuick, progress }));
  if (only.has("events")) emit(await benchEvents(progress));
  if (only.has("peer") && withPeer) for (const scale of scales) await benchScale(scale, [startPeer], settings);
  if (only.has("cost")) for (const scale of [SMALL, large]) await benchScale(scale, [], settings);
}

type Started = Contender & { close(): Promise<void> };
type Start = () => Promise<Started>;

async function benchScale(scale: Scale, startOthers: readonly Start[], settings: Settings): Promise<void> {
  const ours = await startOurs();
  const others: Started[] = [];
  try {
    for (const start of startOthers) others.push(await start());
    await benchDirectory([ours, ...others], scale, settings);
  } finally {
    for (const one of [...others, ours]) await one.close();
  }
}
