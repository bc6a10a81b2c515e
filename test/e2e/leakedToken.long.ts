import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { oktaOrg } from "../../operations/live/oktaOrg.ts";
import { readTenant } from "../../operations/live/tenant.ts";
import { pushNow } from "../../operations/push/pushNow.ts";
import { readDirectory } from "../../sandbox/tenant/directoryView.ts";
import { startTenant, type Tenant } from "../../sandbox/tenant/tenant.ts";
import { oktaApi, stateOf, wrongIn } from "../support/e2e/lives.ts";

const users = z.array(z.object({ id: z.string(), credentials: z.object({ userName: z.string() }) }));

describe("a leaked token (docs/recipes.md)", () => {
  let tenant: Tenant;
  let leaked: string;
  let left: readonly string[];
  beforeAll(async () => {
    tenant = await startTenant({ stack: "dev", config: new Map(), port: 0 });
    leaked = String(tenant.outputs["scimToken"]);
  });
  afterAll(() => tenant.close());

  const scim = async (token: string): Promise<number> =>
    (await fetch(`${String(tenant.outputs["scimBaseUrl"])}/Users`, { headers: { authorization: `Bearer ${token}` } }))
      .status;
  const activeNames = async (): Promise<string[]> => {
    const { outputs } = tenant;
    const directory = await readDirectory(String(outputs["scimBaseUrl"]), String(outputs["scimToken"]));
    return directory.users.flatMap(({ userName, active }) => (active === false ? [] : [userName]));
  };

  it("ends at once, and what Okta sends with it from then on fails", async () => {
    await tenant.up({ tokenGeneration: "2", acceptPreviousToken: "false" });
    expect([await scim(leaked), await scim(String(tenant.outputs["scimToken"]))]).toEqual([401, 200]);
    const assigned = users.parse(await oktaApi(tenant)("GET", `/apps/${String(tenant.outputs["oktaAppId"])}/users`));
    const [deactivated, changed] = assigned;
    left = [deactivated?.credentials.userName ?? ""];
    tenant.org.admin.setLifecycle(deactivated?.id ?? "", "deactivate");
    tenant.org.admin.changeProfile(changed?.id ?? "", { lastName: "Changed-Meanwhile" });
    await tenant.org.idle();
    expect(tenant.org.admin.tasks().length).toBeGreaterThan(0);
  });

  it("leaves active who left meanwhile although Okta has the new token; verify says so and names the clicks", async () => {
    const token = String(tenant.outputs["scimToken"]);
    expect(await tenant.org.admin.changeToken(String(tenant.outputs["oktaAppId"]), token)).toMatchObject({ ok: true });
    await tenant.org.idle();
    expect(await activeNames()).toEqual(expect.arrayContaining([...left]));
    const checks = await tenant.verify();
    expect(wrongIn(checks)).toEqual(expect.arrayContaining(["leavers", "sync-errors"]));
    const leavers = checks.find(({ id }) => id === "leavers");
    expect(leavers?.detail).toContain(left[0]);
    expect(leavers?.remedy).toContain("Dashboard > Tasks");
  });

  it("is repaired by the named clicks and push-now: nobody stays active who left", async () => {
    for (const task of tenant.org.admin.tasks()) tenant.org.admin.retryTask(task.id);
    await tenant.org.idle();
    const { values, secretKeys } = tenant.config;
    const { outputs } = readTenant("dev", values, secretKeys, tenant.outputs);
    const org = oktaOrg({ orgUrl: tenant.org.url, token: tenant.org.apiToken });
    const pushed = await pushNow(outputs, org);
    expect(pushed.map(({ outcome }) => outcome)).toEqual(["pushed", "pushed"]);
    const checks = await tenant.verify();
    expect(wrongIn(checks)).toEqual([]);
    expect(stateOf(checks, "leavers")).toBe("right");
    const active = await activeNames();
    expect(active.filter((name) => left.includes(name))).toEqual([]);
    expect(active).toHaveLength(12);
  });

  it("stays refused at the next rotation, which has an overlap again", async () => {
    const second = String(tenant.outputs["scimToken"]);
    await tenant.up({ tokenGeneration: "3", acceptPreviousToken: "true" });
    const third = String(tenant.outputs["scimToken"]);
    expect([await scim(leaked), await scim(second), await scim(third)]).toEqual([401, 200, 200]);
    expect((tenant.outputs["nextSteps"] as string[]).join("\n")).toContain("Tokens 2 and 3 are accepted");
  });
});
