import { describe, expect, test } from "vitest";
import { PartialFailure, type Properties, type ResourceHandler } from "../../../sandbox/engine/provider.ts";
import { asList, asRecord, at, startTestOrg, type TestOrg } from "../../support/sandbox/okta/support.ts";

const SAML = "okta:app/saml:Saml";
const AUTO_LOGIN = "okta:app/autoLogin:AutoLogin";
const GROUP = "okta:group/group:Group";
const RULE = "okta:group/rule:Rule";
const ASSIGNMENT = "okta:app/groupAssignment:GroupAssignment";
const PUSH = "okta:index/pushGroup:PushGroup";
const MAPPING = "okta:profile/mapping:Mapping";

const nowhere = "https://nowhere.invalid/";
const samlInputs: Properties = {
  label: "Directory",
  ...{ ssoUrl: nowhere, recipient: nowhere, destination: nowhere, audience: nowhere },
  subjectNameIdTemplate: "${user.userName}",
  subjectNameIdFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
  responseSigned: true,
  assertionSigned: true,
  honorForceAuthn: true,
  hideWeb: true,
  hideIos: true,
  signatureAlgorithm: "RSA_SHA256",
  digestAlgorithm: "SHA256",
  authnContextClassRef: "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
};

interface Made {
  readonly org: TestOrg;
  readonly handler: (type: string) => ResourceHandler;
  readonly call: (name: string, args: Properties) => Promise<Properties>;
  readonly make: (type: string, inputs: Properties) => Promise<{ id: string; outputs: Properties }>;
}

async function startProvider(...options: Parameters<typeof startTestOrg>): Promise<Made> {
  const org = await startTestOrg(...options);
  const handler = (type: string): ResourceHandler => {
    const found = org.provider.resources[type];
    if (found === undefined) throw new Error(`no type ${type}`);
    return found;
  };
  const call = async (name: string, args: Properties): Promise<Properties> => {
    const found = org.provider.functions[name];
    if (found === undefined) throw new Error(`no function ${name}`);
    return found(args);
  };
  return { org, handler, call, make: (type, inputs) => handler(type).create(inputs) };
}

const ruleInputs = (from: string, to: string): Properties => ({
  name: "Pushed are assigned",
  expressionValue: `isMemberOfAnyGroup("${from}")`,
  groupAssignments: [to],
});

describe("an import", () => {
  test("of a custom app takes its sign-on settings, visibility and policy, without defaults and empty values", async () => {
    const it = await startProvider();
    const { id } = await it.make(SAML, samlInputs);
    const found = await it.handler(SAML).import?.(id);
    const { authenticationPolicy, appLinksJson, ...inputs } = found?.inputs ?? {};
    expect(inputs).toEqual(samlInputs);
    expect(authenticationPolicy).toMatch(/^rst/);
    expect(appLinksJson).toContain("_link");
    expect(found?.id).toBe(id);
  });

  test("of a catalogue app knows its catalogue name", async () => {
    const it = await startProvider();
    const inputs = {
      label: "Test app",
      preconfiguredApp: "scim2headerauth",
      credentialsScheme: "EXTERNAL_PASSWORD_SYNC",
    };
    const { id } = await it.make(AUTO_LOGIN, inputs);
    expect((await it.handler(AUTO_LOGIN).import?.(id))?.inputs).toMatchObject(inputs);
  });

  test("of a push mapping takes appId/mappingId, keeps the mapping's id and no name of the target", async () => {
    const it = await startProvider();
    const app = await it.make(SAML, samlInputs);
    const group = await it.make(GROUP, { name: "Team" });
    const inputs = { appId: app.id, sourceGroupId: group.id };
    const mapping = await it.make(PUSH, { ...inputs, targetGroupName: "Team at Iru" });
    const found = await it.handler(PUSH).import?.(`${app.id}/${mapping.id}`);
    expect(found).toEqual({
      id: mapping.id,
      inputs,
      outputs: { ...inputs, targetGroupId: mapping.outputs["targetGroupId"], status: "ACTIVE" },
    });
    await expect(it.handler(PUSH).import?.(mapping.id)).rejects.toThrow("use appId/mappingId");
    await expect(it.handler(PUSH).import?.(`${app.id}/gPmGone`)).rejects.toThrow("404 Not Found");
  });

  test("of an assignment takes appId/groupId", async () => {
    const it = await startProvider();
    const app = await it.make(SAML, samlInputs);
    const group = await it.make(GROUP, { name: "Users" });
    await it.make(ASSIGNMENT, { appId: app.id, groupId: group.id });
    const found = await it.handler(ASSIGNMENT).import?.(`${app.id}/${group.id}`);
    expect(found).toMatchObject({ id: group.id, inputs: { appId: app.id, groupId: group.id } });
    await expect(it.handler(ASSIGNMENT).import?.(group.id)).rejects.toThrow("use appId/groupId");
    expect(await it.handler(ASSIGNMENT).import?.(`${app.id}/00gGone`)).toBeUndefined();
  });

  test("of a group, a rule and a profile mapping derives what declares them", async () => {
    const it = await startProvider();
    const [from, to] = [await it.make(GROUP, { name: "From" }), await it.make(GROUP, { name: "To" })];
    const rule = await it.make(RULE, ruleInputs(from.id, to.id));
    expect((await it.handler(GROUP).import?.(from.id))?.inputs).toEqual({ name: "From" });
    expect((await it.handler(RULE).import?.(rule.id))?.inputs).toEqual(ruleInputs(from.id, to.id));
    const app = await it.make(AUTO_LOGIN, { label: "Test app", preconfiguredApp: "scim2headerauth" });
    const source = await it.call("okta:user/getUserProfileMappingSource:getUserProfileMappingSource", {});
    const mappings = [{ id: "title", expression: "user.title", pushStatus: "PUSH" }];
    const inputs = { sourceId: source["id"], targetId: app.id, mappings };
    const mapping = await it.make(MAPPING, { ...inputs, deleteWhenAbsent: true });
    expect((await it.handler(MAPPING).import?.(mapping.id))?.inputs).toEqual(inputs);
  });
});

