import process from "node:process";
import { createInterface } from "node:readline/promises";
import type { NewTenant, Wishes } from "../tenants/newTenant.ts";
import { UsageError, print, runCommand } from "../live/commandLine.ts";

const usage = `usage: npm run tenants -- new NAME [option…]
       npm run tenants -- check [--json]
new writes Pulumi.NAME.yaml: a stack file whose tenant, app label and assignment group collide with no other file. Without
options it asks. check reads all stack files: each by itself, and what no two tenants may share. Neither needs a network.
  --label TEXT              label of the app in Okta
  --assignment-group NAME   group whose members are provisioned; the stack makes it
  --push NAME               Okta group to push; repeatable; also an entry of pushGroups as JSON
  --region REGION           AWS region (default: that of most tenants)
  --org NAME                Okta org of this tenant, if it is not that of the environment
  --domain NAME             host name of your own for the SCIM service
  --hosted-zone ID          Route 53 zone of that name (default: that of another tenant with the same parent domain)
  --external URL            SCIM base URL of a directory that exists already, in place of one on AWS
  --json                    one JSON object on stdout
Exit code: 0 written, or nothing is wrong; 1 not written, or something is wrong; 2 wrong usage.`;

const options = {
  label: { type: "string" },
  "assignment-group": { type: "string" },
  push: { type: "string", multiple: true },
  region: { type: "string" },
  org: { type: "string" },
  domain: { type: "string" },
  "hosted-zone": { type: "string" },
  external: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

await runCommand({ usage, options, positionals: true }, async ({ values, positionals: [command, name, ...rest] }) => {
  const { json, ...given } = values;
  const { ROOT } = await import("../live/stackFile.ts");
  if (command === "check" && name === undefined) {
    if (Object.keys(given).length > 0) throw new UsageError("check takes no option but --json");
    const { checkLines, checkTenants } = await import("../tenants/check.ts");
    const result = await checkTenants(ROOT);
    if (json) print(JSON.stringify(result));
    else checkLines(result).forEach(print);
    return result.ok ? 0 : 1;
  }
  if (command !== "new" || rest.length > 0) throw new UsageError("name one of new NAME and check");
  if (name === undefined) throw new UsageError("new needs the name of the stack");
  if (given.external !== undefined && (given.domain ?? given["hosted-zone"] ?? given.region) !== undefined) {
    throw new UsageError("--external makes nothing on AWS: leave --domain, --hosted-zone and --region out");
  }
  if (given["hosted-zone"] !== undefined && given.domain === undefined) {
    throw new UsageError("--hosted-zone is the zone of --domain: give both");
  }
  const [{ readTenants }, { newTenant, writeTenant }, { askWishes }] = await Promise.all([
    import("../tenants/stacks.ts"),
    import("../tenants/newTenant.ts"),
    import("../tenants/questions.ts"),
  ]);
  const { tenants } = await readTenants(ROOT);
  const { "assignment-group": assignmentGroup, "hosted-zone": hostedZone, ...others } = given;
  const wishes: Wishes = { ...others, assignmentGroup, hostedZone };
  const asks = process.stdin.isTTY && process.stdout.isTTY && Object.keys(given).length === 0 && !json;
  const propose = (of: Wishes): NewTenant => newTenant(tenants, name, of);
  const { file, commands } = propose(asks ? await askWishes(propose, ask) : wishes);
  await writeTenant(ROOT, file);
  if (json) print(JSON.stringify({ stack: name, file: `Pulumi.${name}.yaml`, commands }));
  else [`Pulumi.${name}.yaml is written. Then:`, ...commands.map((line) => `  ${line}`)].forEach(print);
  return 0;
});

async function ask(question: string, proposal: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(`${question}${proposal === "" ? "" : ` [${proposal}]`}: `);
    return answer.trim() === "" ? proposal : answer.trim();
  } finally {
    terminal.close();
  }
}
