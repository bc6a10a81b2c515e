import { print, required, runCommand, say } from "../live/commandLine.ts";

const usage = `usage: npm run push-now -- --stack NAME [--group NAME]... [--json]
Makes Okta push the groups of a tenant again, as a whole: all of them, or the named ones.
  --stack NAME  the tenant
  --group NAME  a group by its name in the output pushGroups; repeatable
  --json        one JSON object on stdout
Exit code: 0 done, 1 a push failed, 2 it could not be tried.`;

const options = {
  stack: { type: "string" },
  group: { type: "string", multiple: true },
  json: { type: "boolean", default: false },
} as const;

await runCommand({ usage, options, failure: 2 }, async ({ values }) => {
  const stack = required(values.stack, "--stack");
  const { pushGroupsOf } = await import("../push/pushStack.ts");
  const results = await pushGroupsOf(stack, values.group, (label) => say(`Pushing ${label}`));
  if (values.json) print(JSON.stringify({ stack, results }));
  else for (const { label, outcome, detail } of results) print(`${label}: ${outcome} (${detail})`);
  return results.some(({ outcome }) => outcome === "failed" || outcome === "not pushed") ? 1 : 0;
});