describe("conflicts", () => {
  test.each([
    ["okta:index/getGroups:getGroups", { search: `profile.name eq "x"`, q: "x" }, `"search": conflicts with q`],
    [
      "okta:index/getGroups:getGroups",
      { search: `profile.name eq "x"`, type: "OKTA_GROUP" },
      `"search": conflicts with type`,
    ],
    ["okta:app/getSaml:getSaml", { id: "0oaX", label: "x" }, `"id": conflicts with label`],
  ])("are refused by %s", async (name, args, message) => {
    const it = await startProvider();
    await expect(it.call(name, args)).rejects.toThrow(message);
  });

  test("are declared for the app's policy, so that both engines refuse them before anything is made", async () => {
    const it = await startProvider();
    expect(it.handler(SAML).conflicts).toEqual([["skipAuthenticationPolicy", "authenticationPolicy"]]);
  });
});

describe("a resource that was deleted in Okta", () => {
  test("fails the deletion of a group, a rule, an assignment, a mapping and an app", async () => {
    const it = await startProvider();
    const app = await it.make(SAML, samlInputs);
    const [from, to] = [await it.make(GROUP, { name: "From" }), await it.make(GROUP, { name: "To" })];
    const rule = await it.make(RULE, ruleInputs(from.id, to.id));
    const assignment = await it.make(ASSIGNMENT, { appId: app.id, groupId: to.id });
    const push = await it.make(PUSH, { appId: app.id, sourceGroupId: from.id });
    for (const [type, made] of [
      [PUSH, push],
      [ASSIGNMENT, assignment],
      [RULE, rule],
      [GROUP, from],
      [SAML, app],
    ] as const) {
      await it.handler(type).delete(made.id, made.outputs);
      await expect(it.handler(type).delete(made.id, made.outputs), type).rejects.toThrow("Not found");
    }
  });
});

