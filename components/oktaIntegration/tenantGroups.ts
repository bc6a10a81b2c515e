import type { TenantConfig } from "../config/keys.ts";
import type { StackState } from "../config/stackState.ts";
import { isMoved } from "./addresses.ts";
import { findAssignmentGroup } from "./assignmentGroup.ts";
import { refuseFailedMappings } from "./failedMappings.ts";
import { lastDeployment } from "./lastDeployment.ts";
import { resolvePushGroups, type ResolvedPushGroups } from "./pushGroups.ts";

/** The groups of a tenant, as the org has them now. */
export interface TenantGroups {
  /** The group whose members are provisioned. The stack creates it, or takes over the one with the id `existing`. */
  readonly assignmentGroup: { readonly name: string; readonly existing: string | undefined };
  readonly pushGroups: ResolvedPushGroups;
  /** Whether this deployment gives the service another base URL than Okta has. */
  readonly isMoved: boolean;
}

/** @throws UserError with every reason why the groups cannot be assigned or pushed, or why the address cannot change */
export async function findTenantGroups(
  {
    tenant,
    endpoint,
    assignmentGroup,
    pushGroups,
  }: Pick<TenantConfig, "tenant" | "endpoint" | "assignmentGroup" | "pushGroups">,
  state: StackState | undefined,
  stack: string,
): Promise<TenantGroups> {
  refuseFailedMappings(tenant, state, stack);
  const last = lastDeployment(tenant, state);
  const moved = isMoved({ endpoint }, last, stack);
  const existing = await findAssignmentGroup(assignmentGroup, { last, stack });
  return {
    assignmentGroup: { name: assignmentGroup, existing },
    pushGroups: await resolvePushGroups(pushGroups, { assignmentGroup, stack, last }),
    isMoved: moved,
  };
}
