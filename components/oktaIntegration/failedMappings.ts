import { UserError } from "../config/errors.ts";
import type { StackState, StateResource } from "../config/stackState.ts";
import { mappingType } from "./lastDeployment.ts";

/**
 * Refuses a deployment while the state records a push mapping in status ERROR, which a refresh writes there after a
 * failed push. The provider neither changes nor deletes such a mapping (okta/terraform-provider-okta 6.12.0), so the
 * deployment would stop halfway.
 * @throws UserError with every such mapping and the commands that release it
 */
export function refuseFailedMappings(tenant: string, state: StackState | undefined, stack: string): void {
  if (state === undefined) return;
  const failed = state.resources.filter(
    ({ type, name, outputs }) =>
      type === mappingType && name.startsWith(`${tenant}-push-`) && outputs["status"] === "ERROR",
  );
  if (failed.length === 0) return;
  const [those, they] =
    failed.length === 1
      ? ["A push mapping", "the group is"]
      : [`${failed.length} push mappings`, "each of these groups is"];
  throw new UserError(
    [
      `${those} in status ERROR: a refresh wrote the failure into the state, and the provider neither changes nor deletes a mapping in ERROR. This deployment changed nothing.`,
      `If ${they} active again on the app's Push Groups tab, run "pulumi refresh --stack ${stack}", then "pulumi up --stack ${stack}". Otherwise:`,
      ...failed
        .map(
          (mapping) =>
            `  ${nameOf(mapping, state)}: unlink it on the Push Groups tab, leave the group in the target app, and run "pulumi state delete --stack ${stack} '${mapping.urn}'";`,
        )
        .sort(),
      `then run "pulumi up --stack ${stack}", which pushes again whatever pushGroups still has.`,
    ].join("\n"),
  );
}

/** The group that the mapping pushes, by its name in the last deployment. */
function nameOf({ outputs: { sourceGroupId }, name }: StateResource, { outputs }: StackState): string {
  const found = Object.entries(outputs.pushGroups ?? {}).find(([, push]) => push.sourceGroupId === sourceGroupId);
  return JSON.stringify(found?.[0] ?? name);
}
