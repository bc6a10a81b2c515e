import process from "node:process";
import { oktaAccess, type OktaAccess } from "../live/credentials.ts";
import { scimEndpoint } from "../live/endpoint.ts";
import { eventEndpoint } from "../live/eventEndpoint.ts";
import { oktaOrg } from "../live/oktaOrg.ts";
import { readLocalStack } from "../live/localTenant.ts";
import type { LiveStack } from "../live/stack.ts";
import { readService, readTenant } from "../live/tenant.ts";
import type { Check } from "./check.ts";
import type { Progress } from "./peopleFacts.ts";
import { verifyService } from "./verifyService.ts";
import { verifyTenant } from "./verifyTenant.ts";

/** The checks of a stack, and where both of its sides are. */
export interface Verified {
  readonly stack: string;
  readonly scimBaseUrl: string;
  /** Undefined for a stack without an Okta half. */
  readonly orgUrl?: string;
  readonly checks: readonly Check[];
}

/** Checks the tenant of a stack with the credentials of `pulumi up`. @throws Error if it cannot be checked */
export async function verifyStack(stack: string, onProgress: Progress): Promise<Verified> {
  onProgress(`Reading the stack ${stack}`);
  // Loads Pulumi's Automation API, half a second of work that a tenant of this machine does not need.
  const { readStack } = await import("../live/stack.ts");
  const live = await readStack(stack);
  return verifiedOf(stack, live, () => oktaAccess(process.env, live.config), onProgress);
}

/**
 * Checks the tenant that `npm start` runs in this checkout.
 * @param name optional if one tenant runs
 * @throws NoLocalTenant
 */
export async function verifyLocalStack(name: string | undefined, onProgress: Progress): Promise<Verified> {
  const { stack, access, ...live } = await readLocalStack(name);
  return verifiedOf(stack, live, () => access, onProgress);
}

async function verifiedOf(
  stack: string,
  live: LiveStack,
  accessOf: () => OktaAccess,
  onProgress: Progress,
): Promise<Verified> {
  let access: OktaAccess | undefined;
  const checks = await verifyLive(stack, live, () => (access = accessOf()), onProgress);
  const { scimBaseUrl } = readService(stack, live.config, live.secretKeys, live.outputs).outputs;
  return { stack, scimBaseUrl, checks, ...(access === undefined ? {} : { orgUrl: access.orgUrl }) };
}

/**
 * Checks a stack. Without an Okta half it needs no access to Okta.
 * @param accessOf how to reach the org. @throws Error where credentials are missing
 */
export async function verifyLive(
  stack: string,
  { config, secretKeys, outputs }: LiveStack,
  accessOf: () => OktaAccess,
  onProgress: Progress = () => undefined,
): Promise<readonly Check[]> {
  const service = readService(stack, config, secretKeys, outputs);
  const probers = { endpoint: scimEndpoint(service.outputs.scimBaseUrl), events: eventEndpoint };
  if (service.config.oktaHalf === "byHand") {
    onProgress(`Reading ${service.outputs.scimBaseUrl}`);
    return verifyService(service, probers);
  }
  const tenant = readTenant(stack, config, secretKeys, outputs);
  const access = accessOf();
  onProgress(`Reading ${access.orgUrl} and ${tenant.outputs.scimBaseUrl}`);
  return verifyTenant(tenant, oktaOrg(access), probers, onProgress);
}
