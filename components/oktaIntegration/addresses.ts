import { removeCommand } from "../config/commands.ts";
import { problemsError } from "../config/errors.ts";
import type { TenantConfig } from "../config/keys.ts";
import type { LastDeployment } from "./lastDeployment.ts";

/**
 * Whether this deployment gives the service of a connected tenant another base URL, which Okta does not have yet. A switch
 * to an endpoint of another kind is no such move, because it makes another app.
 * @throws UserError if it would also switch off the address that Okta has
 */
export function isMoved({ endpoint }: Pick<TenantConfig, "endpoint">, last: LastDeployment, stack: string): boolean {
  const { baseUrl, isReady, isManaged, hasDomain } = last;
  if (!isReady || baseUrl === undefined || !URL.canParse(baseUrl)) return false;
  if (endpoint.kind === "external") return !isManaged && baseUrl !== endpoint.baseUrl;
  if (!isManaged) return false;
  if (endpoint.domain === undefined) return hasDomain;
  const { name, onlyAddress } = endpoint.domain;
  const isNew = new URL(baseUrl).hostname !== name;
  if (isNew && onlyAddress) {
    throw problemsError("The address of the service would change without Okta", [
      {
        path: "endpoint.domain.onlyAddress",
        wrong: `is true for ${name}, which is new: the address that Okta has would end with this deployment`,
        allowed: "true after a deployment with the domain, and after Okta was given the new base URL",
        fix: removeCommand(["endpoint", "domain", "onlyAddress"], stack),
      },
    ]);
  }
  return isNew;
}
