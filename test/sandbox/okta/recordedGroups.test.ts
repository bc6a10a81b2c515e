import { expect, test, describe } from "vitest";
import { error, id, link, mappingTime, text, time } from "../../support/sandbox/okta/shapes.ts";
import { at, person, samlApp, startTestOrg } from "../../support/sandbox/okta/support.ts";

const groupShape = (groupId: unknown, name: string, description: string | null): unknown => ({
  id: groupId,
  created: time,
  lastUpdated: time,
  lastMembershipUpdated: time,
  objectClass: ["okta:user_group"],
  type: "OKTA_GROUP",
  profile: { name, description },
  _links: {
    logo: [{ name: "medium", href: text, type: "image/png" }],
    owners: link("/owners"),
    users: link("/users"),
    apps: link("/apps"),
  },
});

test("a group is created, read and renamed with 200 and deleted with 204", async () => {
  const org = await startTestOrg();
  const made = await org.api("POST", "/groups", { profile: { name: "Pilots", description: "" } });
  expect(made).toMatchObject({ status: 200 });
  expect(made.body).toEqual(groupShape(id("00g"), "Pilots", ""));
  const path = `/groups/${at(made.body, "id")}`;
  expect(await org.api("GET", path)).toMatchObject({ status: 200, body: made.body });
  const renamed = await org.api("PUT", path, { profile: { name: "Captains", description: "in command" } });
  expect(renamed).toMatchObject({ status: 200, body: groupShape(at(made.body, "id"), "Captains", "in command") });
  expect(await org.api("DELETE", path)).toMatchObject({ status: 204, body: undefined });
  expect((await org.api("GET", path)).body).toEqual(
    error("E0000007", `Not found: Resource not found: ${at(made.body, "id")} (UserGroup)`),
  );
});

describe("the list of groups", () => {
  test("by type has a self link, and by name has none", async () => {
    const org = await startTestOrg();
    await org.make("POST", "/groups", { profile: { name: "Pilots" } });
    const byType = await org.api("GET", "/groups?filter=type+eq+%22APP_GROUP%22&limit=200");
    expect(byType).toMatchObject({ status: 200, body: [] });
    expect(byType.headers.get("link")).toBe(
      `<${org.url}/api/v1/groups?limit=200&filter=type+eq+%22APP_GROUP%22>; rel="self"`,
    );
    const byName = await org.api("GET", "/groups?limit=200&q=Pil");
    expect(byName).toMatchObject({ status: 200, body: [{ profile: { name: "Pilots" } }] });
    expect(byName.headers.get("link")).toBeNull();
    expect((await org.api("GET", "/groups?q=Nobody")).body).toEqual([]);
    expect((await org.api("GET", "/groups?filter=type+eq+%22APP_GROUP%22&q=Pil")).body).toEqual([]);
  });
});

test("membership is added and removed with 204, and listed from both sides with a self link", async () => {
  const org = await startTestOrg();
  const group = await org.make("POST", "/groups", { profile: { name: "Pilots" } });
  const user = await org.make("POST", "/users", { profile: person("Ada") });
  expect(await org.api("PUT", `/groups/${group}/users/${user}`)).toMatchObject({ status: 204, body: undefined });
  const members = await org.api("GET", `/groups/${group}/users?limit=200`);
  expect(members).toMatchObject({ status: 200, body: [{ id: user, status: "PROVISIONED" }] });
  expect(members.headers.get("link")).toBe(`<${org.url}/api/v1/groups/${group}/users?limit=200>; rel="self"`);
  const groups = await org.api("GET", `/users/${user}/groups`);
  expect(groups.body).toMatchObject([
    { type: "BUILT_IN", profile: { name: "Everyone", description: "All users in your organization" } },
    { id: group, type: "OKTA_GROUP" },
  ]);
  expect(groups.headers.get("link")).toBe(`<${org.url}/api/v1/users/${user}/groups?limit=200>; rel="self"`);
  expect(await org.api("DELETE", `/groups/${group}/users/${user}`)).toMatchObject({ status: 204, body: undefined });
  expect((await org.api("GET", `/groups/${group}/users?limit=200`)).body).toEqual([]);
});

