import * as okta from "@pulumi/okta";
import type * as pulumi from "@pulumi/pulumi";
import type { ReleasedMapping } from "./moves.ts";
import type { ResolvedPushGroup } from "./pushGroups.ts";

export type PushSource = Omit<ResolvedPushGroup, "groupId"> & { readonly groupId: pulumi.Input<string> };

export interface PushesArgs {
  readonly appId: pulumi.Output<string>;
  readonly assignment: pulumi.Resource;
  readonly sources: readonly PushSource[];
  readonly released: readonly ReleasedMapping[];
  /** The group rule that waits for all the others. */
  readonly lastRule: pulumi.Resource | undefined;
}

const resourceName = (name: string, key: string): string => `${name}-push-${key}`;

/** The push mappings. @returns each one by the key of its group */
export function createPushes(
  name: string,
  args: PushesArgs,
  options: pulumi.CustomResourceOptions,
): ReadonlyMap<string, okta.PushGroup> {
  const pushes = new Map<string, okta.PushGroup>();
  for (const mapping of args.released) pushes.set(mapping.key, keepReleased(name, args, mapping, options));
  const inOrder = [...args.sources].sort((a, b) => waits(a) - waits(b));
  for (const source of inOrder) {
    const push = createPush(name, args, source, pushes, options);
    if (push !== undefined) pushes.set(source.key, push);
  }
  return pushes;
}

/** Pushes that fill a group which another mapping frees come last. */
const waits = ({ plan }: PushSource): number => (plan.kind === "push" && plan.after.length > 0 ? 1 : 0);

function createPush(
  name: string,
  { appId, assignment, lastRule }: PushesArgs,
  source: PushSource,
  pushes: ReadonlyMap<string, okta.PushGroup>,
  options: pulumi.CustomResourceOptions,
): okta.PushGroup | undefined {
  const { key, groupId, plan, targetName, keepTargetOnDelete, status } = source;
  if (plan.kind === "wait" && plan.own === "none") return undefined;
  const before = plan.kind === "push" ? plan.after.flatMap((other) => pushes.get(other) ?? []) : [];
  const replaces = plan.kind === "push" ? plan.replaces : undefined;
  return new okta.PushGroup(
    resourceName(name, key),
    {
      appId,
      sourceGroupId: groupId,
      ...(targetName === undefined ? {} : { targetGroupName: targetName }),
      status,
      deleteTargetGroupOnDestroy: !(keepTargetOnDelete || (plan.kind === "wait" && plan.own === "released")),
    },
    {
      ...options,
      // Okta pushes only assigned members; on destroy the mapping is deleted while its people are still there.
      dependsOn: [assignment, ...(lastRule === undefined ? [] : [lastRule]), ...before],
      deleteBeforeReplace: true,
      ...(plan.kind === "wait" ? { ignoreChanges: ["targetGroupName"] } : {}),
      // The mapping of the group that filled the target until now: the engine unlinks it before it links this one.
      ...(replaces === undefined
        ? {}
        : { aliases: [...(options.aliases ?? []), { name: resourceName(name, replaces) }] }),
    },
  );
}

/** Okta does not push a group that is gone, and the provider deletes no mapping in ERROR: such a mapping is switched off. */
function keepReleased(
  name: string,
  { appId, assignment }: PushesArgs,
  { key, sourceGroupId, sourceExists }: ReleasedMapping,
  options: pulumi.CustomResourceOptions,
): okta.PushGroup {
  return new okta.PushGroup(
    resourceName(name, key),
    {
      ...{ appId, sourceGroupId, deleteTargetGroupOnDestroy: false },
      ...(sourceExists ? {} : { status: "INACTIVE" }),
    },
    {
      ...options,
      dependsOn: [assignment],
      deleteBeforeReplace: true,
      ignoreChanges: ["targetGroupName", ...(sourceExists ? ["status"] : [])],
    },
  );
}
