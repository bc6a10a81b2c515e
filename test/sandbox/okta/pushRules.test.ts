import { describe, expect, test } from "vitest";
import { startScene } from "../../support/sandbox/okta/scene.ts";
import { person } from "../../support/sandbox/okta/support.ts";

describe("push by rule", () => {
  test.each([
    ["startsWith", "team", ["Team A", "team b"]],
    ["contains", "eam", ["Team A", "team b", "The Dream"]],
  ] as const)("%s %s pushes the groups that match, now and later", async (match, text, wanted) => {
    const it = await startScene();
    await it.group("Team A");
    await it.group("The Dream");
    await it.sent();
    it.org.admin.addPushRule(it.appId, { name: "Teams", match, text });
    await it.sent();
    it.org.admin.createGroup("team b", "");
    await it.sent();
    const names = [...it.scim.groups.values()].map(({ displayName }) => displayName);
    expect(names.sort()).toEqual([...wanted].sort());
    const [rule, ...more] = it.org.admin.pushRules(it.appId);
    expect([rule, more]).toMatchObject([{ name: "Teams", match, text }, []]);
    const found = (rule?.groupIds ?? []).map((id) => it.org.view.group(id, it.appId)?.name);
    expect(found.sort()).toEqual([...wanted].sort());
  });

  test("a group that was unlinked stays unlinked, and a removed rule leaves its groups pushed", async () => {
    const it = await startScene();
    const team = await it.group("Team A");
    const { id } = it.org.admin.addPushRule(it.appId, { name: "Teams", match: "startsWith", text: "Team" });
    await it.sent();
    const pushed = () => it.org.view.pushedGroups({ search: "", start: 0, count: 10 }, it.appId).items;
    expect(pushed().map((group) => group.id)).toEqual([team]);
    it.org.admin.removePushRule(it.appId, id);
    it.org.admin.createGroup("Team B", "");
    await it.sent();
    expect(pushed().map(({ name }) => name)).toEqual(["Team A"]);
    it.org.admin.addPushRule(it.appId, { name: "Again", match: "startsWith", text: "Team A" });
    it.org.admin.unlinkGroup(pushed()[0]?.push?.id ?? "", { deleteTargetGroup: true });
    await it.sent();
    expect(pushed()).toEqual([]);
    expect(it.scim.groups.size).toBe(0);
  });

  test("a name is given once", async () => {
    const it = await startScene();
    const rule = { name: "Teams", match: "contains", text: "x" } as const;
    it.org.admin.addPushRule(it.appId, rule);
    expect(() => it.org.admin.addPushRule(it.appId, rule)).toThrow(/Api validation failed: name/);
    expect(() => it.org.admin.removePushRule(it.appId, "unknown")).toThrow(/not found/i);
  });
});

describe("group rules by hand", () => {
  test("a rule is active at once, and its people stay or leave with it", async () => {
    const it = await startScene();
    const [source, target] = [await it.group("Source"), await it.group("Target")];
    it.org.admin.hire(person("Ada"), [source]);
    const add = (name: string) =>
      it.org.admin.addRule({ name, expression: `isMemberOfAnyGroup("${source}")`, groupId: target });
    const members = () =>
      it.org.view
        .people({ search: "", start: 0, count: 10, groupId: target }, it.appId)
        .items.map(({ login }) => login);
    const first = add("First");
    await it.org.idle();
    expect(members()).toEqual(["ada@example.com"]);
    it.org.admin.removeRule(first.id, { removeUsers: true });
    expect(members()).toEqual([]);
    const second = add("Second");
    await it.org.idle();
    it.org.admin.removeRule(second.id, { removeUsers: false });
    await it.org.idle();
    expect(members()).toEqual(["ada@example.com"]);
    expect(() => it.org.admin.addRule({ name: "Bad", expression: "user.department ==", groupId: target })).toThrow(
      /Api validation failed/,
    );
  });

  test("the deletion of a group names the people who lose the app, and the rules", async () => {
    const it = await startScene();
    const source = await it.group("Source");
    it.org.admin.hire(person("Ada"), [it.assignment]);
    it.org.admin.addRule({ name: "Fills", expression: `isMemberOfAnyGroup("${source}")`, groupId: it.assignment });
    await it.org.idle();
    expect(it.org.view.deletion(it.assignment, it.appId)).toEqual({
      ...{ members: 1, unassigned: 1, left: 0 },
      ...{ rules: ["Fills"], readers: [] },
    });
    const nobody = { members: 0, unassigned: 0, left: 0, rules: [], readers: ["Fills"] };
    expect(it.org.view.deletion(source, it.appId)).toEqual(nobody);
    it.org.admin.hire(person("Bea"), [source]);
    it.org.admin.hire(person("Cas"), [source, it.assignment]);
    await it.org.idle();
    const before = it.org.view.people({ search: "", start: 0, count: 10, groupId: it.assignment }, it.appId);
    expect(it.org.view.deletion(source, it.appId)).toEqual({ ...nobody, members: 2, left: 1 });
    expect(it.org.view.people({ search: "", start: 0, count: 10, groupId: it.assignment }, it.appId)).toEqual(before);
    it.org.admin.deleteGroup(source);
    await it.org.idle();
    expect(it.org.view.app(it.appId)?.assigned).toBe(2);
    expect(it.org.view.deletion("unknown", it.appId)).toBeUndefined();
  });
});
