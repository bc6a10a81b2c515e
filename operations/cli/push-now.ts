import { parseArgs } from "node:util";
import { oktaAccess } from "../live/credentials.ts";
import { oktaOrg } from "../live/oktaOrg.ts";
import { pushNow, type PushResult } from "../push/pushNow.ts";
import { readStack } from "../live/stack.ts";
import { readTenant } from "../live/tenant.ts";

const usage = `usage: npm run push-now -- --stack NAME [--group NAME]... [--json]
Makes Okta push the groups of a tenant again, whole: all of them, or those that are named.
Exit code: 0 done, 1 a push failed, 2 it could not be tried.`;

const failed = ({ outcome }: PushResult): boolean => outcome === "failed" || outcome === "not pushed";

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stack: { type: "string" },
      group: { type: "string", multiple: true },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help || values.stack === undefined) {
    (values.help ? process.stdout : process.stderr).write(`${usage}\n`);
    return values.help ? 0 : 2;
  }
  const { config, secretKeys, outputs } = await readStack(values.stack);
  const tenant = readTenant(config, secretKeys, outputs);
  const results = await pushNow(tenant.outputs, oktaOrg(oktaAccess(process.env, config)), {
    ...(values.group === undefined ? {} : { only: values.group }),
    onProgress: (label) => void process.stderr.write(`Pushing ${label}\n`),
  });
  if (values.json) process.stdout.write(`${JSON.stringify({ stack: values.stack, results })}\n`);
  else for (const { label, outcome, detail } of results) process.stdout.write(`${label}: ${outcome} (${detail})\n`);
  return results.some(failed) ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
