import { parseArgs } from "node:util";
import { oktaAccess } from "../live/credentials.ts";
import { scimEndpoint } from "../live/endpoint.ts";
import { oktaOrg } from "../live/oktaOrg.ts";
import { renderChecks, summarize, wantsColour } from "../verify/report.ts";
import { readStack } from "../live/stack.ts";
import { readTenant } from "../live/tenant.ts";
import { isRight, verifyTenant } from "../verify/verifyTenant.ts";

const usage = `usage: npm run verify -- --stack NAME [--json]
Checks a live tenant against the steps of the article, with the credentials that pulumi up uses.
Exit code: 0 nothing is wrong, 1 something is, 2 it could not be checked.`;

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stack: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help || values.stack === undefined) {
    (values.help ? process.stdout : process.stderr).write(`${usage}\n`);
    return values.help ? 0 : 2;
  }
  const progress = (text: string): void => void process.stderr.write(`${text}\n`);
  progress(`Reading the stack ${values.stack}`);
  const { config, secretKeys, outputs } = await readStack(values.stack);
  const tenant = readTenant(config, secretKeys, outputs);
  const access = oktaAccess(process.env, config);
  progress(`Reading ${access.orgUrl} and ${tenant.outputs.scimBaseUrl}`);
  const checks = await verifyTenant(tenant, oktaOrg(access), scimEndpoint(tenant.outputs.scimBaseUrl));
  if (values.json) process.stdout.write(`${JSON.stringify({ stack: values.stack, right: isRight(checks), checks })}\n`);
  else {
    const lines = [...renderChecks(checks, wantsColour(process.stdout)), "", summarize(checks)];
    process.stdout.write(`${lines.join("\n")}\n`);
  }
  return isRight(checks) ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
