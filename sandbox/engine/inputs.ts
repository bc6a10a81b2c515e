import { randomBytes } from "node:crypto";
import { isRecord } from "../../operations/live/isRecord.ts";
import type { ResourceHandler } from "./provider.ts";
import { UNKNOWN, canonical, holdsUnknown, type Values } from "./values.ts";

/**
 * Sets the property `autoName` if the program left it out: to the old value, else to `<name>-<7 hex digits>` and the
 * handler's `autoNameEnd`. If an engine gives the hex digits as a seed, its preview and its update produce the same name.
 */
export function withName(
  { autoName, autoNameEnd }: Pick<ResourceHandler, "autoName" | "autoNameEnd">,
  name: string,
  inputs: Values,
  old: Values | undefined,
  seed = randomBytes(4).toString("hex"),
): Values {
  if (autoName === undefined || inputs[autoName] !== undefined) return inputs;
  return { ...inputs, [autoName]: old?.[autoName] ?? `${name}-${seed.slice(0, 7)}${autoNameEnd?.(inputs) ?? ""}` };
}

/** Inputs with the old value of every top-level property that `ignoreChanges` names. */
export function withIgnored(inputs: Values, old: Values | undefined, ignored: readonly string[]): Values {
  if (old === undefined || ignored.length === 0) return inputs;
  const result: Values = { ...inputs };
  for (const key of ignored) {
    if (key in old) result[key] = old[key];
    else delete result[key];
  }
  return result;
}

export function without(values: Values, key: string): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== key));
}

/** Names of the properties that differ. A property that is not known yet counts as different. */
export function changedKeys(before: Values, after: Values): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => {
    const value = after[key];
    if (isRecord(value) || Array.isArray(value) ? holdsUnknown(value) : value === UNKNOWN) return true;
    return canonical(before[key]) !== canonical(value);
  });
}

/** The first pair of inputs that the provider does not accept together, in the provider's own words. */
export function conflictOf(
  { conflicts = [] }: ResourceHandler,
  inputs: Values,
): { readonly property: string; readonly reason: string } | undefined {
  const isSet = (key: string): boolean => inputs[key] !== undefined && inputs[key] !== null;
  const pair = conflicts.find(([one, other]) => isSet(one) && isSet(other));
  if (pair === undefined) return undefined;
  const [property, other] = pair;
  return {
    property,
    reason: `Conflicting configuration arguments: "${snakeCase(property)}": conflicts with ${snakeCase(other)}`,
  };
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
