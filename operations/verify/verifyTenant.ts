import { checkApp } from "./app.ts";
import type { Check } from "./check.ts";
import { checkEndpoint } from "./endpoint.ts";
import { checkPushes, checkRules } from "./groups.ts";
import { checkPeople } from "./people.ts";
import type { EndpointProber } from "../live/endpoint.ts";
import { readFacts } from "./facts.ts";
import type { OrgReader } from "../live/org.ts";
import type { DeployedTenant } from "../live/tenant.ts";

export type { Check, Verdict } from "./check.ts";

/** Whether a live tenant is right: the article's steps, in its order, each with a verdict. Reads only. */
export async function verifyTenant(
  tenant: DeployedTenant,
  org: OrgReader,
  endpoint: EndpointProber,
): Promise<readonly Check[]> {
  const facts = await readFacts(tenant, org, endpoint);
  const app = checkApp(tenant.config, facts);
  return inSections([
    ...app,
    ...checkEndpoint(tenant, facts),
    ...checkPeople(tenant, facts),
    ...checkPushes(tenant, facts),
    ...checkRules(tenant, facts),
  ]);
}

const order = [
  "Prerequisites",
  "Creating the SCIM integration in Okta",
  "Configuring SCIM settings",
  "Configure App Provisioning",
  "Users and groups",
  "Pushing groups",
  "Automatically updating the assignment group",
];

const inSections = (checks: readonly Check[]): Check[] =>
  [...checks].sort((a, b) => order.indexOf(a.section) - order.indexOf(b.section));

/** Nothing is wrong; warnings and what no API tells do not count. */
export const isRight = (checks: readonly Check[]): boolean => checks.every(({ verdict }) => verdict !== "wrong");
