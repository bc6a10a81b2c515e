import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startCloud, type Cloud } from "../../../sandbox/aws/index.ts";
import { startOrg, type Org } from "../../../sandbox/okta/index.ts";
import type { Properties, ResourceHandler } from "../../../sandbox/engine/provider.ts";
import { codeOf, TRUST } from "../../support/sandbox/aws/stack.ts";

/** Types that exist only in the state on this machine, so that nobody can delete one outside of it. */
const recorded = [
  "aws:acm/certificate:Certificate",
  "aws:acm/certificateValidation:CertificateValidation",
  "aws:apigatewayv2/domainName:DomainName",
  "aws:cloudwatch/dashboard:Dashboard",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:route53/record:Record",
  "aws:sns/topic:Topic",
  "aws:sns/topicSubscription:TopicSubscription",
];

interface Made {
  readonly type: string;
  readonly id: string;
  readonly outputs: Properties;
}

const nowhere = "https://nowhere.invalid/";

describe("a stand-in's read of a deleted resource", () => {
  let cloud: Cloud;
  let org: Org;
  let all: Readonly<Record<string, ResourceHandler>>;
  beforeEach(async () => {
    cloud = await startCloud({ port: 0 });
    org = await startOrg({ seed: false });
    all = { ...cloud.provider.resources, ...org.provider.resources };
  });
  afterEach(async () => {
    await org.close();
    await cloud.close();
  });

  const handler = (type: string): ResourceHandler => {
    const found = all[type];
    if (found === undefined) throw new Error(`no such type: ${type}`);
    return found;
  };
  const make = async (type: string, inputs: Properties): Promise<Made> => ({
    type,
    ...(await handler(type).create(inputs)),
  });
  const read = ({ type, id, outputs }: Made) => handler(type).read(id, outputs);
  const remove = ({ type, id, outputs }: Made) => handler(type).delete(id, outputs);
  /** Only the provider of push groups fails to read a deleted resource. */
  const isGone = async (made: Made): Promise<boolean> =>
    (await read(made).catch((error: unknown) => {
      if (made.type !== "okta:index/pushGroup:PushGroup") throw error;
      expect(String(error)).toContain("Error reading Okta push group mapping: 404 Not Found");
    })) === undefined;

  async function makeOkta(): Promise<{ app: Made; dependents: Made[]; others: Made[] }> {
    const pushed = await make("okta:group/group:Group", { name: "Pushed" });
    const assigned = await make("okta:group/group:Group", { name: "Assigned" });
    const app = await make("okta:app/saml:Saml", {
      label: "Directory",
      ...{ ssoUrl: nowhere, recipient: nowhere, destination: nowhere, audience: nowhere },
      subjectNameIdTemplate: "${user.userName}",
      subjectNameIdFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
      responseSigned: true,
      assertionSigned: true,
      signatureAlgorithm: "RSA_SHA256",
      digestAlgorithm: "SHA256",
      authnContextClassRef: "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
      skipAuthenticationPolicy: true,
    });
    const catalogueApp = await make("okta:app/autoLogin:AutoLogin", {
      label: "Of the catalogue",
      preconfiguredApp: "scim2headerauth",
    });
    const source = await org.provider.functions["okta:user/getUserProfileMappingSource:getUserProfileMappingSource"]?.(
      {},
    );
    const assignment = await make("okta:app/groupAssignment:GroupAssignment", { appId: app.id, groupId: assigned.id });
    const rule = await make("okta:group/rule:Rule", {
      name: "Members of pushed groups",
      expressionValue: `isMemberOfAnyGroup("${pushed.id}")`,
      groupAssignments: [assigned.id],
    });
    const mapping = await make("okta:profile/mapping:Mapping", {
      sourceId: source?.["id"],
      targetId: app.id,
      mappings: [],
    });
    const push = await make("okta:index/pushGroup:PushGroup", { appId: app.id, sourceGroupId: pushed.id });
    return { app, dependents: [mapping, assignment, push], others: [pushed, assigned, catalogueApp, rule] };
  }

  async function makeAws(): Promise<{ owners: Made[]; dependents: Made[]; others: Made[] }> {
    const table = await make("aws:dynamodb/table:Table", {
      name: "people",
      billingMode: "PAY_PER_REQUEST",
      hashKey: "pk",
      attributes: [{ name: "pk", type: "S" }],
    });
    const role = await make("aws:iam/role:Role", { name: "role", assumeRolePolicy: TRUST });
    const policy = await make("aws:iam/rolePolicy:RolePolicy", {
      name: "policy",
      role: "role",
      policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sqs:*", Resource: "*" }] },
    });
    const fn = await make("aws:lambda/function:Function", {
      name: "service",
      role: role.outputs["arn"],
      runtime: "nodejs20.x",
      handler: "index.handler",
      code: codeOf("export const handler = async () => 1;"),
    });
    const permission = await make("aws:lambda/permission:Permission", {
      action: "lambda:InvokeFunction",
      function: "service",
      principal: "apigateway.amazonaws.com",
    });
    const api = await make("aws:apigatewayv2/api:Api", { name: "service", protocolType: "HTTP" });
    const apiId = api.id;
    const integration = await make("aws:apigatewayv2/integration:Integration", {
      apiId,
      integrationType: "AWS_PROXY",
      integrationUri: fn.outputs["arn"],
      payloadFormatVersion: "2.0",
    });
    const target = `integrations/${integration.id}`;
    const route = await make("aws:apigatewayv2/route:Route", { apiId, routeKey: "$default", target });
    const stage = await make("aws:apigatewayv2/stage:Stage", { apiId, name: "$default", autoDeploy: true });
    const domain = await make("aws:apigatewayv2/apiMapping:ApiMapping", {
      apiId,
      domainName: "scim.example.com",
      stage: "$default",
    });
    return {
      owners: [role, fn, api],
      dependents: [policy, permission, integration, route, stage, domain],
      others: [table],
    };
  }

  /** What change events take, beside a function that is named `service`. */
  async function makeEvents(): Promise<Made[]> {
    const queue = await make("aws:sqs/queue:Queue", { name: "events" });
    const arn = queue.outputs["arn"];
    const key = await make("aws:kms/key:Key", { customerMasterKeySpec: "ECC_NIST_P256", keyUsage: "SIGN_VERIFY" });
    const rule = await make("aws:cloudwatch/eventRule:EventRule", {
      name: "observe",
      scheduleExpression: "rate(5 minutes)",
    });
    const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:service";
    return [
      ...[queue, key, rule],
      await make("aws:sqs/queuePolicy:QueuePolicy", {
        queueUrl: queue.id,
        policy: JSON.stringify({ Version: "2012-10-17", Statement: [] }),
      }),
      await make("aws:lambda/eventSourceMapping:EventSourceMapping", { eventSourceArn: arn, functionName: "service" }),
      await make("aws:kms/alias:Alias", { name: "alias/events", targetKeyId: key.id }),
      await make("aws:cloudwatch/eventBus:EventBus", { name: "events" }),
      await make("aws:cloudwatch/eventTarget:EventTarget", { rule: "observe", arn: functionArn }),
      await make("aws:ssm/parameter:Parameter", { name: "/events", type: "SecureString", value: "none" }),
    ];
  }

  test("each type reports that it is gone", async () => {
    const okta = await makeOkta();
    const aws = await makeAws();
    const made = [
      ...[...aws.owners, ...aws.others, ...aws.dependents, ...(await makeEvents())],
      ...[...okta.others, okta.app, ...okta.dependents],
    ];
    for (const resource of made) expect(await isGone(resource), resource.type).toBe(false);
    for (const resource of [...made].reverse()) await remove(resource);
    for (const resource of made) expect(await isGone(resource), resource.type).toBe(true);
    const types = new Set([...made.map(({ type }) => type), ...recorded]);
    expect([...types].sort()).toEqual(Object.keys(all).sort());
  });

  test("a resource deleted with another one is gone too", async () => {
    const okta = await makeOkta();
    const aws = await makeAws();
    for (const resource of [okta.app, ...aws.owners]) await remove(resource);
    for (const resource of [...okta.dependents, ...aws.dependents]) {
      expect(await isGone(resource), resource.type).toBe(true);
    }
    for (const resource of [...okta.others, ...aws.others]) expect(await isGone(resource), resource.type).toBe(false);
  });
});
