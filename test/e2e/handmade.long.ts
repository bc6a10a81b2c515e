import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adoptApp } from "../../operations/adopt/adoptApp.ts";
import { oktaOrg } from "../../operations/live/oktaOrg.ts";
import { parseStartOptions } from "../../sandbox/start/options.ts";
import { connectByHand, type Handmade } from "../../sandbox/tenant/handmade.ts";
import { startTenant, type Tenant } from "../../sandbox/tenant/tenant.ts";
import { groupsOf } from "../support/e2e/lives.ts";

describe("an org that was connected by hand (npm start -- --org handmade)", () => {
  let tenant: Tenant;
  let app: Handmade;
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "handmade-"));
    await writeFile(join(root, "Pulumi.yaml"), "name: okta-scim-directory\nruntime: nodejs\n");
    const options = parseStartOptions(["--org", "handmade"]);
    if (options === "help") throw new Error("the options ask for help");
    tenant = await startTenant({ stack: "dev", config: options.config, port: 0 });
    const { scimBaseUrl, scimToken } = tenant.outputs;
    app = await connectByHand(tenant.org, { baseUrl: String(scimBaseUrl), token: String(scimToken) });
    tenant.setConnected();
    await tenant.up({});
  });
  afterAll(async () => {
    await tenant.close();
    await rm(root, { recursive: true });
  });

  it("provisions the directory without the stack, and verify finds nothing wrong", async () => {
    expect(await groupsOf(tenant)).toEqual({ Design: 5, Developers: 8 });
    const checks = await tenant.verify();
    expect(checks.filter(({ state }) => state === "wrong")).toEqual([]);
  });

  it("stays connected in the deployments that the page starts", async () => {
    const connection = "okta-scim-directory:connection";
    expect(tenant.config.values[connection]).toBe("ready");
    expect((await tenant.nextConfig({ throttle: "{}" })).values[connection]).toBe("ready");
    expect((await tenant.nextConfig({ connection: "pending" })).values[connection]).toBe("pending");
  });

  it("is described by adopt, and nothing stops it", async () => {
    const { ok, adoption, directory } = await adoptApp(
      oktaOrg({ orgUrl: tenant.org.url, token: tenant.org.apiToken }),
      {
        stack: "adopted",
        appId: app.appId,
        baseUrl: String(tenant.outputs["scimBaseUrl"]),
        token: String(tenant.outputs["scimToken"]),
        assignmentGroup: undefined,
        root,
        write: false,
      },
      () => undefined,
    );
    expect(ok).toBe(true);
    expect(directory.filter(({ state }) => state !== "right")).toEqual([]);
    expect(directory[0]?.detail).toMatch(/^\d+ users, 0 of them inactive, and 2 groups$/);
    expect(
      directory
        .slice(-2)
        .map(({ detail }) => detail)
        .sort(),
    ).toEqual(['"Design" with 5 members', '"Developers" with 8 members']);
    expect(adoption.config).toMatchObject({
      "okta-scim-directory:connection": "ready",
      "okta-scim-directory:assignmentGroup": "iru_endpoint_users",
      "okta-scim-directory:pushGroups": [
        { name: "Designers", keepTargetOnDelete: true },
        { name: "Developers", keepTargetOnDelete: true },
      ],
      "okta-scim-directory:groupRules": "none",
    });
    expect(adoption.imports).toHaveLength(5);
    expect(adoption.obstacles.map(({ what }) => what)).toEqual([
      "people may sign on through the app (https://sso.example.com/acs)",
      'rules of your own fill the assignment group: "Iru users (ACTIVE)"',
    ]);
  });
});
