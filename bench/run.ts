import { benchDirectory, type Scale } from "./directory.ts";
import type { Row } from "./measure/rows.ts";
import type { Options } from "./options.ts";
import { startOurs } from "./ours.ts";
import { benchParts } from "./parts/index.ts";
import { hasPeer, startPeer } from "./peer.ts";
import { benchProgram } from "./program.ts";
import { benchStart } from "./start.ts";

/** The small directory with which the large one is compared: its operations must cost the same. */
const SMALL: Scale = { users: 100, groups: [10] };
/** The directory in which ours is compared with a peer that keeps everything in memory. */
const BESIDE_PEER: readonly Scale[] = [
  { users: 1_100, groups: [10, 1_000] },
  { users: 10_100, groups: [10, 10_000] },
];

export interface Output {
  readonly emit: (rows: readonly Row[]) => void;
  readonly progress: (text: string) => void;
}

/** Measures the requested parts one after the other, and emits the rows of each as soon as they are ready. */
export async function run({ only, large, ...options }: Options, { emit, progress }: Output): Promise<void> {
  const withPeer = options.withPeer && hasPeer();
  if (options.withPeer && !withPeer) progress("no peer: npm ci --prefix bench installs it");
  if (only.has("parts")) emit(await benchParts({ withPeer, progress }));
  if (only.has("start")) emit(await benchStart({ withPeer, progress }));
  if (only.has("program")) emit(await benchProgram(progress));
  if (only.has("peer") && withPeer) for (const scale of BESIDE_PEER) await benchScale(scale, true, { emit, progress });
  if (only.has("cost")) for (const scale of [SMALL, large]) await benchScale(scale, false, { emit, progress });
}

async function benchScale(scale: Scale, withPeer: boolean, output: Output): Promise<void> {
  const ours = await startOurs();
  const peer = withPeer ? await startPeer() : undefined;
  try {
    await benchDirectory(peer ? [ours, peer] : [ours], scale, output);
  } finally {
    await peer?.close();
    await ours.close();
  }
}
