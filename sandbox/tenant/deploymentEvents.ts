import type { EngineEvent } from "../engine/index.ts";

/** A resource that a deployment changed. */
export interface Change {
  readonly op: "create" | "update" | "replace" | "delete";
  readonly urn: string;
}

/**
 * The stages of a deployment, in order: reading org and cloud (only if asked for), running the program, and waiting
 * until Okta has assigned people and pushed groups.
 */
export type DeploymentStage = "refresh" | "program" | "provisioning";

export type DeploymentEvent =
  | { readonly kind: "stage"; readonly stage: DeploymentStage }
  /** The change begins; a deletion is complete already. */
  | ({ readonly kind: "change" } & Change)
  | { readonly kind: "settled"; readonly urn: string; readonly failed: boolean }
  | { readonly kind: "unchanged"; readonly urn: string };

/** The meaning of an event of the engine for a deployment; undefined for a message of the program. */
export function deploymentEvent(event: EngineEvent): DeploymentEvent | undefined {
  if (event.kind === "log") return undefined;
  const { urn } = event;
  if (event.kind === "settled") return { kind: "settled", urn, failed: event.failed };
  return event.op === "same" ? { kind: "unchanged", urn } : { kind: "change", op: event.op, urn };
}
