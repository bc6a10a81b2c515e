import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { useOwnCli } from "./pulumiCli.ts";
import { StackError } from "./stackError.ts";
import { ROOT } from "./stackFile.ts";

export interface LiveStack {
  /** Fully qualified key → text, secrets in clear. */
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  /** The outputs of the last deployment, secrets in clear. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/**
 * Reads a stack's configuration and outputs with the Pulumi CLI, logged in as for `pulumi up`.
 * @throws StackError with the CLI's own words
 */
export async function readStack(name: string): Promise<LiveStack> {
  useOwnCli();
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
    throw new StackError(`the stack ${name} cannot be read: ${saidByCli(error)}`, { cause: error });
  }
}

/** The CLI's own words: the Automation API wraps its output in the whole command and exit code. */
export function saidByCli(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const said = /error: ([\s\S]*?)(?:\n err\?:|$)/.exec(text)?.[1]?.trim();
  return said === undefined || said === "" ? text : said;
}
