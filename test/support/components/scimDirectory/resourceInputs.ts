export const defaultBaseUrl = "https://api.example.com/api/v1/scim";

/** The hash of the token of each generation, as the function accepts it. */
export const tokenHashes = {
  1: { generation: 1, sha256: "732a7523748a8dc47f2ade121d4b04680f5398bd63e0e1b0d8ddfc476c194961" },
  2: { generation: 2, sha256: "930d0ae073e7b9522c04fa27839c16c135be97f9a926ee0acc90da8d6a474532" },
} as const;

/** The inputs of the function at a base URL that accepts the tokens of these hashes. */
export const functionInputs = (baseUrl: string, accepted: readonly object[], more: Record<string, string> = {}) => ({
  architectures: ["arm64"],
  code: "archive",
  description: "SCIM 2.0 service of tenant acme",
  environment: {
    variables: {
      ATTRIBUTES: '"iru"',
      BASE_URL: baseUrl,
      TABLE_NAME: "acme-directory",
      TOKEN_HASHES: accepted,
      ...more,
    },
  },
  handler: "index.handler",
  loggingConfig: {
    logFormat: "JSON",
    logGroup: "acme-function",
  },
  memorySize: 512,
  role: "arn:acme-function",
  runtime: "nodejs24.x",
  timeout: 29,
});

/** The inputs of the AWS half in production without domain and alarms, by type and name. */
export const productionInputs = {
  "Api acme-api": {
    description: "SCIM 2.0 service of tenant acme",
    disableExecuteApiEndpoint: false,
    protocolType: "HTTP",
  },
  "Function acme-function": functionInputs(defaultBaseUrl, [tokenHashes[1]]),
  "Integration acme-api": {
    apiId: "acme-api-id",
    integrationType: "AWS_PROXY",
    integrationUri: "arn:acme-function",
    payloadFormatVersion: "2.0",
  },
  "LogGroup acme-access": {
    name: "/aws/vendedlogs/okta-scim-directory/test/acme-access",
    retentionInDays: 365,
  },
  "LogGroup acme-function": {
    retentionInDays: 365,
  },
  "Permission acme-api": {
    action: "lambda:InvokeFunction",
    function: "acme-function",
    principal: "apigateway.amazonaws.com",
    sourceArn: "arn/*/*",
  },
  "RandomPassword acme-token-1": {
    length: 64,
    special: false,
  },
  "Role acme-function": {
    assumeRolePolicy: {
      Statement: [
        {
          Action: "sts:AssumeRole",
          Effect: "Allow",
          Principal: {
            Service: "lambda.amazonaws.com",
          },
          Sid: "AllowAssumeRole",
        },
      ],
      Version: "2012-10-17",
    },
  },
  "RolePolicy acme-function": {
    policy: {
      Statement: [
        {
          Action: [
            "dynamodb:BatchGetItem",
            "dynamodb:BatchWriteItem",
            "dynamodb:ConditionCheckItem",
            "dynamodb:DeleteItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
          ],
          Effect: "Allow",
          Resource: "arn:acme-directory",
        },
        {
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Effect: "Allow",
          Resource: "arn:acme-function:*",
        },
      ],
      Version: "2012-10-17",
    },
    role: "acme-function-id",
  },
  "Route acme-api": {
    apiId: "acme-api-id",
    routeKey: "ANY /api/v1/scim/{proxy+}",
    target: "integrations/acme-api-id",
  },
  "Route acme-api-base": {
    apiId: "acme-api-id",
    routeKey: "ANY /api/v1/scim",
    target: "integrations/acme-api-id",
  },
  "Stage acme-api": {
    accessLogSettings: {
      destinationArn: "arn:acme-access",
      format: {
        error: "$context.error.responseType",
        integrationError: "$context.integrationErrorMessage",
        integrationLatencyMs: "$context.integrationLatency",
        latencyMs: "$context.responseLatency",
        method: "$context.httpMethod",
        requestId: "$context.requestId",
        responseLength: "$context.responseLength",
        route: "$context.routeKey",
        sourceIp: "$context.identity.sourceIp",
        status: "$context.status",
        time: "$context.requestTime",
      },
    },
    apiId: "acme-api-id",
    autoDeploy: true,
    defaultRouteSettings: {
      detailedMetricsEnabled: true,
      throttlingBurstLimit: 1000,
      throttlingRateLimit: 500,
    },
    name: "$default",
  },
  "Table acme-directory": {
    attributes: [
      {
        name: "pk",
        type: "S",
      },
      {
        name: "sk",
        type: "S",
      },
    ],
    billingMode: "PAY_PER_REQUEST",
    deletionProtectionEnabled: true,
    hashKey: "pk",
    pointInTimeRecovery: {
      enabled: true,
    },
    rangeKey: "sk",
    ttl: {
      attributeName: "ttl",
      enabled: true,
    },
  },
};
