import type { Resource } from "./resource.ts";

/** A problem and its solution, as a sentence; never a value that could be a secret. */
export interface Violation {
  readonly urn: string;
  readonly message: string;
}

interface Rule {
  readonly name: string;
  /** Sentences, each of which the rule holds. */
  readonly description: string;
}

/** A rule that judges each resource by itself, before it is created or changed. */
export interface ResourceRule extends Rule {
  readonly appliesTo: (type: string) => boolean;
  /** The properties that `check` reads. A preview says which of them it does not know. */
  readonly reads: readonly string[];
  readonly check: (resource: Resource) => readonly string[];
}

/** A rule that compares resources, after all of them are known to the engine. */
export interface StackRule extends Rule {
  readonly check: (resources: readonly Resource[]) => readonly Violation[];
  /** Values that the rule cannot judge before `up`: the name of a resource and a property. */
  readonly knownAtUp?: (resources: readonly Resource[]) => readonly string[];
}

export const oneOf =
  (...types: readonly string[]) =>
  (type: string): boolean =>
    types.includes(type);
