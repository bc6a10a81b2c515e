import { expect, test, describe } from "vitest";
import { containing } from "../../support/sandbox/okta/shapes.ts";
import { asList, at, person, startTestOrg, type TestOrg } from "../../support/sandbox/okta/support.ts";

interface RuleWish {
  readonly name?: string;
  readonly value: string;
  readonly groups: readonly string[];
  readonly exclude?: readonly string[];
}

const body = ({ name = "rule", value, groups, exclude }: RuleWish): unknown => ({
  type: "group_rule",
  name,
  conditions: {
    expression: { type: "urn:okta:expression:1.0", value },
    people: { users: exclude === undefined ? {} : { exclude } },
  },
  actions: { assignUserToGroups: { groupIds: groups } },
});

const group = (org: TestOrg, name: string): Promise<string> => org.make("POST", "/groups", { profile: { name } });

async function activeRule(org: TestOrg, wish: RuleWish): Promise<string> {
  const id = await org.make("POST", "/groups/rules", body(wish));
  expect((await org.api("POST", `/groups/rules/${id}/lifecycle/activate`)).status).toBe(204);
  return id;
}

async function firstNames(org: TestOrg, groupId: string): Promise<string[]> {
  const { body: members } = await org.api("GET", `/groups/${groupId}/users`);
  return asList(members).map((member) => at(member, "profile", "firstName"));
}

describe("an expression", () => {
  const profile = { department: "Sales", title: "Head of Sales", employeeNumber: "1042", division: "" };

  test.each([
    [`user.department == "Sales"`, true],
    [`user.department == "sales"`, false],
    [`user.department != 'Sales'`, false],
    [`user.nickName == null`, true],
    [`String.startsWith(user.title, "Head")`, true],
    [`String.stringContains(user.title, "of") AND user.department=="Sales"`, true],
    [`user.department == "IT" OR NOT (user.department == "Sales")`, false],
    [`user.department == "IT" || !(user.department == "IT") && true`, true],
    [`String.toUpperCase(user.department) == "SALES"`, true],
    [`String.substringBefore(user.login, "@") == "ada"`, true],
    [`String.substringAfter(user.login, "@") == "example.com"`, true],
    [`String.substring(user.employeeNumber, 0, 2) == "10"`, true],
    [`String.len(user.employeeNumber) > 3`, true],
    [`String.replace(user.title, " of ", "-") == "Head-Sales"`, true],
    [`String.join("/", user.department, user.employeeNumber) == "Sales/1042"`, true],
    [`user.firstName + " " + user.lastName == "Ada Tester"`, true],
    [`String.stringSwitch(user.title, "none", "Clerk", "c", "Head", "h") == "h"`, true],
    [`user.department == "Sales" ? user.title == "Head of Sales" : false`, true],
    [`Arrays.contains({"Sales", "IT"}, user.department)`, true],
    [`Arrays.size({"a", "b"}) == 2`, true],
    [`Arrays.isEmpty({})`, true],
    [`user.getInternalProperty("status") == "ACTIVE"`, true],
    [`isMemberOfGroupName("Crew One")`, true],
    [`isMemberOfGroupNameStartsWith("Crew")`, true],
    [`isMemberOfGroupNameContains("One")`, true],
    [`isMemberOfGroupNameRegex("Crew\\s.*")`, true],
    [`isMemberOfGroupName("crew one")`, false],
  ])("%s is %s", async (value, wanted) => {
    const org = await startTestOrg();
    const crew = await group(org, "Crew One");
    const target = await group(org, "Target");
    org.admin.hire(person("Ada", profile), [crew]);
    await activeRule(org, { value, groups: [target] });
    await org.idle();
    expect((await firstNames(org, target)).includes("Ada")).toBe(wanted);
  });

  test("reads groups by id, one or any of several", async () => {
    const org = await startTestOrg();
    const [a, b, c] = [await group(org, "A"), await group(org, "B"), await group(org, "C")];
    const [any, one] = [await group(org, "Any"), await group(org, "One")];
    org.admin.hire(person("Ada"), [a]);
    org.admin.hire(person("Bo"), [b]);
    org.admin.hire(person("Cy"), [c]);
    await activeRule(org, { name: "any", value: `isMemberOfAnyGroup("${a}", "${b}")`, groups: [any] });
    await activeRule(org, { name: "one", value: `isMemberOfGroup("${c}")`, groups: [one] });
    await org.idle();
    expect(await firstNames(org, any)).toEqual(["Ada", "Bo"]);
    expect(await firstNames(org, one)).toEqual(["Cy"]);
  });

  test.each([
    ["user.department ==", "ends too early"],
    ["user.shoeSize == 38", "no user attribute is named shoeSize"],
    ["user.department", undefined],
    ["String.toUpperCase(user.department)", "must be a Boolean, not a text"],
    ["String.len(user.department)", "must be a Boolean, not a number"],
    ["Convert.toInt(user.employeeNumber) > 3", "Convert.toInt is not allowed in a group rule"],
    [`Time.now() == "x"`, "unknown function Time.now"],
    [`isMemberOfGroup("a", "b")`, "isMemberOfGroup takes 1 arguments"],
    [`appuser.title = "x"`, "unexpected"],
    ["20,000 parentheses", "levels of nesting", "(".repeat(20_000) + "true"],
    ["20,000 conditions", "levels of nesting", "true ? ".repeat(20_000)],
    ["20,000 negations", "levels of nesting", "!".repeat(20_000) + "true"],
  ])("%s is rejected: %s", async (name, problem, value: string = name) => {
    const org = await startTestOrg();
    const answer = await org.api("POST", "/groups/rules", body({ value, groups: [await group(org, "Target")] }));
    if (problem === undefined) expect(answer.status).toBe(200);
    else
      expect(answer).toMatchObject({
        status: 400,
        body: {
          errorSummary: "Api validation failed: conditions.expression",
          errorCauses: [{ errorSummary: containing(problem) }],
        },
      });
  });
});

