import type { Values } from "./values.ts";

/** One resource as the last deployment left it. Inputs and outputs are plain; `secrets` names outputs to wrap. */
export interface ResourceState {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly id: string;
  readonly parent: string;
  /** URNs of the resources from whose outputs this one was made. */
  readonly dependencies: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly replacementTrigger: unknown;
  readonly inputs: Values;
  readonly outputs: Values;
  readonly secrets: ReadonlySet<string>;
  /** The last deployment failed after it had made or changed the resource only in part. The next one updates it. */
  readonly incomplete: boolean;
}

/** The state of a stack between two deployments. */
export interface StackState {
  readonly resources: Map<string, ResourceState>;
  /** Replaced resources that are still to be deleted. A failed deployment leaves some. */
  readonly replaced: ResourceState[];
}

/** `urn:pulumi:STACK::PROJECT::PARENTTYPE$TYPE::NAME`; the stack's own type is not part of it. */
export function makeUrn(options: {
  stack: string;
  project: string;
  parent: string;
  type: string;
  name: string;
}): string {
  const { stack, project, parent, type, name } = options;
  const parentType = parent.split("::")[2] ?? "";
  const qualified = parentType === "" || parentType === "pulumi:pulumi:Stack" ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

/**
 * The order of deletion: a resource before its dependencies and its parent, otherwise the most recently registered
 * first.
 */
export function youngestFirst(resources: readonly ResourceState[]): ResourceState[] {
  const oldestFirst = new Set<ResourceState>();
  const visiting = new Set<ResourceState>();
  const visit = (resource: ResourceState): void => {
    if (visiting.has(resource)) return;
    visiting.add(resource);
    const needed = new Set([...resource.dependencies, resource.parent]);
    for (const other of resources) if (needed.has(other.urn)) visit(other);
    oldestFirst.add(resource);
  };
  resources.forEach(visit);
  return [...oldestFirst].reverse();
}
