import { defaultBaseUrl, functionInputs, productionInputs, tokenHashes } from "./resourceInputs.ts";

const crm = { url: "https://crm.example.com/events", authorization: "Bearer s3cret-of-crm" };

/** A receiver of poll, one of push, and an event bus. */
export const everyOutlet = {
  receivers: [
    { name: "hr", delivery: "poll" },
    { name: "crm", delivery: { push: crm.url, authorization: crm.authorization }, mode: "full" },
  ],
  eventBus: true,
};

const receivers = [
  { name: "hr", id: "id-of-acme-receiver-hr-poll", delivery: "poll", mode: "notice" },
  { name: "crm", id: "id-of-acme-receiver-crm-push", delivery: "push", mode: "full" },
];

// cspell:ignore Gfuc Ukzkg CJQBX
/** The public key of the tests' KMS, as every key of it. */
const jwk = {
  kty: "EC",
  crv: "P-256",
  x: "CJsE92zm-p_xwmGZsRAIy9XnlDxzvLY-VAOtvMXqFtg",
  y: "gOBaOKLtwQRi5c2IzOH5tONt78uhFBavZAtFCK2Dxhc",
};
const kid = "GfucGS5aayLqVWHwoOGCUkzkgID5CJQBX-kTLlnQ464";

/** A published key; the one that signs first. */
export const publishedKey = (signs: boolean) => ({ kid, jwk, signs });

const eventFunction = (handler: string, rest: object) => ({
  ...rest,
  architectures: ["arm64"],
  code: "archive",
  handler: `events.${handler}`,
  loggingConfig: { logFormat: "JSON", logGroup: `acme-events-${handler}` },
  role: `arn:acme-events-${handler}`,
  runtime: "nodejs24.x",
});

const policy = (handler: string, ...statements: readonly (readonly [resource: string, ...actions: string[]])[]) => ({
  policy: {
    Statement: [
      ...statements.map(([Resource, ...Action]) => ({ Action, Effect: "Allow", Resource })),
      {
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Effect: "Allow",
        Resource: `arn:acme-events-${handler}:*`,
      },
    ],
    Version: "2012-10-17",
  },
  role: `acme-events-${handler}-id`,
});

const ofEach = (type: string, inputs: object) =>
  Object.fromEntries(
    ["publish", "feed", "push", "observe"].map((handler) => [`${type} acme-events-${handler}`, inputs]),
  );

