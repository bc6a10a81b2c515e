import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { isMap, parseDocument } from "yaml";
import { setCommand } from "../../components/config/commands.ts";
import { NAMESPACE } from "../../components/config/tenant.ts";
import { isRecord } from "../live/isRecord.ts";
import { StackError } from "../live/stackError.ts";
import {
  fileOf,
  parseStackFile,
  qualified,
  readProject,
  readStackFile,
  stackNames,
  type StackFile,
} from "../live/stackFile.ts";
import type { Obstacle } from "./obstacles.ts";

/**
 * The file of the stack if there is one, such as `pulumi stack init` and `pulumi config set` leave it.
 * @throws StackError if it is no stack file, or one of the examples
 */
export async function readWritten(root: string, stack: string): Promise<StackFile | undefined> {
  if (!(await stackNames(root)).includes(stack)) return undefined;
  const { name } = await readProject(root);
  const file = await readStackFile(root, stack, name);
  if (file.isExample) {
    throw new StackError(`${fileOf(stack)} exists already, as an example; choose another name, or delete that file`);
  }
  return file;
}

/** The settings of Okta's provider in the file that anybody can read: an encrypted one comes from the environment. */
export function oktaTexts(file: StackFile | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(file?.config ?? {}).filter(
      (entry): entry is [string, string] => entry[0].startsWith("okta:") && typeof entry[1] === "string",
    ),
  );
}

interface Value {
  /** The fully qualified key first. */
  readonly path: readonly string[];
  readonly value: unknown;
}

/** A file that a person began, beside the values that adopt would write. The person's own values stay. */
export interface Merge {
  readonly config: Readonly<Record<string, unknown>>;
  readonly added: readonly Value[];
  /** The values of the integration for keys that have another value in the file. */
  readonly differing: readonly Value[];
}

export function mergeConfig(
  written: Readonly<Record<string, unknown>>,
  planned: Readonly<Record<string, unknown>>,
): Merge {
  const [added, differing]: [Value[], Value[]] = [[], []];
  const merged = (own: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>, path: string[]) => {
    const result = { ...own };
    for (const [key, value] of Object.entries(other)) {
      const present = own[key];
      const here = [...path, key];
      if (present === undefined) {
        added.push({ path: here, value });
        result[key] = value;
      } else if (isRecord(present) && isRecord(value)) {
        result[key] = merged(present, value, here);
      } else if (!isDeepStrictEqual(present, value)) {
        differing.push({ path: here, value });
      }
    }
    return result;
  };
  return { config: merged(written, planned, []), added, differing };
}

/** The path as `pulumi config` takes it. */
const shortPath = ([key = "", ...rest]: readonly string[]): readonly string[] => [
  key.startsWith(`${NAMESPACE}:`) ? key.slice(NAMESPACE.length + 1) : key,
  ...rest,
];

/** What the stack would change at once if the file kept its value. The value itself may be a secret. */
export const differingObstacles = ({ differing }: Merge, stack: string): Obstacle[] =>
  differing.map(({ path, value }) => {
    const text = JSON.stringify(value);
    const set =
      typeof value === "string"
        ? `run ${setCommand(shortPath(path), value, stack)}`
        : `write that value in ${fileOf(stack)}`;
    return {
      what: `${fileOf(stack)} has another value of ${shortPath(path).join(".")} than the integration, which has ${text}`,
      wayOut: `${set}, or remove the key, and run adopt again`,
      stops: true,
    };
  });

/** The values that a merge adds, as the part of a stack file. */
export function addedConfig({ added }: Merge): Readonly<Record<string, unknown>> {
  const nested = ([key = "", ...rest]: readonly string[], value: unknown): Record<string, unknown> => ({
    [key]: rest.length === 0 ? value : nested(rest, value),
  });
  return added.reduce<Readonly<Record<string, unknown>>>(
    (config, { path, value }) => mergeConfig(config, nested(path, value)).config,
    {},
  );
}

/**
 * Adds values to the file, and leaves everything else as it is written: comments, order, the provider of its secrets.
 * @throws StackError if the file is written in a way that does not allow it
 */
export async function addToFile(root: string, { stack }: StackFile, merge: Merge): Promise<void> {
  const path = join(root, fileOf(stack));
  const { name } = await readProject(root);
  const text = withAdded(await readFile(path, "utf8"), merge, name);
  // What an anchor or a merge key brought in has no place of its own to add to.
  if (text === undefined || !isDeepStrictEqual(parseStackFile(text, stack, name).config, merge.config)) {
    throw new StackError(
      `the missing keys cannot be added to ${fileOf(stack)} as it is written: run adopt without --write, and add them by hand`,
    );
  }
  await writeFile(path, text);
}

function withAdded(text: string, { added }: Merge, project: string): string | undefined {
  const document = parseDocument(text, { merge: true });
  if ((document.get("config") ?? null) === null) document.set("config", document.createNode({}));
  const config = document.get("config");
  if (!isMap(config)) return undefined;
  const keys = config.items.map(({ key }) => String(key));
  for (const { path, value } of added) {
    const [key = "", ...rest] = path;
    const own = keys.find((each) => qualified(each, project) === key) ?? key;
    if (rest.length > 0 && !isMap(config.get(own))) return undefined;
    config.setIn([own, ...rest], document.createNode(value));
  }
  return document.toString({ lineWidth: 0 });
}
