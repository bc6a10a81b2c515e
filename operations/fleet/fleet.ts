import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { useOwnCli } from "../live/pulumiCli.ts";
import { ROOT } from "../live/stackFile.ts";
import { wantsColour } from "../verify/report.ts";
import { passSignals } from "./child.ts";
import { beginRun, unfinished, vanished } from "./lastRun.ts";
import { progressLine, summaryTable } from "./report.ts";
import { forEachTenant, type Result } from "./schedule.ts";
import { findStacks } from "./stacks.ts";
import { workOf } from "./tenantWork.ts";
import type { Command } from "./command.ts";

export interface FleetRequest {
  readonly command: Command;
  /** Selects stacks by name; `*` stands for any text. */
  readonly only: string | undefined;
  /** Leaves out the stacks whose last run of this command succeeded. */
  readonly onlyFailed: boolean;
  readonly parallel: number;
  readonly backOffMs: number;
}

export interface FleetRun {
  readonly ok: boolean;
  readonly results: readonly Result[];
  /** The summary for people, line by line. */
  readonly table: readonly string[];
}

/**
 * Runs a command for every selected stack until all ended or the process is told to stop, and remembers how each ended.
 * @returns undefined if no stack file matches
 */
export async function runFleet(request: FleetRequest, say: (line: string) => void): Promise<FleetRun | undefined> {
  const { command } = request;
  const all = await findStacks(ROOT);
  const matching = await findStacks(ROOT, request.only);
  if (matching.length === 0) return undefined;
  const stacks = request.onlyFailed ? left(command, matching, all, say) : matching;
  if (stacks.length === 0) {
    return { ok: true, results: [], table: [`nothing to do: the last ${command} of each of them succeeded`] };
  }
  useOwnCli();
  const results = await work(request, stacks, all, say);
  return {
    ok: results.every((result) => result.ok),
    results,
    table: summaryTable(results, wantsColour(process.stdout)),
  };
}

function left(
  command: Command,
  matching: readonly string[],
  all: readonly string[],
  say: (line: string) => void,
): string[] {
  const gone = vanished(ROOT, command, all);
  if (gone.length > 0) say(`of the last ${command}, these have no stack file any more: ${gone.join(", ")}`);
  const stacks = unfinished(ROOT, command, matching);
  say(`${matching.length - stacks.length} of ${matching.length} stacks succeeded at their last ${command}`);
  return stacks;
}

async function work(
  { command, ...limits }: FleetRequest,
  stacks: readonly string[],
  all: readonly string[],
  say: (line: string) => void,
): Promise<Result[]> {
  const record = beginRun(ROOT, command, stacks, all);
  const stop = new AbortController();
  const release = onSignals(stop, say);
  const coloured = wantsColour(process.stderr);
  let done = 0;
  say(`${command} of ${stacks.length} stacks, at most ${limits.parallel} at a time`);
  try {
    return await forEachTenant(
      stacks,
      workOf(command),
      {
        ...limits,
        sleep: (milliseconds) => sleep(milliseconds, undefined, { signal: stop.signal }).catch(() => undefined),
        signal: stop.signal,
        onPause: (milliseconds, name) => say(`Okta's rate limit (${name}): everything waits ${milliseconds / 1000} s`),
      },
      (result) => {
        remember(() => record.ended(result.name, result.ok), say);
        say(progressLine(result, (done += 1), stacks.length, coloured));
      },
    );
  } finally {
    release();
  }
}

/** A result that cannot be written leaves its stack pending, which repeats it. The run goes on. */
function remember(write: () => void, say: (line: string) => void): void {
  try {
    write();
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}; --only-failed will repeat this stack`);
  }
}

/** Starts no further stack after the first signal. Each signal reaches the commands in progress once. */
const onSignals = (stop: AbortController, say: (line: string) => void): (() => void) =>
  passSignals(() => {
    if (!stop.signal.aborted) say("Stopping: no further stack starts, and Pulumi cancels those in progress");
    stop.abort();
  });
