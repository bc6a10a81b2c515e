import { messageOf } from "../support/errors.ts";
import type { Provider } from "./provider.ts";
import { DeploymentError } from "./registration.ts";
import type { ResourceState, StackState } from "./state.ts";

/**
 * Deletes one resource and removes it from the state. @throws DeploymentError that names the resource, which then stays
 * in the state
 */
export async function deleteResource(
  old: ResourceState,
  providers: readonly Provider[],
  { resources, deployed, replaced }: StackState,
): Promise<void> {
  const handler = providers.map((provider) => provider.resources[old.type]).find((found) => found !== undefined);
  try {
    if (!old.retainOnDelete) await handler?.delete(old.id, old.outputs);
  } catch (error) {
    throw new DeploymentError(`${old.type} ${old.name}: ${messageOf(error)}`, { cause: error });
  }
  if (resources.get(old.urn) === old) resources.delete(old.urn);
  if (deployed.get(old.urn)?.id === old.id) deployed.delete(old.urn);
  const index = replaced.indexOf(old);
  if (index >= 0) replaced.splice(index, 1);
}
