import { expect, test, describe } from "vitest";
import { matching } from "../../support/sandbox/okta/shapes.ts";
import { startScene, type Scene } from "../../support/sandbox/okta/scene.ts";
import { TOKEN, asList, asRecord, at, connect, person } from "../../support/sandbox/okta/support.ts";

const ada = "ada@example.com";
const memberIds = ({ scim }: Scene, groupId: string): string[] =>
  asList(scim.groups.get(groupId)?.["members"]).map((member) => at(member, "value"));

describe("people who were assigned before provisioning was on", () => {
  test("are not created by switching it on, nor by Force Sync, but by Provision User", async () => {
    const it = await startScene({ connected: false });
    const early = it.org.admin.hire(person("Ada"), [it.assignment]);
    await it.org.idle();
    await connect(it.org, it.appId, it.scim.baseUrl);
    await it.sent();
    it.org.admin.forceSync(it.appId);
    expect(await it.sent()).toEqual([]);
    expect((await it.org.api("GET", `/apps/${it.appId}/users/${early.id}`)).body).toMatchObject({
      syncState: "DISABLED",
    });

    it.org.admin.hire(person("Bo"), [it.assignment]);
    await it.sent();
    expect([...it.scim.users.values()].map(({ userName }) => userName)).toEqual(["bo@example.com"]);

    it.org.admin.provisionUser(it.appId, ada);
    expect((await it.lines()).at(-1)).toBe("POST /Users");
    expect((await it.org.api("GET", `/apps/${it.appId}/users/${early.id}`)).body).toMatchObject({
      syncState: "SYNCHRONIZED",
      externalId: "u2",
    });
  });

  test("are missing from the groups that are pushed meanwhile", async () => {
    const it = await startScene({ connected: false });
    const team = await it.group("Team");
    it.org.admin.hire(person("Ada"), [it.assignment, team]);
    await it.org.idle();
    await connect(it.org, it.appId, it.scim.baseUrl);
    await it.push(team, "Team");
    await it.sent();
    expect(memberIds(it, "g1")).toEqual([]);
    it.org.admin.provisionUser(it.appId, ada);
    await it.sent();
    expect(memberIds(it, "g1")).toEqual(["u1"]);
  });
});

describe("what the console allows", () => {
  const on = { createUsers: true, updateUserAttributes: true, deactivateUsers: true };

  test.each([
    ["creating", { ...on, createUsers: false }, ["SCIM_PROVISIONING", "PUSH_PROFILE_UPDATES"]],
    ["updating", { ...on, updateUserAttributes: false }, ["SCIM_PROVISIONING", "PUSH_NEW_USERS"]],
  ])("shows in features (%s off)", async (_what, toApp, features) => {
    const it = await startScene();
    await connect(it.org, it.appId, it.scim.baseUrl, { toApp });
    const { body } = await it.org.api("GET", `/apps/${it.appId}`);
    expect(asList(asRecord(body)["features"])).toEqual(expect.arrayContaining(features));
    expect(asList(asRecord(body)["features"])).toHaveLength(7);
  });

  test("is all that is sent: nobody is deactivated, updated or created if that is off", async () => {
    const it = await startScene();
    it.org.admin.hire(person("Ada"), [it.assignment]);
    await it.sent();
    await connect(it.org, it.appId, it.scim.baseUrl, {
      toApp: { createUsers: false, updateUserAttributes: false, deactivateUsers: false },
    });
    await it.sent();
    it.org.admin.changeProfile(ada, { title: "Clerk" });
    await it.org.idle();
    it.org.admin.hire(person("Bo"), [it.assignment]);
    await it.org.idle();
    it.org.admin.setLifecycle(ada, "deactivate");
    expect(await it.sent()).toEqual([]);
  });

  test("ends with the connection: no features, nothing sent", async () => {
    const it = await startScene();
    it.org.admin.hire(person("Ada"), [it.assignment]);
    await it.sent();
    it.org.admin.disconnect(it.appId);
    expect((await it.org.api("GET", `/apps/${it.appId}`)).body).toMatchObject({ features: [] });
    it.org.admin.hire(person("Bo"), [it.assignment]);
    it.org.admin.setLifecycle(ada, "deactivate");
    expect(await it.sent()).toEqual([]);
  });

  test("survives a PUT of the app through the API", async () => {
    const it = await startScene();
    const before = (await it.org.api("GET", `/apps/${it.appId}`)).body;
    const after = await it.org.api("PUT", `/apps/${it.appId}`, { ...asRecord(before), features: [], label: "Renamed" });
    expect(after.body).toMatchObject({ label: "Renamed", features: asRecord(before)["features"] });
  });
});

