import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resourceRules } from "../../policy/rules.ts";
import { UNKNOWN } from "../../sandbox/engine/values.ts";
import { allFeatures } from "../support/components/org.ts";
import { createRecorder } from "../support/components/support.ts";
import { everyOutlet } from "../support/components/scimDirectory/eventInputs.ts";
import { startAnalyzer, type Analyzer, type Declared } from "../support/policy/analyzer.ts";
import { one, resource } from "../support/policy/programs.ts";

let analyzer: Analyzer;
beforeAll(async () => {
  analyzer = await startAnalyzer();
});
afterAll(() => analyzer.stop());

async function programOf(config: Readonly<Record<string, unknown>>): Promise<Declared[]> {
  const recorder = createRecorder();
  recorder.features = allFeatures;
  const { resources } = await recorder.up({ connection: "ready", pushGroups: ["Developers", "Finance"], ...config });
  return resources.map(({ type, name, urn, parent, inputs, outputs, protect }) => ({
    ...{ type, name, urn, protect, inputs },
    ...{ parent: parent === "" ? undefined : parent, outputs: { ...inputs, ...outputs } },
  }));
}

const external = { kind: "external", baseUrl: "https://tenant.example.com/scim/v2", token: "t0ken" };

const domain = { name: "scim.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ", onlyAddress: true };
const alarms = { email: "ops@example.com", topicArn: "arn:aws:sns:us-east-1:111122223333:oncall" };

describe("the program's own resources keep every rule", () => {
  test.each<readonly [string, Readonly<Record<string, unknown>>]>([
    [
      "a production tenant with everything that a tenant may have",
      {
        ...{ tokenGeneration: 2, attributes: "standard", attributeMapping: true, reservedConcurrency: 5, alarms },
        ...{ readers: ["hr", "crm"], events: everyOutlet },
        ...{ endpoint: { kind: "managed", domain }, throttle: { ratePerSecond: 10_000, burst: 5_000 } },
      },
    ],
    ["a production tenant whose connection is pending", { connection: "pending" }],
    ["a tenant with an external endpoint and no group rules", { endpoint: external, groupRules: "none" }],
  ])("%s", async (_, config) => {
    expect(await analyzer.judge(await programOf(config))).toEqual([]);
  });

  test("a development tenant, with a table that may be deleted and all that the rules are there for", async () => {
    const program = await programOf({ stage: "development", events: everyOutlet });
    expect(await analyzer.judge(program)).toEqual([]);
    expect(program.find(({ type }) => type === "aws:dynamodb/table:Table")?.protect).toBe(false);
    const idle = resourceRules.filter(({ appliesTo }) => !program.some(({ type }) => appliesTo(type)));
    expect(idle.map(({ name }) => name)).toEqual(["function-url-authenticated"]);
  });
});

