import { asText, qualified, readProject, readStackFile } from "../../operations/live/stackFile.ts";

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
 * @param given keys whose values an option gives, with or without the namespace: the file's own may be encrypted
 * @throws Error that names the existing stacks, or the secret that only the CLI can decrypt
 */
export async function readStack(root: string, stack: string, given: Iterable<string> = []): Promise<Stack> {
  const { name, defaults } = await readProject(root);
  const { config } = await readStackFile(root, stack, name);
  const elsewhere = new Set([...given].map((key) => qualified(key, name)));
  const encrypted = Object.entries(config).flatMap(([key, value]) =>
    JSON.stringify(value).includes('"secure":') ? [key] : [],
  );
  const unknown = encrypted.find((key) => !elsewhere.has(key));
  if (unknown !== undefined) {
    const short = unknown.replace(`${name}:`, "");
    throw new Error(
      `Pulumi.${stack}.yaml: ${unknown} is encrypted, and only the Pulumi CLI can decrypt it; start with --config '${short}=…', which gives the sandbox another value`,
    );
  }
  const readable = Object.entries({ ...defaults, ...config }).filter(([key]) => !encrypted.includes(key));
  const values = readable.map(([key, value]): [string, string] => [key, asText(value)]);
  return { project: name, values: Object.fromEntries(values), secretKeys: [], written: Object.keys(config) };
}
