import { ACCOUNT, FUNCTION, one, policyJson, TABLE_ARN, type Program, type Sentence } from "./programs.ts";

const URL_TYPE = "aws:lambda/functionUrl:FunctionUrl";
const api = `arn:aws:execute-api:eu-central-1:${ACCOUNT}:a1b2c3d4e5`;

export const runtimeSupported: readonly Sentence[] = [
  {
    sentence: "A function runs on nodejs22.x or nodejs24.x, the Node.js runtimes that AWS supports.",
    violating: {
      "an old Node.js": one(FUNCTION, { runtime: "nodejs18.x" }),
      "another language": one(FUNCTION, { runtime: "python3.8" }),
      "a runtime of one's own": one(FUNCTION, { runtime: "provided.al2023" }),
      "no runtime": one(FUNCTION, { handler: "index.handler" }),
    },
    allowed: {
      "Node.js 24": one(FUNCTION, { runtime: "nodejs24.x" }),
      "Node.js 22": one(FUNCTION, { runtime: "nodejs22.x" }),
    },
  },
  {
    sentence: "A container image is refused, because AWS does not update the runtime in it.",
    violating: {
      "an image": one(FUNCTION, {
        packageType: "Image",
        imageUri: `${ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com/a:1`,
      }),
      "an image by its address": one(FUNCTION, { imageUri: "public.ecr.aws/acme/scim:latest" }),
      "an image beside a runtime": one(FUNCTION, { runtime: "nodejs24.x", packageType: "Image" }),
    },
    allowed: { "a zip": one(FUNCTION, { runtime: "nodejs24.x", packageType: "Zip" }) },
  },
];

export const functionUrlAuthenticated: readonly Sentence[] = [
  {
    sentence: "The URL of a function asks for authentication by IAM.",
    violating: {
      "no authentication": one(URL_TYPE, { functionName: "f", authorizationType: "NONE" }),
      "nothing said": one(URL_TYPE, { functionName: "f" }),
      "another word": one(URL_TYPE, { functionName: "f", authorizationType: "none" }),
    },
    allowed: { IAM: one(URL_TYPE, { functionName: "f", authorizationType: "AWS_IAM" }) },
  },
];

const permission = (inputs: Readonly<Record<string, unknown>>): Program =>
  one("aws:lambda/permission:Permission", {
    ...{
      action: "lambda:InvokeFunction",
      function: "f",
      principal: "apigateway.amazonaws.com",
      sourceArn: `${api}/*/*`,
    },
    ...inputs,
  });

const ofRule = (rule: string): Program =>
  permission({ principal: "events.amazonaws.com", sourceArn: `arn:aws:events:eu-central-1:${ACCOUNT}:${rule}` });

