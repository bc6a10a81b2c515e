import { z } from "zod";
import type { StackState, StateResource } from "../config/stackState.ts";

/** A push mapping as the state of the stack has it. */
export interface LastMapping {
  /** The part of the resource's name that stands for the group. */
  readonly key: string;
  readonly sourceGroupId: string;
  readonly targetGroupId: string;
  /** The name that the configuration gave the group of the directory. */
  readonly targetName: string | undefined;
  /** Whether the deletion of the mapping leaves the group in the directory. */
  readonly keepsTarget: boolean;
}

/** The state that the last deployment of this stack left. */
export interface LastDeployment {
  /** The base URL that Okta was told; undefined before the first deployment. */
  readonly baseUrl: string | undefined;
  /** Whether Okta was connected. */
  readonly isReady: boolean;
  /** Whether the stack made the SCIM service, and whether that has a domain of its own. */
  readonly isManaged: boolean;
  readonly hasDomain: boolean;
  /** The name of each pushed group in the output `pushGroups` → its id in Okta. */
  readonly pushed: ReadonlyMap<string, string>;
  readonly mappings: readonly LastMapping[];
  /** Undefined before the first deployment. A refresh takes a group that is gone out of the state. */
  readonly assignmentGroup: { readonly id: string; readonly isInState: boolean } | undefined;
}

const noDeployment: LastDeployment = {
  ...{ baseUrl: undefined, isReady: false, isManaged: false, hasDomain: false },
  ...{ pushed: new Map(), mappings: [], assignmentGroup: undefined },
};

const mapping = z.object({
  sourceGroupId: z.string(),
  targetGroupId: z.string(),
  targetGroupName: z.string().nullish(),
  deleteTargetGroupOnDestroy: z.boolean().default(true),
});

/** Reads the Okta half of the stack from its state; nothing where the stack was never deployed. */
export function lastDeployment(tenant: string, state: StackState | undefined): LastDeployment {
  if (state === undefined) return noDeployment;
  const { pushGroups = {}, assignmentGroupId: id, scimBaseUrl, connection } = state.outputs;
  const pushed = Object.entries(pushGroups).map(([label, { sourceGroupId }]) => [label, sourceGroupId] as const);
  const hasType = (wanted: string): boolean => state.resources.some(({ type }) => type === wanted);
  const isInState = state.resources.some(
    ({ type, name }) => type === "okta:group/group:Group" && name === `${tenant}-assignment-group`,
  );
  return {
    baseUrl: scimBaseUrl,
    isReady: connection === "ready",
    isManaged: hasType("aws:apigatewayv2/api:Api"),
    hasDomain: hasType("aws:apigatewayv2/domainName:DomainName"),
    pushed: new Map(pushed),
    mappings: mappingsOf(tenant, state.resources),
    assignmentGroup: typeof id === "string" ? { id, isInState } : undefined,
  };
}

/** The type of a push mapping. */
export const mappingType = "okta:index/pushGroup:PushGroup";

function mappingsOf(tenant: string, resources: readonly StateResource[]): LastMapping[] {
  const start = `${tenant}-push-`;
  return resources.flatMap(({ type, name, outputs }): LastMapping[] => {
    if (type !== mappingType || !name.startsWith(start)) return [];
    const read = mapping.safeParse(outputs);
    // A mapping that was made in part has no target yet.
    if (!read.success) return [];
    const { sourceGroupId, targetGroupId, targetGroupName, deleteTargetGroupOnDestroy } = read.data;
    return [
      {
        key: name.slice(start.length),
        ...{ sourceGroupId, targetGroupId },
        targetName: targetGroupName ?? undefined,
        keepsTarget: !deleteTargetGroupOnDestroy,
      },
    ];
  });
}
