import { isRecord } from "../../../operations/live/isRecord.ts";

/**
 * An event pattern, as EventBridge's rules and the filters of event source mappings have it: for each key either a list
 * of alternatives or a nested pattern.
 */
export interface Pattern {
  readonly [key: string]: unknown;
}

/** The comparisons, by their names in a pattern. `value` is undefined if the event does not have the key. */
const comparisons: Readonly<Record<string, (wanted: unknown, value: unknown) => boolean>> = {
  prefix: (wanted, value) => typeof wanted === "string" && typeof value === "string" && value.startsWith(wanted),
  suffix: (wanted, value) => typeof wanted === "string" && typeof value === "string" && value.endsWith(wanted),
  "equals-ignore-case": (wanted, value) =>
    typeof wanted === "string" && typeof value === "string" && wanted.toLowerCase() === value.toLowerCase(),
  exists: (wanted, value) => (value !== undefined) === wanted,
  "anything-but": (wanted, value) =>
    value !== undefined && (Array.isArray(wanted) ? !wanted.includes(value) : wanted !== value),
  numeric: (wanted, value) => typeof value === "number" && Array.isArray(wanted) && isWithin(wanted, value),
};

const operators: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  "=": (value, bound) => value === bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

/** @throws Error in AWS's words, and with the reason, if the text is no pattern */
export function parsePattern(text: string): Pattern {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value)) throw new Error("it is not an object");
    checkPattern(value, []);
    return value;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`InvalidParameterValueException: Invalid filter pattern definition: ${reason}`, { cause: error });
  }
}

export function matchesPattern(pattern: Pattern, event: unknown): boolean {
  return Object.entries(pattern).every(([key, wanted]) => {
    if (key === "$or")
      return Array.isArray(wanted) && wanted.some((one: unknown) => isRecord(one) && matchesPattern(one, event));
    const value = isRecord(event) ? event[key] : undefined;
    if (!Array.isArray(wanted)) return isRecord(wanted) && matchesPattern(wanted, value);
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return wanted.some((one: unknown) => values.some((each) => matchesOne(one, each)));
  });
}

function matchesOne(wanted: unknown, value: unknown): boolean {
  if (!isRecord(wanted)) return wanted === value;
  return Object.entries(wanted).every(([name, bound]) => comparisons[name]?.(bound, value) === true);
}

function isWithin(bounds: readonly unknown[], value: number): boolean {
  for (let at = 0; at < bounds.length; at += 2) {
    if (operators[String(bounds[at])]?.(value, Number(bounds[at + 1])) !== true) return false;
  }
  return true;
}

function checkPattern(pattern: Readonly<Record<string, unknown>>, path: readonly string[]): void {
  for (const [key, wanted] of Object.entries(pattern)) {
    const here = [...path, key].join(".");
    if (key === "$or" && Array.isArray(wanted)) {
      for (const one of wanted) if (isRecord(one)) checkPattern(one, path);
    } else if (Array.isArray(wanted)) {
      if (wanted.length === 0) throw new Error(`${here} has no alternative`);
      const comparison = wanted.filter(isRecord).flatMap((one) => Object.keys(one));
      const unknown = comparison.find((name) => comparisons[name] === undefined);
      if (unknown !== undefined) throw new Error(`${here}: ${unknown} is not a comparison that the sandbox knows`);
    } else if (isRecord(wanted)) checkPattern(wanted, [...path, key]);
    else throw new Error(`${here} must be a list or an object`);
  }
}
