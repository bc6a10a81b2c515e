import { evaluate, type Access } from "./policy.ts";
import type { Identity } from "./roles.ts";

/** A request that a role's policies do not allow. */
export interface Denial {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly message: string;
}

/**
 * The first access that the role lacks, in AWS's words.
 * @param action the action of the whole request, such as `dynamodb:Scan`
 * @param accesses undefined for an operation that the stand-in does not know: it is denied, whatever the policy says
 */
export function findDenial(
  { role, session }: Identity,
  action: string,
  accesses: readonly Access[] | undefined,
  account: string,
): Denial | undefined {
  const user = `arn:aws:sts::${account}:assumed-role/${role.name}/${session}`;
  for (const access of accesses ?? [{ action, resource: "*" }]) {
    const verdict = accesses === undefined ? "implicitDeny" : evaluate(role.policies.values(), access);
    if (verdict === "allowed") continue;
    const reason =
      verdict === "explicitDeny"
        ? "with an explicit deny in an identity-based policy"
        : `because no identity-based policy allows the ${access.action} action`;
    const message = `User: ${user} is not authorized to perform: ${access.action} on resource: ${access.resource} ${reason}`;
    return { role: role.name, action: access.action, resource: access.resource, message };
  }
  return undefined;
}
