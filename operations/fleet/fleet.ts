import { setMaxListeners } from "node:events";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { useOwnCli } from "../live/pulumiCli.ts";
import { wantsColour } from "../verify/report.ts";
import { progressLine, summaryTable } from "./report.ts";
import { forEachTenant, type Result } from "./schedule.ts";
import { workOf, type Command } from "./tenantWork.ts";

export interface FleetRun {
  readonly ok: boolean;
  readonly results: readonly Result[];
  /** The summary for people, line by line. */
  readonly table: readonly string[];
}

/** Runs a command for every stack until all ended or the process is told to stop. */
export async function runFleet(
  command: Command,
  stacks: readonly string[],
  limits: { readonly parallel: number; readonly backOffMs: number },
  say: (line: string) => void,
): Promise<FleetRun> {
  useOwnCli();
  const stop = new AbortController();
  // Each deployment listens to the signal until the last one ends.
  setMaxListeners(0, stop.signal);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const coloured = wantsColour(process.stderr);
  let done = 0;
  say(`${command} of ${stacks.length} stacks, at most ${limits.parallel} at a time`);
  const results = await forEachTenant(
    stacks,
    workOf(command, stop.signal),
    {
      ...limits,
      sleep,
      signal: stop.signal,
      onPause: (milliseconds, name) => say(`Okta's rate limit (${name}): everything waits ${milliseconds / 1000} s`),
    },
    (result) => say(progressLine(result, (done += 1), stacks.length, coloured)),
  );
  return {
    ok: results.every((result) => result.ok),
    results,
    table: summaryTable(results, wantsColour(process.stdout)),
  };
}
