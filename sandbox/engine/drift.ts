import { messageOf } from "../support/errors.ts";
import { changedKeys } from "./inputs.ts";
import type { Provider, ResourceHandler } from "./provider.ts";
import { handlerOf } from "./refresh.ts";
import type { ResourceState, StackState } from "./state.ts";
import type { Values } from "./values.ts";

/** A resource that is not as the last deployment left it. */
export interface ResourceDrift {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly id: string;
  /** The inputs that the last deployment declared. */
  readonly inputs: Values;
  /** Declared properties with another value; empty if the resource is gone or cannot be read. */
  readonly changes: readonly { readonly key: string; readonly before: unknown; readonly now: unknown }[];
  /** Why the provider cannot read the resource. A refresh fails for the same reason. */
  readonly unreadable?: string;
}

/**
 * Finds the resources of a package that somebody changed or deleted by hand: those that `pulumi up --refresh` would put
 * right. The state stays as it is.
 */
export async function readDrift(
  { resources, deployed }: StackState,
  providers: readonly Provider[],
  packageName: string,
): Promise<readonly ResourceDrift[]> {
  const own = [...deployed.values()].filter(({ type }) => type.startsWith(`${packageName}:`));
  const found = await Promise.all(
    own.map(async (left) => {
      const handler = handlerOf(left, providers);
      return handler === undefined ? undefined : compare(left, resources.get(left.urn)?.id ?? left.id, handler);
    }),
  );
  return found.filter((drift) => drift !== undefined);
}

async function compare(
  { urn, type, name, inputs, outputs, ignoreChanges }: ResourceState,
  id: string,
  handler: ResourceHandler,
): Promise<ResourceDrift | undefined> {
  const drift = { urn, type, name, id, inputs, changes: [] };
  let now: Values | undefined;
  try {
    now = await handler.read(id, outputs);
  } catch (error) {
    return { ...drift, unreadable: messageOf(error) };
  }
  if (now === undefined) return drift;
  const changed = new Set(changedKeys(outputs, now));
  const keys = Object.keys(inputs).filter((key) => changed.has(key) && !ignoreChanges.includes(key));
  const changes = keys.map((key) => ({ key, before: outputs[key], now: now[key] }));
  return changes.length === 0 ? undefined : { ...drift, changes };
}
