import { asText, readProject, readStackFile } from "../../operations/live/stackFile.ts";

export interface Stack {
  readonly project: string;
  /** Fully qualified key → text; JSON if the value is structured. */
  readonly values: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  /** Fully qualified keys that the file itself sets. The other values are defaults of the project. */
  readonly written: readonly string[];
}

/**
 * Reads a stack's configuration as the Pulumi CLI would pass it to the program: the project's defaults, then the file.
 * @throws Error that names the existing stacks, or the secret that only the CLI can decrypt
 */
export async function readStack(root: string, stack: string): Promise<Stack> {
  const { name, defaults } = await readProject(root);
  const { config } = await readStackFile(root, stack, name);
  for (const [key, value] of Object.entries(config)) {
    if (JSON.stringify(value).includes('"secure":')) {
      const short = key.replace(`${name}:`, "");
      throw new Error(
        `Pulumi.${stack}.yaml: ${key} is encrypted, and only the Pulumi CLI can decrypt it; pass it with --config '${short}=…'`,
      );
    }
  }
  const values = Object.entries({ ...defaults, ...config }).map(([key, value]): [string, string] => [
    key,
    asText(value),
  ]);
  return { project: name, values: Object.fromEntries(values), secretKeys: [], written: Object.keys(config) };
}
