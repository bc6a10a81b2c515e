import { isExample, stackNames } from "../live/stackFile.ts";

/**
 * The names of the stacks that have a `Pulumi.<stack>.yaml` in the folder, sorted. Examples are left out.
 * @param pattern Selects stacks by name; `*` stands for any text.
 */
export async function findStacks(folder: string, pattern?: string): Promise<string[]> {
  const names = (await stackNames(folder)).filter((name) => pattern === undefined || matches(pattern, name));
  const examples = await Promise.all(names.map((name) => isExample(folder, name)));
  return names.filter((_, index) => examples[index] === false);
}

/** `*` matches any text; every other character matches itself. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}
