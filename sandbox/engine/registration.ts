import type { Values } from "./values.ts";

/** The text of a failed deployment for people: only the message. */
export class DeploymentError extends Error {
  override readonly name = "DeploymentError";
}

export type EngineEvent =
  | {
      readonly kind: "resource";
      readonly op: Operation;
      readonly urn: string;
      readonly type: string;
      readonly name: string;
    }
  /** The provider has finished with the resource. */
  | { readonly kind: "settled"; readonly urn: string; readonly failed: boolean }
  | { readonly kind: "log"; readonly severity: string; readonly message: string };

export type Operation = "create" | "update" | "replace" | "delete" | "same";

/** An earlier name of a resource: its URN, or the parts of the URN that were different. */
export type Alias =
  { readonly urn: string } | { readonly name?: string; readonly type?: string; readonly parent?: string };

export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly custom: boolean;
  /** Decoded inputs with their secret envelopes. */
  readonly inputs: Values;
  readonly dependencies: readonly string[];
  /** URNs under which the last deployment may have had the resource. */
  readonly aliases: readonly Alias[];
  /** The id of an existing resource that the stack takes over; empty for none. */
  readonly importId: string;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  /** A value whose change replaces the resource; undefined without one. */
  readonly replacementTrigger: unknown;
  readonly additionalSecrets: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
}

export interface Registered {
  readonly urn: string;
  readonly id: string;
  readonly outputs: Values;
  readonly secrets: ReadonlySet<string>;
}

/** The number of provider resources by kind of change. Components do not count. */
export type Summary = Readonly<Record<Operation, number>>;
