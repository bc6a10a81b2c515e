import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { saidByCli, useOwnCli } from "./pulumiCli.ts";
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
