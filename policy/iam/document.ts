import { isRecord, list, UNKNOWN, type Properties } from "../model/resource.ts";

/** A statement whose keys are read whatever their case: values of keys that differ only in case are all judged. */
export interface Statement {
  readonly denies: boolean;
  has(key: string): boolean;
  valuesOf(key: string): readonly unknown[];
}

export interface Document {
  readonly statements: readonly Statement[];
  /** Why the value cannot be read as a policy. */
  readonly problem?: string;
}

/** Reads a policy, given as JSON text or as an object. A value that is not known yet has no statements and no problem. */
export function readDocument(policy: unknown): Document {
  if (policy === UNKNOWN) return { statements: [] };
  const document = typeof policy === "string" ? parse(policy) : policy;
  if (document === undefined) return { statements: [], problem: "is not JSON" };
  if (!isRecord(document)) return { statements: [], problem: "is not a JSON object" };
  const found = valuesOf(document, "statement");
  if (found.length === 0) return { statements: [], problem: "has no Statement" };
  const statements = found.flatMap((value) => list(value)).filter((value) => value !== UNKNOWN);
  if (!statements.every(isRecord)) return { statements: [], problem: "has a Statement that is not an object" };
  return { statements: statements.map(statementOf) };
}

/** The same for a value that may be anything: undefined unless it is an object with statements. */
export function documentIn(value: unknown): Document | undefined {
  const document = readDocument(value);
  return document.problem === undefined && document.statements.length > 0 ? document : undefined;
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const valuesOf = (record: Properties, key: string): unknown[] =>
  Object.entries(record).flatMap(([name, value]) =>
    name.toLowerCase() === key.toLowerCase() && value !== undefined ? [value] : [],
  );

function statementOf(statement: Properties): Statement {
  const effects = valuesOf(statement, "effect");
  return {
    denies: effects.length > 0 && effects.every((effect) => effect === "Deny"),
    has: (key) => valuesOf(statement, key).length > 0,
    valuesOf: (key) =>
      valuesOf(statement, key)
        .flatMap((value) => list(value))
        .filter((value) => value !== UNKNOWN),
  };
}

export const allowing = (document: Document): readonly Statement[] =>
  document.statements.filter(({ denies }) => !denies);

export const hasWildcard = (value: unknown): boolean => /[*?]/.test(String(value));
