import { required, print, runCommand, say } from "../live/commandLine.ts";

const usage = `usage: npm run verify -- --stack NAME [--json] [--html FILE]
       npm run verify -- --sandbox [--stack NAME] [--json] [--html FILE]
Checks a live tenant by the steps of the article and compares both sides, with the credentials that pulumi up uses.
  --stack NAME  the tenant
  --sandbox     checks the tenant that "npm start" runs in this checkout
  --json        the last line on stdout is one JSON object
  --html FILE   also writes the checks as one page to hand on, for example to an auditor
Exit code: 0 nothing is wrong, 1 something is, 2 it could not be checked.`;

const options = {
  stack: { type: "string" },
  sandbox: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  html: { type: "string" },
} as const;

await runCommand({ usage, options, failure: 2 }, async ({ values }) => {
  const stack = values.sandbox ? values.stack : required(values.stack, "--stack");
  const file = values.html === undefined ? undefined : required(values.html, "--html");
  if (file !== undefined) await (await import("../verify/reportFile.ts")).checkReportFile(file);
  const [{ verifyLocalStack, verifyStack }, { isRight, renderChecks, summarize, toJson, wantsColour }] =
    await Promise.all([import("../verify/verifyStack.ts"), import("../verify/report.ts")]);
  const verified = await (values.sandbox ? verifyLocalStack(stack, say) : verifyStack(stack ?? "", say));
  const { checks } = verified;
  if (values.json) print(JSON.stringify(toJson(checks)));
  else print([...renderChecks(checks, wantsColour(process.stdout)), "", summarize(checks)].join("\n"));
  if (file !== undefined) {
    await (await import("../verify/handOver.ts")).handOver(verified, file);
    say(`Wrote ${file}`);
  }
  return isRight(checks) ? 0 : 1;
});
