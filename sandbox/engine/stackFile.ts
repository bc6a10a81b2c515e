import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

export interface Stack {
  readonly project: string;
  /** Fully qualified key → text; JSON where the value is structured. */
  readonly values: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

const projectFile = z.object({
  name: z.string(),
  config: z.record(z.string(), z.object({ default: z.unknown().optional() })).default({}),
});
const stackFile = z.object({ config: z.record(z.string(), z.unknown()).nullish() });

const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/**
 * Reads a stack's configuration as the Pulumi CLI would hand it to the program: the project's defaults, then the file.
 * @throws Error that names the stacks there are, or the secret that only the CLI can decrypt
 */
export async function readStack(root: string, stack: string): Promise<Stack> {
  const project = projectFile.parse(parse(await readFile(join(root, "Pulumi.yaml"), "utf8")));
  const path = `Pulumi.${stack}.yaml`;
  let text: string;
  try {
    text = await readFile(join(root, path), "utf8");
  } catch (cause) {
    const names = (await readdir(root)).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
    throw new Error(`there is no ${path}; the stacks here are ${names.join(", ")}`, { cause });
  }
  const { config } = stackFile.parse(parse(text) ?? {});
  const values: Record<string, string> = {};
  const qualified = (key: string): string => (key.includes(":") ? key : `${project.name}:${key}`);
  for (const [key, { default: value }] of Object.entries(project.config)) {
    if (value !== undefined && value !== null) values[qualified(key)] = asText(value);
  }
  for (const [key, value] of Object.entries(config ?? {})) {
    if (JSON.stringify(value).includes('"secure":')) {
      const short = key.replace(`${project.name}:`, "");
      throw new Error(
        `${path}: ${key} is encrypted, and only the Pulumi CLI can decrypt it; pass it with --config '${short}=…'`,
      );
    }
    values[qualified(key)] = asText(value);
  }
  return { project: project.name, values, secretKeys: [] };
}