export const invocationFromNamedSource: readonly Sentence[] = [
  {
    sentence: "A permission on a function or a layer names its principal, never everybody.",
    violating: {
      everybody: permission({ principal: "*" }),
      "everybody in an organization": permission({ principal: "*", principalOrgId: "o-a1b2c3d4e5" }),
      "a pattern": permission({ principal: `arn:aws:iam::${ACCOUNT}:role/*` }),
      "a public layer": one("aws:lambda/layerVersionPermission:LayerVersionPermission", {
        action: "lambda:GetLayerVersion",
        principal: "*",
      }),
    },
    allowed: { "a role": permission({ principal: `arn:aws:iam::${ACCOUNT}:role/caller`, sourceArn: undefined }) },
  },
  {
    sentence:
      "A permission for an AWS service names the ARN of one source: its account, and its name, after the type where there is one.",
    violating: {
      "no source": permission({ sourceArn: undefined }),
      "an account alone": permission({ sourceArn: undefined, sourceAccount: ACCOUNT }),
      "no source of a service of Amazon": permission({ principal: "alexa-appkit.amazon.com", sourceArn: undefined }),
      "no source of a service in another case": permission({ principal: "Events.AmazonAWS.com", sourceArn: "" }),
      "any source": permission({ sourceArn: "*" }),
      "any account": permission({ sourceArn: "arn:aws:execute-api:eu-central-1:*:a1b2c3d4e5/*/*" }),
      "any API": permission({ sourceArn: `arn:aws:execute-api:eu-central-1:${ACCOUNT}:*/*/*` }),
      "any rule": ofRule("rule/*"),
      "rules that begin alike": ofRule("rule/acme-*"),
      "a rule without a name": ofRule("rule/"),
      "any log group": permission({
        principal: "logs.amazonaws.com",
        sourceArn: `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:/aws/lambda/*`,
      }),
      "a bucket of nobody's account": permission({ principal: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::acme" }),
    },
    allowed: {
      "one API": permission({}),
      "one rule": ofRule("rule/nightly"),
      "one rule of a bus": ofRule("rule/acme/nightly"),
      "one log group": permission({
        principal: "logs.amazonaws.com",
        sourceArn: `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:/aws/lambda/acme:*`,
      }),
      "one topic": permission({ principal: "sns.amazonaws.com", sourceArn: `arn:aws:sns:eu-central-1:${ACCOUNT}:t` }),
      "a bucket of one account": permission({
        ...{ principal: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::acme", sourceAccount: ACCOUNT },
      }),
    },
  },
  {
    sentence: "A permission names an exact action.",
    violating: {
      "every action": permission({ action: "lambda:*" }),
      "actions that begin alike": permission({ action: "lambda:Invoke*" }),
      "actions by question marks": permission({ action: "lambda:InvokeFunctio?" }),
    },
    allowed: { "one action": permission({ action: "lambda:InvokeFunction" }) },
  },
  {
    sentence: "A permission opens no function URL to callers without authentication.",
    violating: {
      "a URL for a service": permission({ action: "lambda:InvokeFunctionUrl", functionUrlAuthType: "NONE" }),
      "a URL for an account": permission({ principal: ACCOUNT, functionUrlAuthType: "NONE", sourceArn: undefined }),
      "a URL for everybody": permission({ principal: "*", functionUrlAuthType: "NONE" }),
    },
    allowed: {
      "a URL with IAM": permission({ principal: ACCOUNT, functionUrlAuthType: "AWS_IAM", sourceArn: undefined }),
    },
  },
];

const open = (statement: Readonly<Record<string, unknown>> = {}): string =>
  policyJson({ Principal: "*", Action: "*", Resource: "*", ...statement });
const encrypted = { sqsManagedSseEnabled: true };
const rotated = { enableKeyRotation: true };
const queue = (statement: Readonly<Record<string, unknown>>): Program =>
  one("aws:sqs/queuePolicy:QueuePolicy", { policy: open(statement) });
const BUS = "aws:cloudwatch/eventPermission:EventPermission";

export const noPublicResourcePolicy: readonly Sentence[] = [
  {
    sentence:
      "The policy of a table, queue, topic, key, bus, bucket, secret or log allows nothing to everybody, unless a condition names the account, a source with its account, the organization or the principal.",
    violating: {
      "a table": one("aws:dynamodb/resourcePolicy:ResourcePolicy", { resourceArn: TABLE_ARN, policy: open() }),
      "a queue": one("aws:sqs/queue:Queue", { ...encrypted, policy: open({ Principal: { AWS: "*" } }) }),
      "a queue's own policy": one("aws:sqs/queuePolicy:QueuePolicy", { policy: open({ Principal: { AWS: ["*"] } }) }),
      "a topic": one("aws:sns/topicPolicy:TopicPolicy", {
        policy: { statement: [{ principal: "*", effect: "Allow" }] },
      }),
      "a topic's own policy": one("aws:sns/topic:Topic", { policy: open() }),
      "a key": one("aws:kms/key:Key", { ...rotated, policy: open({ Principal: { AWS: "arn:aws:iam::*:root" } }) }),
      "a key's policy": one("aws:kms/keyPolicy:KeyPolicy", { policy: open() }),
      "a bus": one("aws:cloudwatch/eventBusPolicy:EventBusPolicy", { policy: open() }),
      "a bucket": one("aws:s3/bucketPolicy:BucketPolicy", { policy: open({ Action: "s3:GetObject" }) }),
      "a secret": one("aws:secretsmanager/secretPolicy:SecretPolicy", { policy: open() }),
      "a log": one("aws:cloudwatch/logResourcePolicy:LogResourcePolicy", { policyDocument: open() }),
      "a stream": one("aws:kinesis/resourcePolicy:ResourcePolicy", { policy: open() }),
      "a function": one("aws:lambda/resourcePolicy:ResourcePolicy", { policy: open() }),
      "a policy deep inside": one("aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint", {
        details: [{ name: "a", regions: [{ policy: open() }] }],
      }),
      "one of a list of policies": one("aws:opensearch/domain:Domain", {
        policies: [open({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/a` } }), open()],
      }),
      NotPrincipal: queue({ Principal: undefined, NotPrincipal: { AWS: `arn:aws:iam::${ACCOUNT}:role/a` } }),
      "a condition that everybody meets": queue({ Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      "any source": queue({ Condition: { ArnLike: { "aws:SourceArn": "*" } } }),
      "a bucket, which may be anybody's": queue({ Condition: { ArnLike: { "aws:SourceArn": "arn:aws:s3:::acme" } } }),
      "a bucket as source of a bus": one("aws:cloudwatch/eventBusPolicy:EventBusPolicy", {
        policy: open({ Condition: { ArnEquals: { "aws:SourceArn": "arn:aws:s3:::acme" } } }),
      }),
      "an API's stages, which have no account": queue({
        Condition: { StringEquals: { "aws:SourceArn": "arn:aws:apigateway:eu-central-1::/apis/a1/stages/prod" } },
      }),
      "a source of any account": queue({ Condition: { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:*:acme" } } }),
      "one source or any": queue({
        Condition: { ArnLike: { "aws:SourceArn": ["arn:aws:sns:eu-central-1:1:t", "*"] } },
      }),
      "a condition on callers with an account": queue({
        Condition: { StringEqualsIfExists: { "aws:SourceAccount": ACCOUNT } },
      }),
      "every account but one": queue({ Condition: { StringNotEquals: { "aws:PrincipalAccount": ACCOUNT } } }),
    },
    allowed: {
      "a role on a table": one("aws:dynamodb/resourcePolicy:ResourcePolicy", {
        policy: open({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/reader` } }),
      }),
      "a key of the account": one("aws:kms/key:Key", {
        ...rotated,
        policy: open({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*" }),
      }),
      "callers of an account": one("aws:kms/key:Key", {
        ...rotated,
        policy: open({ Principal: { AWS: "*" }, Condition: { StringEquals: { "kms:CallerAccount": ACCOUNT } } }),
      }),
      "a topic as source": queue({
        Condition: { ArnEquals: { "aws:SourceArn": `arn:aws:sns:eu-central-1:${ACCOUNT}:t` } },
      }),
      "a bucket of one account": queue({
        Condition: {
          ArnLike: { "aws:SourceArn": "arn:aws:s3:::acme" },
          StringEquals: { "aws:SourceAccount": ACCOUNT },
        },
      }),
      "the rules of one account": queue({
        Condition: { ArnLike: { "aws:SourceArn": `arn:aws:events:eu-central-1:${ACCOUNT}:rule/*` } },
      }),
      "an organization": queue({ Condition: { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } } }),
      "a denial to everybody": queue({ Effect: "Deny" }),
      "no policy": one("aws:sqs/queue:Queue", {
        ...encrypted,
        policy: "",
        redrivePolicy: JSON.stringify({ maxReceiveCount: 3 }),
      }),
    },
  },
  {
    sentence: "An event bus takes events of a named account or organization.",
    violating: {
      everybody: one(BUS, { principal: "*", statementId: "all" }),
      "every organization": one(BUS, {
        principal: "*",
        condition: { type: "StringLike", key: "aws:PrincipalOrgID", value: "*" },
      }),
      "a condition on something else": one(BUS, {
        principal: "*",
        condition: { type: "StringEquals", key: "aws:PrincipalType", value: "User" },
      }),
    },
    allowed: {
      "an account": one(BUS, { principal: ACCOUNT }),
      "an organization": one(BUS, {
        principal: "*",
        condition: { type: "StringEquals", key: "aws:PrincipalOrgID", value: "o-a1b2c3d4e5" },
      }),
    },
  },
  {
    sentence: "The policy of a resource is JSON.",
    violating: {
      "a table": one("aws:dynamodb/resourcePolicy:ResourcePolicy", { policy: "everybody" }),
      "a queue": one("aws:sqs/queuePolicy:QueuePolicy", { policy: open().slice(1) }),
      "a log": one("aws:cloudwatch/logResourcePolicy:LogResourcePolicy", { policyDocument: "{'Statement': []}" }),
    },
    allowed: { "a queue without a policy": one("aws:sqs/queue:Queue", { ...encrypted, policy: "" }) },
  },
];
