import { changedKeys } from "./inputs.ts";
import type { ResourceHandler } from "./provider.ts";
import type { Registration } from "./registration.ts";
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
  { replaceOnChanges, replacementTrigger }: Pick<Registration, "replaceOnChanges" | "replacementTrigger">,
  old: ResourceState,
  inputs: Values,
): Changes {
  const drift = handler.drift?.(old.outputs, inputs) ?? { changed: [], replaces: [] };
  const unfinished = old.incomplete ? ["(incomplete)"] : [];
  const changed = [...new Set([...changedKeys(old.inputs, inputs), ...drift.changed, ...unfinished])];
  const keys = new Set([...(handler.replaces ?? []), ...replaceOnChanges]);
  const replacing = changed.filter((key) => keys.has(key) || keys.has("*") || drift.replaces.includes(key));
  if (!isTriggered(old.replacementTrigger, replacementTrigger)) return { changed, replacing };
  return { changed: [...changed, TRIGGER], replacing: [...replacing, TRIGGER] };
}

const TRIGGER = "(replacementTrigger)";

/** As in Pulumi's engine, a trigger that is set for the first time, or removed, replaces nothing. */
const isTriggered = (before: unknown, now: unknown): boolean =>
  before !== undefined && now !== undefined && JSON.stringify(before) !== JSON.stringify(now);
