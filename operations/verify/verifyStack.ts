import process from "node:process";
import { oktaAccess } from "../live/credentials.ts";
import { scimEndpoint } from "../live/endpoint.ts";
import { oktaOrg } from "../live/oktaOrg.ts";
import { readStack } from "../live/stack.ts";
import { readTenant } from "../live/tenant.ts";
import type { Check } from "./check.ts";
import type { Progress } from "./peopleFacts.ts";
import { verifyTenant } from "./verifyTenant.ts";

/** Checks the tenant of a stack with the credentials of `pulumi up`. @throws Error when it cannot be checked */
export async function verifyStack(stack: string, onProgress: Progress): Promise<readonly Check[]> {
  onProgress(`Reading the stack ${stack}`);
  const { config, secretKeys, outputs } = await readStack(stack);
  const tenant = readTenant(stack, config, secretKeys, outputs);
  const access = oktaAccess(process.env, config);
  onProgress(`Reading ${access.orgUrl} and ${tenant.outputs.scimBaseUrl}`);
  return verifyTenant(tenant, oktaOrg(access), scimEndpoint(tenant.outputs.scimBaseUrl), onProgress);
}