describe("a value that a preview does not know", () => {
  const judge = async (program: readonly Declared[]) =>
    (await analyzer.judge(program)).map(({ rule, message, mandatory }) => ({ rule, message, mandatory }));

  test.each<readonly [string, Readonly<Record<string, unknown>>, string]>([
    ["aws:iam/rolePolicy:RolePolicy", { policy: UNKNOWN }, "policy"],
    ["aws:iam/role:Role", { inlinePolicies: [{ policy: UNKNOWN }] }, "inlinePolicies[0].policy"],
    ["aws:iam/role:Role", { assumeRolePolicy: UNKNOWN }, "assumeRolePolicy"],
    ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", { policyArn: UNKNOWN }, "policyArn"],
    ["aws:lambda/function:Function", { runtime: UNKNOWN }, "runtime"],
    [
      "aws:lambda/function:Function",
      { runtime: "nodejs24.x", environment: { variables: { TOKEN_HASHES: UNKNOWN } } },
      "environment.variables.TOKEN_HASHES",
    ],
    ["aws:lambda/functionUrl:FunctionUrl", { authorizationType: UNKNOWN }, "authorizationType"],
    ["aws:lambda/permission:Permission", { principal: "sns.amazonaws.com", sourceArn: UNKNOWN }, "sourceArn"],
    ["aws:sqs/queuePolicy:QueuePolicy", { policy: UNKNOWN }, "policy"],
    ["aws:cloudwatch/logGroup:LogGroup", { retentionInDays: UNKNOWN }, "retentionInDays"],
    ["aws:sqs/queue:Queue", { kmsMasterKeyId: UNKNOWN }, "kmsMasterKeyId"],
    ["aws:kms/key:Key", { enableKeyRotation: UNKNOWN }, "enableKeyRotation"],
    ["aws:ssm/parameter:Parameter", { value: UNKNOWN }, "value"],
    [
      "aws:apigatewayv2/stage:Stage",
      { defaultRouteSettings: UNKNOWN, routeSettings: [UNKNOWN] },
      "defaultRouteSettings",
    ],
  ])("%s %j is no violation, and the preview says that up knows it", async (type, inputs, path) => {
    const found = await judge(one(type, inputs));
    expect(found.map(({ rule, mandatory }) => ({ rule, mandatory }))).not.toEqual([]);
    for (const { rule, mandatory, message } of found) {
      expect({ rule, mandatory }).toEqual({ rule: "known-at-up", mandatory: false });
      expect(message).toMatch(/^.+: known at up, and checked there by [a-z-]+$/);
      expect(message).toContain(path);
    }
  });

  test("what is known beside it is judged", async () => {
    const policy = { Statement: [UNKNOWN, { Effect: "Allow", Action: "*", Resource: UNKNOWN }] };
    const found = await judge(one("aws:iam/rolePolicy:RolePolicy", { policy }));
    expect(found.filter(({ mandatory }) => mandatory).map(({ rule }) => rule)).toEqual(["no-wildcard-in-iam"]);
  });

  test("tokens, tables, REST stages, queues and pushed groups wait for up", async () => {
    const found = await judge([
      resource("random:index/randomPassword:RandomPassword", {}, { name: "token", outputs: { result: UNKNOWN } }),
      resource("aws:apigateway/stage:Stage", { restApi: UNKNOWN, stageName: "prod" }, { name: "stage" }),
      resource(
        "aws:apigateway/methodSettings:MethodSettings",
        {
          restApi: UNKNOWN,
          stageName: "prod",
          methodPath: "*/*",
          settings: { throttlingRateLimit: 5, throttlingBurstLimit: 5 },
        },
        { name: "methods" },
      ),
      resource(
        "aws:dynamodb/table:Table",
        { pointInTimeRecovery: UNKNOWN, deletionProtectionEnabled: UNKNOWN },
        { name: "table", protect: true },
      ),
      resource("aws:sqs/queue:Queue", { sqsManagedSseEnabled: true, arn: UNKNOWN }, { name: "queue" }),
      resource("aws:lambda/eventSourceMapping:EventSourceMapping", { eventSourceArn: UNKNOWN }, { name: "reads" }),
      resource("okta:app/groupAssignment:GroupAssignment", { appId: UNKNOWN, groupId: "00g1" }, { name: "assigned" }),
      resource("okta:index/pushGroup:PushGroup", { appId: UNKNOWN, sourceGroupId: UNKNOWN }, { name: "pushed" }),
    ]);
    const waiting = [
      ["result of token", "token-nowhere-in-plain-text"],
      ["pointInTimeRecovery of table, deletionProtectionEnabled of table", "tables-recoverable-and-protected"],
      ["the stage of methods, the settings of stage", "rest-api-throttled"],
      ["the app or group of pushed", "assigned-or-pushed"],
      ["redrivePolicy of queue", "queue-with-dead-letters"],
    ];
    expect(found).toEqual(
      waiting.map(([what, rule]) => ({
        ...{ rule: "known-at-up", mandatory: false },
        message: `${what}: known at up, and checked there by ${rule}`,
      })),
    );
  });

  test("what cannot be equal or is excused does not wait", async () => {
    const development = resource("okta-scim-directory:index:ScimDirectory", {}, { outputs: { stage: "development" } });
    const found = await judge([
      development,
      resource("aws:dynamodb/table:Table", { pointInTimeRecovery: UNKNOWN }, { name: "table", parent: development }),
      resource("aws:sqs/queue:Queue", { sqsManagedSseEnabled: true, arn: UNKNOWN }, { name: "queue" }),
      resource("okta:app/groupAssignment:GroupAssignment", { appId: UNKNOWN, groupId: "00g1" }, { name: "assigned" }),
      resource("okta:index/pushGroup:PushGroup", { appId: UNKNOWN, sourceGroupId: "00g2" }, { name: "pushed" }),
    ]);
    expect(found).toEqual([]);
  });
});
