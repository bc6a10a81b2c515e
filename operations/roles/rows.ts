import { eventRows } from "./eventRows.ts";
import { ALL, regional, type Row } from "./grants.ts";

const table = [regional("dynamodb", "table/TENANT-directory-*"), regional("dynamodb", "table/TENANT-feed-*")];
const role = ["arn:aws:iam::ACCOUNT:role/TENANT-function-*", "arn:aws:iam::ACCOUNT:role/TENANT-events-*"];
const fn = [regional("lambda", "function:TENANT-function-*"), regional("lambda", "function:TENANT-events-*")];
// A trailing `*` also matches the `:*` that IAM appends to the ARN of a log group.
const logGroups = [
  regional("logs", "log-group:TENANT-function-*"),
  regional("logs", "log-group:TENANT-events-*"),
  regional("logs", "log-group:/aws/vendedlogs/okta-scim-directory/*/TENANT-access*"),
];
const topics = [regional("sns", "TENANT-alarms-*")];
const alarms = [regional("cloudwatch", "alarm:TENANT-*")];
const dashboards = ["arn:aws:cloudwatch::ACCOUNT:dashboard/TENANT-*"];
// Ids that AWS chooses: no ARN of these resources holds the tenant's name, nor the account for API Gateway.
const apis = ["arn:aws:apigateway:REGION::/apis", "arn:aws:apigateway:REGION::/apis/*"];
const domainNames = ["arn:aws:apigateway:REGION::/domainnames", "arn:aws:apigateway:REGION::/domainnames/*"];
const certificates = [regional("acm", "certificate/*")];
const zone = ["arn:aws:route53:::hostedzone/ZONE"];

/** What every tenant with a managed endpoint has. */
const core: Readonly<Record<string, Row>> = {
  "aws:dynamodb/table:Table": {
    read: {
      ReadTable: {
        actions: [
          "dynamodb:DescribeContinuousBackups",
          "dynamodb:DescribeTable",
          "dynamodb:DescribeTimeToLive",
          "dynamodb:ListTagsOfResource",
        ],
        resources: table,
      },
    },
    write: {
      WriteTable: {
        actions: [
          "dynamodb:CreateTable",
          "dynamodb:DeleteTable",
          "dynamodb:UpdateContinuousBackups",
          "dynamodb:UpdateTable",
          "dynamodb:UpdateTimeToLive",
        ],
        resources: table,
      },
    },
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    read: {
      FindLogGroupsOnAll: { actions: ["logs:DescribeLogGroups"], resources: ALL },
      ReadLogGroups: { actions: ["logs:ListTagsForResource"], resources: logGroups },
    },
    write: {
      WriteLogGroups: {
        actions: [
          "logs:CreateLogGroup",
          "logs:DeleteLogGroup",
          "logs:DeleteRetentionPolicy",
          "logs:PutRetentionPolicy",
        ],
        resources: logGroups,
      },
    },
  },
  "aws:iam/role:Role": {
    read: {
      ReadRole: {
        actions: ["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"],
        resources: role,
      },
    },
    write: {
      WriteRole: {
        actions: [
          "iam:CreateRole",
          "iam:DeleteRole",
          "iam:ListInstanceProfilesForRole",
          "iam:UpdateAssumeRolePolicy",
          "iam:UpdateRole",
          "iam:UpdateRoleDescription",
        ],
        resources: role,
      },
    },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    read: { ReadRolePolicy: { actions: ["iam:GetRolePolicy"], resources: role } },
    write: { WriteRolePolicy: { actions: ["iam:DeleteRolePolicy", "iam:PutRolePolicy"], resources: role } },
  },
  "aws:lambda/function:Function": {
    read: {
      ReadFunction: {
        actions: ["lambda:GetFunction", "lambda:GetFunctionCodeSigningConfig", "lambda:ListVersionsByFunction"],
        resources: fn,
      },
    },
    write: {
      WriteFunction: {
        actions: [
          "lambda:CreateFunction",
          "lambda:DeleteFunction",
          "lambda:DeleteFunctionConcurrency",
          "lambda:PutFunctionConcurrency",
          "lambda:UpdateFunctionCode",
          "lambda:UpdateFunctionConfiguration",
        ],
        resources: fn,
      },
      PassRoleToLambda: {
        actions: ["iam:PassRole"],
        resources: role,
        condition: { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } },
      },
    },
  },
  "aws:lambda/permission:Permission": {
    read: { ReadPermission: { actions: ["lambda:GetPolicy"], resources: fn } },
    write: { WritePermission: { actions: ["lambda:AddPermission", "lambda:RemovePermission"], resources: fn } },
  },
  "aws:apigatewayv2/api:Api": {
    read: { ReadApi: { actions: ["apigateway:GET"], resources: apis } },
    write: {
      WriteApi: { actions: ["apigateway:DELETE", "apigateway:PATCH", "apigateway:POST"], resources: apis },
      CreateRoleOfApiGateway: {
        actions: ["iam:CreateServiceLinkedRole"],
        resources: [
          "arn:aws:iam::ACCOUNT:role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway",
        ],
        condition: { StringEquals: { "iam:AWSServiceName": "ops.apigateway.amazonaws.com" } },
      },
    },
  },
  "aws:apigatewayv2/integration:Integration": { read: partOfApi("Integration"), write: changeOfApi("Integration") },
  "aws:apigatewayv2/route:Route": { read: partOfApi("Route"), write: changeOfApi("Route") },
  "aws:apigatewayv2/stage:Stage": {
    read: partOfApi("Stage"),
    write: {
      ...changeOfApi("Stage"),
      // "Permissions to activate logging" of HTTP APIs (API Gateway Developer Guide).
      DeliverAccessLogOnAll: {
        actions: [
          "logs:CreateLogDelivery",
          "logs:DeleteLogDelivery",
          "logs:DescribeResourcePolicies",
          "logs:GetLogDelivery",
          "logs:ListLogDeliveries",
          "logs:PutResourcePolicy",
          "logs:UpdateLogDelivery",
        ],
        resources: ALL,
      },
    },
  },
};