describe("profile mappings", () => {
  const mappingId = async ({ org, appId }: Scene): Promise<string> =>
    at((await org.api("GET", `/mappings?targetId=${appId}`)).body, 0, "id");

  test("decide what is sent; DONT_PUSH is sent only on create", async () => {
    const it = await startScene();
    await it.org.api("POST", `/mappings/${await mappingId(it)}`, {
      properties: {
        title: { expression: "user.city", pushStatus: "DONT_PUSH" },
        nickName: { expression: `String.toUpperCase(user.firstName)`, pushStatus: "PUSH" },
        department: null,
        primaryPhone: { expression: "user.primaryPhone", pushStatus: "PUSH" },
        managerValue: { expression: "user.managerId", pushStatus: "PUSH" },
      },
    });
    const more = { city: "boss", department: "Sales", primaryPhone: "+1 555", managerId: "m1" };
    it.org.admin.hire(person("Ada", more), [it.assignment]);
    const post = (await it.sent()).at(-1)?.body;
    const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    expect(post).toMatchObject({
      title: "boss",
      nickName: "ADA",
      phoneNumbers: [{ primary: true, value: "+1 555", type: "work" }],
      [enterprise]: { manager: { value: "m1" } },
    });
    expect(post).not.toHaveProperty([enterprise, "department"]);
    it.org.admin.changeProfile(ada, { city: "clerk" });
    expect(await it.sent()).toEqual([]);
    it.org.admin.changeProfile(ada, { firstName: "Eda", city: "clerk" });
    expect((await it.sent()).at(-1)?.body).toMatchObject({ title: "boss", nickName: "EDA" });
  });

  test("know a custom app's SCIM attributes only once SCIM is on", async () => {
    const it = await startScene({ connected: false });
    const path = `/mappings/${await mappingId(it)}`;
    const wish = { properties: { title: { expression: "user.title", pushStatus: "PUSH" } } };
    expect(await it.org.api("POST", path, wish)).toMatchObject({ status: 400 });
    await connect(it.org, it.appId, it.scim.baseUrl);
    expect((await it.org.api("POST", path, wish)).status).toBe(200);
    expect((await it.org.api("POST", path, { properties: { shoeSize: { expression: "user.title" } } })).status).toBe(
      400,
    );
  });

  test("fill an attribute that was added to the app's schema", async () => {
    const it = await startScene();
    const urn = "urn:example:2.0:User";
    const badge = { title: "Badge", type: "string", externalName: "badgeId", externalNamespace: urn };
    const schema = await it.org.api("POST", `/meta/schemas/apps/${it.appId}/default`, {
      definitions: { custom: { properties: { badge } } },
    });
    expect(schema.body).toHaveProperty("definitions.custom.properties.badge.externalName", "badgeId");
    await it.org.api("POST", `/mappings/${await mappingId(it)}`, {
      properties: { badge: { expression: "user.employeeNumber", pushStatus: "PUSH" } },
    });
    it.org.admin.hire(person("Ada", { employeeNumber: "42" }), [it.assignment]);
    expect((await it.sent()).at(-1)?.body).toMatchObject({
      schemas: expect.arrayContaining([urn]) as unknown,
      [urn]: { badgeId: "42" },
    });
  });
});

describe("a suspension", () => {
  test("sends nothing, leaves the person out of the next push, and needs a push by hand afterwards", async () => {
    const it = await startScene();
    const team = await it.group("Team");
    for (const name of ["Ada", "Bo"]) it.org.admin.hire(person(name), [it.assignment, team]);
    const mapping = await it.push(team, "Team");
    await it.sent();
    it.org.admin.setLifecycle(ada, "suspend");
    expect(await it.sent()).toEqual([]);
    expect(it.scim.users.get("u1")).toMatchObject({ active: true });
    it.org.admin.hire(person("Cy"), [it.assignment, team]);
    await it.sent();
    expect(memberIds(it, "g1")).toEqual(["u2", "u3"]);
    it.org.admin.setLifecycle(ada, "unsuspend");
    expect(await it.sent()).toEqual([]);
    it.org.admin.pushNow(mapping);
    await it.sent();
    expect(memberIds(it, "g1")).toEqual(["u1", "u2", "u3"]);
  });
});

