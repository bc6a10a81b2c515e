import { codeOf } from "./against.ts";
import { benchDirectory, type Scale } from "./directory.ts";
import { benchEvents } from "./events.ts";
import type { Contender } from "./measure/measure.ts";
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

/** The only directory of a quick run. */
const QUICK: readonly Scale[] = [{ users: 120, groups: [10] }];
/** The factor by which an operation may take more processor time than before. */
const NO_WORSE = 1.05;

export interface Output {
  readonly emit: (rows: readonly Row[]) => void;
  readonly progress: (text: string) => void;
}

/** Measures the requested parts one after the other, and emits the rows of each as soon as they are ready. */
export async function run({ only, large, ...options }: Options, { emit, progress }: Output): Promise<void> {
  const withPeer = options.withPeer && hasPeer();
  if (options.withPeer && !withPeer) progress("no peer: npm ci --prefix bench installs it");
  // Functions of the sandbox run under this binary.
  if (options.node !== undefined) process.env["FUNCTION_NODE"] = options.node;
  const scales = options.isQuick ? QUICK : BESIDE_PEER;
  if (options.against !== undefined) {
    const code = codeOf(options.against);
    for (const scale of scales)
      await benchScale(scale, () => startOurs(code), {
        emit,
        progress,
        isQuick: options.isQuick,
        ratioBound: NO_WORSE,
      });
    return;
  }
  if (only.has("parts")) emit(await benchParts({ withPeer, progress }));
  if (only.has("start")) emit(await benchStart({ withPeer, progress }));
  if (only.has("program")) emit(await benchProgram(progress));
  if (only.has("events")) emit(await benchEvents(progress));
  const output = { emit, progress, isQuick: options.isQuick };
  if (only.has("peer") && withPeer) for (const scale of scales) await benchScale(scale, startPeer, output);
  if (only.has("cost")) for (const scale of [SMALL, large]) await benchScale(scale, undefined, output);
}

async function benchScale(
  scale: Scale,
  startOther: (() => Promise<Contender & { close(): Promise<void> }>) | undefined,
  output: Output & { readonly isQuick: boolean; readonly ratioBound?: number },
): Promise<void> {
  const ours = await startOurs();
  const other = await startOther?.();
  try {
    await benchDirectory(other ? [ours, other] : [ours], scale, output);
  } finally {
    await other?.close();
    await ours.close();
  }
}