/** Parts of an API lie below its ARN. */
function partOfApi(part: string): Row["read"] {
  return { [`Read${part}`]: { actions: ["apigateway:GET"], resources: apis } };
}
function changeOfApi(part: string): Row["write"] {
  return {
    [`Write${part}`]: { actions: ["apigateway:DELETE", "apigateway:PATCH", "apigateway:POST"], resources: apis },
  };
}

/** What `endpoint.domain` adds. */
const domain: Readonly<Record<string, Row>> = {
  "aws:acm/certificate:Certificate": {
    read: {
      ReadCertificate: {
        actions: ["acm:DescribeCertificate", "acm:ListTagsForCertificate"],
        resources: certificates,
      },
    },
    write: {
      RequestCertificateOnAll: { actions: ["acm:RequestCertificate"], resources: ALL },
      WriteCertificate: { actions: ["acm:DeleteCertificate"], resources: certificates },
    },
  },
  "aws:acm/certificateValidation:CertificateValidation": {
    read: { ReadValidation: { actions: ["acm:DescribeCertificate"], resources: certificates } },
    write: {},
  },
  "aws:route53/record:Record": {
    read: {
      ReadRecords: { actions: ["route53:GetHostedZone", "route53:ListResourceRecordSets"], resources: zone },
    },
    write: {
      WriteRecords: { actions: ["route53:ChangeResourceRecordSets"], resources: zone },
      AwaitRecords: { actions: ["route53:GetChange"], resources: ["arn:aws:route53:::change/*"] },
    },
  },
  "aws:apigatewayv2/domainName:DomainName": {
    read: { ReadDomain: { actions: ["apigateway:GET"], resources: domainNames } },
    write: {
      WriteDomain: { actions: ["apigateway:DELETE", "apigateway:PATCH", "apigateway:POST"], resources: domainNames },
    },
  },
  "aws:apigatewayv2/apiMapping:ApiMapping": {
    read: { ReadMapping: { actions: ["apigateway:GET"], resources: domainNames } },
    write: {
      WriteMapping: { actions: ["apigateway:DELETE", "apigateway:PATCH", "apigateway:POST"], resources: domainNames },
    },
  },
};

/** What `alarms` adds. */
const alarm: Readonly<Record<string, Row>> = {
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    read: {
      ReadAlarms: { actions: ["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"], resources: alarms },
    },
    write: { WriteAlarms: { actions: ["cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm"], resources: alarms } },
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    read: { ReadDashboard: { actions: ["cloudwatch:GetDashboard"], resources: dashboards } },
    write: {
      WriteDashboard: { actions: ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"], resources: dashboards },
    },
  },
  "aws:sns/topic:Topic": {
    read: { ReadTopic: { actions: ["sns:GetTopicAttributes", "sns:ListTagsForResource"], resources: topics } },
    write: {
      WriteTopic: { actions: ["sns:CreateTopic", "sns:DeleteTopic", "sns:SetTopicAttributes"], resources: topics },
    },
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    read: { ReadSubscriptionOnAll: { actions: ["sns:GetSubscriptionAttributes"], resources: ALL } },
    write: {
      Subscribe: { actions: ["sns:Subscribe"], resources: topics },
      WriteSubscriptionOnAll: { actions: ["sns:SetSubscriptionAttributes", "sns:Unsubscribe"], resources: ALL },
    },
  },
};

/** Every type of `aws` that the program may declare, with the rights that it takes. */
export const rows: Readonly<Record<string, Row>> = { ...core, ...domain, ...alarm, ...eventRows };
