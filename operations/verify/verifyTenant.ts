import { directoryReader } from "../live/directory.ts";
import type { OrgReader } from "../live/org.ts";
import type { DeployedTenant } from "../live/tenant.ts";
import { checkApp } from "./app.ts";
import { sections, type Check } from "./check.ts";
import { checkEndpoint } from "./endpoint.ts";
import { readFacts, type ServiceProbers } from "./facts.ts";
import { checkPushes, checkRules } from "./groups.ts";
import { checkPeople } from "./people.ts";
import type { Progress } from "./peopleFacts.ts";

/** Judges a live tenant by the article's steps, in its order, and compares both sides. Reads only. */
export async function verifyTenant(
  tenant: DeployedTenant,
  org: OrgReader,
  { endpoint, events }: ServiceProbers,
  onProgress: Progress = () => undefined,
): Promise<readonly Check[]> {
  const managed = tenant.config.endpoint.kind === "managed";
  const directory = directoryReader(endpoint, tenant.outputs.scimAuthorization, managed);
  const facts = await readFacts(tenant, { org, endpoint, events, directory, onProgress });
  return inSections([
    ...checkApp(tenant, facts),
    ...checkEndpoint(tenant, facts),
    ...checkPeople(tenant, facts),
    ...checkPushes(tenant, facts),
    ...checkRules(tenant, facts),
  ]);
}

const order: readonly string[] = Object.values(sections);

/** The checks in the order of the article's headings. */
export const inSections = (checks: readonly Check[]): Check[] =>
  [...checks].sort((a, b) => order.indexOf(a.section) - order.indexOf(b.section));
