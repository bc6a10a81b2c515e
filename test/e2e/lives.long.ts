import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { startTenant, type Tenant } from "../../sandbox/tenant/tenant.ts";
import { failureOf, groupsOf, oktaApi } from "../support/e2e/lives.ts";

const rules = z.array(z.object({ name: z.string(), status: z.string() }));

describe("a tenant whose org answers 423 to every third lifecycle call of a rule", () => {
  let tenant: Tenant;
  beforeAll(async () => {
    tenant = await startTenant({ stack: "dev", config: new Map(), port: 0 });
    tenant.org.quirks.ruleLifecycleLockedEvery = 3;
  });
  afterAll(() => tenant.close());

  it("ends each deployment with all rules active, or with a failure that says so, and the last one right", async () => {
    const pushGroups = JSON.stringify(["Developers", "Designers", "Finance"]);
    const failures: (string | undefined)[] = [];
    for (let time = 0; time < 3; time += 1) {
      const failure = await failureOf(tenant.up({ pushGroups }));
      failures.push(failure);
      const off = rules
        .parse(await oktaApi(tenant)("GET", "/groups/rules"))
        .filter(({ status }) => status !== "ACTIVE");
      if (failure === undefined) expect(off).toEqual([]);
      else if (/are off in Okta/.test(failure)) expect(failure).toContain(off[0]?.name);
      else expect(failure).toContain("Policy priorities are being reconciled");
    }
    expect(failures.at(0)).toBeDefined();
    const statuses = rules.parse(await oktaApi(tenant)("GET", "/groups/rules")).map(({ status }) => status);
    expect(statuses).toHaveLength(3);
    if (failures.at(-1) === undefined) {
      expect(new Set(statuses)).toEqual(new Set(["ACTIVE"]));
      const wrong = (await tenant.verify()).filter(({ state }) => state === "wrong");
      expect(wrong).toEqual([]);
    }
  });
});

describe("a tenant whose org forgets SCIM when its app is updated (okta/terraform-provider-okta#655)", () => {
  let tenant: Tenant;
  beforeAll(async () => {
    tenant = await startTenant({ stack: "dev", config: new Map(), port: 0 });
  });
  afterAll(() => tenant.close());

  it("fails the same deployment, names the missing features, and is right again after the console step", async () => {
    tenant.org.quirks.putForgetsScim = true;
    const before = await groupsOf(tenant);
    const app = JSON.stringify({ label: "Renamed" });
    expect(await failureOf(tenant.up({ app }))).toContain("Push Groups (GROUP_PUSH)");
    expect((await tenant.verify()).some((check) => check.state === "wrong")).toBe(true);
    await tenant.doConsoleStep();
    expect(await failureOf(tenant.up({ app }))).toBeUndefined();
    expect(await groupsOf(tenant)).toEqual(before);
  });
});
