import type { Tenant } from "../tenant/tenant.ts";
import type { Deployments } from "./deployments.ts";

/** The state of the token's rotation, without any token. */
export interface Rotation {
  readonly generation: number;
  /** Whether the service accepts the token of the generation before, too. */
  readonly acceptsPrevious: boolean;
  /** The token that Okta sends; `none` while provisioning is off. */
  readonly oktaHas: "newest" | "earlier" | "none";
  /** The one step that is safe now. */
  readonly next: "rotateToken" | "changeToken" | "dropPreviousToken";
}

/** @param hasNewest whether Okta sends the newest token; undefined while provisioning is off */
export function rotationOf(generation: number, acceptsPrevious: boolean, hasNewest: boolean | undefined): Rotation {
  const isOverlapping = generation > 1 && acceptsPrevious;
  if (hasNewest === undefined)
    return { generation, acceptsPrevious: isOverlapping, oktaHas: "none", next: "rotateToken" };
  if (!hasNewest) return { generation, acceptsPrevious: isOverlapping, oktaHas: "earlier", next: "changeToken" };
  const next = isOverlapping ? "dropPreviousToken" : "rotateToken";
  return { generation, acceptsPrevious: isOverlapping, oktaHas: "newest", next };
}

/** The app of the stack in this org; undefined if an administrator makes it by hand in an org of their own. */
function appOf({ org, outputs }: Tenant): string | undefined {
  const appId = String(outputs["oktaAppId"]);
  return org.view.app(appId) === undefined ? undefined : appId;
}

/** The output that holds what the administrator types: the catalogue's app wants the whole header. */
export function tokenOutput(tenant: Tenant): "scimToken" | "scimAuthorization" {
  const appId = appOf(tenant);
  return appId !== undefined && tenant.org.appKind(appId) === "oin" ? "scimAuthorization" : "scimToken";
}

/** The rotation of a running tenant. */
export function readRotation(tenant: Tenant, deployments: Deployments): Rotation {
  const appId = appOf(tenant);
  const newest = String(tenant.outputs[tokenOutput(tenant)]);
  const hasNewest = appId === undefined ? undefined : tenant.org.admin.usesToken(appId, newest);
  return rotationOf(deployments.tokenGeneration(), deployments.acceptsPreviousToken(), hasNewest);
}
