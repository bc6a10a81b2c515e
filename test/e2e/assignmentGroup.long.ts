import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTenant, type Tenant } from "../../sandbox/tenant/tenant.ts";
import { deploy, directoryOf, groupId, makeAgain, okta } from "../support/e2e/groups.ts";

let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant({ stack: "dev", config: new Map(), port: 0 });
});
afterAll(() => tenant.close());

const settled = async (): Promise<Awaited<ReturnType<typeof directoryOf>>> => {
  await tenant.org.idle();
  return directoryOf(tenant);
};
const wrong = async (): Promise<string[]> =>
  (await tenant.verify()).flatMap(({ id, state }) => (state === "wrong" ? [id] : []));

describe("the assignment group that is deleted in Okta", () => {
  const NAME = "iru_endpoint_users";

  it("is made again by a deployment with a refresh, which the one without asks for before it changes anything", async () => {
    const before = await settled();
    await okta(tenant, "DELETE", `/groups/${await groupId(tenant, NAME)}`);
    const refused = await deploy(tenant);
    expect(refused.changes).toEqual([]);
    expect(refused.failure).toContain('Run "pulumi up --refresh --stack dev": it creates the group again');
    expect((await deploy(tenant, {}, { refresh: true })).failure).toBeUndefined();
    expect(await settled()).toEqual(before);
    expect(await wrong()).toEqual([]);
  });

  it("is taken over where somebody made another one under its name", async () => {
    const before = await settled();
    const id = await makeAgain(tenant, NAME);
    const refused = await deploy(tenant);
    expect(refused.changes).toEqual([]);
    expect(refused.failure).toContain(`it takes over the group ${id}, which has the name now`);
    expect((await deploy(tenant, {}, { refresh: true })).failure).toBeUndefined();
    expect(tenant.outputs["assignmentGroupId"]).toBe(id);
    expect(await settled()).toEqual(before);
    expect(await deploy(tenant)).toEqual({ changes: [], nextSteps: [], failure: undefined });
  });
});
