import { fileURLToPath } from "node:url";
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { preferNamedCli } from "./pulumiCli.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface LiveStack {
  /** Fully qualified key → text, secrets in clear. */
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  /** The outputs of the last deployment, secrets in clear. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/**
 * Reads a stack's configuration and outputs with the Pulumi CLI, logged in as for `pulumi up`.
 * @throws Error with what the CLI said
 */
export async function readStack(name: string): Promise<LiveStack> {
  preferNamedCli();
  try {
    const workspace = await LocalWorkspace.create({ workDir: ROOT });
    const config = await workspace.getAllConfig(name);
    const outputs = await workspace.stackOutputs(name);
    return {
      config: Object.fromEntries(Object.entries(config).map(([key, { value }]) => [key, value])),
      secretKeys: Object.entries(config).flatMap(([key, { secret }]) => (secret === true ? [key] : [])),
      outputs: Object.fromEntries(Object.entries(outputs).map(([key, { value }]): [string, unknown] => [key, value])),
    };
  } catch (error) {
    throw new Error(`the stack ${name} cannot be read: ${saidByCli(error)}`, { cause: error });
  }
}

/** The CLI's own words: the Automation API wraps its output in the whole command and exit code. */
export function saidByCli(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (/ENOENT|not found in|Failed to (get|locate|find)/i.test(text)) {
    return "the Pulumi CLI is not on PATH; install it (https://www.pulumi.com/docs/install/) and log in as for pulumi up";
  }
  const said = /error: ([\s\S]*?)(?:\n err\?:|$)/.exec(text)?.[1]?.trim();
  return said === undefined || said === "" ? text : said;
}
