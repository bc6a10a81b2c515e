import { COMMANDS } from "../fleet/command.ts";
import { UsageError, print, runCommand, say, wholeNumber } from "../live/commandLine.ts";

const usage = `usage: npm run fleet -- preview|up|verify [--only PATTERN] [--only-failed] [--parallel N] [--back-off SECONDS] [--json]
Runs one command for every stack that has a Pulumi.<stack>.yaml, with the policy pack, and continues after failures.
  --only PATTERN      stacks of that name; * stands for any text
  --only-failed       stacks whose last run of this command in this folder did not succeed, or never ended
  --parallel N        at most N stacks at a time (default: 4)
  --back-off SECONDS  pause after Okta's rate limit; doubles with each further one (default: 60)
  --json              one JSON object on stdout
Exit code: 0 every stack succeeded, 1 at least one failed, 2 wrong usage.`;

const options = {
  only: { type: "string" },
  "only-failed": { type: "boolean", default: false },
  parallel: { type: "string", default: "4" },
  "back-off": { type: "string", default: "60" },
  json: { type: "boolean", default: false },
} as const;

await runCommand({ usage, options, positionals: true }, async ({ values, positionals }) => {
  const command = COMMANDS.find((known) => known === positionals[0]);
  if (command === undefined || positionals.length !== 1) throw new UsageError("name one of preview, up and verify");
  const parallel = wholeNumber(values.parallel, "--parallel", 1);
  const backOffMs = wholeNumber(values["back-off"], "--back-off", 0) * 1000;
  const { runFleet } = await import("../fleet/fleet.ts");
  const { only, "only-failed": onlyFailed } = values;
  const run = await runFleet({ command, only, onlyFailed, parallel, backOffMs }, say);
  if (run === undefined) throw new UsageError(`no Pulumi.<stack>.yaml matches ${only ?? "*"}`);
  const { ok, results, table } = run;
  if (values.json) print(JSON.stringify({ command, ok, stacks: results }));
  else print(`\n${table.join("\n")}`);
  return ok ? 0 : 1;
});
