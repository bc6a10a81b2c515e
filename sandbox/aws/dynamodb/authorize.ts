import { evaluate, type Access } from "../iam/policy.ts";
import type { Identity } from "../iam/roles.ts";

/** A request that a role's policies do not allow. */
export interface Denial {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly message: string;
}

/**
 * The first access that the role lacks, in AWS's words.
 * @param accesses undefined for an operation that the guard does not know: it is denied, whatever the policy says
 */
export function findDenial(
  { role, session }: Identity,
  operation: string,
  accesses: readonly Access[] | undefined,
  account: string,
): Denial | undefined {
  const user = `arn:aws:sts::${account}:assumed-role/${role.name}/${session}`;
  for (const { action, resource } of accesses ?? [{ action: `dynamodb:${operation}`, resource: "*" }]) {
    const verdict = accesses === undefined ? "implicitDeny" : evaluate(role.policies.values(), { action, resource });
    if (verdict === "allowed") continue;
    const reason =
      verdict === "explicitDeny"
        ? "with an explicit deny in an identity-based policy"
        : `because no identity-based policy allows the ${action} action`;
    const message = `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
    return { role: role.name, action, resource, message };
  }
  return undefined;
}
