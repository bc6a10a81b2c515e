import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { oktaOrg } from "../../operations/live/oktaOrg.ts";
import { scimEndpoint, type EndpointProber } from "../../operations/live/endpoint.ts";
import { eventEndpoint } from "../../operations/live/eventEndpoint.ts";
import { readTenant } from "../../operations/live/tenant.ts";
import { pushNow } from "../../operations/push/pushNow.ts";
import type { Check } from "../../operations/verify/check.ts";
import { toJson } from "../../operations/verify/report.ts";
import { verifyTenant } from "../../operations/verify/verifyTenant.ts";
import { startTenant, type Tenant } from "../../sandbox/tenant/tenant.ts";
import { deploy, directoryOf, groupId, okta, rename } from "../support/e2e/groups.ts";

let tenant: Tenant;
let appId: string;
beforeAll(async () => {
  tenant = await startTenant({ stack: "dev", config: new Map(), port: 0 });
  appId = String(tenant.outputs["oktaAppId"]);
});
afterAll(() => tenant.close());

/** What verify finds by now, once the org has settled. */
async function findings(): Promise<Map<string, Check>> {
  await tenant.org.idle();
  const checks = await tenant.verify();
  return new Map(
    checks.filter(({ state }) => state === "wrong" || state === "warning").map((check) => [check.id, check]),
  );
}
const states = async (): Promise<string[]> => [...(await findings())].map(([id, { state }]) => `${state} ${id}`).sort();

