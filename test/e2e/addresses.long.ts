import { createServer, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { failureOf, groupsOf, oktaApi, stateOf } from "../support/e2e/lives.ts";
import { startScimServer } from "../support/sandbox/okta/scimServer.ts";
import { startTenant, type Tenant } from "../../sandbox/tenant/tenant.ts";

const DOMAIN = "scim.acme.example";
const BASE = "/api/v1/scim";
const apps = z.array(z.object({ id: z.string(), features: z.array(z.string()) }));
const steps = (tenant: Tenant): string => (tenant.outputs["nextSteps"] as string[]).join("\n");

/** DNS and TLS of a domain: hands requests on to the gateway with the domain as their Host. */
async function startDomain(gateway: string): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, host: DOMAIN };
    const onward = send(
      new URL(incoming.url ?? "/", gateway),
      { method: incoming.method ?? "GET", headers },
      (back) => {
        outgoing.writeHead(back.statusCode ?? 502, back.headers);
        back.pipe(outgoing);
      },
    );
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${BASE}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe("the addresses of a live tenant", () => {
  let tenant: Tenant;
  let first: string;
  let token: string;
  let domain: Awaited<ReturnType<typeof startDomain>>;
  beforeAll(async () => {
    tenant = await startTenant({ stack: "dev", config: new Map(), port: 0 });
    first = String(tenant.outputs["scimBaseUrl"]);
    token = String(tenant.outputs["scimToken"]);
    domain = await startDomain(first);
  });
  afterAll(async () => {
    domain.close();
    await tenant.close();
  });

  const status = async (baseUrl: string): Promise<number> =>
    (await fetch(`${baseUrl}/Users?count=1`, { headers: { authorization: `Bearer ${token}` } })).status;
  /** Changes someone in Okta and tells how the requests that follow were answered. */
  const change = async (lastName: string): Promise<number[]> => {
    const users = z.array(z.object({ id: z.string() }));
    const [someone] = users.parse(await oktaApi(tenant)("GET", `/apps/${String(tenant.outputs["oktaAppId"])}/users`));
    const answers: number[] = [];
    const stop = tenant.org.onExchange(({ status: answer }) => answers.push(answer));
    tenant.org.admin.changeProfile(someone?.id ?? "", { lastName });
    await tenant.org.idle();
    stop();
    return answers;
  };
  const endpoint = (name: string, more: Readonly<Record<string, unknown>> = {}): Record<string, string> => ({
    endpoint: JSON.stringify({ kind: "managed", domain: { name, hostedZoneId: "Z0123456789ABC", ...more } }),
  });
  const locationOf = async (): Promise<string> => {
    const response = await fetch(`${first}/Users?count=1`, { headers: { authorization: `Bearer ${token}` } });
    const { Resources } = z
      .object({ Resources: z.array(z.object({ meta: z.object({ location: z.string() }) })) })
      .parse(await response.json());
    return Resources[0]?.meta.location ?? "";
  };

  it("stay as they are while the certificate of a domain is not proved", async () => {
    // Nothing under .invalid can be proved.
    const failure = await failureOf(tenant.up(endpoint("scim.acme.invalid")));
    expect(failure).toContain("waiting for ACM Certificate");
    expect(await status(first)).toBe(200);
    expect(await locationOf()).toContain(first);
    const answers = await change("While the certificate waits");
    expect(answers.length).toBeGreaterThan(0);
    expect(new Set(answers)).toEqual(new Set([200]));
  });

  it("both answer with a domain, and nextSteps says what to type and how the old one ends", async () => {
    await tenant.up(endpoint(DOMAIN));
    expect([await status(first), await status(domain.url)]).toEqual([200, 200]);
    expect(tenant.outputs["scimBaseUrl"]).toBe(`https://${DOMAIN}${BASE}`);
    expect(steps(tenant)).toContain(`SCIM connector base URL: https://${DOMAIN}${BASE}`);
    expect(steps(tenant)).toContain(`"pulumi config set --stack dev --path endpoint.domain.onlyAddress true"`);
    expect(new Set(await change("Through the old address"))).toEqual(new Set([200]));
    expect(stateOf(await tenant.verify(), "one-address")).toBe("warning");
  });

  it("leave nobody behind when Okta is told, and only then onlyAddress switches the default one off", async () => {
    const typed = await tenant.org.admin.changeBaseUrl(String(tenant.outputs["oktaAppId"]), domain.url);
    expect(typed).toMatchObject({ ok: true });
    await tenant.up(endpoint(DOMAIN, { onlyAddress: true }));
    expect([await status(first), await status(domain.url)]).toEqual([404, 200]);
    expect(tenant.outputs["nextSteps"]).toEqual([]);
    expect(stateOf(await tenant.verify(), "one-address")).toBe("right");
    expect(new Set(await change("Through the domain"))).toEqual(new Set([200]));
    expect(tenant.org.admin.tasks()).toEqual([]);
  });
});