describe("a push mapping", () => {
  test("goes to ERROR if its group was deleted in the directory, until it is unlinked and pushed again", async () => {
    const it = await startScene();
    const team = await it.group("Team");
    const mapping = await it.push(team, "Team");
    await it.sent();
    it.scim.groups.clear();
    it.org.admin.hire(person("Ada"), [it.assignment, team]);
    await it.sent();
    const failed = (await it.org.api("GET", `${it.mappings}/${mapping}`)).body;
    expect(failed).toMatchObject({
      status: "ERROR",
      errorSummary: matching(
        /^Unable to update Group Push mapping target App group Team: .*Errors reported by remote server/,
      ),
    });
    expect((await it.org.api("GET", `${it.mappings}?status=ERROR`)).body).toMatchObject([{ id: mapping }]);
    it.org.admin.pushNow(mapping);
    expect(await it.lines()).toEqual(["GET /Groups/g1"]);
    expect((await it.org.api("GET", `${it.mappings}/${mapping}`)).body).toMatchObject({ status: "ERROR" });
    it.org.admin.unlinkGroup(mapping, { deleteTargetGroup: false });
    await it.push(team, "Team");
    await it.sent();
    expect(memberIds(it, "g1")).toEqual(["u1"]);
  });

  test("goes to ERROR if its source is deleted, and the directory keeps the group", async () => {
    const it = await startScene();
    const team = await it.group("Team");
    const mapping = await it.push(team, "Team");
    await it.sent();
    it.org.admin.deleteGroup(team);
    expect(await it.sent()).toEqual([]);
    expect((await it.org.api("GET", `${it.mappings}/${mapping}`)).body).toMatchObject({
      status: "ERROR",
      errorSummary: "The source group Team was deleted",
    });
    expect(it.scim.groups.size).toBe(1);
  });

  test("keeps the target's own name if renaming is off", async () => {
    const it = await startScene();
    await it.org.admin.configureProvisioning(it.appId, {
      baseUrl: it.scim.baseUrl,
      token: TOKEN,
      actions: { pushNewUsers: true, pushProfileUpdates: true, pushGroups: true },
      toApp: { createUsers: true, updateUserAttributes: true, deactivateUsers: true },
      renameAppGroups: false,
    });
    const team = await it.group("Team");
    await it.push(team, "Flyers");
    await it.sent();
    it.org.admin.renameGroup(team, "Crew");
    expect(await it.sent()).toEqual([]);
    expect(it.scim.groups.get("g1")).toMatchObject({ displayName: "Flyers" });
  });

  test("that is INACTIVE pushes nothing, and pushes everything after it is active again", async () => {
    const it = await startScene();
    const team = await it.group("Team");
    const mapping = await it.push(team, "Team");
    await it.sent();
    await it.org.api("PATCH", `${it.mappings}/${mapping}`, { status: "INACTIVE" });
    it.org.admin.hire(person("Ada"), [it.assignment, team]);
    await it.sent();
    expect(memberIds(it, "g1")).toEqual([]);
    await it.org.api("PATCH", `${it.mappings}/${mapping}`, { status: "ACTIVE" });
    expect(await it.lines()).toEqual(["GET /Groups/g1", "PUT /Groups/g1"]);
    expect(memberIds(it, "g1")).toEqual(["u1"]);
  });
});

test("an app's requests go out one at a time, people before groups", async () => {
  const it = await startScene({ pollMs: 20 });
  it.scim.script = () => undefined;
  const team = await it.group("Team");
  await it.push(team, "Team");
  await it.org.idle();
  await it.sent();
  for (const name of ["Ada", "Bo", "Cy"]) it.org.admin.hire(person(name), [it.assignment, team]);
  const order = (await it.lines()).filter((line) => !line.startsWith("GET"));
  expect(order).toEqual(["POST /Users", "POST /Users", "POST /Users", "PUT /Groups/g1"]);
  expect(it.scim.mostAtOnce).toBe(1);
});
