import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { startConsole, type ConsolePage } from "../../../sandbox/console/server.ts";
import { startTenant, type Tenant } from "../../../sandbox/tenant/tenant.ts";
import { asking } from "../../support/sandbox/console/support.ts";

const MADE = '{"name":"Made","create":true}';
const entries = `["Developers","Designers",${MADE}]`;
let tenant: Tenant;
let page: ConsolePage;

beforeAll(async () => {
  tenant = await startTenant({ stack: "dev", config: new Map([["pushGroups", entries]]), port: 0 });
  page = await startConsole(tenant);
});
afterAll(async () => {
  await page.close();
  await tenant.close();
});

const { ask, act, post } = asking(() => page.url);
const found = z.object({
  items: z.array(z.object({ subject: z.string(), difference: z.string(), way: z.looseObject({ kind: z.string() }) })),
});
const drift = async () => found.parse(JSON.parse((await ask("/api/drift")).text)).items;
async function told(): Promise<string[]> {
  const items = await drift();
  return items.map(({ subject, difference, way }) => `${subject}: ${difference} (${way.kind})`).sort();
}
/** Everything that the action causes has happened. */
async function does(asked: object): Promise<void> {
  const { status, text } = await act(asked);
  expect([status, text]).toEqual([200, expect.any(String)]);
  await tenant.org.idle();
}
function group(name: string) {
  const query = { search: name, start: 0, count: 1 };
  const one = tenant.org.view.groups(query, String(tenant.outputs["oktaAppId"])).items[0];
  if (one === undefined) throw new Error(`no group ${name}`);
  return one;
}
const remove = (name: string) => does({ action: "deleteGroup", group: group(name).id });
const pushGroups = (): string | undefined => tenant.config.values["okta-scim-directory:pushGroups"];
async function expectPushed(...names: string[]): Promise<void> {
  expect(await told()).toEqual([]);
  expect(names.map((name) => [name, group(name).push?.status])).toEqual(names.map((name) => [name, "ACTIVE"]));
}

it("pushes a group that was deleted and created again, also if it was pushed by hand, and keeps its entry", async () => {
  const again = "The group Designers: deleted by hand in Okta and created again (refresh)";
  await remove("Designers");
  expect(await told()).toEqual(["The group Designers: deleted by hand in Okta (removeDeleted)"]);
  await does({ action: "createGroup", name: "Designers" });
  expect(await told()).toEqual([again]);
  expect((await post("/api/question", { action: "repairDrift" })).text).not.toContain("Stop pushing");
  await does({ action: "repairDrift" });
  await expectPushed("Developers", "Designers", "Made");
  expect(pushGroups()).toBe(entries);
  await remove("Designers");
  await does({ action: "createGroup", name: "Designers" });
  await does({ action: "linkGroup", name: "Designers" });
  expect(await told()).toEqual([again, "The push of Designers: made by hand: not in the configuration (declarePush)"]);
  await does({ action: "declarePush", mapping: group("Designers").push?.id });
  await expectPushed("Developers", "Designers", "Made");
  expect(pushGroups()).toBe(entries);
});

it("removes a deleted group, and renames one, although a group that the stack creates was deleted too", async () => {
  await remove("Developers");
  await remove("Made");
  await does({ action: "removeDeleted" });
  await expectPushed("Designers", "Made");
  expect(pushGroups()).toBe(`["Designers",${MADE}]`);
  await remove("Made");
  await does({ action: "renameGroup", group: group("Designers").id, name: "Drawers" });
  await does({ action: "declareName", label: "Designers", name: "Drawers" });
  await expectPushed("Drawers", "Made");
  expect(pushGroups()).toBe(`["Drawers",${MADE}]`);
});

it("says of a push by hand whether the deployment that declares it pushes the group", async () => {
  const wayOfSales = async () => (await drift()).find(({ subject }) => subject === "The push of Sales")?.way;
  await does({ action: "createGroup", name: "Sales" });
  await does({ action: "linkGroup", name: "Sales" });
  expect(await wayOfSales()).toMatchObject({ kind: "declarePush", isPending: false });
  await does({ action: "configure", key: "connection", value: "pending" });
  expect(await wayOfSales()).toMatchObject({ kind: "declarePush", isPending: true });
});