describe("a domain that comes or goes at once", () => {
  let tenant: Tenant;
  beforeAll(async () => {
    tenant = await startTenant({ stack: "dev", config: new Map(), port: 0 });
  });
  afterAll(() => tenant.close());
  const withDomain = (more: Readonly<Record<string, unknown>> = {}): Record<string, string> => ({
    endpoint: JSON.stringify({
      kind: "managed",
      domain: { name: DOMAIN, hostedZoneId: "Z0123456789ABC", ...more },
    }),
  });

  it("is refused if it would be the only address before Okta has it", async () => {
    const first = String(tenant.outputs["scimBaseUrl"]);
    const failure = await failureOf(tenant.up(withDomain({ onlyAddress: true })));
    expect(failure).toContain("endpoint.domain.onlyAddress: is true for scim.acme.example, which is new");
    expect((await fetch(`${first}/ServiceProviderConfig`)).status).toBe(200);
  });

  it("leaves the Okta half alone, and oktaHalf byHand, which would delete it, is refused", async () => {
    const failure = await failureOf(tenant.up({ oktaHalf: "byHand" }));
    expect(failure).toContain("oktaHalf: is byHand, but this stack manages the app in Okta");
    expect(apps.parse(await oktaApi(tenant)("GET", "/apps"))).toHaveLength(1);
    expect(await groupsOf(tenant)).toEqual({ Designers: 5, Developers: 8 });
  });

  it("is taken away with the steps that give Okta the default address", async () => {
    await tenant.up(withDomain());
    await tenant.up({ endpoint: JSON.stringify({ kind: "managed" }) });
    const first = String(tenant.outputs["scimBaseUrl"]);
    expect(steps(tenant)).toContain(`SCIM connector base URL: ${first}`);
    expect(steps(tenant)).not.toContain("Then switch the old");
    await tenant.up({ endpoint: JSON.stringify({ kind: "managed" }) });
    expect(tenant.outputs["nextSteps"]).toEqual([]);
  });
});

describe("a move of a live tenant to an endpoint of another kind", () => {
  let tenant: Tenant;
  beforeAll(async () => {
    tenant = await startTenant({ stack: "dev", config: new Map(), port: 0 });
  });
  afterAll(() => tenant.close());

  it("is refused until Okta is connected to it; the old service and its app work on meanwhile", async () => {
    const external = await startScimServer();
    const before = await groupsOf(tenant);
    const old = String(tenant.outputs["oktaAppId"]);
    const move = { endpoint: JSON.stringify({ kind: "external", baseUrl: external.baseUrl, token: "their-t0ken" }) };

    const refused = await failureOf(tenant.up(move));
    expect(refused).toContain("does not provision yet");
    expect(refused).toContain(`"Move to another endpoint" in docs/recipes.md`);
    expect(await groupsOf(tenant)).toEqual(before);
    expect(external.requests).toEqual([]);
    const found = apps.parse(await oktaApi(tenant)("GET", "/apps"));
    expect(found.find(({ id }) => id === old)?.features).not.toEqual([]);

    const fresh = found.find(({ features }) => features.length === 0)?.id ?? "";
    const connected = await tenant.org.admin.configureProvisioning(fresh, {
      baseUrl: external.baseUrl,
      token: "their-t0ken",
      actions: { pushNewUsers: true, pushProfileUpdates: true, pushGroups: true },
      toApp: { createUsers: true, updateUserAttributes: true, deactivateUsers: true },
    });
    expect(connected).toMatchObject({ ok: true });
    await tenant.up(move);
    expect(tenant.outputs).toMatchObject({ oktaAppId: fresh, nextSteps: [] });
    expect(apps.parse(await oktaApi(tenant)("GET", "/apps")).map(({ id }) => id)).toEqual([fresh]);
    const active = [...external.users.values()].filter((user) => user["active"] === true);
    expect(active).toHaveLength(13);
    expect([...external.groups.values()].map((group) => group["displayName"]).sort()).toEqual(
      Object.keys(before).sort(),
    );

    const back = await failureOf(tenant.up({ endpoint: JSON.stringify({ kind: "managed" }) }));
    expect(back).toContain("does not provision yet");
    expect(apps.parse(await oktaApi(tenant)("GET", "/apps")).find(({ id }) => id === fresh)?.features).not.toEqual([]);
  });
});
