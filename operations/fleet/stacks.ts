import { readFile, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** The folder of `Pulumi.yaml`. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
import { join } from "node:path";

/** The first words of a line in the stack files that come with this repository; the workflows look for it too. */
const EXAMPLE = /^# Example/m;

/**
 * The names of the stacks that have a `Pulumi.<stack>.yaml` in the folder, sorted. Examples are left out.
 * @param pattern Selects stacks by name; `*` stands for any text.
 */
export async function findStacks(folder: string, pattern?: string): Promise<string[]> {
  const names = (await readdir(folder)).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  const selected = names.filter((name) => pattern === undefined || matches(pattern, name)).sort();
  const files = await Promise.all(selected.map((name) => readFile(join(folder, `Pulumi.${name}.yaml`), "utf8")));
  return selected.filter((_, index) => !EXAMPLE.test(files[index] ?? ""));
}

/** `*` matches any text; every other character matches itself. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}
