import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Secret } from "../../sandbox/engine/index.ts";
import { shardOf } from "../../components/oktaIntegration/groupRules.ts";
import { allFeatures } from "../support/components/org.ts";
import { createRecorder, errorOf } from "../support/components/support.ts";

const endpoint = { kind: "external", baseUrl: "https://accuhive.api.kandji.io/api/v1/scim", token: "their-token" };

describe("the first deployment (connection: pending)", () => {
  it("creates the service, the app and the groups, assigns nobody and names the console steps without the token", async () => {
    const recorder = createRecorder();
    const { outputs } = await recorder.up({ pushGroups: ["Developers", "Designers"] });
    const types = recorder.created.map(({ type }) => type);
    expect(types).not.toContain("okta:app/groupAssignment:GroupAssignment");
    expect(types).not.toContain("okta:index/pushGroup:PushGroup");
    expect(types).not.toContain("okta:group/rule:Rule");
    expect(recorder.inputsOf("okta:app/saml:Saml")).toEqual([
      expect.objectContaining({
        label: "Iru Endpoint SCIM (acme)",
        hideWeb: true,
        hideIos: true,
        ssoUrl: "https://scim-only.invalid/",
        audience: "https://scim-only.invalid/",
        userNameTemplate: "${source.login}",
        skipAuthenticationPolicy: true,
      }),
    ]);
    expect(recorder.inputsOf("okta:group/group:Group")).toEqual([
      { name: "iru_endpoint_users", description: "People provisioned to the SCIM directory of acme" },
    ]);
    expect(outputs["scimBaseUrl"]).toBe("https://api.example.com/api/v1/scim");
    expect(outputs["connection"]).toBe("pending");
    const steps = outputs["nextSteps"];
    expect(steps).toContain("SCIM connector base URL: https://api.example.com/api/v1/scim");
    const token = outputs["scimToken"];
    if (!(token instanceof Secret) || typeof token.value !== "string") throw new Error("the token is not secret");
    expect(token.value).toMatch(/^[A-Za-z0-9]{64}$/);
    expect(JSON.stringify(steps)).not.toContain(token.value);
    expect(outputs["pushGroups"]).toEqual({
      Developers: { sourceGroupId: "00gDevelopers", mappingId: null, status: "PENDING" },
      Designers: { sourceGroupId: "00gDesigners", mappingId: null, status: "PENDING" },
    });
  });

  it("gives the function the token's hash, exact actions on exact ARNs, and its limits", async () => {
    const recorder = createRecorder();
    const { outputs } = await recorder.up({ throttle: { ratePerSecond: 7, burst: 9 } });
    const [fn] = recorder.inputsOf("aws:lambda/function:Function");
    const token = outputs["scimToken"];
    const value = token instanceof Secret ? String(token.value) : "";
    expect(fn).toMatchObject({
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      timeout: 29,
      memorySize: 512,
    });
    expect(JSON.stringify(fn)).not.toContain(value);
    expect(JSON.stringify(fn?.["environment"])).toMatch(/sha256\\\\?":\\\\?"[0-9a-f]{64}/);
    const [policy] = recorder.inputsOf("aws:iam/rolePolicy:RolePolicy");
    const text = typeof policy?.["policy"] === "string" ? policy["policy"] : JSON.stringify(policy?.["policy"]);
    const { Statement } = JSON.parse(text) as { Statement: { Action: string[]; Resource: string }[] };
    expect(Statement.flatMap(({ Action }) => Action).filter((action) => action.includes("*"))).toEqual([]);
    expect(Statement[0]?.Resource).toMatch(/^arn:aws:dynamodb:us-east-1:\d{12}:table\//);
    expect(recorder.inputsOf("aws:apigatewayv2/stage:Stage")[0]?.["defaultRouteSettings"]).toMatchObject({
      throttlingRateLimit: 7,
      throttlingBurstLimit: 9,
    });
  });
});

describe("the second deployment (connection: ready)", () => {
  it("fails while provisioning is off, names each missing feature, and assigns nobody", async () => {
    const recorder = createRecorder();
    await recorder.up({ endpoint, pushGroups: ["Developers"] });
    recorder.features = ["PUSH_NEW_USERS"];
    const message = await errorOf(recorder.up({ endpoint, pushGroups: ["Developers"], connection: "ready" }));
    expect(message).toContain("Update User Attributes (PUSH_PROFILE_UPDATES)");
    expect(message).toContain("Deactivate Users (PUSH_USER_DEACTIVATION)");
    expect(message).toContain("Push Groups (GROUP_PUSH)");
    expect(message).not.toContain("Create Users (");
    expect(message).toContain('SCIM connector base URL: the value of "pulumi stack output scimBaseUrl --stack test"');
    expect(message).toContain("Leave connection at ready once people are assigned");
    expect(message).not.toContain("    at ");
    expect(recorder.inputsOf("okta:app/groupAssignment:GroupAssignment")).toEqual([]);
  });

  it("assigns the group, fills it by rules and pushes the groups, and leaves nothing to do", async () => {
    const recorder = createRecorder();
    recorder.features = allFeatures;
    await recorder.up({
      pushGroups: ["Developers", { name: "Finance", targetName: "Money", keepTargetOnDelete: true }],
    });
    const { outputs } = await recorder.up({
      connection: "ready",
      pushGroups: ["Developers", { name: "Finance", targetName: "Money", keepTargetOnDelete: true }],
    });
    const appId = outputs["oktaAppId"];
    const groupId = outputs["assignmentGroupId"];
    expect(outputs["nextSteps"]).toEqual([]);
    expect(recorder.inputsOf("okta:app/groupAssignment:GroupAssignment")).toEqual([{ appId, groupId }]);
    expect(recorder.inputsOf("okta:index/pushGroup:PushGroup")).toEqual(
      expect.arrayContaining([
        { appId, sourceGroupId: "00gDevelopers", status: "ACTIVE", deleteTargetGroupOnDestroy: true },
        {
          appId,
          sourceGroupId: "00gFinance",
          targetGroupName: "Money",
          status: "ACTIVE",
          deleteTargetGroupOnDestroy: false,
        },
      ]),
    );
    const rules = recorder.inputsOf("okta:group/rule:Rule");
    expect(rules.map((rule) => rule["groupAssignments"])).toEqual(rules.map(() => [groupId]));
    expect(rules.map((rule) => String(rule["expressionValue"])).join()).toContain('"00gDevelopers"');
  });

  it("adds another push group by name with its own rule and mapping, and changes nothing else", async () => {
    const recorder = createRecorder();
    recorder.features = allFeatures;
    const teams = ["Developers", "Designers", "Finance"];
    await recorder.up({ endpoint, connection: "ready", pushGroups: teams.slice(0, 2) });
    const before = recorder.created.length;
    await recorder.up({ endpoint, connection: "ready", pushGroups: teams });
    expect(recorder.created.slice(before).map(({ type }) => type)).toEqual([
      "okta:group/rule:Rule",
      "okta:index/pushGroup:PushGroup",
    ]);
    expect(recorder.updated).toEqual([]);
    expect(recorder.deleted).toEqual([]);
  });

  it("adds a newly matching group by changing the expression of one rule in place", async () => {
    const recorder = createRecorder();
    recorder.features = allFeatures;
    const config = { endpoint, connection: "ready", pushGroups: [{ startsWith: "Team 1" }] };
    const teams = recorder.groups.filter(({ name }) => name.startsWith("Team 1"));
    const newcomer = teams.find(({ id }) =>
      teams.some((other) => other.id !== id && shardOf(other.id) === shardOf(id)),
    );
    recorder.groups.splice(
      recorder.groups.findIndex((group) => group === newcomer),
      1,
    );
    await recorder.up(config);
    expect(recorder.inputsOf("okta:group/rule:Rule")).toHaveLength(new Set(teams.map(({ id }) => shardOf(id))).size);
    const before = recorder.created.length;
    if (newcomer !== undefined) recorder.groups.push(newcomer);
    await recorder.up(config);
    expect(recorder.created.slice(before).map(({ type }) => type)).toEqual(["okta:index/pushGroup:PushGroup"]);
    const [changed, ...others] = recorder.updated;
    expect(others).toEqual([]);
    const rule = recorder.inputsOf("okta:group/rule:Rule").find(({ name }) => name === changed?.inputs["name"]);
    expect(changed?.inputs).toEqual({ ...rule, expressionValue: changed?.inputs["expressionValue"] });
    expect(String(changed?.inputs["expressionValue"])).toContain(`"${newcomer?.id ?? ""}"`);
    expect(String(rule?.["expressionValue"])).not.toContain(`"${newcomer?.id ?? ""}"`);
    expect(recorder.deleted).toEqual([]);
  });

  it("warns of imports that are on, and continues", async () => {
    const recorder = createRecorder();
    recorder.features = [...allFeatures, "IMPORT_NEW_USERS", "IMPORT_PROFILE_UPDATES"];
    await recorder.up({ endpoint, connection: "ready", pushGroups: ["Developers"] });
    expect(recorder.warnings.join()).toContain("Import New Users (IMPORT_NEW_USERS)");
    expect(recorder.warnings.join()).toContain("Import Profile Updates (IMPORT_PROFILE_UPDATES)");
    expect(recorder.inputsOf("okta:index/pushGroup:PushGroup")).toHaveLength(1);
  });

  it("warns of a pattern that matches no group, and continues", async () => {
    const recorder = createRecorder();
    await recorder.up({ endpoint, pushGroups: [{ startsWith: "Zebra" }] });
    expect(recorder.warnings.join()).toContain("matches Zebra* today");
  });
});

describe("the steps that are left while old and new are both accepted", () => {
  const stepsOf = async (config: Record<string, unknown>): Promise<string[]> => {
    const recorder = createRecorder();
    recorder.features = allFeatures;
    const { outputs } = await recorder.up({ connection: "ready", ...config });
    return z.array(z.string()).parse(outputs["nextSteps"]);
  };
  it("name the output with the new token, and the command that switches the old one off", async () => {
    const steps = await stepsOf({ tokenGeneration: 2 });
    expect(steps).toHaveLength(5);
    expect(steps[1]).toBe(
      'Authorization (Bearer): the value of "pulumi stack output scimToken --show-secrets --stack test". Tokens 1 and 2 are accepted; give Okta token 2.',
    );
    expect(steps[4]).toBe(
      'Then switch the old token off: run "pulumi config set --stack test acceptPreviousToken false", then "pulumi up --stack test".',
    );
    expect(await stepsOf({ tokenGeneration: 2, acceptPreviousToken: false })).toEqual([]);
  });
});

describe("a jump of a generation", () => {
  it("is refused for the token and the signing key together, before anything changes", async () => {
    const receivers = [{ name: "hr", delivery: "poll" }];
    const recorder = createRecorder();
    await recorder.up({ events: { receivers } });
    const jump = { tokenGeneration: 3, events: { receivers, signingKey: { generation: 3 } } };
    expect(await errorOf(recorder.preview(jump))).toBe(
      [
        "Tokens or keys in use would end (2 problems):",
        "  tokenGeneration: is 3, but the service accepts generation 1 now, which would end: Okta, readers and receivers would get 401; allowed: 1 or 2; any number with acceptPreviousToken false, which ends all tokens that are older; fix: pulumi config set --stack test tokenGeneration 2",
        "  events.signingKey.generation: is 3, but generation 1 signs now, and its public key would be withdrawn: receivers could not verify the events that wait; allowed: 1 or 2; fix: pulumi config set --stack test --path events.signingKey.generation 2",
      ].join("\n"),
    );
  });
});

describe("the second raise of the signing key", () => {
  it("is refused before anything changes, while events of the key before may wait", async () => {
    const config = (generation: number) => ({
      events: { receivers: [{ name: "hr", delivery: "poll" }], signingKey: { generation } },
    });
    const recorder = createRecorder();
    await recorder.up(config(1));
    await recorder.up(config(2));
    const before = [recorder.created.length, recorder.updated.length, recorder.deleted.length];
    await recorder.up(config(2));
    expect(await errorOf(recorder.up(config(3)))).toMatch(
      /^Tokens or keys in use would end \(1 problem\):\n {2}events\.signingKey\.generation: is 3, but generation 2 signs since [-\d]{10}, and the public key of generation 1 would be withdrawn: .*; allowed: 2; 3 from [-\d]{10} on; fix: .*generation 2$/,
    );
    expect([recorder.created.length, recorder.updated.length, recorder.deleted.length]).toEqual(before);
  });
});

describe("an external endpoint", () => {
  it("needs no AWS resource and gives its own token only to Okta", async () => {
    const recorder = createRecorder();
    const { outputs } = await recorder.up({ endpoint, pushGroups: ["Developers"] });
    expect(recorder.created.filter(({ type }) => type.startsWith("aws:"))).toEqual([]);
    expect(outputs["scimBaseUrl"]).toBe("https://accuhive.api.kandji.io/api/v1/scim");
    expect(outputs["scimAuthorization"]).toEqual(new Secret("Bearer their-token"));
    expect(JSON.stringify(outputs["nextSteps"])).not.toContain("their-token");
  });
});

describe("the catalogue app", () => {
  it("is the SCIM 2.0 Test App (Header Auth), and its steps name the whole header value", async () => {
    const recorder = createRecorder();
    const { outputs } = await recorder.up({ app: { template: "scim2headerauth", label: "Catalogue" } });
    expect(recorder.inputsOf("okta:app/autoLogin:AutoLogin")).toEqual([
      expect.objectContaining({
        label: "Catalogue",
        preconfiguredApp: "scim2headerauth",
        hideWeb: true,
        hideIos: true,
      }),
    ]);
    expect(JSON.stringify(outputs["nextSteps"])).toContain("scimAuthorization");
  });
});