describe("membership by rule", () => {
  const sales = `user.department == "Sales"`;

  test("comes a moment after the change, not with the answer", async () => {
    const org = await startTestOrg({ pollMs: 200 });
    const target = await group(org, "Target");
    await activeRule(org, { value: sales, groups: [target] });
    await org.idle();
    org.admin.hire(person("Ada", { department: "Sales" }));
    expect(await firstNames(org, target)).toEqual([]);
    await org.idle();
    expect(await firstNames(org, target)).toEqual(["Ada"]);
  });

  test("follows the profile, feeds other rules, and keeps people who were added by hand", async () => {
    const org = await startTestOrg();
    const [first, second] = [await group(org, "First"), await group(org, "Second")];
    await activeRule(org, { name: "one", value: sales, groups: [first] });
    await activeRule(org, { name: "two", value: `isMemberOfGroup("${first}")`, groups: [second] });
    org.admin.hire(person("Ada", { department: "Sales" }));
    org.admin.hire(person("Bo"), [first]);
    await org.idle();
    expect(await firstNames(org, second)).toEqual(["Bo", "Ada"]);
    org.admin.changeProfile("ada@example.com", { department: "IT" });
    await org.idle();
    expect(await firstNames(org, first)).toEqual(["Bo"]);
    expect(await firstNames(org, second)).toEqual(["Bo"]);
  });

  test("stays if the rule is deactivated, and is removed with the rule only on request", async () => {
    const org = await startTestOrg();
    const [kept, gone] = [await group(org, "Kept"), await group(org, "Gone")];
    const keep = await activeRule(org, { name: "keep", value: sales, groups: [kept] });
    const drop = await activeRule(org, { name: "drop", value: sales, groups: [gone] });
    org.admin.hire(person("Ada", { department: "Sales" }));
    await org.idle();
    for (const [id, removeUsers] of [
      [keep, false],
      [drop, true],
    ] as const) {
      await org.api("POST", `/groups/rules/${id}/lifecycle/deactivate`);
      await org.idle();
      expect(await firstNames(org, id === keep ? kept : gone)).toEqual(["Ada"]);
      await org.api("DELETE", `/groups/rules/${id}?removeUsers=${removeUsers}`);
    }
    await org.idle();
    expect(await firstNames(org, kept)).toEqual(["Ada"]);
    expect(await firstNames(org, gone)).toEqual([]);
  });

  test("leaves out excluded people, and people who were removed by hand", async () => {
    const org = await startTestOrg();
    const target = await group(org, "Target");
    const ada = org.admin.hire(person("Ada", { department: "Sales" }));
    org.admin.hire(person("Bo", { department: "Sales" }));
    const id = await activeRule(org, { value: sales, groups: [target], exclude: [ada.id] });
    await org.idle();
    expect(await firstNames(org, target)).toEqual(["Bo"]);
    org.admin.removeFromGroup("bo@example.com", target);
    await org.idle();
    expect(await firstNames(org, target)).toEqual([]);
    expect((await org.api("GET", `/groups/rules/${id}`)).body).toHaveProperty(
      "conditions.people.users.exclude.length",
      2,
    );
  });
});

