import { expect } from "vitest";
import { z } from "zod";
import { readDirectory } from "../../../sandbox/tenant/directoryView.ts";
import type { Change } from "../../../sandbox/tenant/deploymentEvents.ts";
import type { Tenant } from "../../../sandbox/tenant/tenant.ts";

/** Calls the Management API of a tenant's org. */
export async function okta(tenant: Tenant, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${tenant.org.url}/api/v1${path}`, {
    method,
    headers: { authorization: `SSWS ${tenant.org.apiToken}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  expect(response.status, text).toBeLessThan(300);
  return text === "" ? undefined : (JSON.parse(text) as unknown);
}

const withId = z.object({ id: z.string() });
const named = z.array(z.object({ id: z.string(), type: z.string(), profile: z.object({ name: z.string() }) }));

/** The id of the Okta group of this name. */
export async function groupId(tenant: Tenant, name: string): Promise<string> {
  const found = named.parse(
    await okta(tenant, "GET", `/groups?search=${encodeURIComponent(`profile.name eq "${name}"`)}`),
  );
  const group = found.find(({ type, profile }) => type === "OKTA_GROUP" && profile.name === name);
  if (group === undefined) throw new Error(`the org has no group ${name}`);
  return group.id;
}

export const membersOf = async (tenant: Tenant, id: string): Promise<string[]> =>
  z
    .array(withId)
    .parse(await okta(tenant, "GET", `/groups/${id}/users`))
    .map((user) => user.id);

export const rename = (tenant: Tenant, id: string, name: string): Promise<unknown> =>
  okta(tenant, "PUT", `/groups/${id}`, { profile: { name } });

/** Makes a group with members. @returns its id */
export async function createGroup(tenant: Tenant, name: string, members: readonly string[]): Promise<string> {
  const { id } = withId.parse(await okta(tenant, "POST", "/groups", { profile: { name } }));
  for (const member of members) await okta(tenant, "PUT", `/groups/${id}/users/${member}`);
  return id;
}

/** Deletes a group and makes another one of its name with the same members. @returns the new id */
export async function makeAgain(tenant: Tenant, name: string): Promise<string> {
  const old = await groupId(tenant, name);
  const members = await membersOf(tenant, old);
  await okta(tenant, "DELETE", `/groups/${old}`);
  return createGroup(tenant, name, members);
}

export interface Deployed {
  /** `create okta:group/rule:Rule dev-rule-…`, sorted. */
  readonly changes: readonly string[];
  readonly nextSteps: readonly string[];
  readonly failure: string | undefined;
}

/** One more deployment, as `npm run up` does it. */
export async function deploy(
  tenant: Tenant,
  config: Record<string, unknown> = {},
  options: { readonly refresh?: boolean } = {},
): Promise<Deployed> {
  const changes: Change[] = [];
  const values = Object.entries(config).map(([key, value]) => [key, JSON.stringify(value)] as const);
  const failure = await tenant
    .up(
      Object.fromEntries(values),
      (event) => {
        if (event.kind === "change") changes.push(event);
      },
      options,
    )
    .then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  return {
    changes: changes.map(({ op, urn }) => `${op} ${urn.split("$").at(-1)?.split("::")[0] ?? ""}`).sort(),
    nextSteps: z.array(z.string()).parse(tenant.outputs["nextSteps"]),
    failure,
  };
}

export interface Group {
  readonly id: string;
  readonly members: readonly string[];
}

/** The groups of the directory by name, and the ids of its active people. */
export async function directoryOf({
  outputs,
}: Tenant): Promise<{ readonly groups: Readonly<Record<string, Group>>; readonly active: readonly string[] }> {
  const { groups, users } = await readDirectory(String(outputs["scimBaseUrl"]), String(outputs["scimToken"]));
  return {
    groups: Object.fromEntries(
      groups.map(({ id, displayName, members }) => [
        displayName,
        { id, members: members.map(({ value }) => value).sort() },
      ]),
    ),
    active: users
      .filter(({ active }) => active === true)
      .map(({ id }) => id)
      .sort(),
  };
}

/** The requests that deleted a group of the directory. */
export const deletions = (tenant: Tenant): string[] =>
  tenant.org.exchanges.filter(({ method }) => method === "DELETE").map(({ method, url }) => `${method} ${url}`);
