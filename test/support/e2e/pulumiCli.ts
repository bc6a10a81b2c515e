import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tmpdir } from "node:os";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Tenant } from "../../../sandbox/tenant/tenant.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Operator {
  /** Runs `npm run NAME -- …options` as an operator of the tenant would. */
  npmRun(name: string, ...options: string[]): Promise<CommandResult>;
  remove(): Promise<void>;
}

/**
 * The environment of an operator: Okta's credentials as variables, and in the folder of PULUMI_BIN a `pulumi` that
 * returns the tenant's configuration and outputs in the form of the CLI (`config --json`, `stack output --json`).
 */
export async function operatorOf(tenant: Tenant): Promise<Operator> {
  const folder = await mkdtemp(join(tmpdir(), "okta-scim-operator-"));
  const { values, secretKeys } = tenant.config;
  const config = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, { value, secret: secretKeys.includes(key) }]),
  );
  const answers = { version: "v3.248.0", config, outputs: tenant.outputs };
  await writeFile(
    join(folder, "pulumi.mjs"),
    `const answers = ${JSON.stringify(answers)};
const [command, second] = process.argv.slice(2);
const stack = process.argv[process.argv.indexOf("--stack") + 1];
if (command === "version") console.log(answers.version);
else if (stack !== ${JSON.stringify(tenant.stack)}) { console.error("error: no stack named '" + stack + "' found"); process.exit(255); }
else if (command === "config") console.log(JSON.stringify(answers.config));
else if (command === "stack" && second === "output") console.log(JSON.stringify(answers.outputs));
else process.exit(255);
`,
    { mode: 0o600 },
  );
  const command = join(folder, "pulumi");
  await writeFile(command, `#!/bin/sh\nexec "${process.execPath}" "${join(folder, "pulumi.mjs")}" "$@"\n`);
  await chmod(command, 0o700);
  return {
    npmRun: (name, ...options) =>
      new Promise((resolve, reject) => {
        const child = spawn("npm", ["run", "--silent", name, "--", ...options], {
          cwd: root,
          stdio: ["ignore", "pipe", "pipe"],
          env: {
            ...process.env,
            PULUMI_BIN: folder,
            OKTA_HTTP_PROXY: tenant.org.url,
            OKTA_API_TOKEN: tenant.org.apiToken,
          },
        });
        let stdout = "";
        let stderr = "";
        child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
        child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
        child.once("error", reject);
        child.once("close", (code) => resolve({ code, stdout, stderr }));
      }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
