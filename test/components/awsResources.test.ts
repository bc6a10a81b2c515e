import { describe, expect, it } from "vitest";
import { requiredActions } from "../../lambda/directory/accessPatterns.ts";
import { runProgram, type Registration } from "./registrations.ts";

/** Every AWS resource and token: `type name` → its inputs, with JSON text read. */
type Declared = Record<string, Record<string, unknown>>;

const isOurs = ({ type }: Registration): boolean => /^(aws|random):/.test(type);
const read = (value: unknown): unknown => {
  if (typeof value === "string" && /^[[{]/.test(value)) return JSON.parse(value) as unknown;
  if (Array.isArray(value)) return value.map(read);
  if (value === null || typeof value !== "object") return value;
  // An archive: its bytes are the function's tests' business.
  if ("assets" in value || "__pulumiArchive" in value) return "archive";
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, read(one)]));
};
async function declare(config: Record<string, unknown>): Promise<{ declared: Declared; all: Registration[] }> {
  const all = (await runProgram(config)).registrations.filter(isOurs);
  const entries = all.map(({ type, name, inputs }) => [`${type.split(":").at(-1) ?? ""} ${name}`, inputs] as const);
  const declared = Object.fromEntries(
    entries.map(([name, inputs]) => {
      const code = "code" in inputs ? { code: "archive" } : {};
      return [name, read({ ...inputs, ...code }) as Record<string, unknown>];
    }),
  );
  expect(Object.keys(declared)).toHaveLength(all.length);
  return { declared, all };
}
/** What a variant changes in the declaration that it starts from. */
const difference = (from: Declared, to: Declared): Declared =>
  Object.fromEntries(
    Object.entries(to).filter(([name, inputs]) => JSON.stringify(from[name]) !== JSON.stringify(inputs)),
  );

interface Widget {
  readonly properties: { readonly title: string; readonly query?: string; readonly metrics?: unknown[][] };
}
/** A dashboard's widgets, one line a graph. */
const graphsOf = (body: unknown): string[] =>
  (body as { widgets: Widget[] }).widgets.map(({ properties: { title, query, metrics = [] } }) =>
    [title, query ?? metrics.map((row) => [...row.slice(0, 4), JSON.stringify(row[4])].join(" ")).join("; ")].join(
      ": ",
    ),
  );