describe("a group rule", () => {
  const statusOf = async (org: TestOrg, id: string): Promise<string> =>
    at((await org.api("GET", `/groups/rules/${id}`)).body, "status");

  test("is created although Okta answers 423 to the creation", async () => {
    const it = await startProvider();
    const [from, to] = [await it.make(GROUP, { name: "From" }), await it.make(GROUP, { name: "To" })];
    await it.org.make("POST", "/groups/rules", {
      name: "Other",
      conditions: { expression: { value: "true" } },
      actions: { assignUserToGroups: { groupIds: [to.id] } },
    });
    // Every second change gets 423: first the creation, which is retried, and then the activation, which is not.
    it.org.quirks.rulesLockedEvery = 2;
    await expect(it.make(RULE, ruleInputs(from.id, to.id))).rejects.toBeInstanceOf(PartialFailure);
    const rules = asList((await it.org.api("GET", "/groups/rules")).body).map((rule) => [
      at(rule, "name"),
      at(rule, "status"),
    ]);
    expect(rules).toEqual([
      ["Other", "INACTIVE"],
      ["Pushed are assigned", "INACTIVE"],
    ]);
  });

  test("that Okta does not activate is known as ACTIVE, read by the next update, activated by the one after", async () => {
    const it = await startProvider({ quirks: { ruleLifecycleLockedEvery: 1 } });
    const [from, to] = [await it.make(GROUP, { name: "From" }), await it.make(GROUP, { name: "To" })];
    const inputs = ruleInputs(from.id, to.id);
    const failure: unknown = await it.make(RULE, inputs).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PartialFailure);
    if (!(failure instanceof PartialFailure)) return;
    expect(failure.message).toContain("Policy priorities are being reconciled");
    expect(failure.outputs["status"]).toBe("ACTIVE");
    expect(await statusOf(it.org, failure.id)).toBe("INACTIVE");
    it.org.quirks.ruleLifecycleLockedEvery = 0;
    const rule = it.handler(RULE);
    expect(rule.drift?.(failure.outputs, inputs)).toEqual({ changed: [], replaces: [] });
    const read = await rule.update(failure.id, failure.outputs, inputs);
    expect([read["status"], await statusOf(it.org, failure.id)]).toEqual(["INACTIVE", "INACTIVE"]);
    expect(rule.drift?.(read, inputs)).toEqual({ changed: ["status"], replaces: [] });
    await rule.update(failure.id, read, inputs);
    expect(await statusOf(it.org, failure.id)).toBe("ACTIVE");
  });

  test("that a refresh finds INVALID is replaced", async () => {
    const it = await startProvider();
    const [from, to] = [await it.make(GROUP, { name: "From" }), await it.make(GROUP, { name: "To" })];
    const inputs = ruleInputs(from.id, to.id);
    const { id, outputs } = await it.make(RULE, inputs);
    it.org.admin.deleteGroup(to.id);
    const state = (await it.handler(RULE).read(id, outputs)) ?? {};
    expect(state["status"]).toBe("INVALID");
    expect(it.handler(RULE).drift?.(state, inputs).replaces).toEqual(["status"]);
  });
});

describe("an app", () => {
  test("of the catalogue takes another preconfiguredApp in place, which Okta ignores", async () => {
    const it = await startProvider();
    const inputs = { label: "Test app", preconfiguredApp: "scim2headerauth" };
    const { id, outputs } = await it.make(AUTO_LOGIN, inputs);
    expect(it.handler(AUTO_LOGIN).replaces ?? []).not.toContain("preconfiguredApp");
    await it.handler(AUTO_LOGIN).update(id, outputs, { ...inputs, preconfiguredApp: "scim2testapp" });
    expect((await it.org.api("GET", `/apps/${id}`)).body).toMatchObject({ id, name: "scim2headerauth" });
  });

  test("continues to send a push status of the user name after the template is changed back", async () => {
    const it = await startProvider();
    const custom = {
      ...{ userNameTemplate: "${source.employeeNumber}", userNameTemplateType: "CUSTOM" },
      userNameTemplatePushStatus: "PUSH",
    };
    const { id, outputs } = await it.make(SAML, { ...samlInputs, ...custom });
    const template = async (): Promise<unknown> =>
      asRecord(asRecord((await it.org.api("GET", `/apps/${id}`)).body)["credentials"])["userNameTemplate"];
    expect(await template()).toMatchObject({ type: "CUSTOM", pushStatus: "PUSH" });
    await it.handler(SAML).update(id, outputs, samlInputs);
    expect(await template()).toMatchObject({ template: "${source.login}", type: "BUILT_IN", pushStatus: "PUSH" });
  });

  test("is found by label, by default only if active; getApps also lists inactive ones", async () => {
    const it = await startProvider();
    const { id } = await it.make(SAML, samlInputs);
    const getSaml = (args: Properties): Promise<Properties> => it.call("okta:app/getSaml:getSaml", args);
    expect(await getSaml({ label: "Directory" })).toMatchObject({ id });
    await it.org.api("POST", `/apps/${id}/lifecycle/deactivate`);
    await expect(getSaml({ label: "Directory" })).rejects.toThrow("no application found");
    expect(await getSaml({ label: "Directory", activeOnly: false })).toMatchObject({ id });
    const ids = async (args: Properties): Promise<unknown[]> =>
      asList((await it.call("okta:index/getApps:getApps", args))["apps"]).map((app) => at(app, "id"));
    expect(await ids({ label: "Directory" })).toEqual([id]);
    expect(await ids({ label: "Directory", activeOnly: true })).toEqual([]);
  });
});