/** The inputs that `everyOutlet` adds to those of production, or changes, by type and name. */
export const eventInputs: Readonly<Record<string, object>> = {
  ...ofEach("LogGroup", { retentionInDays: 365 }),
  ...ofEach("Role", productionInputs["Role acme-function"]),
  "Function acme-function": functionInputs(defaultBaseUrl, [tokenHashes[1]], { EVENTS: "1" }),
  "Table acme-directory": {
    ...productionInputs["Table acme-directory"],
    streamEnabled: true,
    streamViewType: "NEW_AND_OLD_IMAGES",
  },
  "Table acme-feed": productionInputs["Table acme-directory"],
  "Function acme-events-publish": eventFunction("publish", {
    description: "Makes signed events of the changes of tenant acme",
    memorySize: 512,
    timeout: 60,
    environment: {
      variables: {
        ATTRIBUTES: '"iru"',
        BASE_URL: "https://api.example.com/api/v1/scim",
        EVENTS_SOURCE: "okta-scim-directory.acme",
        EVENT_BUS_NAME: "acme-events",
        EVENT_ISSUER: "https://api.example.com/api/v1/events",
        EVENT_RECEIVERS: receivers,
        FEED_TABLE_NAME: "acme-feed",
        PUSH_QUEUE_URL: "https://sqs.example.com/acme-push",
        SIGNING_KEYS: [{ ...publishedKey(true), keyArn: "arn:acme-events-signing-1" }],
      },
    },
  }),
  "Function acme-events-feed": eventFunction("feed", {
    description: "Answers receivers that poll, and publishes the keys of tenant acme",
    memorySize: 256,
    timeout: 29,
    environment: {
      variables: {
        EVENT_RECEIVERS: receivers,
        FEED_TABLE_NAME: "acme-feed",
        RECEIVER_TOKEN_HASHES: [
          { generation: 1, sha256: "3abdeb7a349dc34ac9f59a27ceb523b4b5d70581f3303cf45d9772d83bd5c30c", name: "hr" },
        ],
        SIGNING_KEYS: [publishedKey(true)],
        TOKEN_HASHES: [tokenHashes[1]],
      },
    },
  }),
  "Function acme-events-push": eventFunction("push", {
    description: "Sends events to receivers of push of tenant acme",
    memorySize: 256,
    timeout: 55,
    environment: {
      variables: {
        ...{ PUSH_QUEUE_URL: "https://sqs.example.com/acme-push", PUSH_TARGETS_PARAMETER: "acme-push-targets" },
        // Another address or authorization is another version, with which Lambda starts new processes.
        PUSH_TARGETS_VERSION: "7",
      },
    },
  }),
  "Function acme-events-observe": eventFunction("observe", {
    description: "Measures the backlog of receivers of tenant acme",
    memorySize: 256,
    timeout: 60,
    environment: { variables: { EVENT_RECEIVERS: receivers, FEED_TABLE_NAME: "acme-feed" } },
  }),
  "RolePolicy acme-events-publish": policy(
    "publish",
    ["arn:acme-directory/stream", "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
    ["arn:acme-directory/stream/*", "dynamodb:ListStreams"],
    ["arn:acme-events-signing-1", "kms:Sign"],
    ["arn:acme-feed", "dynamodb:BatchWriteItem"],
    ["arn:acme-events-failed", "sqs:SendMessage"],
    ["arn:acme-push", "sqs:SendMessage"],
    ["arn:acme-events", "events:PutEvents"],
  ),
  "RolePolicy acme-events-feed": policy("feed", [
    "arn:acme-feed",
    "dynamodb:BatchGetItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:Query",
  ]),
  "RolePolicy acme-events-push": policy(
    "push",
    [
      "arn:acme-push",
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ReceiveMessage",
    ],
    ["arn:acme-push-targets", "ssm:GetParameter"],
  ),
  "RolePolicy acme-events-observe": policy("observe", ["arn:acme-feed", "dynamodb:Query"]),
  "EventBus acme-events": {},
  "EventRule acme-events-observe": { scheduleExpression: "rate(5 minutes)" },
  "EventSourceMapping acme-events-publish": {
    batchSize: 100,
    bisectBatchOnFunctionError: true,
    destinationConfig: {
      onFailure: { destinationArn: "arn:acme-events-failed" },
    },
    eventSourceArn: "arn:acme-directory/stream",
    filterCriteria: {
      filters: [
        {
          pattern: {
            dynamodb: {
              Keys: {
                sk: {
                  S: ["#"],
                },
                pk: {
                  S: [{ prefix: "U#" }, { prefix: "G#" }],
                },
              },
            },
          },
        },
      ],
    },
    functionName: "arn:acme-events-publish",
    functionResponseTypes: ["ReportBatchItemFailures"],
    maximumBatchingWindowInSeconds: 0,
    maximumRecordAgeInSeconds: -1,
    maximumRetryAttempts: -1,
    parallelizationFactor: 1,
    startingPosition: "TRIM_HORIZON",
  },
  "EventSourceMapping acme-events-push": {
    batchSize: 10,
    eventSourceArn: "arn:acme-push",
    functionName: "arn:acme-events-push",
    functionResponseTypes: ["ReportBatchItemFailures"],
  },
  "EventTarget acme-events-observe": { arn: "arn:acme-events-observe", rule: "acme-events-observe" },
  "Integration acme-events-feed": {
    apiId: "acme-api-id",
    integrationType: "AWS_PROXY",
    integrationUri: "arn:acme-events-feed",
    payloadFormatVersion: "2.0",
  },
  "Key acme-events-signing-1": {
    customerMasterKeySpec: "ECC_NIST_P256",
    deletionWindowInDays: 30,
    description: "Signs the change events of tenant acme, generation 1",
    keyUsage: "SIGN_VERIFY",
  },
  "Permission acme-events-feed": {
    action: "lambda:InvokeFunction",
    function: "acme-events-feed",
    principal: "apigateway.amazonaws.com",
    sourceArn: "arn/*/*",
  },
  "Permission acme-events-observe": {
    action: "lambda:InvokeFunction",
    function: "acme-events-observe",
    principal: "events.amazonaws.com",
    sourceArn: "arn:acme-events-observe",
  },
  "Queue acme-events-failed": { messageRetentionSeconds: 1209600, sqsManagedSseEnabled: true },
  "Queue acme-push": {
    deduplicationScope: "messageGroup",
    fifoQueue: true,
    fifoThroughputLimit: "perMessageGroupId",
    messageRetentionSeconds: 1209600,
    redrivePolicy: { deadLetterTargetArn: "arn:acme-push-dead", maxReceiveCount: 280 },
    sqsManagedSseEnabled: true,
    visibilityTimeoutSeconds: 60,
  },
  "Queue acme-push-dead": { fifoQueue: true, messageRetentionSeconds: 1209600, sqsManagedSseEnabled: true },
  "RandomId acme-receiver-crm-push": { byteLength: 4 },
  "RandomId acme-receiver-hr-poll": { byteLength: 4 },
  "RandomPassword acme-receiver-hr-1": { length: 64, special: false },
  "Route acme-events-keys": {
    apiId: "acme-api-id",
    routeKey: "ANY /api/v1/events/keys",
    target: "integrations/acme-events-feed-id",
  },
  "Route acme-events-poll": {
    apiId: "acme-api-id",
    routeKey: "ANY /api/v1/events/{receiver}",
    target: "integrations/acme-events-feed-id",
  },
  "Parameter acme-push-targets": {
    description: "Addresses and authorizations of the receivers of push of tenant acme",
    type: "SecureString",
    // The value is a secret of Pulumi.
    value: { value: { "crm.id-of-acme-receiver-crm-push": crm } },
  },
};