async function scim(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${String(tenant.outputs["scimBaseUrl"])}${path}`, {
    method,
    headers: { authorization: String(tenant.outputs["scimAuthorization"]), "content-type": "application/scim+json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  expect(response.status, text).toBeLessThan(300);
  return text === "" ? undefined : (JSON.parse(text) as unknown);
}

async function retryEverything(): Promise<void> {
  for (const { id } of tenant.org.admin.tasks()) tenant.org.admin.retryTask(id);
  await tenant.org.idle();
}

const withId = z.object({ id: z.string() });
const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const RETRY = "in the Admin Console open Dashboard > Tasks, select the jobs of this app and click Retry selected";

it("finds nothing in a tenant that is right", async () => {
  expect(await states()).toEqual([]);
});

describe("after an outage in which one person left and another one changed", () => {
  it("names both with Okta's words and the click that repeats the jobs, and nothing once that was done", async () => {
    const { admin, quirks } = tenant.org;
    admin.breakNetwork();
    admin.removeFromGroup("amara.okafor@example.com", await groupId(tenant, "Developers"));
    admin.changeProfile("clara.moreau@example.com", { lastName: "Moreau-Petit" });
    await tenant.org.idle();
    admin.restoreNetwork();
    const found = await findings();
    expect(found.get("leavers")).toMatchObject({
      state: "wrong",
      detail: expect.stringMatching(
        /^active, but not assigned: 1 person \(amara\.okafor@example\.com\)\. Failed jobs: Automatic deactivation of user amara\.okafor@example\.com /,
      ) as string,
      remedy: expect.stringContaining(RETRY) as string,
    });
    const errors = found.get("sync-errors");
    expect(errors).toMatchObject({ state: "wrong", remedy: expect.stringContaining(RETRY) as string });
    expect(errors?.detail).toMatch(
      /^failed in Okta: 1 person \(clara\.moreau@example\.com\): Automatic profile push of user clara/,
    );
    // Okta's published schema has no errorMessage: the System Log has the words.
    quirks.appUsersWithoutReason = true;
    expect((await findings()).get("sync-errors")).toEqual(errors);
    quirks.appUsersWithoutReason = false;
    await retryEverything();
    expect(await states()).toEqual([]);
  });
});

describe("a directory that others changed", () => {
  it("has people and members that Okta knows nothing of: counted, the first ten named", async () => {
    const strangers: string[] = [];
    for (let index = 0; index < 12; index += 1) {
      const userName = `stranger${String(index).padStart(2, "0")}@example.com`;
      const body = {
        userName,
        name: { formatted: userName },
        emails: [{ value: userName, primary: true }],
        active: true,
      };
      strangers.push(withId.parse(await scim("POST", "/Users", body)).id);
    }
    const { groups } = await directoryOf(tenant);
    const { id = "", members = [] } = groups["Designers"] ?? {};
    const add = { op: "add", path: "members", value: strangers.map((value) => ({ value })) };
    const remove = { op: "remove", path: `members[value eq "${members[0] ?? ""}"]` };
    await scim("PATCH", `/Groups/${id}`, { schemas: [PATCH], Operations: [add, remove] });
    const found = await findings();
    expect([...found.keys()].sort()).toEqual(["leavers", "members:Designers"]);
    const ten = strangers
      .slice(0, 10)
      .map((_, index) => `stranger0${index}@example.com`)
      .join(", ");
    expect(found.get("leavers")?.detail).toBe(`active, but not assigned: 12 people (${ten} and 2 more)`);
    expect(found.get("members:Designers")).toMatchObject({
      state: "wrong",
      detail: expect.stringMatching(
        /^missing in the directory: 1 person \([a-z.]+@example\.com\); only in the directory: 12 people \(.* and 2 more\)$/,
      ) as string,
      remedy: 'npm run push-now -- --stack dev --group "Designers"',
    });
    for (const one of strangers) await scim("DELETE", `/Users/${one}`);
    await pushGroup("Designers");
    expect(await states()).toEqual([]);
  });

  it("looks the same through an external endpoint, which is read by index", async () => {
    const stray = { userName: "stray@example.com", name: { formatted: "Stray" }, active: true };
    const { id } = withId.parse(await scim("POST", "/Users", stray));
    const values = {
      ...tenant.config.values,
      "okta-scim-directory:endpoint": JSON.stringify({
        kind: "external",
        baseUrl: "https://scim.example.com/v1",
        token: "t",
      }),
    };
    const external = readTenant("dev", values, ["okta-scim-directory:endpoint"], tenant.outputs);
    const asked: string[] = [];
    const prober = scimEndpoint(external.outputs.scimBaseUrl);
    const endpoint: EndpointProber = {
      get: (path, authorization) => {
        asked.push(path);
        return prober.get(path, authorization);
      },
      remove: () => Promise.reject(new Error("verify asks an external directory to delete something")),
    };
    const org = oktaOrg({ orgUrl: tenant.org.url, token: tenant.org.apiToken });
    const checks = await verifyTenant(external, org, { endpoint, events: eventEndpoint });
    const wrong = checks.filter(({ state }) => state === "wrong");
    expect(wrong.map(({ detail }) => detail)).toEqual(["active, but not assigned: 1 person (stray@example.com)"]);
    expect(asked.join()).toContain("/Users?filter=active+eq+true");
    expect(asked.join()).not.toContain("cursor");
    await scim("DELETE", `/Users/${id}`);
  });
});

describe("a rule that was switched off", () => {
  it("is named, with the groups that nobody is assigned through", async () => {
    const rules = z
      .array(z.object({ id: z.string(), name: z.string() }))
      .parse(await okta(tenant, "GET", "/groups/rules"));
    const rule = rules.find(({ name }) => name.includes("Designers"));
    await okta(tenant, "POST", `/groups/rules/${rule?.id ?? ""}/lifecycle/deactivate`);
    const found = await findings();
    expect(found.get("rules-active")).toMatchObject({ state: "wrong", detail: `${rule?.name ?? ""} (INACTIVE)` });
    expect(found.get("rules")).toMatchObject({ state: "wrong", detail: "no active rule for Designers" });
    await okta(tenant, "POST", `/groups/rules/${rule?.id ?? ""}/lifecycle/activate`);
    expect(await states()).toEqual([]);
  });
});

describe("a base URL in Okta that is not the tenant's", () => {
  let other: Server;
  let url: string;
  beforeAll(async () => {
    other = createServer((request, response) => {
      const isTest = request.url?.endsWith("/Users?startIndex=1&count=2") === true;
      response.writeHead(isTest ? 200 : 403, { "content-type": "application/scim+json" });
      const list = { totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] };
      response.end(JSON.stringify(isTest ? list : { detail: `${url}${request.url ?? ""} is closed`, status: "403" }));
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  });
  afterAll(() => other.close());

  it("is named from the words of Okta's failures", async () => {
    const { admin } = tenant.org;
    expect((await admin.changeBaseUrl(appId, url)).ok).toBe(true);
    admin.changeProfile("tariq.haddad@example.com", { title: "Principal Designer" });
    const found = await findings();
    const host = new URL(String(tenant.outputs["scimBaseUrl"])).host;
    expect(found.get("pushed-address")).toMatchObject({
      state: "wrong",
      detail: `Okta pushes to ${new URL(url).host}, and this tenant answers at ${host}`,
      remedy: expect.stringContaining(String(tenant.outputs["scimBaseUrl"])) as string,
    });
    await admin.changeBaseUrl(appId, String(tenant.outputs["scimBaseUrl"]));
    await retryEverything();
    expect(await states()).toEqual([]);
  });
});

describe("a change that is under way", () => {
  it("is a warning: a pushed group renamed in Okta", async () => {
    await rename(tenant, await groupId(tenant, "Designers"), "Makers");
    const found = await findings();
    expect([...found.keys()]).toEqual(["renamed:Designers"]);
    expect(found.get("renamed:Designers")).toMatchObject({
      state: "warning",
      detail: 'the group is called "Makers" now',
    });
    await rename(tenant, await groupId(tenant, "Makers"), "Designers");
    expect(await states()).toEqual([]);
  });

  it("is a warning: two accepted tokens; and wrong once Okta has only the old one", async () => {
    expect((await deploy(tenant, { tokenGeneration: 2 })).failure).toBeUndefined();
    const found = await findings();
    expect([...found.keys()]).toEqual(["previous-token"]);
    expect(found.get("previous-token")).toMatchObject({
      state: "warning",
      remedy: expect.stringContaining("next-steps") as string,
    });
    expect((await deploy(tenant, { tokenGeneration: 2, acceptPreviousToken: false })).failure).toBeUndefined();
    tenant.org.admin.changeProfile("tariq.haddad@example.com", { title: "Design Principal" });
    expect((await findings()).get("sync-errors")?.detail).toMatch(/\(tariq\.haddad@example\.com\): .*Unauthorized/);
    expect((await tenant.org.admin.changeToken(appId, String(tenant.outputs["scimToken"]))).ok).toBe(true);
    await retryEverything();
    expect(await states()).toEqual([]);
  });
});

describe("a pushed group that the directory lacks", () => {
  it("is wrong, and the JSON counts it", async () => {
    const { groups } = await directoryOf(tenant);
    await scim("DELETE", `/Groups/${groups["Designers"]?.id ?? ""}`);
    const json = toJson(await tenant.verify());
    expect([json.wrong, json.warnings]).toEqual([1, 0]);
    expect(json.checks.filter(({ state }) => state === "wrong")).toEqual([
      {
        id: "push:Designers",
        title: "Designers is pushed",
        state: "wrong",
        detail: 'the directory has no group "Designers"',
        remedy: expect.stringContaining('npm run push-now -- --stack dev --group "Designers"') as string,
      },
    ]);
    // Okta goes on with the id of the group that is gone: the mapping fails with the service's words.
    expect(await pushGroup("Designers")).toMatchObject([{ outcome: "failed" }]);
    expect((await findings()).get("push:Designers")?.detail).toMatch(
      /^the mapping is in ERROR: Unable to update Group Push mapping/,
    );
  });
});

const pushGroup = (label: string): ReturnType<typeof pushNow> => {
  const { outputs } = readTenant("dev", tenant.config.values, [], tenant.outputs);
  return pushNow(outputs, oktaOrg({ orgUrl: tenant.org.url, token: tenant.org.apiToken }), { only: [label] });
};
