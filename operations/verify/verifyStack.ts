import process from "node:process";
import { oktaAccess, type OktaAccess } from "../live/credentials.ts";
import { scimEndpoint } from "../live/endpoint.ts";
import { oktaOrg } from "../live/oktaOrg.ts";
import { readLocalStack } from "../live/localTenant.ts";
import { readStack, type LiveStack } from "../live/stack.ts";
import { readTenant } from "../live/tenant.ts";
import type { Check } from "./check.ts";
import type { Progress } from "./peopleFacts.ts";
import { verifyTenant } from "./verifyTenant.ts";

/** Checks the tenant of a stack with the credentials of `pulumi up`. @throws Error if it cannot be checked */
export async function verifyStack(stack: string, onProgress: Progress): Promise<readonly Check[]> {
  onProgress(`Reading the stack ${stack}`);
  const live = await readStack(stack);
  return verifyLive(stack, live, oktaAccess(process.env, live.config), onProgress);
}

/**
 * Checks the tenant that `npm start` runs in this checkout.
 * @param name optional if one tenant runs
 * @throws NoLocalTenant
 */
export async function verifyLocalStack(name: string | undefined, onProgress: Progress): Promise<readonly Check[]> {
  const { stack, access, ...live } = await readLocalStack(name);
  return verifyLive(stack, live, access, onProgress);
}

function verifyLive(
  stack: string,
  { config, secretKeys, outputs }: LiveStack,
  access: OktaAccess,
  onProgress: Progress,
): Promise<readonly Check[]> {
  const tenant = readTenant(stack, config, secretKeys, outputs);
  onProgress(`Reading ${access.orgUrl} and ${tenant.outputs.scimBaseUrl}`);
  return verifyTenant(tenant, oktaOrg(access), scimEndpoint(tenant.outputs.scimBaseUrl), onProgress);
}
