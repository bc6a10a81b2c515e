import { expect, test, describe } from "vitest";
import { containing } from "../../support/sandbox/okta/shapes.ts";
import { startScene, type Scene } from "../../support/sandbox/okta/scene.ts";
import { scimError } from "../../support/sandbox/okta/scimServer.ts";
import { TOKEN, asList, at, person } from "../../support/sandbox/okta/support.ts";

const ada = "ada@example.com";
const memberIds = ({ scim }: Scene, groupId: string): string[] =>
  asList(scim.groups.get(groupId)?.["members"]).map((member) => at(member, "value"));

describe("by hand", () => {
  test("Force Sync updates every provisioned person", async () => {
    const it = await startScene();
    it.org.admin.hire(person("Ada"), [it.assignment]);
    await it.sent();
    it.scim.users.set("u1", { id: "u1", userName: ada, displayName: "changed in the directory" });
    it.org.admin.forceSync(it.appId);
    expect(await it.lines()).toEqual(["GET /Users/u1", "PUT /Users/u1"]);
    expect(it.scim.users.get("u1")).toMatchObject({ displayName: "Ada Tester" });
  });

  test("Push Now sends everything again", async () => {
    const it = await startScene({ kind: "catalogue" });
    const team = await it.group("Team");
    it.org.admin.hire(person("Ada"), [it.assignment, team]);
    const mapping = await it.push(team, "Team");
    await it.sent();
    it.scim.groups.set("g1", { id: "g1", displayName: "Team", members: [] });
    it.org.admin.pushNow(mapping);
    expect(await it.lines()).toEqual(["PATCH /Groups/g1"]);
    expect(memberIds(it, "g1")).toEqual(["u1"]);
  });

  test("another token is saved only if the directory accepts it", async () => {
    const it = await startScene();
    it.scim.script = ({ headers }) =>
      headers.authorization === "Bearer second" ? undefined : scimError(401, "The token is not valid.");
    expect(await it.org.admin.changeToken(it.appId, "third")).toMatchObject({ ok: false });
    it.org.admin.hire(person("Ada"), [it.assignment]);
    expect((await it.sent()).at(-1)?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(it.org.admin.tasks()).toMatchObject([
      { kind: "create user", message: containing("The token is not valid.") },
    ]);
    expect(await it.org.admin.changeToken(it.appId, "second")).toMatchObject({ ok: true });
    it.org.admin.retryTask(it.org.admin.tasks()[0]?.id ?? "");
    await it.sent();
    expect(it.org.admin.tasks()).toEqual([]);
    expect(it.scim.users.size).toBe(1);
  });

  test("an import lists new and matching people; a confirmation links without creating", async () => {
    const it = await startScene();
    const known = it.org.admin.hire(person("Ada"));
    it.scim.users.set("x1", { id: "x1", userName: ada, active: true });
    it.scim.users.set("x2", { id: "x2", userName: "new@example.com", active: true });
    it.scim.users.set("x3", { id: "x3", userName: "left@example.com", active: false });
    const { users, ...counts } = await it.org.admin.importUsers(it.appId);
    expect(counts).toEqual({ returned: 3, scanned: 2 });
    expect(users.map(({ scimId, match }) => [scimId, match?.id])).toEqual([
      ["x1", known.id],
      ["x2", undefined],
    ]);
    await it.sent();
    for (const user of users) it.org.admin.confirmImport(it.appId, user);
    expect(await it.lines()).toEqual(["GET /Users/x1", "PUT /Users/x1", "GET /Users/x2", "PUT /Users/x2"]);
    expect((await it.org.api("GET", `/apps/${it.appId}/users/${known.id}`)).body).toMatchObject({ externalId: "x1" });
    expect((await it.org.admin.importUsers(it.appId)).users).toEqual([]);
  });

  test("an import fails instead of missing people that a short page left out", async () => {
    const it = await startScene();
    it.scim.script = () => ({ status: 200, body: { totalResults: 150, Resources: [{ id: "x1", userName: "x" }] } });
    await expect(it.org.admin.importUsers(it.appId)).rejects.toThrow("holds 1 users, 100 were asked for");
  });
});