describe("a group rule", () => {
  const wanted = (name: string, group: string, value = `String.startsWith(user.firstName,"andy")`): unknown => ({
    type: "group_rule",
    name,
    actions: { assignUserToGroups: { groupIds: [group] } },
    conditions: { expression: { type: "urn:okta:expression:1.0", value }, people: { users: {} } },
  });

  test("is created INACTIVE, activated and deactivated with 204, replaced while inactive, deleted with 202", async () => {
    const org = await startTestOrg();
    const group = await org.make("POST", "/groups", { profile: { name: "Andys" } });
    const made = await org.api("POST", "/groups/rules", wanted("andys", group));
    const path = `/groups/rules/${at(made.body, "id")}`;
    const shape = (status: string, value: string): unknown => ({
      type: "group_rule",
      id: id("0pr"),
      status,
      name: "andys",
      created: time,
      lastUpdated: time,
      conditions: {
        people: { users: { exclude: [] }, groups: { exclude: [] } },
        expression: { value, type: "urn:okta:expression:1.0" },
      },
      actions: { assignUserToGroups: { groupIds: [group] } },
      allGroupsValid: true,
    });
    const first = `String.startsWith(user.firstName,"andy")`;
    expect(made).toMatchObject({ status: 200 });
    expect(made.body).toEqual(shape("INACTIVE", first));
    expect(await org.api("POST", `${path}/lifecycle/activate`)).toMatchObject({ status: 204, body: undefined });
    expect((await org.api("GET", path)).body).toEqual(shape("ACTIVE", first));
    expect(await org.api("POST", `${path}/lifecycle/deactivate`)).toMatchObject({ status: 204, body: undefined });
    const second = `String.startsWith(user.firstName,String.toLowerCase("bob"))`;
    const replaced = await org.api("PUT", path, wanted("andys", group, second));
    expect(replaced).toMatchObject({ status: 200 });
    expect(replaced.body).toEqual(shape("INACTIVE", second));
    expect(await org.api("DELETE", `${path}?removeUsers=false`)).toMatchObject({ status: 202, body: {} });
    expect((await org.api("GET", path)).status).toBe(404);
  });

  test("is sometimes answered with 423 while priorities are reconciled, and accepted on a retry", async () => {
    const org = await startTestOrg({ quirks: { rulesLockedEvery: 2 } });
    const group = await org.make("POST", "/groups", { profile: { name: "Andys" } });
    expect((await org.api("POST", "/groups/rules", wanted("one", group))).status).toBe(200);
    const locked = await org.api("POST", "/groups/rules", wanted("two", group));
    expect(locked.status).toBe(423);
    expect(locked.body).toEqual(error("E0000239", "Policy priorities are being reconciled. Please try again later."));
    expect((await org.api("POST", "/groups/rules", wanted("two", group))).status).toBe(200);
  });
});

describe("a push mapping", () => {
  test("has no milliseconds, is linked to three resources, and is deleted with 200 and nothing", async () => {
    const org = await startTestOrg();
    const appId = await org.make("POST", "/apps", samlApp("Directory"));
    const source = await org.make("POST", "/groups", { profile: { name: "Pilots" } });
    const path = `/apps/${appId}/group-push/mappings`;
    const wish = { sourceGroupId: source, status: "ACTIVE", targetGroupName: "Flyers" };
    const made = await org.api("POST", path, wish);
    const target = at(made.body, "targetGroupId");
    const shape = (status: string): unknown => ({
      created: mappingTime,
      id: id("gPm"),
      lastUpdated: mappingTime,
      sourceGroupId: source,
      status,
      targetGroupId: id("00g"),
      _links: {
        app: link(`/api/v1/apps/${appId}`),
        sourceGroup: link(`/api/v1/groups/${source}`),
        targetGroup: link(`/api/v1/groups/${target}`),
      },
    });
    expect(made).toMatchObject({ status: 200 });
    expect(made.body).toEqual(shape("ACTIVE"));
    const one = `${path}/${at(made.body, "id")}`;
    expect((await org.api("GET", one)).body).toEqual(shape("ACTIVE"));
    expect((await org.api("GET", `/groups/${target}`)).body).toMatchObject({
      type: "APP_GROUP",
      profile: { name: "Flyers" },
      source: { id: appId },
    });
    const paused = await org.api("PATCH", one, { status: "INACTIVE" });
    expect(paused).toMatchObject({ status: 200 });
    expect(paused.body).toEqual(shape("INACTIVE"));
    expect(await org.api("DELETE", `${one}?deleteTargetGroup=false`)).toMatchObject({ status: 200, body: undefined });
    expect((await org.api("GET", one)).status).toBe(404);
  });

  test.each(["after=", "sourceGroupId=00gNone"])(
    "list asked for with %s has a bare self link with the limit",
    async (query) => {
      const org = await startTestOrg();
      const appId = await org.make("POST", "/apps", samlApp("Directory"));
      const path = `/apps/${appId}/group-push/mappings`;
      const { status, headers, body } = await org.api("GET", `${path}?${query}`);
      expect({ status, body }).toEqual({ status: 200, body: [] });
      expect(headers.get("link")).toBe(`<${org.url}/api/v1${path}?limit=100>; rel="self"`);
    },
  );
});
