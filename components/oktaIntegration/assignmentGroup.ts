import { UserError } from "../config/errors.ts";
import type { LastDeployment } from "./lastDeployment.ts";
import { findGroups, groupById } from "./orgGroups.ts";

/**
 * Looks after an assignment group that was deleted in Okta since the last deployment. Pulumi does not see that without a
 * refresh; with one it would make the group again, which fails if somebody gave its name to another group.
 * @returns the id of the group to take over, after a refresh found the old one gone
 * @throws UserError while the state still has the group that is gone
 */
export async function findAssignmentGroup(
  name: string,
  { last, stack }: { readonly last: LastDeployment; readonly stack: string },
): Promise<string | undefined> {
  const known = last.assignmentGroup;
  if (known === undefined || (known.isInState && (await groupById(known.id)) !== undefined)) return undefined;
  const found = await findGroups(`profile.name eq ${JSON.stringify(name)}`);
  const other = found.find((group) => group.type === "OKTA_GROUP" && group.name === name);
  if (!known.isInState) return other?.id;
  const effect =
    other === undefined ? "creates the group again" : `takes over the group ${other.id}, which has the name now`;
  throw new UserError(
    `The assignment group ${JSON.stringify(name)} (${known.id}) of this stack was deleted in Okta, and Okta unassigned its people. ` +
      `This deployment changed nothing. Run "pulumi up --refresh --stack ${stack}": it ${effect} and assigns the people again.`,
  );
}
