import { print, required, runCommand } from "../live/commandLine.ts";

const usage = `usage: npm run next-steps -- --stack NAME
Prints everything that a person still has to do for a tenant, as numbered lines: the stack's output nextSteps.
Exit code: 0 printed, 2 the stack could not be read.`;

const options = { stack: { type: "string" } } as const;

await runCommand({ usage, options, failure: 2 }, async ({ values }) => {
  const stack = required(values.stack, "--stack");
  const { nextStepsOf } = await import("../live/nextSteps.ts");
  for (const line of await nextStepsOf(stack)) print(line);
  return 0;
});
