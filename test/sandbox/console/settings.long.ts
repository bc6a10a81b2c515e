import { afterEach, expect, it } from "vitest";
import { z } from "zod";
import { startConsole } from "../../../sandbox/console/server.ts";
import { startTenant, type Tenant } from "../../../sandbox/tenant/tenant.ts";
import { asking } from "../../support/sandbox/console/support.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(config: Readonly<Record<string, string>>) {
  const tenant = await startTenant({ stack: "dev", config: new Map(Object.entries(config)), port: 0 });
  closers.push(() => tenant.close());
  const page = await startConsole(tenant);
  closers.push(() => page.close());
  const { ask, act, post } = asking(() => page.url);
  const read = async <T>(path: string, shape: z.ZodType<T>): Promise<T> =>
    shape.parse(JSON.parse((await ask(path)).text));
  return { tenant, act, post, read };
}

const hire = (tenant: Tenant, login: string) => ({
  action: "hire",
  firstName: "New",
  lastName: "Person",
  login,
  groupIds: tenant.org.view.groups({ search: "Developers", start: 0, count: 1 }, "").items.map(({ id }) => id),
});
const without = { key: "pushGroups", value: `["Developers"]` };
const timeline = z.object({
  items: z.array(z.object({ what: z.string(), method: z.string(), cost: z.unknown().optional() })),
});
const users = z.object({ items: z.array(z.object({ userName: z.string() })) });

it("shows a directory that exists elsewhere: read at its address, exchanges without a cost, no token to rotate", async () => {
  const elsewhere = await start({ connection: "pending" });
  const { scimBaseUrl, scimToken } = elsewhere.tenant.outputs;
  const endpoint = JSON.stringify({ kind: "external", baseUrl: scimBaseUrl, token: scimToken });
  const { tenant, act, read } = await start({ endpoint });

  expect(await read("/api/tenant", z.object({ isManaged: z.boolean() }))).toEqual({ isManaged: false });
  await act(hire(tenant, "external@example.com"));
  await tenant.org.idle();
  for (const { read: readOne } of [elsewhere, { read }]) {
    const found = await readOne("/api/directory/users?search=external", users);
    expect(found.items.map(({ userName }) => userName)).toEqual(["external@example.com"]);
  }
  const { items } = await read("/api/timeline?kind=users&search=create%20person%20external", timeline);
  expect(items).toMatchObject([{ method: "POST" }]);
  expect(items[0]?.cost).toBeUndefined();
  const { checks } = await read("/api/article", z.object({ checks: z.array(z.object({ state: z.string() })) }));
  expect(checks.filter(({ state }) => state === "wrong")).toEqual([]);
  const refused = await act({ action: "rotateToken" });
  expect([refused.status, refused.text]).toEqual([409, expect.stringContaining("endpoint.token")]);
});

it("shows the catalogue's app: groups change by their members, and a token is rotated with its Bearer", async () => {
  const { tenant, act, read } = await start({ app: JSON.stringify({ template: "scim2headerauth" }) });
  await act(hire(tenant, "catalogue@example.com"));
  await tenant.org.idle();
  const { items } = await read("/api/timeline?kind=groups&search=add%201%20member", timeline);
  expect(items[0]).toMatchObject({ method: "PATCH", what: "add 1 member to group Developers" });
  for (const action of ["rotateToken", "changeToken", "dropPreviousToken"]) {
    const { status, text } = await act({ action });
    expect([action, status, text]).toEqual([action, 200, expect.any(String)]);
  }
  await act(hire(tenant, "rotated@example.com"));
  await tenant.org.idle();
  const found = await read("/api/directory/users?search=rotated", users);
  expect(found.items.map(({ userName }) => userName)).toEqual(["rotated@example.com"]);
});

