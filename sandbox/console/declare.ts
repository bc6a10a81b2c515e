import { z } from "zod";
import type { Tenant } from "../tenant/tenant.ts";
import { BadRequest } from "./badRequest.ts";
import { entriesOf } from "./configuration.ts";
import type { Deployments, Edit } from "./deployments.ts";

const KEY = "pushGroups";
const named = z.object({ name: z.string() }).loose();
const edit = (entries: readonly unknown[]): Edit => ({ set: { [KEY]: JSON.stringify(entries) } });

/** The edit that declares a push which was made by hand. @throws BadRequest if the org no longer has it */
export async function withPush(tenant: Tenant, deployments: Deployments, mapping: string): Promise<Edit> {
  const group = tenant.org.view.pushedBy(mapping, String(tenant.outputs["oktaAppId"]));
  if (group?.push === undefined) throw new BadRequest(404, "There is no such push any more.");
  const { target } = group.push;
  const entry = target === group.name ? group.name : { name: group.name, targetName: target };
  return edit([...(await entriesOf(tenant, deployments, KEY)), entry]);
}

/** The edit that declares the groups of a push rule. @throws BadRequest if the app no longer has the rule */
export async function withPushRule(tenant: Tenant, deployments: Deployments, rule: string): Promise<Edit> {
  const found = tenant.org.admin.pushRules(String(tenant.outputs["oktaAppId"])).find(({ id }) => id === rule);
  if (found === undefined) throw new BadRequest(404, "There is no such push rule any more.");
  return edit([...(await entriesOf(tenant, deployments, KEY)), { [found.match]: found.text }]);
}

/** The edit that gives the entry of a group another name. @throws BadRequest if no entry names the group */
export async function withName(tenant: Tenant, deployments: Deployments, label: string, name: string): Promise<Edit> {
  const entries = await entriesOf(tenant, deployments, KEY);
  const place = placeOf(entries, label);
  const before = named.safeParse(entries[place]);
  return edit(entries.with(place, before.success ? { ...before.data, name } : name));
}

/** The edit that takes the entry of a group out. @throws BadRequest if no entry names the group */
export async function withoutLabel(tenant: Tenant, deployments: Deployments, label: string): Promise<Edit> {
  const entries = await entriesOf(tenant, deployments, KEY);
  return edit(entries.toSpliced(placeOf(entries, label), 1));
}

function placeOf(entries: readonly unknown[], label: string): number {
  const place = entries.findIndex((entry) => entry === label || named.safeParse(entry).data?.name === label);
  if (place < 0) throw new BadRequest(409, `No entry of ${KEY} names ${label}; edit ${KEY} on the Stack view.`);
  return place;
}
