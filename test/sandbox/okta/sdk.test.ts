import { Client, type Collection } from "@okta/okta-sdk-nodejs";
import { expect, test, describe } from "vitest";
import { startScimServer } from "../../support/sandbox/okta/scimServer.ts";
import {
  catalogueApp,
  connect,
  person,
  samlApp,
  startTestOrg,
  type TestOrg,
} from "../../support/sandbox/okta/support.ts";
import type { OrgOptions } from "../../../sandbox/okta/index.ts";

/** Okta's own client with its usual settings. */
async function sdk(options: OrgOptions = {}): Promise<{ readonly org: TestOrg; readonly client: Client }> {
  const org = await startTestOrg(options);
  const client = new Client({ orgUrl: org.url, token: org.apiToken, cacheMiddleware: null });
  return { org, client };
}

async function all<T>(collection: Collection<T>): Promise<T[]> {
  const items: T[] = [];
  await collection.each((item) => void items.push(item));
  return items;
}

describe("Okta's own client", () => {
  test("creates, reads, searches, changes, suspends, deactivates and deletes people", async () => {
    const { client } = await sdk();
    const profile = { firstName: "Ada", lastName: "Tester", login: "ada@example.com", email: "ada@example.com" };
    const ada = await client.userApi.createUser({ body: { profile }, activate: true });
    expect(ada.status).toBe("PROVISIONED");
    expect(ada.created).toBeInstanceOf(Date);
    const userId = ada.id ?? "";
    expect((await client.userApi.getUser({ userId: "ada@example.com" })).id).toBe(userId);
    expect((await client.userApi.getUser({ userId: "me" })).profile?.login).toBe("admin@example.com");

    await client.userApi.updateUser({ userId, user: { profile: { title: "Engineer" } } });
    const replaced = await client.userApi.replaceUser({ userId, user: { profile: { ...profile, department: "R&D" } } });
    expect(replaced.profile).toMatchObject({ department: "R&D", secondEmail: null });
    expect(replaced.profile?.title ?? undefined).toBeUndefined();

    await client.userApi.createUser({
      body: { profile: { ...profile, login: "bo@example.com" }, credentials: { password: { value: "Abcd1234!" } } },
    });
    const found = await all(await client.userApi.listUsers({ search: `profile.department eq "R&D" and status pr` }));
    expect(found.map(({ id }) => id)).toEqual([userId]);
    await client.userApi.suspendUser({ userId: "bo@example.com" });
    expect((await client.userApi.getUser({ userId: "bo@example.com" })).status).toBe("SUSPENDED");
    await client.userApi.unsuspendUser({ userId: "bo@example.com" });

    await client.userApi.deactivateUser({ userId });
    const activation = await client.userApi.activateUser({ userId, sendEmail: false });
    expect(activation.activationToken).toEqual(expect.any(String));
    await client.userApi.deactivateUser({ userId });
    await client.userApi.deleteUser({ userId });
    await expect(client.userApi.getUser({ userId })).rejects.toMatchObject({ status: 404, errorCode: "E0000007" });
  });

  test("pages through people and groups by the links", async () => {
    const { org, client } = await sdk();
    for (let index = 0; index < 7; index += 1) org.admin.hire(person(`P${index}`));
    const people = await all(await client.userApi.listUsers({ limit: 2, filter: `status eq "ACTIVE"` }));
    expect(people.map(({ profile }) => profile?.firstName)).toEqual(["Org", "P0", "P1", "P2", "P3", "P4", "P5", "P6"]);
    for (const name of ["A", "B", "C"]) await client.groupApi.createGroup({ group: { profile: { name } } });
    const groups = await all(await client.groupApi.listGroups({ limit: 1 }));
    expect(groups.map(({ profile }) => profile?.name)).toEqual(["Everyone", "A", "B", "C"]);
  });

  test("deletes while paging, without missing any", async () => {
    const { client } = await sdk();
    for (const name of ["A", "B", "C", "D", "E"]) await client.groupApi.createGroup({ group: { profile: { name } } });
    const groups = await client.groupApi.listGroups({ limit: 2, filter: `type eq "OKTA_GROUP"` });
    await groups.each(async ({ id }) => client.groupApi.deleteGroup({ groupId: id ?? "" }));
    expect((await all(await client.groupApi.listGroups({}))).map(({ profile }) => profile?.name)).toEqual(["Everyone"]);
  });

  test("manages groups, memberships and rules", async () => {
    const { org, client } = await sdk();
    const { id: userId } = org.admin.hire(person("Ada", { department: "Sales" }));
    const group = await client.groupApi.createGroup({ group: { profile: { name: "Sellers", description: "all" } } });
    const groupId = group.id ?? "";
    expect(group.lastMembershipUpdated).toBeInstanceOf(Date);
    await client.groupApi.replaceGroup({ groupId, group: { profile: { name: "Vendors" } } });
    await client.groupApi.assignUserToGroup({ groupId, userId });
    expect((await all(await client.groupApi.listGroupUsers({ groupId }))).map(({ id }) => id)).toEqual([userId]);
    await client.groupApi.unassignUserFromGroup({ groupId, userId });

    const rule = await client.groupApi.createGroupRule({
      groupRule: {
        type: "group_rule",
        name: "sales sell",
        conditions: { expression: { type: "urn:okta:expression:1.0", value: `user.department == "Sales"` } },
        actions: { assignUserToGroups: { groupIds: [groupId] } },
      },
    });
    expect(rule.status).toBe("INACTIVE");
    const ruleId = rule.id ?? "";
    await client.groupApi.activateGroupRule({ ruleId });
    await org.idle();
    expect((await all(await client.groupApi.listGroupUsers({ groupId }))).map(({ id }) => id)).toEqual([userId]);
    expect((await all(await client.groupApi.listGroupRules({ search: "SALES" }))).map(({ id }) => id)).toEqual([
      ruleId,
    ]);
    const named = await client.groupApi.getGroupRule({ ruleId, expand: "groupIdToGroupNameMap" });
    expect(named).toMatchObject({ id: ruleId, status: "ACTIVE" });
    await client.groupApi.deactivateGroupRule({ ruleId });
    const changed = await client.groupApi.replaceGroupRule({ ruleId, groupRule: { ...rule, name: "sales" } });
    expect(changed.name).toBe("sales");
    await client.groupApi.deleteGroupRule({ ruleId, removeUsers: true });
    expect(await all(await client.groupApi.listGroupUsers({ groupId }))).toEqual([]);
  });

  test("creates apps, assigns groups and people, and reads the assigned people", async () => {
    const { org, client } = await sdk();
    const application = await client.applicationApi.createApplication({
      application: { ...samlApp("Directory"), label: "Directory", signOnMode: "SAML_2_0" },
    });
    const appId = application.id ?? "";
    expect(application).toMatchObject({ signOnMode: "SAML_2_0", status: "ACTIVE" });
    const catalogue = await client.applicationApi.createApplication({
      application: { ...catalogueApp("Test app"), label: "Test app", signOnMode: "AUTO_LOGIN" },
    });
    expect((await all(await client.applicationApi.listApplications({ limit: 1 }))).map(({ id }) => id)).toEqual([
      appId,
      catalogue.id,
    ]);
    await client.applicationApi.replaceApplication({ appId, application: { ...application, label: "Renamed" } });
    expect((await client.applicationApi.getApplication({ appId })).label).toBe("Renamed");

    const ada = org.admin.hire(person("Ada"));
    const bo = org.admin.hire(person("Bo"));
    const group = await client.groupApi.createGroup({ group: { profile: { name: "Users" } } });
    const groupId = group.id ?? "";
    await client.groupApi.assignUserToGroup({ groupId, userId: bo.id });
    const assigned = await client.applicationApi.assignGroupToApplication({
      appId,
      groupId,
      applicationGroupAssignment: { priority: 2 },
    });
    expect(assigned).toMatchObject({ id: groupId, priority: 2 });
    await client.applicationApi.assignUserToApplication({ appId, appUser: { id: ada.id, scope: "USER" } });
    await org.idle();
    const users = await all(await client.applicationApi.listApplicationUsers({ appId, limit: 1 }));
    expect(users.map(({ id, scope }) => [id, scope]).sort()).toEqual(
      [
        [ada.id, "USER"],
        [bo.id, "GROUP"],
      ].sort(),
    );
    expect(
      (await all(await client.applicationApi.listApplicationGroupAssignments({ appId }))).map(({ id }) => id),
    ).toEqual([groupId]);
    expect(
      (await all(await client.groupApi.listAssignedApplicationsForGroup({ groupId }))).map(({ id }) => id),
    ).toEqual([appId]);
    await client.applicationApi.unassignUserFromApplication({ appId, userId: ada.id });
    await client.applicationApi.unassignApplicationFromGroup({ appId, groupId });
    expect(await all(await client.applicationApi.listApplicationUsers({ appId }))).toEqual([]);
    await client.applicationApi.deactivateApplication({ appId });
    await client.applicationApi.deleteApplication({ appId });
    await expect(client.applicationApi.getApplication({ appId })).rejects.toMatchObject({ status: 404 });
  });

  test("reads the UNKNOWN connection, profile mappings and the app's schema", async () => {
    const { org, client } = await sdk();
    const scim = await startScimServer();
    const appId = await org.make("POST", "/apps", samlApp("Directory"));
    const connection = await client.applicationApi.getDefaultProvisioningConnectionForApplication({ appId });
    expect(connection).toMatchObject({ status: "UNKNOWN" });
    const before = await client.schemaApi.getApplicationUserSchema({ appInstanceId: appId });
    expect(before.definitions?.base?.properties?.department).toBeUndefined();
    await connect(org, appId, scim.baseUrl);
    const after = await client.schemaApi.getApplicationUserSchema({ appInstanceId: appId });
    expect(after.definitions?.base?.properties?.department).toMatchObject({ type: "string" });
    const [mapping] = await all(await client.profileMappingApi.listProfileMappings({ targetId: appId }));
    const mappingId = mapping?.id ?? "";
    const changed = await client.profileMappingApi.updateProfileMapping({
      mappingId,
      profileMapping: { properties: { title: { expression: "user.userType", pushStatus: "PUSH" } } },
    });
    expect(changed.properties?.["title"]).toMatchObject({ expression: "user.userType", pushStatus: "PUSH" });
    const userSchema = await client.schemaApi.getUserSchema({ schemaId: "default" });
    expect(userSchema.definitions?.base?.properties).toHaveProperty("login");
    expect((await all(await client.userTypeApi.listUserTypes())).map(({ name }) => name)).toEqual(["user"]);
  });

  test("pushes groups, pauses and unlinks them", async () => {
    const { org, client } = await sdk();
    const scim = await startScimServer();
    const appId = await org.make("POST", "/apps", samlApp("Directory"));
    await connect(org, appId, scim.baseUrl);
    const sourceGroupId = await org.make("POST", "/groups", { profile: { name: "Team" } });
    const made = await client.groupPushMappingApi.createGroupPushMapping({
      appId,
      body: { sourceGroupId, targetGroupName: "Team", status: "ACTIVE" },
    });
    const mappingId = made.id ?? "";
    await org.idle();
    const pushed = await client.groupPushMappingApi.getGroupPushMapping({ appId, mappingId });
    expect(pushed).toMatchObject({ status: "ACTIVE", sourceGroupId });
    expect(pushed.lastPush).toBeInstanceOf(Date);
    const listed = await all(await client.groupPushMappingApi.listGroupPushMappings({ appId, status: "ACTIVE" }));
    expect(listed.map(({ id }) => id)).toEqual([mappingId]);
    await client.groupPushMappingApi.updateGroupPushMapping({ appId, mappingId, body: { status: "INACTIVE" } });
    await client.groupPushMappingApi.deleteGroupPushMapping({ appId, mappingId, deleteTargetGroup: true });
    await org.idle();
    expect(scim.groups.size).toBe(0);
  });

  test("reads the System Log, bounded by until", async () => {
    const { org, client } = await sdk();
    org.admin.hire(person("Ada"));
    const since = new Date(Date.now() - 60_000).toISOString();
    const until = new Date(Date.now() + 60_000).toISOString();
    const log = await client.systemLogApi.listLogEvents({
      since,
      until,
      limit: 1,
      filter: `eventType sw "user.lifecycle"`,
    });
    const events = await all(log);
    expect(events.map(({ eventType }) => eventType)).toEqual(["user.lifecycle.create", "user.lifecycle.create"]);
    expect(events[1]).toMatchObject({ outcome: { result: "SUCCESS" }, target: [{ alternateId: "ada@example.com" }] });
    expect(events[1]?.published).toBeInstanceOf(Date);
  });

  test("waits for the end of the rate limit and then continues", async () => {
    const { client } = await sdk({ rateLimit: { requests: 3, windowSeconds: 1 } });
    const names = ["A", "B", "C", "D", "E"];
    for (const name of names) await client.groupApi.createGroup({ group: { profile: { name } } });
    const groups = await all(await client.groupApi.listGroups({}));
    expect(groups.map(({ profile }) => profile?.name)).toEqual(["Everyone", ...names]);
  });

  test("receives errors in Okta's words", async () => {
    const { client } = await sdk();
    const login = "ada@example.com";
    const wrong = client.userApi.createUser({
      body: { profile: { firstName: "Ada", login, email: login, shoeSize: 38 } },
    });
    await expect(wrong).rejects.toMatchObject({
      status: 400,
      errorCode: "E0000001",
      errorSummary: "Api validation failed: lastName",
      errorCauses: [
        { errorSummary: "lastName: The field cannot be left blank" },
        { errorSummary: "shoeSize: The attribute is not defined in the user schema" },
      ],
    });
  });
});
