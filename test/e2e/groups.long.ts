import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTenant, type Tenant } from "../../sandbox/tenant/tenant.ts";
import {
  createGroup,
  deletions,
  deploy,
  directoryOf,
  groupId,
  makeAgain,
  membersOf,
  okta,
  rename,
} from "../support/e2e/groups.ts";

let tenant: Tenant;
let at: Awaited<ReturnType<typeof directoryOf>>;
beforeAll(async () => {
  tenant = await startTenant({ stack: "dev", config: new Map(), port: 0 });
  at = await directoryOf(tenant);
});
afterAll(() => tenant.close());

const settled = async (): Promise<typeof at> => {
  await tenant.org.idle();
  return directoryOf(tenant);
};
const findings = async (): Promise<string[]> =>
  (await tenant.verify()).flatMap(({ id, state }) =>
    state === "wrong" || state === "warning" ? [`${state} ${id}`] : [],
  );

describe("a pushed group that is renamed in Okta", () => {
  it("stays the same group when only the case of its name changes", async () => {
    await rename(tenant, await groupId(tenant, "Developers"), "DEVELOPERS");
    expect(await deploy(tenant)).toEqual({ changes: [], nextSteps: [], failure: undefined });
    expect((await settled()).groups).toEqual({
      DEVELOPERS: at.groups["Developers"],
      Designers: at.groups["Designers"],
    });
    expect(await findings()).toEqual([]);
  });

  it("keeps its rule, its mapping and its group of the directory, and the deployment says what it is called now", async () => {
    const id = await groupId(tenant, "DEVELOPERS");
    await rename(tenant, id, "Engineering");
    const { changes, nextSteps, failure } = await deploy(tenant);
    expect([failure, changes]).toEqual([undefined, []]);
    expect(nextSteps).toEqual([
      `The pushed group "Developers" (${id}) is called "Engineering" in Okta now. The stack goes on pushing it. Rename it in the configuration too: run "pulumi config set --stack dev --path 'pushGroups[0]' Engineering".`,
    ]);
    expect(await settled()).toEqual({
      groups: { Engineering: at.groups["Developers"], Designers: at.groups["Designers"] },
      active: at.active,
    });
    expect(await findings()).toEqual(["warning renamed:Developers"]);
  });

  it("stays what the configuration means when another group takes its name, until the configuration says otherwise", async () => {
    const other = await createGroup(tenant, "Developers", []);
    const { changes, nextSteps, failure } = await deploy(tenant);
    expect([failure, changes]).toEqual([undefined, []]);
    expect(nextSteps.join()).toContain(`Another group, ${other}, is called "Developers" now`);
    await okta(tenant, "DELETE", `/groups/${other}`);
    const renamed = await deploy(tenant, { pushGroups: ["Engineering", "Designers"] });
    expect(renamed).toEqual({ changes: ["update okta:group/rule:Rule"], nextSteps: [], failure: undefined });
    expect(await findings()).toEqual([]);
  });
});

