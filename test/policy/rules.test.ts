import { describe, expect, test } from "vitest";
import type { Resource } from "../../policy/resource.ts";
import { resourceRules, stackRules } from "../../policy/rules.ts";
import { allFeatures } from "../support/components/org.ts";
import { createRecorder } from "../support/components/support.ts";

type Findings = readonly (readonly [rule: string, message: string])[];

const judge = (resources: readonly Resource[]): Findings => [
  ...resourceRules.flatMap(({ name, type, check }) =>
    resources
      .filter((resource) => resource.type === type)
      .flatMap((resource) => check(resource))
      .map((m) => [name, m] as const),
  ),
  ...stackRules.flatMap(({ name, check }) => check(resources).map(({ message }) => [name, message] as const)),
];

async function resourcesOf(config: Record<string, unknown>): Promise<Resource[]> {
  const recorder = createRecorder();
  recorder.features = allFeatures;
  const { resources } = await recorder.up({ connection: "ready", pushGroups: ["Developers", "Finance"], ...config });
  return resources.map(({ type, name, urn, inputs, outputs, protect }) => ({
    ...{ type, name, urn, protect },
    props: { ...inputs, ...outputs },
  }));
}

const resource = (type: string, props: Resource["props"], protect = false): Resource => ({
  ...{ type, props, protect },
  name: "it",
  urn: `urn:pulumi:s::p::${type}::it`,
});

describe("the program's own resources", () => {
  test("a production tenant keeps every rule", async () => {
    const resources = await resourcesOf({ tokenGeneration: 2 });
    for (const { type } of resourceRules) expect(resources.map((each) => each.type)).toContain(type);
    expect(judge(resources)).toEqual([]);
  });

  test("a development tenant keeps every rule with a table that may be deleted", async () => {
    const resources = await resourcesOf({ stage: "development" });
    expect(resources.find(({ type }) => type === "aws:dynamodb/table:Table")?.protect).toBe(false);
    expect(judge(resources)).toEqual([]);
  });
});

describe("each rule rejects its violation", () => {
  const lambda = "aws:lambda/function:Function";
  const policyOf = (statement: Record<string, unknown>): Resource =>
    resource("aws:iam/rolePolicy:RolePolicy", {
      policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: "a:B", Resource: "arn:r", ...statement }] }),
    });
  const token = "T".repeat(64);
  const password = resource("random:index/randomPassword:RandomPassword", { result: token });

  test.each<readonly [string, readonly Resource[]]>([
    [
      "token-hashes-only",
      [resource(lambda, { runtime: "nodejs24.x", environment: { variables: { SCIM_TOKEN: token } } })],
    ],
    ["runtime-supported", [resource(lambda, { runtime: "nodejs18.x" })]],
    ["no-wildcard-in-iam", [policyOf({ Action: ["dynamodb:*"] })]],
    ["no-wildcard-in-iam", [policyOf({ Resource: "*" })]],
    ["no-wildcard-in-iam", [policyOf({ NotAction: "iam:PassRole" })]],
    ["log-retention-set", [resource("aws:cloudwatch/logGroup:LogGroup", {})]],
    [
      "api-throttled",
      [
        resource("aws:apigatewayv2/stage:Stage", {
          defaultRouteSettings: { throttlingRateLimit: 0, throttlingBurstLimit: 5 },
        }),
      ],
    ],
    [
      "token-nowhere-in-plain-text",
      [password, resource("aws:ssm/parameter:Parameter", { deep: [{ value: `Bearer ${token}` }] })],
    ],
    [
      "tables-recoverable-and-protected",
      [
        resource("aws:dynamodb/table:Table", {
          pointInTimeRecovery: { enabled: true },
          deletionProtectionEnabled: true,
        }),
      ],
    ],
    [
      "tables-recoverable-and-protected",
      [resource("aws:dynamodb/table:Table", { deletionProtectionEnabled: true }, true)],
    ],
    [
      "assigned-or-pushed",
      [
        resource("okta:app/groupAssignment:GroupAssignment", { appId: "0oa1", groupId: "00g1" }),
        resource("okta:index/pushGroup:PushGroup", { appId: "0oa1", sourceGroupId: "00g1" }),
      ],
    ],
  ])("%s", (rule, resources) => {
    const found = judge(resources);
    expect(found.map(([name]) => name)).toEqual([rule]);
    expect(JSON.stringify(found)).not.toContain(token);
  });

  test("the streams of one log group are no wildcard", () => {
    expect(judge([policyOf({ Resource: "arn:aws:logs:eu-central-1:1:log-group:acme:*" })])).toEqual([]);
  });
});
