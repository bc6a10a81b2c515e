import { createHash } from "node:crypto";
import { NAMESPACE } from "../tenant/stackConfig.ts";
import type { Tenant } from "../tenant/tenant.ts";
import { acceptedTokens } from "./acceptedTokens.ts";
import { overridesAfter, type Deployments, type Edit } from "./deployments.ts";
import type { Question } from "./question.ts";

/** The token that Okta sends; `none` while provisioning is off. */
export type OktaToken =
  | { readonly state: "newest" | "earlier"; readonly generation: number }
  /** The service answers each request with 401. The generation is undefined if no deployment here made the token. */
  | { readonly state: "refused"; readonly generation?: number }
  | { readonly state: "none" };

/** The state of the token's rotation, without any token. */
export interface Rotation {
  readonly generation: number;
  /** Whether the service accepts the token of the generation before, too. */
  readonly acceptsPrevious: boolean;
  readonly okta: OktaToken;
  /** The one step that is safe now. */
  readonly next: "rotateToken" | "changeToken" | "dropPreviousToken";
}

/** @param generation of the newest token */
export function rotationOf(generation: number, acceptPrevious: boolean, okta: OktaToken): Rotation {
  const acceptsPrevious = generation > 1 && acceptPrevious;
  const next = (): Rotation["next"] => {
    if (okta.state === "none") return "rotateToken";
    if (okta.state !== "newest") return "changeToken";
    return acceptsPrevious ? "dropPreviousToken" : "rotateToken";
  };
  return { generation, acceptsPrevious, okta, next: next() };
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
export const readRotation = (tenant: Tenant, deployments: Deployments): Rotation =>
  rotationOf(deployments.tokenGeneration(), deployments.acceptsPreviousToken(), oktaToken(tenant, deployments));

function oktaToken(tenant: Tenant, { tokens }: Deployments): OktaToken {
  const appId = appOf(tenant);
  const newest = sha256(String(tenant.outputs["scimToken"]));
  const isSent = (hash: string): boolean | undefined =>
    appId === undefined
      ? undefined
      : tenant.org.admin.usesToken(appId, (token) => sha256(token.replace(/^Bearer /, "")) === hash);
  const sendsNewest = isSent(newest);
  if (sendsNewest === undefined) return { state: "none" };
  if (sendsNewest) return { state: "newest", generation: tokens.get(newest) ?? 1 };
  const accepted = acceptedTokens(tenant).find((hash) => isSent(hash.sha256));
  if (accepted !== undefined) return { state: "earlier", generation: accepted.generation };
  const known = [...tokens].find(([hash]) => isSent(hash));
  return known === undefined ? { state: "refused" } : { state: "refused", generation: known[1] };
}

const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

/** The question before a deployment that ends the token which Okta sends; undefined if Okta's requests go on. */
export async function tokenQuestion(
  tenant: Tenant,
  deployments: Deployments,
  edit: Edit,
): Promise<Question | undefined> {
  const okta = oktaToken(tenant, deployments);
  if (!deployments.isManaged() || okta.state === "none" || okta.state === "refused") return undefined;
  const { values } = await tenant.nextConfig(overridesAfter(deployments.overrides, edit));
  const newest = Number(values[`${NAMESPACE}:tokenGeneration`] ?? 1);
  const kept = values[`${NAMESPACE}:acceptPreviousToken`] === "false" ? [newest] : [newest, newest - 1];
  if (Number.isNaN(newest) || kept.includes(okta.generation)) return undefined;
  const accepted = kept.filter((one) => one > 0);
  return {
    title: "End the token that Okta uses?",
    text: `Okta has the token of generation ${okta.generation}. After this deployment the service accepts only ${accepted.length === 1 ? "generation" : "the generations"} ${accepted.join(" and ")}, so it answers every request from Okta with 401, and changes wait as failures. To lose nothing, cancel and rotate by one generation: step 1, then step 2 under “Rotate the token”.`,
    verb: "End it and deploy",
  };
}
