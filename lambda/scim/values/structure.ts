import type { JsonValue } from "../../model.ts";
import { ScimError } from "../error.ts";
import { limits } from "../limits.ts";

/** Objects with more names than this are checked with a set, the others pair by pair: most objects have two or three. */
const FEW = 8;

/**
 * Checks that a JSON text can be read in one way only. Throws 400 `invalidSyntax` if it nests deeper than 32 levels, or if
 * one object has two names that differ only in case: SCIM compares names without case (RFC 7643 §2.1), so neither of the
 * two values would be the right one. Iterative and linear: the input is not trusted yet. `what` is the subject of the error.
 */
export function checkStructure(value: JsonValue, what: string): void {
  let level: JsonValue[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limits.depth) throw ScimError.invalidSyntax(`${what} nests deeper than ${limits.depth} levels.`);
    const next: JsonValue[] = [];
    for (const item of level) {
      if (typeof item !== "object" || item === null) continue;
      if (!Array.isArray(item)) checkNames(Object.keys(item), what);
      const children = Array.isArray(item) ? item : Object.values(item);
      for (const child of children) if (typeof child === "object" && child !== null) next.push(child);
    }
    level = next;
  }
}

function checkNames(names: readonly string[], what: string): void {
  const second = names.length > FEW ? repeatedName(names) : names.find((name, at) => isRepeated(names, name, at));
  if (second === undefined) return;
  const shown = JSON.stringify(second.slice(0, 100));
  throw ScimError.invalidSyntax(
    `${what} has an object with the name ${shown} twice. Names are compared without case; send one of them.`,
  );
}

function isRepeated(names: readonly string[], name: string, at: number): boolean {
  for (let before = 0; before < at; before += 1) {
    const other = names[before];
    if (other?.length === name.length && other.toLowerCase() === name.toLowerCase()) return true;
  }
  return false;
}

function repeatedName(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name.toLowerCase()).size);
}
