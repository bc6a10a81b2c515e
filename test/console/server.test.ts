import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { startConsole, type ConsolePage } from "../../sandbox/console/server.ts";
import { startTenant, type Tenant } from "../../sandbox/tenant.ts";

let tenant: Tenant;
let page: ConsolePage;

beforeAll(async () => {
  tenant = await startTenant({ stack: "dev", config: new Map(), port: 0 });
  page = await startConsole(tenant);
});
afterAll(async () => {
  await page?.close();
  await tenant?.close();
});

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** `fetch` sets Host and Origin itself; this sends what it is told. */
const ask = (
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = "GET",
  body = "",
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request(new URL(path, page.url), { method, headers }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
const own = (): string => page.url.slice(0, -1);
const act = (body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  ask("/api/action", { origin: own(), "content-type": "application/json", ...headers }, "POST", JSON.stringify(body));
const hire = { action: "hire", firstName: "Eve", lastName: "Foreign", login: "eve@example.com" };
const isHired = (): boolean => tenant.org.view.people({ search: "eve@", start: 0, count: 1 }, "").total > 0;

describe("who may ask", () => {
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

  it("refuses what another site's page has embedded, and lets its links lead here", async () => {
    expect((await ask("/api/tenant", { "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await ask("/", { "sec-fetch-site": "cross-site" })).status).toBe(200);
  });

  it("acts only for its own origin and only on JSON, which a form cannot send", async () => {
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

describe("what it answers", () => {
  it("serves the page's own files and nothing else", async () => {
    for (const [, file] of (await ask("/")).text.matchAll(/(?:href|src)="(\/[^"]+)"/g)) {
      expect((await ask(file ?? "")).status).toBe(200);
    }
    for (const path of ["/tsconfig.json", "/../server.ts", "/%2e%2e/server.ts", "/constructor", "/api/nothing"]) {
      expect((await ask(path)).status).toBe(404);
    }
  });

  it("holds the token in no answer unless a curl command with the token is asked for", async () => {
    const token = String(tenant.outputs["scimToken"]);
    for (const path of [
      "/api/tenant",
      "/api/exchanges.json",
      "/api/exchange?id=1",
      "/api/timeline?count=1000",
      "/api/article",
    ]) {
      const { status, text } = await ask(path);
      expect([path, status]).toEqual([path, 200]);
      expect(text).not.toContain(token);
    }
    const curl = (withToken: boolean): Promise<Answer> =>
      ask(
        "/api/curl",
        { origin: own(), "content-type": "application/json" },
        "POST",
        JSON.stringify({ id: 1, withToken }),
      );
    expect((await curl(false)).text).not.toContain(token);
    expect((await curl(true)).text).toContain(token);
  });

  it("tells the cost of each exchange: what creating a person takes, whatever else is read meanwhile", async () => {
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

  it("names what is wrong with an action, in its own words and in Okta's", async () => {
    const unknown = await act({ action: "launch" });
    expect(unknown.status).toBe(400);
    const twice = await act({ ...hire, login: "amara.okafor@example.com" });
    expect(twice.status).toBe(400);
    expect(twice.text).toContain("An object with this field already exists");
    expect((await act({ action: "hire", firstName: "x".repeat(200_000) })).status).toBe(413);
  });

  it("searches and pages the directory through SCIM", async () => {
    const page1 = z.object({ total: z.int(), next: z.string(), items: z.array(z.object({ userName: z.string() })) });
    const first = page1.parse(JSON.parse((await ask("/api/directory/users?count=5")).text));
    expect(first.items).toHaveLength(5);
    const second = page1.parse(JSON.parse((await ask(`/api/directory/users?count=5&page=${first.next}`)).text));
    expect(second.items.map(({ userName }) => userName)).not.toContain(first.items[0]?.userName);
    const found = await ask(`/api/directory/users?search=${encodeURIComponent("OKAFOR")}`);
    expect(found.text).toContain("amara.okafor@example.com");
    expect((await ask(`/api/directory/users?search=${encodeURIComponent('"\\')}`)).status).toBe(200);
  });
});
