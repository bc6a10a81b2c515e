import { readdir } from "node:fs/promises";

/** The stack of every `Pulumi.<stack>.yaml` in a folder, by name; those that match the pattern where one is given. */
export async function findStacks(folder: string, pattern?: string): Promise<string[]> {
  const names = (await readdir(folder)).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  return names.filter((name) => pattern === undefined || matches(pattern, name)).sort();
}

/** `*` stands for any text, everything else for itself. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}
