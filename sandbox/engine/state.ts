import type { Registration } from "./registration.ts";
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
  /** Names of inputs whose changes no deployment sees. */
  readonly ignoreChanges: readonly string[];
  readonly inputs: Values;
  readonly outputs: Values;
  readonly secrets: ReadonlySet<string>;
  /** The last deployment failed after it had made or changed the resource only in part. The next one updates it. */
  readonly incomplete: boolean;
}

/** The state of a stack between two deployments. */
export interface StackState {
  readonly resources: Map<string, ResourceState>;
  /** Each resource as a deployment left it, whatever a refresh found later. */
  readonly deployed: Map<string, ResourceState>;
  /** Replaced resources that are still to be deleted. A failed deployment leaves some. */
  readonly replaced: ResourceState[];
}

/** The type of the resource that holds the outputs of a stack. */
export const ROOT_STACK_TYPE = "pulumi:pulumi:Stack";

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
  const qualified = parentType === "" || parentType === ROOT_STACK_TYPE ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

/** The URNs that the aliases of a resource stand for. */
export const urnsOf = (
  { type, name, parent, aliases }: Registration,
  place: { readonly stack: string; readonly project: string },
): string[] =>
  aliases.map((alias) => ("urn" in alias ? alias.urn : makeUrn({ ...place, type, name, parent, ...alias })));

/** The resource as the last deployment left it, under the first of the URNs that the state has. */
export function lastOf(urns: readonly string[], { resources }: StackState): ResourceState | undefined {
  const found = urns.find((urn) => resources.has(urn));
  return found === undefined ? undefined : resources.get(found);
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