describe("the AWS half", () => {
  it("is in production without domain and alarms exactly this", async () => {
    const { declared, all } = await declare({});
    expect(declared).toMatchInlineSnapshot(`
      {
        "Api acme-api": {
          "description": "SCIM 2.0 service of tenant acme",
          "disableExecuteApiEndpoint": false,
          "protocolType": "HTTP",
        },
        "Function acme-function": {
          "architectures": [
            "arm64",
          ],
          "code": "archive",
          "description": "SCIM 2.0 service of tenant acme",
          "environment": {
            "variables": {
              "ATTRIBUTES": ""iru"",
              "BASE_URL": "https://api.example.com/api/v1/scim",
              "TABLE_NAME": "acme-directory",
              "TOKEN_HASHES": [
                {
                  "generation": 1,
                  "sha256": "732a7523748a8dc47f2ade121d4b04680f5398bd63e0e1b0d8ddfc476c194961",
                },
              ],
            },
          },
          "handler": "index.handler",
          "loggingConfig": {
            "logFormat": "JSON",
            "logGroup": "acme-function",
          },
          "memorySize": 512,
          "role": "arn:acme-function",
          "runtime": "nodejs24.x",
          "timeout": 29,
        },
        "Integration acme-api": {
          "apiId": "acme-api-id",
          "integrationType": "AWS_PROXY",
          "integrationUri": "arn:acme-function",
          "payloadFormatVersion": "2.0",
        },
        "LogGroup acme-access": {
          "name": "/aws/vendedlogs/okta-scim-directory/test/acme-access",
          "retentionInDays": 365,
        },
        "LogGroup acme-function": {
          "retentionInDays": 365,
        },
        "Permission acme-api": {
          "action": "lambda:InvokeFunction",
          "function": "acme-function",
          "principal": "apigateway.amazonaws.com",
          "sourceArn": "arn/*/*",
        },
        "RandomPassword acme-token-1": {
          "length": 64,
          "special": false,
        },
        "Role acme-function": {
          "assumeRolePolicy": {
            "Statement": [
              {
                "Action": "sts:AssumeRole",
                "Effect": "Allow",
                "Principal": {
                  "Service": "lambda.amazonaws.com",
                },
                "Sid": "AllowAssumeRole",
              },
            ],
            "Version": "2012-10-17",
          },
        },
        "RolePolicy acme-function": {
          "policy": {
            "Statement": [
              {
                "Action": [
                  "dynamodb:BatchGetItem",
                  "dynamodb:BatchWriteItem",
                  "dynamodb:ConditionCheckItem",
                  "dynamodb:DeleteItem",
                  "dynamodb:GetItem",
                  "dynamodb:PutItem",
                  "dynamodb:Query",
                  "dynamodb:UpdateItem",
                ],
                "Effect": "Allow",
                "Resource": "arn:acme-directory",
              },
              {
                "Action": [
                  "logs:CreateLogStream",
                  "logs:PutLogEvents",
                ],
                "Effect": "Allow",
                "Resource": "arn:acme-function:*",
              },
            ],
            "Version": "2012-10-17",
          },
          "role": "acme-function-id",
        },
        "Route acme-api": {
          "apiId": "acme-api-id",
          "routeKey": "ANY /api/v1/scim/{proxy+}",
          "target": "integrations/acme-api-id",
        },
        "Stage acme-api": {
          "accessLogSettings": {
            "destinationArn": "arn:acme-access",
            "format": {
              "error": "$context.error.responseType",
              "integrationError": "$context.integrationErrorMessage",
              "integrationLatencyMs": "$context.integrationLatency",
              "latencyMs": "$context.responseLatency",
              "method": "$context.httpMethod",
              "requestId": "$context.requestId",
              "responseLength": "$context.responseLength",
              "route": "$context.routeKey",
              "sourceIp": "$context.identity.sourceIp",
              "status": "$context.status",
              "time": "$context.requestTime",
            },
          },
          "apiId": "acme-api-id",
          "autoDeploy": true,
          "defaultRouteSettings": {
            "detailedMetricsEnabled": true,
            "throttlingBurstLimit": 1000,
            "throttlingRateLimit": 500,
          },
          "name": "$default",
        },
        "Table acme-directory": {
          "attributes": [
            {
              "name": "pk",
              "type": "S",
            },
            {
              "name": "sk",
              "type": "S",
            },
          ],
          "billingMode": "PAY_PER_REQUEST",
          "deletionProtectionEnabled": true,
          "hashKey": "pk",
          "pointInTimeRecovery": {
            "enabled": true,
          },
          "rangeKey": "sk",
          "ttl": {
            "attributeName": "ttl",
            "enabled": true,
          },
        },
      }
    `);
    const policy = declared["RolePolicy acme-function"]?.["policy"] as { Statement: { Action: string[] }[] };
    expect(policy.Statement[0]?.Action).toEqual(requiredActions);
    const kept = all.filter(({ protect, retainOnDelete }) => protect || retainOnDelete);
    expect(kept.map(({ name, protect, retainOnDelete }) => [name, protect, retainOnDelete])).toEqual([
      ["acme-directory", true, true],
    ]);
  });

  it("protects nothing and keeps logs for a week in development", async () => {
    const production = await declare({});
    const { declared, all } = await declare({ stage: "development" });
    expect(difference(production.declared, declared)).toMatchInlineSnapshot(`
      {
        "LogGroup acme-access": {
          "name": "/aws/vendedlogs/okta-scim-directory/test/acme-access",
          "retentionInDays": 7,
        },
        "LogGroup acme-function": {
          "retentionInDays": 7,
        },
        "Table acme-directory": {
          "attributes": [
            {
              "name": "pk",
              "type": "S",
            },
            {
              "name": "sk",
              "type": "S",
            },
          ],
          "billingMode": "PAY_PER_REQUEST",
          "deletionProtectionEnabled": false,
          "hashKey": "pk",
          "pointInTimeRecovery": {
            "enabled": false,
          },
          "rangeKey": "sk",
          "ttl": {
            "attributeName": "ttl",
            "enabled": true,
          },
        },
      }
    `);
    expect(all.filter(({ protect, retainOnDelete }) => protect || retainOnDelete)).toEqual([]);
  });

  it("gets with a domain its certificate, proof, mapping and record, and loses its default address", async () => {
    const plain = await declare({});
    const { declared } = await declare({
      endpoint: { kind: "managed", domain: { name: "scim.example.com", hostedZoneId: "Z0123456789" } },
    });
    expect(difference(plain.declared, declared)).toMatchInlineSnapshot(`
      {
        "Api acme-api": {
          "description": "SCIM 2.0 service of tenant acme",
          "disableExecuteApiEndpoint": true,
          "protocolType": "HTTP",
        },
        "ApiMapping acme-domain": {
          "apiId": "acme-api-id",
          "domainName": "acme-domain-id",
          "stage": "$default",
        },
        "Certificate acme-domain": {
          "domainName": "scim.example.com",
          "validationMethod": "DNS",
        },
        "CertificateValidation acme-domain": {
          "certificateArn": "arn:acme-domain",
          "validationRecordFqdns": [
            "proof.example.com",
          ],
        },
        "DomainName acme-domain": {
          "domainName": "scim.example.com",
          "domainNameConfiguration": {
            "certificateArn": "arn:acme-domain",
            "endpointType": "REGIONAL",
            "securityPolicy": "TLS_1_2",
          },
        },
        "Function acme-function": {
          "architectures": [
            "arm64",
          ],
          "code": "archive",
          "description": "SCIM 2.0 service of tenant acme",
          "environment": {
            "variables": {
              "ATTRIBUTES": ""iru"",
              "BASE_URL": "https://scim.example.com/api/v1/scim",
              "TABLE_NAME": "acme-directory",
              "TOKEN_HASHES": [
                {
                  "generation": 1,
                  "sha256": "732a7523748a8dc47f2ade121d4b04680f5398bd63e0e1b0d8ddfc476c194961",
                },
              ],
            },
          },
          "handler": "index.handler",
          "loggingConfig": {
            "logFormat": "JSON",
            "logGroup": "acme-function",
          },
          "memorySize": 512,
          "role": "arn:acme-function",
          "runtime": "nodejs24.x",
          "timeout": 29,
        },
        "Record acme-domain": {
          "aliases": [
            {
              "evaluateTargetHealth": false,
              "name": "target.example.com",
              "zoneId": "ZTARGET",
            },
          ],
          "name": "scim.example.com",
          "type": "A",
          "zoneId": "Z0123456789",
        },
        "Record acme-domain-validation": {
          "name": "_proof",
          "records": [
            "value",
          ],
          "ttl": 300,
          "type": "CNAME",
          "zoneId": "Z0123456789",
        },
      }
    `);
  });

  it("accepts the old token's hash beside the new one's, and without acceptPreviousToken the new one's alone", async () => {
    const first = await declare({});
    const overlap = await declare({ tokenGeneration: 2 });
    expect(difference(first.declared, overlap.declared)).toMatchInlineSnapshot(`
      {
        "Function acme-function": {
          "architectures": [
            "arm64",
          ],
          "code": "archive",
          "description": "SCIM 2.0 service of tenant acme",
          "environment": {
            "variables": {
              "ATTRIBUTES": ""iru"",
              "BASE_URL": "https://api.example.com/api/v1/scim",
              "TABLE_NAME": "acme-directory",
              "TOKEN_HASHES": [
                {
                  "generation": 2,
                  "sha256": "930d0ae073e7b9522c04fa27839c16c135be97f9a926ee0acc90da8d6a474532",
                },
                {
                  "generation": 1,
                  "sha256": "732a7523748a8dc47f2ade121d4b04680f5398bd63e0e1b0d8ddfc476c194961",
                },
              ],
            },
          },
          "handler": "index.handler",
          "loggingConfig": {
            "logFormat": "JSON",
            "logGroup": "acme-function",
          },
          "memorySize": 512,
          "role": "arn:acme-function",
          "runtime": "nodejs24.x",
          "timeout": 29,
        },
        "RandomPassword acme-token-2": {
          "length": 64,
          "special": false,
        },
      }
    `);
    const after = await declare({ tokenGeneration: 2, acceptPreviousToken: false });
    expect(difference(overlap.declared, after.declared)).toMatchInlineSnapshot(`
      {
        "Function acme-function": {
          "architectures": [
            "arm64",
          ],
          "code": "archive",
          "description": "SCIM 2.0 service of tenant acme",
          "environment": {
            "variables": {
              "ATTRIBUTES": ""iru"",
              "BASE_URL": "https://api.example.com/api/v1/scim",
              "TABLE_NAME": "acme-directory",
              "TOKEN_HASHES": [
                {
                  "generation": 2,
                  "sha256": "930d0ae073e7b9522c04fa27839c16c135be97f9a926ee0acc90da8d6a474532",
                },
              ],
            },
          },
          "handler": "index.handler",
          "loggingConfig": {
            "logFormat": "JSON",
            "logGroup": "acme-function",
          },
          "memorySize": 512,
          "role": "arn:acme-function",
          "runtime": "nodejs24.x",
          "timeout": 29,
        },
      }
    `);
    expect(Object.keys(overlap.declared).filter((name) => !(name in after.declared))).toEqual([
      "RandomPassword acme-token-1",
    ]);
  });

  it("keeps and bounds executions where told to", async () => {
    const plain = await declare({});
    const { declared } = await declare({ reservedConcurrency: 20 });
    expect(Object.keys(difference(plain.declared, declared))).toEqual(["Function acme-function"]);
    expect(declared["Function acme-function"]).toMatchObject({ reservedConcurrentExecutions: 20 });
  });

  it("watches itself where somebody is to be told, and the old token during its overlap", async () => {
    const plain = await declare({});
    const { declared } = await declare({ alarms: { email: "ops@example.com", topicArn: "arn:aws:sns:x:1:ops" } });
    const { "Dashboard acme": dashboard, ...alarms } = difference(plain.declared, declared);
    expect(alarms).toMatchInlineSnapshot(`
      {
        "MetricAlarm acme-busy": {
          "alarmActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "alarmDescription": "The directory of acme told clients 20 times or more in 5 minutes to come again",
          "comparisonOperator": "GreaterThanOrEqualToThreshold",
          "datapointsToAlarm": 1,
          "dimensions": {
            "FunctionName": "acme-function",
          },
          "evaluationPeriods": 1,
          "metricName": "Busy",
          "namespace": "OktaScimDirectory",
          "okActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "period": 300,
          "statistic": "Sum",
          "threshold": 20,
          "treatMissingData": "notBreaching",
        },
        "MetricAlarm acme-function-duration": {
          "alarmActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "alarmDescription": "A request of the SCIM function of acme came near its timeout of 29 seconds",
          "comparisonOperator": "GreaterThanOrEqualToThreshold",
          "datapointsToAlarm": 1,
          "dimensions": {
            "FunctionName": "acme-function",
          },
          "evaluationPeriods": 1,
          "metricName": "Duration",
          "namespace": "AWS/Lambda",
          "okActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "period": 300,
          "statistic": "Maximum",
          "threshold": 24650,
          "treatMissingData": "notBreaching",
        },
        "MetricAlarm acme-function-errors": {
          "alarmActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "alarmDescription": "The SCIM function of acme failed",
          "comparisonOperator": "GreaterThanOrEqualToThreshold",
          "datapointsToAlarm": 1,
          "dimensions": {
            "FunctionName": "acme-function",
          },
          "evaluationPeriods": 1,
          "metricName": "Errors",
          "namespace": "AWS/Lambda",
          "okActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "period": 300,
          "statistic": "Sum",
          "threshold": 1,
          "treatMissingData": "notBreaching",
        },
        "MetricAlarm acme-function-throttles": {
          "alarmActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "alarmDescription": "The SCIM function of acme was throttled",
          "comparisonOperator": "GreaterThanOrEqualToThreshold",
          "datapointsToAlarm": 1,
          "dimensions": {
            "FunctionName": "acme-function",
          },
          "evaluationPeriods": 1,
          "metricName": "Throttles",
          "namespace": "AWS/Lambda",
          "okActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "period": 300,
          "statistic": "Sum",
          "threshold": 1,
          "treatMissingData": "notBreaching",
        },
        "MetricAlarm acme-latency": {
          "alarmActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "alarmDescription": "One answer in twenty of the SCIM service of acme took 5 seconds or more, for 15 minutes",
          "comparisonOperator": "GreaterThanOrEqualToThreshold",
          "datapointsToAlarm": 3,
          "dimensions": {
            "ApiId": "acme-api-id",
          },
          "evaluationPeriods": 3,
          "extendedStatistic": "p95",
          "metricName": "Latency",
          "namespace": "AWS/ApiGateway",
          "okActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "period": 300,
          "threshold": 5000,
          "treatMissingData": "notBreaching",
        },
        "MetricAlarm acme-read-throttles": {
          "alarmActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "alarmDescription": "DynamoDB throttled reads of the directory of acme",
          "comparisonOperator": "GreaterThanOrEqualToThreshold",
          "datapointsToAlarm": 1,
          "dimensions": {
            "TableName": "acme-directory",
          },
          "evaluationPeriods": 1,
          "metricName": "ReadThrottleEvents",
          "namespace": "AWS/DynamoDB",
          "okActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "period": 300,
          "statistic": "Sum",
          "threshold": 1,
          "treatMissingData": "notBreaching",
        },
        "MetricAlarm acme-server-errors": {
          "alarmActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "alarmDescription": "The SCIM service of acme answered with a server error",
          "comparisonOperator": "GreaterThanOrEqualToThreshold",
          "datapointsToAlarm": 1,
          "dimensions": {
            "ApiId": "acme-api-id",
          },
          "evaluationPeriods": 1,
          "metricName": "5xx",
          "namespace": "AWS/ApiGateway",
          "okActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "period": 300,
          "statistic": "Sum",
          "threshold": 1,
          "treatMissingData": "notBreaching",
        },
        "MetricAlarm acme-unauthorized": {
          "alarmActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "alarmDescription": "The SCIM service of acme refused 20 tokens or more in 5 minutes: Okta has a wrong one, or someone tries",
          "comparisonOperator": "GreaterThanOrEqualToThreshold",
          "datapointsToAlarm": 1,
          "dimensions": {
            "FunctionName": "acme-function",
          },
          "evaluationPeriods": 1,
          "metricName": "Unauthorized",
          "namespace": "OktaScimDirectory",
          "okActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "period": 300,
          "statistic": "Sum",
          "threshold": 20,
          "treatMissingData": "notBreaching",
        },
        "MetricAlarm acme-write-throttles": {
          "alarmActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "alarmDescription": "DynamoDB throttled writes of the directory of acme",
          "comparisonOperator": "GreaterThanOrEqualToThreshold",
          "datapointsToAlarm": 1,
          "dimensions": {
            "TableName": "acme-directory",
          },
          "evaluationPeriods": 1,
          "metricName": "WriteThrottleEvents",
          "namespace": "AWS/DynamoDB",
          "okActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "period": 300,
          "statistic": "Sum",
          "threshold": 1,
          "treatMissingData": "notBreaching",
        },
        "Topic acme-alarms": {},
        "TopicSubscription acme-alarms": {
          "endpoint": "ops@example.com",
          "protocol": "email",
          "topic": "arn:acme-alarms",
        },
      }
    `);
    expect(dashboard?.["dashboardName"]).toBe("acme-test");
    expect(graphsOf(dashboard?.["dashboardBody"])).toMatchInlineSnapshot(`
      [
        "Requests and errors: AWS/ApiGateway Count ApiId acme-api-id {"stat":"Sum"}; AWS/ApiGateway 4xx ApiId acme-api-id {"stat":"Sum"}; AWS/ApiGateway 5xx ApiId acme-api-id {"stat":"Sum"}",
        "Milliseconds to answer: AWS/ApiGateway Latency ApiId acme-api-id {"stat":"p50"}; AWS/ApiGateway Latency ApiId acme-api-id {"stat":"p95"}; AWS/ApiGateway Latency ApiId acme-api-id {"stat":"p99"}",
        "Refused tokens, old token, come again: OktaScimDirectory Unauthorized FunctionName acme-function {"stat":"Sum"}; OktaScimDirectory PreviousToken FunctionName acme-function {"stat":"Sum"}; OktaScimDirectory Busy FunctionName acme-function {"stat":"Sum"}",
        "Function: AWS/Lambda Duration FunctionName acme-function {"stat":"Maximum"}; AWS/Lambda Errors FunctionName acme-function {"stat":"Sum"}; AWS/Lambda Throttles FunctionName acme-function {"stat":"Sum"}; AWS/Lambda ConcurrentExecutions FunctionName acme-function {"stat":"Maximum"}",
        "Capacity units: AWS/DynamoDB ConsumedReadCapacityUnits TableName acme-directory {"stat":"Sum"}; AWS/DynamoDB ConsumedWriteCapacityUnits TableName acme-directory {"stat":"Sum"}",
        "Throttled by DynamoDB: AWS/DynamoDB ReadThrottleEvents TableName acme-directory {"stat":"Sum"}; AWS/DynamoDB WriteThrottleEvents TableName acme-directory {"stat":"Sum"}",
        "Operations: how many, how slow, what they cost: SOURCE 'acme-function' | filter ispresent(operation) | stats count() as requests, pct(latencyMs, 95) as p95, avg(dynamodb.requests) as dynamodbRequests, avg(dynamodb.readUnits) as readUnits, avg(dynamodb.writeUnits) as writeUnits by operation, status | sort requests desc",
      ]
    `);
    const topic = { alarms: { topicArn: "arn:aws:sns:x:1:ops" } };
    const quiet = await declare({ ...topic, tokenGeneration: 2, acceptPreviousToken: false });
    const overlap = await declare({ ...topic, tokenGeneration: 2 });
    const { "MetricAlarm acme-previous-token": alarm } = difference(quiet.declared, overlap.declared);
    expect(alarm).toMatchInlineSnapshot(`
      {
        "alarmActions": [
          "arn:aws:sns:x:1:ops",
        ],
        "alarmDescription": "Okta uses the previous token of acme still; when this is over, set acceptPreviousToken to false",
        "comparisonOperator": "GreaterThanOrEqualToThreshold",
        "datapointsToAlarm": 1,
        "dimensions": {
          "FunctionName": "acme-function",
        },
        "evaluationPeriods": 24,
        "metricName": "PreviousToken",
        "namespace": "OktaScimDirectory",
        "okActions": [
          "arn:aws:sns:x:1:ops",
        ],
        "period": 3600,
        "statistic": "Sum",
        "threshold": 1,
        "treatMissingData": "notBreaching",
      }
    `);
  });
});
