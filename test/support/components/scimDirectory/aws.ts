import { expect } from "vitest";
import { runProgram, type Registration } from "../registrations.ts";

/** Every AWS resource and token: `type name` → its inputs, with JSON text read. */
export type Declared = Record<string, Record<string, unknown>>;

const isOurs = ({ type }: Registration): boolean => /^(aws|random):/.test(type);
const read = (value: unknown): unknown => {
  if (typeof value === "string" && /^[[{]/.test(value)) return JSON.parse(value) as unknown;
  if (Array.isArray(value)) return value.map(read);
  if (value === null || typeof value !== "object") return value;
  // An archive, whose bytes the tests of the function check.
  if ("assets" in value || "__pulumiArchive" in value) return "archive";
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, read(one)]));
};
export async function declare(config: Record<string, unknown>): Promise<{ declared: Declared; all: Registration[] }> {
  const all = (await runProgram(config)).registrations.filter(isOurs);
  const entries = all.map(({ type, name, inputs }) => [`${type.split(":").at(-1) ?? ""} ${name}`, inputs] as const);
  const declared = Object.fromEntries(
    entries.map(([name, inputs]) => {
      const code = "code" in inputs ? { code: "archive" } : {};
      return [name, read({ ...inputs, ...code }) as Record<string, unknown>];
    }),
  );
  expect(Object.keys(declared)).toHaveLength(all.length);
  return { declared, all };
}
/** The changes of a variant to the declaration from which it starts. */
export const difference = (from: Declared, to: Declared): Declared =>
  Object.fromEntries(
    Object.entries(to).filter(([name, inputs]) => JSON.stringify(from[name]) !== JSON.stringify(inputs)),
  );
