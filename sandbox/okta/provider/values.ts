import { z } from "zod";
import type { Properties } from "../../engine/provider.ts";

const record = z.record(z.string(), z.unknown());

export function asRecord(value: unknown): Properties {
  const parsed = record.safeParse(value);
  return parsed.success ? parsed.data : {};
}

/** A required input. @throws Error that names it */
export function text(inputs: Properties, key: string): string {
  const value = inputs[key];
  if (typeof value !== "string" || value === "") throw new Error(`${key} is required`);
  return value;
}

export const optionalText = (inputs: Properties, key: string): string | undefined => {
  const value = inputs[key];
  return typeof value === "string" && value !== "" ? value : undefined;
};

export const flag = (inputs: Properties, key: string, fallback = false): boolean => {
  const value = inputs[key];
  return typeof value === "boolean" ? value : fallback;
};

export const texts = (inputs: Properties, key: string): string[] => {
  const value = inputs[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
};

/** The value under a path of keys in an answer; undefined if it is missing. */
export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => asRecord(inner)[key], value);

export const textAt = (value: unknown, ...path: readonly string[]): string => {
  const found = at(value, ...path);
  return typeof found === "string" ? found : "";
};

const isZero = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  value === false ||
  value === 0 ||
  (Array.isArray(value) && value.length === 0);

/**
 * The inputs that an import derives from the provider's outputs. Like Pulumi's Terraform bridge, it leaves out zero
 * values and values that equal the provider's default.
 */
export const importedInputs = (outputs: Properties, names: readonly string[], defaults: Properties = {}): Properties =>
  Object.fromEntries(
    names.flatMap((name) => (isZero(outputs[name]) || outputs[name] === defaults[name] ? [] : [[name, outputs[name]]])),
  );

/** Rejects arguments that a data source does not accept together (`ConflictsWith`). */
export function refuseTogether(args: Properties, one: string, others: readonly string[]): void {
  if (args[one] === undefined) return;
  const other = others.find((key) => args[key] !== undefined);
  if (other !== undefined) throw new Error(`Conflicting configuration arguments: "${one}": conflicts with ${other}`);
}
