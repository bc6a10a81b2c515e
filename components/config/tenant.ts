import { z } from "zod";
import { removeCommand, setCommand, type StackName } from "./commands.ts";
import { problemsError, type Problem } from "./errors.ts";
import { MOST_PUSH_GROUPS, keys, schemas, textKeys, type Key, type TenantConfig } from "./keys.ts";
import { misfits } from "./misfits.ts";
import { nearest } from "./nearest.ts";
import { problemsOf } from "./problems.ts";
import { pushGroupEntry } from "./pushGroupEntry.ts";
import { pushGroupProblems, type PlacedEntry } from "./pushGroupRules.ts";

export type * from "./keys.ts";
export type { PushGroupEntry } from "./pushGroupEntry.ts";

/** The configuration namespace: keys of a stack file read `okta-scim-directory:<key>`. */
export const NAMESPACE = "okta-scim-directory";

/**
 * Reads one tenant's configuration from Pulumi's own form: text by fully qualified key, JSON where it is structured.
 * @param stack the stack that the commands of the errors name
 * @throws UserError that lists every problem: path, what is wrong, what is allowed, a command that corrects it
 */
export function parseTenantConfig(raw: Readonly<Record<string, string>>, stack?: StackName): TenantConfig {
  const { config, problems } = checkTenantConfig(raw, stack);
  if (config === undefined) throw problemsError("The configuration of this stack is not usable", problems);
  return config;
}

export interface CheckedConfig {
  /** Undefined where there are problems. */
  readonly config: TenantConfig | undefined;
  /** The keys that could be read, whatever is wrong with others. */
  readonly parts: Partial<TenantConfig>;
  readonly problems: readonly Problem[];
}

/** The configuration, and every problem of it. Takes what `parseTenantConfig` takes. */
export function checkTenantConfig(raw: Readonly<Record<string, string>>, stack?: StackName): CheckedConfig {
  const { values, problems } = readValues(raw, stack);
  const entries: PlacedEntry[] = [];
  const read = <K extends Key>(key: K): TenantConfig[K] | undefined => {
    const result = z.safeParse(schemas[key], values[key]);
    if (result.success) return result.data as TenantConfig[K];
    const found = problemsOf(key, [key], result.error.issues, stack);
    const broken = brokenJson(values[key]);
    problems.push(...(broken === undefined ? found : found.slice(0, 1).map((one) => ({ ...one, wrong: broken }))));
    return undefined;
  };
  const readPushGroups = (): TenantConfig["pushGroups"] | undefined => {
    const list = values.pushGroups;
    if (!Array.isArray(list) || list.length > MOST_PUSH_GROUPS) return read("pushGroups");
    list.forEach((value, index) => {
      const result = pushGroupEntry.safeParse(value);
      if (result.success) entries.push({ index, entry: result.data });
      else problems.push(...problemsOf("pushGroups", ["pushGroups", index], result.error.issues, stack));
    });
    return entries.map(({ entry }) => entry);
  };
  const parsed = Object.fromEntries(
    keys.map((key) => [key, key === "pushGroups" ? readPushGroups() : read(key)]),
  ) as Partial<TenantConfig>;

  problems.push(
    ...pushGroupProblems(entries, parsed.assignmentGroup, stack),
    ...misfits(values, { parsed, entries }, stack),
  );
  // No problem means that every key was read.
  return { config: problems.length > 0 ? undefined : (parsed as TenantConfig), parts: parsed, problems };
}

type Values = Partial<Record<Key, unknown>>;

function readValues(raw: Readonly<Record<string, string>>, stack: StackName): { values: Values; problems: Problem[] } {
  const prefix = `${NAMESPACE}:`;
  const values: Values = {};
  const problems: Problem[] = [];
  for (const [qualified, value] of Object.entries(raw)) {
    if (!qualified.startsWith(prefix)) continue;
    const name = qualified.slice(prefix.length);
    const key = keys.find((known) => known === name);
    if (key === undefined) problems.push(unknownKey(name, value, stack));
    else values[key] = textKeys.has(key) ? value : fromText(value);
  }
  return { values, problems };
}

function unknownKey(name: string, value: string, stack: StackName): Problem {
  const meant = nearest(name, keys);
  const remove = removeCommand([name], stack);
  return {
    path: name,
    wrong: meant === undefined ? "is not a configuration key" : `is not a configuration key; did you mean ${meant}?`,
    allowed: keys.join(", "),
    fix: meant === undefined || /^\s*[[{]/.test(value) ? remove : `${remove} && ${setCommand([meant], value, stack)}`,
  };
}

/**
 * The problem of a text that looks like JSON and cannot be read as such; undefined for any other value. The parser's own
 * message may quote the text, which may hold a secret.
 */
function brokenJson(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  try {
    JSON.parse(value);
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const position = /at position (\d+)/.exec(message)?.[1];
    if (/end of JSON|unterminated/i.test(message)) return "is broken JSON: a bracket or a quote is not closed";
    return `is broken JSON${position === undefined ? "" : `: it cannot be read from character ${Number(position) + 1} on`}`;
  }
}

function fromText(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
