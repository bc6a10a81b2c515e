import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { oktaApi, stateOf, type Okta } from "../support/e2e/lives.ts";
import { samlApp } from "../support/sandbox/okta/support.ts";
import { startTenant, type Tenant } from "../../sandbox/tenant/tenant.ts";
import { readDirectory } from "../../sandbox/tenant/directoryView.ts";

const made = z.object({ id: z.string() });
const found = z.array(z.object({ id: z.string(), profile: z.object({ name: z.string() }) }));

describe("a tenant whose Okta org only its own administrator can reach (oktaHalf: byHand)", () => {
  let tenant: Tenant;
  let okta: Okta;
  beforeAll(async () => {
    const config = new Map([["oktaHalf", "byHand"]]);
    tenant = await startTenant({ stack: "dev", config, port: 0 });
    okta = oktaApi(tenant);
  });
  afterAll(() => tenant.close());

  it("stays at its only deployment, changes nothing in the org, and is verified without it", async () => {
    expect(await okta("GET", "/apps")).toEqual([]);
    expect(tenant.outputs).toMatchObject({ connection: "pending", oktaAppId: null, assignmentGroupId: null });
    const checks = await tenant.verify();
    expect(checks.filter(({ state }) => state === "wrong" || state === "warning")).toEqual([]);
    expect(stateOf(checks, "connector")).toBe("right");
    expect(stateOf(checks, "okta-half")).toBe("unknown");
  });

  it("reports what is missing in the directory if the steps are declared done too early", async () => {
    await tenant.up({ connection: "ready" });
    const checks = await tenant.verify();
    expect(stateOf(checks, "people-arrived")).toBe("warning");
    expect(stateOf(checks, "push:Developers")).toBe("wrong");
    await tenant.up({ connection: "pending" });
  });

  it("provisions as soon as the administrator has done the steps with their values", async () => {
    const steps = (tenant.outputs["nextSteps"] as string[]).join("\n");
    const valueOf = (pattern: RegExp): string => pattern.exec(steps)?.[1] ?? "";
    const app = made.parse(await okta("POST", "/apps", samlApp(valueOf(/App name: (.+?)\./)))).id;
    const result = await tenant.org.admin.configureProvisioning(app, {
      baseUrl: valueOf(/base URL: (\S+)/),
      token: String(tenant.outputs[valueOf(/stack output (\w+) --show-secrets/)]),
      actions: { pushNewUsers: true, pushProfileUpdates: true, pushGroups: true },
      toApp: { createUsers: true, updateUserAttributes: true, deactivateUsers: true },
      renameAppGroups: true,
    });
    expect(result).toMatchObject({ ok: true });
    const name = valueOf(/create the group "([^"]+)"/);
    const group = made.parse(await okta("POST", "/groups", { profile: { name } })).id;
    await okta("PUT", `/apps/${app}/groups/${group}`, {});
    const groups = found.parse(await okta("GET", "/groups"));
    const pushed = [...steps.matchAll(/Find groups by name, choose "([^"]+)"/g)].map(([, one]) => one ?? "");
    expect(pushed).toEqual(["Developers", "Designers"]);
    for (const wanted of pushed) {
      const sourceGroupId = groups.find(({ profile }) => profile.name === wanted)?.id ?? "";
      await okta("POST", `/apps/${app}/group-push/mappings`, { sourceGroupId, targetGroupName: wanted });
      const rule = await okta("POST", "/groups/rules", {
        type: "group_rule",
        name: `${wanted} to SCIM`,
        conditions: {
          expression: { type: "urn:okta:expression:1.0", value: `isMemberOfAnyGroup("${sourceGroupId}")` },
        },
        actions: { assignUserToGroups: { groupIds: [group] } },
      });
      await okta("POST", `/groups/rules/${made.parse(rule).id}/lifecycle/activate`);
    }
    await tenant.org.idle();
    await tenant.up({ connection: "ready" });
    expect(tenant.outputs["nextSteps"]).toEqual([]);
    const checks = await tenant.verify();
    expect(checks.filter(({ state }) => state === "wrong" || state === "warning")).toEqual([]);
    const { users, groups: directory } = await readDirectory(
      String(tenant.outputs["scimBaseUrl"]),
      String(tenant.outputs["scimToken"]),
    );
    expect(users.filter(({ active }) => active !== false)).toHaveLength(13);
    expect(directory.map(({ displayName, members }) => [displayName, members.length > 0]).sort()).toEqual([
      ["Designers", true],
      ["Developers", true],
    ]);
  });
});
