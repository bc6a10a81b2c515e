import { expect } from "vitest";
import { z } from "zod";
import type { RunningTenant } from "../../e2e/support.ts";
import { act } from "./places.ts";

export const PEOPLE = 10_000;
const LANES = 4;
const OPERATIONS = 100;

const bulk = z.object({ Operations: z.array(z.object({ bulkId: z.string(), location: z.string().optional() })) });
export const nameOf = (index: number): string => `Person ${String(index).padStart(5, "0")}`;
export const loginOf = (index: number): string => `person${String(index).padStart(5, "0")}@example.com`;

const userOf = (index: number) => ({
  userName: loginOf(index),
  displayName: nameOf(index),
  externalId: `x${index}`,
  active: true,
});
const found = z.object({ Resources: z.array(z.object({ id: z.string() })) });

export async function inLanes(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** The id of a user whose operation had no time left in its request, on a busy machine. It may have been done. */
async function createdAlone(tenant: RunningTenant, index: number): Promise<string> {
  const { body } = await tenant.scim("GET", `/Users?filter=userName eq "${loginOf(index)}"&attributes=id`);
  const [known] = found.parse(body).Resources;
  if (known !== undefined) return known.id;
  const created = await tenant.scim("POST", "/Users", userOf(index));
  return z.object({ id: z.string() }).parse(created.body).id;
}

/** Ten thousand users and a group of all of them, written through the service. */
export async function fillDirectory(tenant: RunningTenant): Promise<void> {
  const ids: string[] = [];
  await inLanes(PEOPLE / OPERATIONS, async (part) => {
    const Operations = Array.from({ length: OPERATIONS }, (_, index) => {
      const own = part * OPERATIONS + index;
      return { method: "POST", path: "/Users", bulkId: String(own), data: userOf(own) };
    });
    const schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"];
    const { body } = await tenant.scim("POST", "/Bulk", { schemas, Operations });
    for (const { bulkId, location } of bulk.parse(body).Operations)
      ids.push(location?.split("/").at(-1) ?? (await createdAlone(tenant, Number(bulkId))));
  });
  const members = ids.map((value) => ({ value }));
  const { status } = await tenant.scim("POST", "/Groups", { displayName: "Everybody", members });
  expect(status).toBe(201);
}

/** Ten thousand people in Okta, hired one by one through the page's server. */
export async function fillOrg(tenant: RunningTenant): Promise<void> {
  await inLanes(PEOPLE, async (index) => {
    const [firstName = "", lastName = ""] = nameOf(index).split(" ");
    await act(tenant.ready.console, { action: "hire", firstName, lastName, login: loginOf(index) });
  });
}