describe("a pushed group that is deleted in Okta and made again under its name", () => {
  const config = { pushGroups: ["Engineering", "Designers"] };

  it("keeps its group of the directory in two deployments, of which the first one asks for the second", async () => {
    const id = await makeAgain(tenant, "Engineering");
    const first = await deploy(tenant, config);
    expect(first.failure).toBeUndefined();
    expect(first.changes).toEqual([
      "create okta:group/rule:Rule",
      "delete okta:group/rule:Rule",
      "update okta:index/pushGroup:PushGroup",
    ]);
    expect(first.nextSteps).toEqual([
      expect.stringContaining(`Run "pulumi up --stack dev" once more: "Engineering" (${id}) then fills`),
    ]);
    expect(tenant.outputs["pushGroups"]).toMatchObject({ Engineering: { sourceGroupId: id, status: "MOVING" } });
    expect(await settled()).toEqual({
      groups: { Engineering: at.groups["Developers"], Designers: at.groups["Designers"] },
      active: at.active,
    });
    expect(await findings()).toEqual(["warning push:Engineering"]);

    const second = await deploy(tenant, config);
    expect(second).toEqual({
      changes: ["delete okta:index/pushGroup:PushGroup", "replace okta:index/pushGroup:PushGroup"],
      nextSteps: [],
      failure: undefined,
    });
    expect(await settled()).toEqual({
      groups: { Engineering: at.groups["Developers"], Designers: at.groups["Designers"] },
      active: at.active,
    });
    expect(await deploy(tenant, config)).toEqual({ changes: [], nextSteps: [], failure: undefined });
    expect(await findings()).toEqual([]);
    expect(deletions(tenant)).toEqual([]);
  });

  it("follows the new group from then on", async () => {
    const [leaver = ""] = await membersOf(tenant, await groupId(tenant, "Engineering"));
    const members = (): Promise<number | undefined> =>
      settled().then(({ groups }) => groups["Engineering"]?.members.length);
    const before = (await members()) ?? 0;
    await okta(tenant, "DELETE", `/groups/${await groupId(tenant, "Engineering")}/users/${leaver}`);
    expect(await members()).toBe(before - 1);
    await okta(tenant, "PUT", `/groups/${await groupId(tenant, "Engineering")}/users/${leaver}`);
    expect(await members()).toBe(before);
  });
});

describe("two pushed groups that swap their names", () => {
  it("keep their mappings and their groups of the directory", async () => {
    const [a, b] = [await groupId(tenant, "Engineering"), await groupId(tenant, "Designers")];
    const before = (await settled()).groups;
    for (const [id, name] of [
      [a, "Between"],
      [b, "Engineering"],
      [a, "Designers"],
    ] as const) {
      await rename(tenant, id, name);
      await tenant.org.idle();
    }
    const { changes, nextSteps, failure } = await deploy(tenant, { pushGroups: ["Engineering", "Designers"] });
    expect([failure, nextSteps]).toEqual([undefined, []]);
    expect(changes).toEqual(["update okta:group/rule:Rule", "update okta:group/rule:Rule"]);
    const after = await settled();
    expect(after.groups).toEqual({ Engineering: before["Designers"], Designers: before["Engineering"] });
    expect(after.active).toEqual(at.active);
    expect(await findings()).toEqual([]);
    expect(deletions(tenant)).toEqual([]);
  });
});

describe("a targetName", () => {
  it("that two groups would fill is refused before anything changes", async () => {
    const pushGroups = [
      { name: "Engineering", targetName: "People" },
      { id: await groupId(tenant, "Designers"), targetName: "people" },
    ];
    const { changes, failure } = await deploy(tenant, { pushGroups });
    expect(changes).toEqual([]);
    expect(failure).toContain('would fill the group "people" of the directory, which pushGroups[0] fills');
  });

  it("moves from one group to another without the loss of the directory's group", async () => {
    const at = { name: "Designers", targetName: "Makers", keepTargetOnDelete: false };
    expect((await deploy(tenant, { pushGroups: ["Engineering", at] })).failure).toBeUndefined();
    const before = (await settled()).groups;
    const moved = { pushGroups: ["Engineering", { name: "Finance", targetName: "Makers" }] };
    const first = await deploy(tenant, moved);
    expect(first.failure).toBeUndefined();
    expect(first.nextSteps).toEqual([expect.stringContaining('"Finance"')]);
    expect((await settled()).groups).toEqual(before);
    const known = deletions(tenant).length;
    expect(await deploy(tenant, moved)).toMatchObject({ nextSteps: [], failure: undefined });
    const after = (await settled()).groups;
    expect(Object.keys(after).sort()).toEqual(["Engineering", "Makers"]);
    expect(after["Makers"]?.id).toBe(before["Makers"]?.id);
    expect(after["Makers"]?.members).toHaveLength(6);
    expect(after["Engineering"]).toEqual(before["Engineering"]);
    expect(deletions(tenant)).toHaveLength(known);
    expect((await findings()).filter((one) => one.startsWith("wrong"))).toEqual([]);
  });
});
