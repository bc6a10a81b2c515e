import { beforeAll, describe, expect, test } from "vitest";
import { rows } from "../../../operations/roles/rows.ts";
import { allFeatures } from "../../support/components/org.ts";
import { runProgram, type Registration } from "../../support/components/registrations.ts";
import { matches } from "../../support/operations/arn.ts";

const domain = { name: "scim.example.com", hostedZoneId: "ZONE" };
const configurations: readonly Readonly<Record<string, unknown>>[] = [
  { stage: "development" },
  { connection: "ready", endpoint: { kind: "managed", domain }, alarms: { email: "ops@example.com" } },
  { connection: "ready", endpoint: { kind: "managed", domain: { ...domain, onlyAddress: true } }, tokenGeneration: 2 },
  { reservedConcurrency: 5, alarms: { topicArn: "arn:aws:sns:us-east-1:111122223333:oncall" } },
  {
    events: {
      eventBus: true,
      receivers: [
        { name: "soc", delivery: "poll" },
        { name: "audit", delivery: { push: "https://audit.example.com/events" } },
      ],
    },
  },
  { oktaHalf: "byHand" },
  { endpoint: { kind: "external", baseUrl: "https://tenant.example.com/scim/v2", token: "t0ken" } },
];

let declared: Registration[] = [];
let called: Set<string>;
beforeAll(async () => {
  const programs = [];
  // Pulumi's state is global: one program at a time.
  for (const config of configurations) programs.push(await runProgram(config, allFeatures));
  declared = programs.flatMap(({ registrations }) => registrations).filter(({ type }) => type.startsWith("aws:"));
  called = new Set(programs.flatMap(({ invokes }) => invokes).filter((token) => token.startsWith("aws:")));
});

/** The ARN that AWS gives to a declared resource, whose generated name ends in seven hexadecimal digits. */
function arnOf({ type, name, inputs }: Registration): string {
  const given = inputs["name"] ?? inputs["dashboardName"];
  const physical = typeof given === "string" ? given : `${name}-0a1b2c3`;
  const shapes: Readonly<Record<string, string>> = {
    "aws:dynamodb/table:Table": `dynamodb:REGION:ACCOUNT:table/${physical}`,
    "aws:cloudwatch/logGroup:LogGroup": `logs:REGION:ACCOUNT:log-group:${physical}`,
    "aws:iam/role:Role": `iam::ACCOUNT:role/${physical}`,
    "aws:iam/rolePolicy:RolePolicy": "iam::ACCOUNT:role/acme-function-0a1b2c3",
    "aws:lambda/function:Function": `lambda:REGION:ACCOUNT:function:${physical}`,
    "aws:lambda/permission:Permission": "lambda:REGION:ACCOUNT:function:acme-function-0a1b2c3",
    "aws:apigatewayv2/api:Api": "apigateway:REGION::/apis/a1b2c3d4e5",
    "aws:apigatewayv2/integration:Integration": "apigateway:REGION::/apis/a1b2c3d4e5/integrations/f6g7h8i",
    "aws:apigatewayv2/route:Route": "apigateway:REGION::/apis/a1b2c3d4e5/routes/j9k0l1m",
    "aws:apigatewayv2/stage:Stage": "apigateway:REGION::/apis/a1b2c3d4e5/stages/$default",
    "aws:apigatewayv2/domainName:DomainName": "apigateway:REGION::/domainnames/scim.example.com",
    "aws:apigatewayv2/apiMapping:ApiMapping": "apigateway:REGION::/domainnames/scim.example.com/apimappings/n2o3p4",
    "aws:acm/certificate:Certificate": "acm:REGION:ACCOUNT:certificate/6e9a2f7c",
    "aws:acm/certificateValidation:CertificateValidation": "acm:REGION:ACCOUNT:certificate/6e9a2f7c",
    "aws:route53/record:Record": `route53:::hostedzone/${String(inputs["zoneId"])}`,
    "aws:cloudwatch/metricAlarm:MetricAlarm": `cloudwatch:REGION:ACCOUNT:alarm:${physical}`,
    "aws:cloudwatch/dashboard:Dashboard": `cloudwatch::ACCOUNT:dashboard/${physical}`,
    "aws:sns/topic:Topic": `sns:REGION:ACCOUNT:${physical}`,
    "aws:sns/topicSubscription:TopicSubscription": "sns:REGION:ACCOUNT:acme-alarms-0a1b2c3",
  };
  const ofEvents: Readonly<Record<string, string>> = {
    "aws:lambda/eventSourceMapping:EventSourceMapping": "lambda:REGION:ACCOUNT:event-source-mapping:7f1c",
    "aws:sqs/queue:Queue": `sqs:REGION:ACCOUNT:${physical}`,
    "aws:ssm/parameter:Parameter": `ssm:REGION:ACCOUNT:parameter/${physical}`,
    "aws:kms/key:Key": "kms:REGION:ACCOUNT:key/1234abcd",
    "aws:cloudwatch/eventBus:EventBus": `events:REGION:ACCOUNT:event-bus/${physical}`,
    "aws:cloudwatch/eventRule:EventRule": `events:REGION:ACCOUNT:rule/${physical}`,
    "aws:cloudwatch/eventTarget:EventTarget": `events:REGION:ACCOUNT:rule/${physical}`,
  };
  const shape = shapes[type] ?? ofEvents[type];
  if (shape === undefined) throw new Error(`what ARN has a resource of the type ${type}? Add its shape to this test`);
  return `arn:aws:${shape}`;
}

describe("the rights of the roles", () => {
  test("every type that the program declares has a row, and every row has a declared resource", () => {
    expect([...new Set(declared.map(({ type }) => type))].sort()).toEqual(Object.keys(rows).sort());
  });

  test("the program calls no function of AWS that takes a right which no row has", () => {
    expect([...called].sort()).toEqual(["aws:index/getRegion:getRegion", "aws:kms/getPublicKey:getPublicKey"]);
    expect(rows["aws:kms/key:Key"]?.read["ReadKeys"]?.actions).toContain("kms:GetPublicKey");
  });

  test("reach each declared resource of the tenant, and each action has an ARN of the row that AWS checks it on", () => {
    for (const registration of declared) {
      const { read, write } = rows[registration.type] ?? { read: {}, write: {} };
      const arns = Object.values({ ...read, ...write }).flatMap(({ resources }) => resources);
      const own = arns.filter((arn) => arn !== "*").map((arn) => arn.replace("TENANT", "acme"));
      expect(
        own.some((arn) => matches(arn, arnOf(registration))),
        `${registration.type} ${registration.name}`,
      ).toBe(true);
    }
  });

  test("reach nothing of a tenant with another slug, where the ARN holds a name", () => {
    for (const registration of declared.filter((one) => /:acme-|\/acme-/.test(arnOf(one)))) {
      const foreign = arnOf(registration).replace(/([:/])acme-/, "$1globex-");
      const { read, write } = rows[registration.type] ?? { read: {}, write: {} };
      for (const { resources } of Object.values({ ...read, ...write })) {
        const own = resources.filter((arn) => arn !== "*").map((arn) => arn.replace("TENANT", "acme"));
        expect(own.filter((arn) => matches(arn, foreign))).toEqual([]);
      }
    }
  });
});
