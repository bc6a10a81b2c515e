import { messageOf } from "../support/errors.ts";
import { changedKeys } from "./inputs.ts";
import type { Provider, ResourceHandler } from "./provider.ts";
import { DeploymentError } from "./registration.ts";
import type { ResourceState, StackState } from "./state.ts";
import type { Values } from "./values.ts";

/**
 * Makes the state what the providers find: forgets resources that are gone, and takes over what somebody else changed.
 * @throws DeploymentError naming the resource that cannot be read
 */
export async function refresh({ resources }: StackState, providers: readonly Provider[]): Promise<void> {
  for (const old of [...resources.values()]) {
    const handler = handlerOf(old, providers);
    if (handler === undefined) continue;
    const outputs = await read(old, () => handler.read(old.id, old.outputs));
    if (outputs === undefined) resources.delete(old.urn);
    else resources.set(old.urn, { ...old, outputs, inputs: withDrift(old.inputs, old.outputs, outputs) });
  }
}

/** The handler that reads a resource; undefined for a component and for a provider. */
export const handlerOf = (
  { custom, type }: Pick<ResourceState, "custom" | "type">,
  providers: readonly Provider[],
): ResourceHandler | undefined =>
  custom ? providers.map((provider) => provider.resources[type]).find((found) => found !== undefined) : undefined;

async function read<T>({ type, name }: ResourceState, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new DeploymentError(`${type} ${name}: ${messageOf(error)}`, { cause: error });
  }
}

/** An input whose output changed takes the new value, so that the next deployment sees that it differs. */
function withDrift(inputs: Values, before: Values, now: Values): Values {
  const changed = new Set(changedKeys(before, now));
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [key, changed.has(key) && key in now ? now[key] : value]),
  );
}
