import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";
import { StackError } from "./stackError.ts";

/** The folder of `Pulumi.yaml`. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A line of the stack files that come with this repository; the workflows look for it too. */
const EXAMPLE = /^# Example/m;

/** A stack's file, `Pulumi.<stack>.yaml`, as it is written: nothing is decrypted, and no default is filled in. */
export interface StackFile {
  readonly stack: string;
  readonly isExample: boolean;
  /** Fully qualified key → value. An encrypted value is an object with the one key `secure`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The provider that encrypts the stack's secrets, for example `awskms://alias/NAME`; undefined for a passphrase. */
  readonly secretsProvider: string | undefined;
}

/** The content of `Pulumi.yaml`: the project's name, and fully qualified key → default. */
export interface Project {
  readonly name: string;
  readonly defaults: Readonly<Record<string, unknown>>;
}

const projectFile = z.object({
  name: z.string(),
  config: z
    .record(z.string(), z.object({ default: z.unknown().optional(), description: z.string().default("") }))
    .default({}),
});
const stackFile = z.object({
  config: z.record(z.string(), z.unknown()).nullish(),
  secretsprovider: z.string().optional(),
});

/** Name of the file that configures a stack. */
export const fileOf = (stack: string): string => `Pulumi.${stack}.yaml`;

/** A key of a stack file with its namespace, which is the project's if the key names none. */
export const qualified = (key: string, project: string): string => (key.includes(":") ? key : `${project}:${key}`);

const readProjectFile = async (root: string): Promise<z.output<typeof projectFile>> =>
  projectFile.parse(parse(await readFile(join(root, "Pulumi.yaml"), "utf8")));

/** The configuration keys that `Pulumi.yaml` declares: fully qualified key → description, in its order. */
export async function readKeys(root: string): Promise<Readonly<Record<string, string>>> {
  const { name, config } = await readProjectFile(root);
  return Object.fromEntries(
    Object.entries(config).map(([key, { description }]) => [qualified(key, name), description]),
  );
}

/** Reads `Pulumi.yaml`: the project's name, and the defaults of its configuration by fully qualified key. */
export async function readProject(root: string): Promise<Project> {
  const { name, config } = await readProjectFile(root);
  const defaults = Object.entries(config).flatMap(([key, { default: value }]): [string, unknown][] =>
    value === undefined || value === null ? [] : [[qualified(key, name), value]],
  );
  return { name, defaults: Object.fromEntries(defaults) };
}

/** The names of all stacks that have a file in the folder, examples too, sorted. */
export async function stackNames(root: string): Promise<string[]> {
  return (await readdir(root)).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

/** Whether the file has the line that fleet and workflows look for. */
export async function isExample(root: string, stack: string): Promise<boolean> {
  return EXAMPLE.test(await readFile(join(root, fileOf(stack)), "utf8"));
}

/** @throws StackError for a file that is absent, or no stack file: its message says what is wrong and where */
export async function readStackFile(root: string, stack: string, project: string): Promise<StackFile> {
  const path = fileOf(stack);
  let text: string;
  try {
    text = await readFile(join(root, path), "utf8");
  } catch (cause) {
    throw new StackError(`there is no ${path}; the stacks here are ${(await stackNames(root)).join(", ")}`, { cause });
  }
  return parseStackFile(text, stack, project);
}

/** @throws StackError for a text that is no stack file */
export function parseStackFile(text: string, stack: string, project: string): StackFile {
  const path = fileOf(stack);
  let content: z.output<typeof stackFile>;
  try {
    // Pulumi's own reader knows the merge key of YAML 1.1 too.
    const document: unknown = parse(text, { merge: true }) ?? {};
    // Fails for an alias inside its own anchor.
    JSON.stringify(document);
    content = stackFile.parse(document);
  } catch (cause) {
    throw new StackError(`${path} is not a stack file: ${whyNot(cause)}`, { cause });
  }
  const entries = Object.entries(content.config ?? {}).map(([key, value]): [string, unknown] => [
    qualified(key, project),
    value,
  ]);
  const repeated = entries.find(([key], index) => entries.findIndex(([other]) => other === key) !== index);
  if (repeated !== undefined) {
    const short = repeated[0].slice(project.length + 1);
    throw new StackError(`${path} is not a stack file: it has both ${short} and ${repeated[0]}, which are one key`);
  }
  return {
    stack,
    isExample: EXAMPLE.test(text),
    config: Object.fromEntries(entries),
    secretsProvider: content.secretsprovider,
  };
}

function whyNot(cause: unknown): string {
  if (cause instanceof z.ZodError) return z.prettifyError(cause).split("\n")[0] ?? "";
  if (cause instanceof TypeError) return "an alias stands inside its own anchor";
  const said = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : "";
  // The parser's advice is for programmers.
  return said.replace(/; please use \S+/, "").replace(/:$/, "");
}

/** A value as the Pulumi CLI hands it to the program: text, which is JSON where the value is structured. */
export const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
