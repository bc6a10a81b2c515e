import { setMaxListeners } from "node:events";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { progressLine, summaryTable } from "../fleet/report.ts";
import { forEachTenant } from "../fleet/schedule.ts";
import { findStacks } from "../fleet/stacks.ts";
import { ROOT, workOf, type Command } from "../fleet/tenantWork.ts";
import { wantsColour } from "../verify/report.ts";
import { preferNamedCli } from "../live/pulumiCli.ts";

const usage = `usage: npm run fleet -- preview|up|verify [--only PATTERN] [--parallel N] [--back-off SECONDS] [--json]
Does one command for every stack that has a Pulumi.<stack>.yaml, with the policy pack, and goes on past those that fail.
  --only PATTERN      stacks of that name; * stands for any text
  --parallel N        at most N stacks at a time (4)
  --back-off SECONDS  pause after Okta's rate limit; doubles with each further one (60)
  --json              one JSON object on stdout
Exit code: 0 every stack succeeded, 1 at least one did not, 2 wrong usage.`;

const commands: readonly Command[] = ["preview", "up", "verify"];

class UsageError extends Error {}

function wholeNumber(text: string, name: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) throw new UsageError(`${name} takes a whole number from ${least}`);
  return value;
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        only: { type: "string" },
        parallel: { type: "string", default: "4" },
        "back-off": { type: "string", default: "60" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args);
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const command = commands.find((known) => known === positionals[0]);
  if (command === undefined || positionals.length !== 1) throw new UsageError("name one of preview, up and verify");
  const parallel = wholeNumber(values.parallel, "--parallel", 1);
  const backOffMs = wholeNumber(values["back-off"], "--back-off", 0) * 1000;
  const stacks = await findStacks(ROOT, values.only);
  if (stacks.length === 0) throw new UsageError(`no Pulumi.<stack>.yaml matches ${values.only ?? "*"}`);

  preferNamedCli();

  const stop = new AbortController();
  // Every deployment listens to it until the last one ends.
  setMaxListeners(0, stop.signal);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const coloured = wantsColour(process.stderr);
  let done = 0;
  say(`${command} of ${stacks.length} stacks, at most ${parallel} at a time`);
  const results = await forEachTenant(
    stacks,
    workOf(command, stop.signal),
    {
      ...{ parallel, backOffMs, sleep, signal: stop.signal },
      onPause: (milliseconds, name) => say(`Okta's rate limit (${name}): everything waits ${milliseconds / 1000} s`),
    },
    (result) => say(progressLine(result, (done += 1), stacks.length, coloured)),
  );
  const ok = results.every((result) => result.ok);
  if (values.json) process.stdout.write(`${JSON.stringify({ command, ok, stacks: results })}\n`);
  else process.stdout.write(`\n${summaryTable(results, wantsColour(process.stdout)).join("\n")}\n`);
  return ok ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const wrongUsage = error instanceof UsageError;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(wrongUsage ? `error: ${message}\n\n${usage}\n` : `error: ${message}\n`);
  process.exitCode = wrongUsage ? 2 : 1;
}
