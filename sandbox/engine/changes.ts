import { changedKeys } from "./inputs.ts";
import type { ResourceHandler } from "./provider.ts";
import type { ResourceState } from "./state.ts";
import type { Values } from "./values.ts";

export interface Changes {
  /** Names of the inputs that an update must apply to the resource. */
  readonly changed: readonly string[];
  /** Those of them whose change replaces the resource. */
  readonly replacing: readonly string[];
}

export const isSame = ({ changed }: Changes): boolean => changed.length === 0;

/** The difference between the resource in the state and the inputs that the program declares now. */
export function changesOf(
  handler: ResourceHandler,
  { replaceOnChanges }: { readonly replaceOnChanges: readonly string[] },
  old: ResourceState,
  inputs: Values,
): Changes {
  const drift = handler.drift?.(old.outputs, inputs) ?? { changed: [], replaces: [] };
  const unfinished = old.incomplete ? ["(incomplete)"] : [];
  const changed = [...new Set([...changedKeys(old.inputs, inputs), ...drift.changed, ...unfinished])];
  const keys = new Set([...(handler.replaces ?? []), ...replaceOnChanges]);
  const replacing = changed.filter((key) => keys.has(key) || keys.has("*") || drift.replaces.includes(key));
  return { changed, replacing };
}
