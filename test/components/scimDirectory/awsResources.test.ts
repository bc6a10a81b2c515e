import { describe, expect, it } from "vitest";
import { requiredActions } from "../../../lambda/accessPatterns.ts";
import { declare, difference } from "../../support/components/scimDirectory/aws.ts";

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
        "Route acme-api-base": {
          "apiId": "acme-api-id",
          "routeKey": "ANY /api/v1/scim",
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
});