describe("a rule", () => {
  test("is replaced only while INACTIVE, and its target groups never change", async () => {
    const org = await startTestOrg();
    const [a, b] = [await group(org, "A"), await group(org, "B")];
    const id = await activeRule(org, { value: "true", groups: [a] });
    const put = (wish: RuleWish): ReturnType<typeof org.api> => org.api("PUT", `/groups/rules/${id}`, body(wish));
    expect((await put({ value: "false", groups: [a] })).status).toBe(400);
    await org.api("POST", `/groups/rules/${id}/lifecycle/deactivate`);
    expect(await put({ value: "false", groups: [b] })).toMatchObject({
      status: 400,
      body: { errorSummary: "Api validation failed: actions" },
    });
    expect((await put({ value: "false", groups: [a] })).status).toBe(200);
  });

  test("turns INVALID with its target's deletion and can then only be read and deleted", async () => {
    const org = await startTestOrg();
    const target = await group(org, "Target");
    const id = await activeRule(org, { value: "true", groups: [target] });
    await org.api("DELETE", `/groups/${target}`);
    const path = `/groups/rules/${id}`;
    expect((await org.api("GET", path)).body).toMatchObject({ status: "INVALID", allGroupsValid: false });
    for (const action of ["activate", "deactivate"]) {
      expect(await org.api("POST", `${path}/lifecycle/${action}`)).toMatchObject({
        status: 400,
        body: { errorSummary: "Cannot activate or deactivate a Group Rule with the status INVALID" },
      });
    }
    expect((await org.api("PUT", path, body({ value: "true", groups: [target] }))).status).toBe(400);
    expect((await org.api("DELETE", path)).status).toBe(202);
  });

  test("keeps Okta's limits on name, groups and excluded people, and assigns only to Okta's own groups", async () => {
    const org = await startTestOrg();
    const target = await group(org, "Target");
    const ids = Array.from({ length: 101 }, (_, index) => `00gMissing${index}`);
    const everyone = at((await org.api("GET", "/groups?q=Everyone")).body, 0, "id");
    const causeOf = async (wish: RuleWish): Promise<unknown> => {
      const answer = await org.api("POST", "/groups/rules", body(wish));
      return answer.status === 400 ? at(answer.body, "errorCauses", 0, "errorSummary") : answer.status;
    };
    expect(await causeOf({ name: "x".repeat(50), value: "true", groups: [target] })).toBe(200);
    expect(await causeOf({ name: "x".repeat(51), value: "true", groups: [target] })).toContain("50 characters");
    expect(await causeOf({ name: "x".repeat(50), value: "true", groups: [target] })).toContain("already exists");
    expect(await causeOf({ value: "true", groups: ids })).toContain("100 groups");
    expect(await causeOf({ value: "true", groups: [] })).toContain("cannot be left blank");
    expect(await causeOf({ value: "true", groups: [target], exclude: ids })).toContain("100 users");
    expect(await causeOf({ value: "true", groups: [target], exclude: ["00uGone"] })).toContain("00uGone");
    expect(await causeOf({ value: "true", groups: [everyone] })).toContain("BUILT_IN");
    expect(await causeOf({ value: "true", groups: ["00gGone"] })).toContain("00gGone");
  });

  test("is one of at most 2,000", async () => {
    const org = await startTestOrg({ rateLimit: { requests: 10_000, windowSeconds: 60 } });
    const target = await group(org, "Target");
    const make = (name: string): ReturnType<typeof org.api> =>
      org.api("POST", "/groups/rules", body({ name, value: "false", groups: [target] }));
    for (let start = 0; start < 2000; start += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, index) => make(`rule ${start + index}`)));
    }
    expect(await make("one too many")).toMatchObject({ status: 400, body: { errorCode: "E0000001" } });
    const { body: page, headers } = await org.api("GET", "/groups/rules?limit=500");
    expect(asList(page)).toHaveLength(200);
    expect(headers.get("link")).toContain(`limit=200>; rel="next"`);
    expect(asList((await org.api("GET", "/groups/rules")).body)).toHaveLength(50);
    expect(asList((await org.api("GET", "/groups/rules?search=RULE%20199&limit=200")).body)).toHaveLength(11);
  });

  test("shows the names of its groups on request", async () => {
    const org = await startTestOrg();
    const target = await group(org, "Target");
    const id = await activeRule(org, { value: "true", groups: [target] });
    expect((await org.api("GET", `/groups/rules/${id}?expand=groupIdToGroupNameMap`)).body).toMatchObject({
      _embedded: { groupIdToGroupNameMap: { [target]: "Target" } },
    });
  });
});