it("knows the token that Okta has, and asks before a deployment that ends it", async () => {
  const { tenant, act, post, read } = await start({});
  const rotation = async (): Promise<unknown> =>
    (await read("/api/tenant", z.object({ rotation: z.looseObject({ okta: z.unknown(), next: z.string() }) })))
      .rotation;
  const question = async (asked: object): Promise<string> => (await post("/api/question", asked)).text;
  const jump = { action: "configure", key: "tokenGeneration", value: "3" };
  await act({ action: "rotateToken" });
  expect(await rotation()).toMatchObject({ okta: { state: "earlier", generation: 1 }, next: "changeToken" });
  for (const asked of [jump, { action: "dropPreviousToken" }])
    expect(await question(asked)).toMatch(/End the token that Okta uses.*Okta has the token of generation 1/);
  for (const asked of [{ action: "deployAgain" }, { ...jump, value: "2" }, { action: "useFile", key: "throttle" }])
    expect(await question(asked)).toBe("{}");
  expect((await act(jump)).status).toBe(200);
  expect(await rotation()).toMatchObject({ okta: { state: "refused", generation: 1 }, next: "changeToken" });
  await act(hire(tenant, "lockedout@example.com"));
  await tenant.org.idle();
  expect(tenant.org.admin.tasks().length).toBeGreaterThan(0);
  expect((await act({ action: "rotateToken" })).status).toBe(409);
  expect((await act({ action: "changeToken" })).status).toBe(200);
  expect(await rotation()).toMatchObject({ okta: { state: "newest", generation: 3 }, next: "dropPreviousToken" });
});

it("asks about an edit with the people and groups of this moment, the same question for the same change", async () => {
  const { tenant, post } = await start({});
  const asked = async (body: object): Promise<string> => {
    const { text } = await post("/api/question", body);
    return (
      z.object({ question: z.object({ text: z.string() }).optional() }).parse(JSON.parse(text)).question?.text ?? ""
    );
  };
  const { assigned } = tenant.org.view.app(String(tenant.outputs["oktaAppId"])) ?? {};
  expect(await asked({ action: "configure", key: "connection", value: "pending" })).toContain(
    `Okta deactivates ${assigned} people in the directory. In the directory Designers and Developers are deleted.`,
  );
  const text = await asked({ action: "configure", ...without });
  expect(text).toContain("ends the push of Designers.");
  for (const same of [
    { action: "removeEntry", key: "pushGroups", entry: `"Designers"` },
    { action: "removeLabel", label: "Designers" },
  ])
    expect(await asked(same)).toBe(text);
  for (const harmless of [
    { action: "deployAgain" },
    { action: "repairDrift" },
    { action: "rotateToken" },
    { action: "configure", key: "throttle", value: `{"ratePerSecond": 7}` },
    { action: "configure", key: "pushGroups", value: "not a list" },
  ])
    expect([harmless, await asked(harmless)]).toEqual([harmless, ""]);
  const gone = await post("/api/question", { action: "removeEntry", key: "pushGroups", entry: `"Nobody"` });
  expect([gone.status, gone.text]).toEqual([409, expect.stringContaining("no longer has")]);
});

it("refuses an edit with both values if the value changed since the dialog was opened", async () => {
  const { tenant, act, post } = await start({});
  const stale = { ...without, was: `["Developers"]` };
  const refusal = `pushGroups was changed since this dialog was opened: it was ["Developers"] and is ["Developers","Designers"] now.`;
  for (const answer of [
    await post("/api/configuration/check", stale),
    await act({ action: "configure", ...stale }),
    await post("/api/configuration/check", { ...stale, value: "not a list" }),
  ]) {
    const { error } = z.object({ error: z.string() }).parse(JSON.parse(answer.text));
    expect([answer.status, error]).toEqual([409, expect.stringContaining(refusal)]);
  }
  const unset = await post("/api/configuration/check", { ...without, was: "" });
  expect(unset.text).toContain("it was not set and is");
  const current = { ...without, was: `["Developers","Designers"]` };
  expect((await post("/api/configuration/check", current)).status).toBe(200);
  expect(tenant.config.values["okta-scim-directory:pushGroups"]).toBe(current.was);
});
