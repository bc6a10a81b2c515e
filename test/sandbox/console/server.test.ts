import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { startConsole, type ConsolePage } from "../../../sandbox/console/server.ts";
import { startTenant, type Tenant } from "../../../sandbox/tenant/tenant.ts";
import { eventually } from "../../support/e2e/support.ts";
import { asking, type Answer } from "../../support/sandbox/console/support.ts";

let tenant: Tenant;
let page: ConsolePage;

beforeAll(async () => {
  tenant = await startTenant({ stack: "dev", config: new Map(), port: 0 });
  page = await startConsole(tenant);
});
afterAll(async () => {
  await page.close();
  await tenant.close();
});

const { ask, act, post } = asking(() => page.url);
const hire = { action: "hire", firstName: "Eve", lastName: "Foreign", login: "eve@example.com" };
const isHired = (): boolean => tenant.org.view.people({ search: "eve@", start: 0, count: 1 }, "").total > 0;

describe("the allowed requests", () => {
  it.each(["/", "/app.js", "/api/tenant", "/api/events", "/api/exchanges.json"])(
    "refuses a foreign Host at %s",
    async (path) => {
      expect((await ask(path, { host: "evil.example" })).status).toBe(403);
      expect((await ask(path, { host: `evil.example:${new URL(page.url).port}` })).status).toBe(403);
    },
  );

  it.each(["/", "/api/tenant", "/api/events"])("refuses a foreign Origin at %s", async (path) => {
    expect((await ask(path, { origin: "http://evil.example" })).status).toBe(403);
    expect((await ask(path, { origin: "null" })).status).toBe(403);
  });

  it("rejects embedding by another site's page, and allows links from it", async () => {
    expect((await ask("/api/tenant", { "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await ask("/", { "sec-fetch-site": "cross-site" })).status).toBe(200);
  });

  it("accepts actions only from its own origin and only as JSON, which a form cannot send", async () => {
    expect((await act(hire, { origin: "http://evil.example" })).status).toBe(403);
    expect((await act(hire, { host: "evil.example" })).status).toBe(403);
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
      expect((await act(hire, { "content-type": type })).status).toBe(403);
    }
    const withoutOrigin = await ask(
      "/api/action",
      { "content-type": "application/json" },
      "POST",
      JSON.stringify(hire),
    );
    expect(withoutOrigin.status).toBe(403);
    expect(isHired()).toBe(false);
    expect((await act(hire)).status).toBe(200);
    expect(isHired()).toBe(true);
  });

  it("allows no script or style but its own, and no frame around it", async () => {
    const policy = (await ask("/")).headers["content-security-policy"];
    expect(policy).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
  });
});

describe("the answers", () => {
  it("serves the page's own files and nothing else", async () => {
    for (const [, file] of (await ask("/")).text.matchAll(/(?:href|src)="(\/[^"]+)"/g)) {
      expect((await ask(file ?? "")).status).toBe(200);
    }
    for (const path of ["/tsconfig.json", "/../server.ts", "/%2e%2e/server.ts", "/constructor", "/api/nothing"]) {
      expect((await ask(path)).status).toBe(404);
    }
  });

  it("shows the token in no answer except a curl command with the token", async () => {
    const token = String(tenant.outputs["scimToken"]);
    for (const path of [
      "/api/tenant",
      "/api/exchanges.json",
      "/api/exchange?id=1",
      "/api/timeline?count=100",
      "/api/timeline?count=100&start=100",
      "/api/article",
    ]) {
      const { status, text } = await ask(path);
      expect([path, status]).toEqual([path, 200]);
      expect(text).not.toContain(token);
    }
    const curl = (withToken: boolean): Promise<Answer> => post("/api/curl", { id: 1, withToken });
    expect((await curl(false)).text).not.toContain(token);
    expect((await curl(true)).text).toContain(token);
  });

  it("shows the cost of each exchange, without the cost of other reads", async () => {
    const listing = z.object({
      items: z.array(
        z.object({ what: z.string(), cost: z.object({ requests: z.int(), writeUnits: z.number() }).optional() }),
      ),
    });
    const create = async (login: string): Promise<unknown> => {
      await Promise.all([
        act({
          ...hire,
          login,
          groupIds: [tenant.org.view.groups({ search: "Developers", start: 0, count: 1 }, "").items[0]?.id],
        }),
        ...Array.from({ length: 5 }, () => ask("/api/directory/users")),
      ]);
      await tenant.org.idle();
      const { text } = await ask(`/api/timeline?kind=users&search=${encodeURIComponent(`create person ${login}`)}`);
      return listing.parse(JSON.parse(text)).items.map(({ cost }) => cost);
    };
    const [first] = z
      .array(z.object({ requests: z.int(), writeUnits: z.number() }))
      .parse(await create("cost1@example.com"));
    expect(first?.requests).toBeGreaterThan(0);
    expect(first?.writeUnits).toBeGreaterThan(0);
    expect(await create("cost2@example.com")).toEqual([first]);
  });

  it("names the problem of an action, in its own words or in Okta's", async () => {
    const unknown = await act({ action: "launch" });
    expect(unknown.status).toBe(400);
    const twice = await act({ ...hire, login: "amara.okafor@example.com" });
    expect(twice.status).toBe(400);
    expect(twice.text).toContain("An object with this field already exists");
    expect((await act({ action: "hire", firstName: "x".repeat(200_000) })).status).toBe(413);
  });

  it("names the field of each problem, for a refusal by Okta and by the page's server", async () => {
    const shape = z.object({ problems: z.array(z.object({ field: z.string(), text: z.string() })) });
    const problemsOf = async (asked: object) => shape.parse(JSON.parse((await act(asked)).text)).problems;
    const refused = await problemsOf({ ...hire, firstName: "", login: "nobody" });
    expect(refused.toSorted((a, b) => (a.field < b.field ? -1 : 1))).toEqual([
      { field: "email", text: "The value must be an email address, such as name@example.com" },
      { field: "firstName", text: "The field cannot be left blank" },
      { field: "login", text: "Username must be in the form of an email address" },
    ]);
    expect(await problemsOf({ ...hire, lastName: "x".repeat(2001) })).toEqual([
      { field: "lastName", text: "The field is too long, at most 2,000 characters are allowed" },
    ]);
  });

  it("searches and pages the directory through SCIM", async () => {
    const pageOf = async (query: string) => {
      const shape = z.object({ total: z.int(), start: z.int(), items: z.array(z.object({ userName: z.string() })) });
      return shape.parse(JSON.parse((await ask(`/api/directory/users?${query}`)).text));
    };
    const all = (await pageOf("count=100")).items.map(({ userName }) => userName);
    expect(all).toEqual([...all].sort());
    const [first, second] = [await pageOf("count=5"), await pageOf("count=5&page=5")];
    expect([...first.items, ...second.items].map(({ userName }) => userName)).toEqual(all.slice(0, 10));
    expect([first.total, first.start, second.start]).toEqual([all.length, 0, 5]);
    const beyond = await pageOf("count=5&page=1000");
    expect(beyond.items.at(-1)?.userName).toBe(all.at(-1));
    const group = z.object({ items: z.array(z.object({ id: z.string(), members: z.int() })) });
    const [designers] = group.parse(JSON.parse((await ask("/api/directory/groups?search=designers")).text)).items;
    expect(await pageOf(`group=${designers?.id}&search=clara`)).toMatchObject({
      total: 1,
      items: [{ userName: "clara.moreau@example.com" }],
    });
    expect((await pageOf(`group=${designers?.id}&search=amara`)).total).toBe(0);
    expect((await pageOf(`group=${designers?.id}`)).total).toBe(designers?.members);
    const found = await ask(`/api/directory/users?search=${encodeURIComponent("OKAFOR")}`);
    expect(found.text).toContain("amara.okafor@example.com");
    expect((await ask(`/api/directory/users?search=${encodeURIComponent('"\\')}`)).status).toBe(200);
  });

  it("tells an open page at a bounded rate that something changed, but not what", async () => {
    let heard = "";
    const started = performance.now();
    const open = request(new URL("/api/events", page.url), (response) =>
      response.on("data", (chunk: Buffer) => (heard += chunk.toString("utf8"))),
    );
    open.on("error", () => undefined);
    open.end();
    await eventually(
      async () => heard,
      (text) => text.includes("retry"),
    );
    for (let many = 0; many < 200; many += 1)
      tenant.org.admin.hire({
        firstName: "Many",
        lastName: `No. ${many}`,
        login: `many${many}@example.com`,
        email: "m@example.com",
      });
    await tenant.org.idle();
    await eventually(
      async () => heard,
      (text) => text.includes("event: change"),
    );
    open.destroy();
    expect(heard).not.toContain("many");
    // Far fewer than the changes, and at most five a second, however slow the machine is.
    const told = heard.split("event: change").length - 1;
    expect(told).toBeLessThanOrEqual(1 + (performance.now() - started) / 200);
    expect(heard.replaceAll("event: change\ndata: {}\n\n", "").length).toBeLessThan(1000);
  });

  it("shows a few of many failed tasks and says how many there are, and exports every exchange", async () => {
    tenant.org.admin.breakNetwork();
    const developers = tenant.org.view.groups({ search: "Developers", start: 0, count: 1 }, "").items[0]?.id ?? "";
    for (let many = 0; many < 20; many += 1) {
      const login = `task${many}@example.com`;
      tenant.org.admin.hire({ firstName: "Task", lastName: `No. ${many}`, login, email: login }, [developers]);
    }
    await tenant.org.idle();
    const shape = z.object({ tasks: z.object({ total: z.int(), items: z.array(z.unknown()) }) });
    const { tasks } = shape.parse(JSON.parse((await ask("/api/tenant")).text));
    expect(tasks.total).toBeGreaterThanOrEqual(20);
    expect(tasks.items.length).toBeLessThan(10);
    tenant.org.admin.restoreNetwork();
    const exported = z
      .array(z.object({ id: z.int(), what: z.string() }))
      .parse(JSON.parse((await ask("/api/exchanges.json")).text));
    expect(exported.map(({ id }) => id)).toEqual(tenant.org.exchanges.map(({ id }) => id));
  });
});

it("gives npm run up the outputs with secrets only if it asks for them", async () => {
  const controlled = await startConsole(tenant, { controlSecret: "s3cret" });
  const tokenOf = async (body: object): Promise<unknown> => {
    const headers = { authorization: "Bearer s3cret", "content-type": "application/json" };
    const answer = await fetch(new URL("/control/up", controlled.url), {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    return z.object({ outputs: z.record(z.string(), z.unknown()) }).parse(await answer.json()).outputs["scimToken"];
  };
  // A refused deployment answers with the outputs, too.
  const config = { stage: "nowhere" };
  expect(await tokenOf({ config })).toBe("[secret]");
  expect(await tokenOf({ config, showSecrets: true })).toBe(tenant.outputs["scimToken"]);
  await controlled.close();
});

it("goes back to the beginning only if the tenant could start again, and otherwise goes on", async () => {
  let resets = 0;
  let problem: string | undefined = "Pulumi.dev.yaml is not a stack file: it has no end";
  const resettable = await startConsole(tenant, {
    onReset: () => (resets += 1),
    checkReset: () => (problem === undefined ? Promise.resolve() : Promise.reject(new Error(problem))),
  });
  const reset = (): Promise<Answer> => asking(() => resettable.url).post("/api/reset", {});
  expect(await reset()).toMatchObject({ status: 409, text: expect.stringContaining(problem) as string });
  expect(resets).toBe(0);
  problem = undefined;
  expect((await reset()).status).toBe(200);
  await expect.poll(() => resets).toBe(1);
  await resettable.close();
});
