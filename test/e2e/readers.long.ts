import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { hideSecrets } from "../../sandbox/tenant/outputs.ts";
import { startTenant, type Tenant } from "../../sandbox/tenant/tenant.ts";

const tokensOf = ({ outputs }: Tenant) => z.record(z.string(), z.string()).parse(outputs["readerTokens"]);

describe("systems that read the directory (docs/recipes.md)", () => {
  let tenant: Tenant;
  let before: Record<string, string>;
  const rotated = { tokenGeneration: "2" };
  beforeAll(async () => {
    tenant = await startTenant({ stack: "dev", config: new Map([["readers", '["hr","crm"]']]), port: 0 });
    before = tokensOf(tenant);
  });
  afterAll(() => tenant.close());

  const status = async (token: string | undefined, method: string, path: string): Promise<number> => {
    const headers = { authorization: `Bearer ${String(token)}` };
    return (await fetch(`${String(tenant.outputs["scimBaseUrl"])}${path}`, { method, headers })).status;
  };
  const readerChecks = async (): Promise<string[]> =>
    (await tenant.verify()).filter(({ id }) => id.startsWith("reader:")).map(({ id, state }) => `${id} ${state}`);

  it("have a token each, which reads and changes nothing, and no command prints it", async () => {
    expect(Object.keys(before).sort()).toEqual(["crm", "hr"]);
    expect(new Set([...Object.values(before), tenant.outputs["scimToken"]]).size).toBe(3);
    expect(await status(before["hr"], "GET", "/Users")).toBe(200);
    expect(await status(before["crm"], "DELETE", "/Users/absent")).toBe(403);
    expect(hideSecrets(tenant.outputs, tenant.secretOutputs)["readerTokens"]).toBe("[secret]");
    expect(await readerChecks()).toEqual(["reader:hr right", "reader:crm right"]);
  });

  it("keep their old token during a rotation, and nextSteps names them", async () => {
    await tenant.up(rotated);
    const after = tokensOf(tenant);
    for (const token of [before["hr"], after["hr"]]) expect(await status(token, "GET", "/Users")).toBe(200);
    expect(after["hr"]).not.toBe(before["hr"]);
    expect(tenant.outputs["nextSteps"]).toContainEqual(
      expect.stringContaining("Give each reader its new token: hr, crm;"),
    );
    await tenant.up({ ...rotated, acceptPreviousToken: "false" });
    expect(await status(before["hr"], "GET", "/Users")).toBe(401);
    expect(await status(after["hr"], "GET", "/Users")).toBe(200);
  });

  it("are rejected after their removal, have another token when they come back, and the others notice nothing", async () => {
    const { hr, crm } = tokensOf(tenant);
    const { scimToken } = tenant.outputs;
    await tenant.up({ ...rotated, readers: '["crm"]' });
    expect(await status(hr, "GET", "/Users")).toBe(401);
    await tenant.up({ ...rotated, readers: '["crm","hr"]' });
    expect(tokensOf(tenant)["crm"]).toBe(crm);
    expect(tokensOf(tenant)["hr"]).not.toBe(hr);
    expect(await status(crm, "GET", "/Groups")).toBe(200);
    expect(tenant.outputs["scimToken"]).toBe(scimToken);
    expect(await readerChecks()).toEqual(["reader:crm right", "reader:hr right"]);
  });
});
