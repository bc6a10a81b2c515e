import { z } from "zod";
import type { Tenant } from "../tenant/tenant.ts";
import { BadRequest } from "./badRequest.ts";
import { entriesOf } from "./configuration.ts";
import { deletedGroups, isOf } from "./deletedGroups.ts";
import type { Deployments, Edit } from "./deployments.ts";

const KEY = "pushGroups";
const named = z.object({ name: z.string() }).loose();
const edit = (entries: readonly unknown[]): Edit => ({ set: { [KEY]: JSON.stringify(entries) } });

/** The entries without those whose group was deleted in Okta: the program refuses every deployment that has them. */
async function usableEntries(tenant: Tenant, deployments: Deployments): Promise<readonly unknown[]> {
  const deleted = deletedGroups(tenant);
  const entries = await entriesOf(tenant, deployments, KEY);
  return entries.filter((entry) => !deleted.some((group) => isOf(entry, group)));
}

/** The edit that takes the entries of all deleted groups out, because each one alone makes every deployment fail. */
export async function withoutDeleted(tenant: Tenant, deployments: Deployments): Promise<Edit> {
  const before = await entriesOf(tenant, deployments, KEY);
  const after = await usableEntries(tenant, deployments);
  return after.length === before.length ? {} : edit(after);
}

/** The edit that declares a push which was made by hand. @throws BadRequest if the org no longer has it */
export async function withPush(tenant: Tenant, deployments: Deployments, mapping: string): Promise<Edit> {
  const group = tenant.org.view.pushedBy(mapping, String(tenant.outputs["oktaAppId"]));
  if (group?.push === undefined) throw new BadRequest(404, "There is no such push any more.");
  const { target } = group.push;
  const entry = target === group.name ? group.name : { name: group.name, targetName: target };
  const entries = await usableEntries(tenant, deployments);
  // The group was created again under the name of its entry, and then pushed by hand.
  if (entries.some((one) => isOf(one, { id: group.id, label: group.name }))) return edit(entries);
  return edit([...entries, entry]);
}

/** The edit that declares the groups of a push rule. @throws BadRequest if the app no longer has the rule */
export async function withPushRule(tenant: Tenant, deployments: Deployments, rule: string): Promise<Edit> {
  const found = tenant.org.admin.pushRules(String(tenant.outputs["oktaAppId"])).find(({ id }) => id === rule);
  if (found === undefined) throw new BadRequest(404, "There is no such push rule any more.");
  return edit([...(await usableEntries(tenant, deployments)), { [found.match]: found.text }]);
}

/** The edit that gives the entry of a group another name. @throws BadRequest if no entry names the group */
export async function withName(tenant: Tenant, deployments: Deployments, label: string, name: string): Promise<Edit> {
  const entries = await usableEntries(tenant, deployments);
  const place = placeOf(entries, label);
  const before = named.safeParse(entries[place]);
  return edit(entries.with(place, before.success ? { ...before.data, name } : name));
}

function placeOf(entries: readonly unknown[], label: string): number {
  const place = entries.findIndex((entry) => entry === label || named.safeParse(entry).data?.name === label);
  if (place < 0) throw new BadRequest(409, `No entry of ${KEY} names ${label}; edit ${KEY} on the Stack view.`);
  return place;
}
