import { ACCOUNT, one, resource, type Program, type Sentence } from "./programs.ts";

const QUEUE = "aws:sqs/queue:Queue";
const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";
const arnOf = (name: string): string => `arn:aws:sqs:eu-central-1:${ACCOUNT}:${name}`;
const queue = (name: string, inputs: Readonly<Record<string, unknown>> = {}) =>
  resource(
    QUEUE,
    { sqsManagedSseEnabled: true, ...inputs },
    { name, outputs: { arn: arnOf(name), url: `https://${name}` } },
  );
const readBy = (name: string) =>
  resource(MAPPING, { eventSourceArn: arnOf(name), functionName: "f" }, { name: "reads" });
const redrive = (inputs: object = { deadLetterTargetArn: arnOf("dead"), maxReceiveCount: 5 }) => ({
  redrivePolicy: JSON.stringify(inputs),
});

export const queueEncrypted: readonly Sentence[] = [
  {
    sentence: "A queue is encrypted at rest, by SQS (sqsManagedSseEnabled) or by a key of KMS (kmsMasterKeyId).",
    violating: {
      "nothing said": one(QUEUE, { fifoQueue: true }),
      "switched off": one(QUEUE, { sqsManagedSseEnabled: false }),
      "an empty key": one(QUEUE, { kmsMasterKeyId: "" }),
    },
    allowed: {
      "by SQS": one(QUEUE, { sqsManagedSseEnabled: true }),
      "by a key": one(QUEUE, { kmsMasterKeyId: "alias/acme" }),
    },
  },
];

export const queueWithDeadLetters: readonly Sentence[] = [
  {
    sentence:
      "A queue that a function reads has a dead-letter queue (redrivePolicy), so that a message that fails again and again is kept and blocks no other.",
    violating: {
      "no policy": [queue("q"), readBy("q")],
      "a policy without a target": [queue("q", redrive({ maxReceiveCount: 5 })), readBy("q")],
      "a policy that is not JSON": [queue("q", { redrivePolicy: "dead" }), readBy("q")],
      "one of two queues": [queue("dead"), queue("q", redrive()), queue("r"), readBy("r")],
      "a policy of another queue": [
        queue("q"),
        readBy("q"),
        resource("aws:sqs/redrivePolicy:RedrivePolicy", { queueUrl: "https://r", ...redrive() }),
      ],
    },
    allowed: {
      "a policy": [queue("dead"), queue("q", redrive()), readBy("q")],
      "a policy beside it": [
        queue("q"),
        readBy("q"),
        resource("aws:sqs/redrivePolicy:RedrivePolicy", { queueUrl: "https://q", ...redrive() }),
      ],
      "a queue that people read": [queue("failed")],
      "a stream": [
        queue("failed"),
        resource(MAPPING, { eventSourceArn: "arn:aws:dynamodb:eu-central-1:1:table/t/stream/s" }),
      ],
    },
  },
];

const KEY = "aws:kms/key:Key";

export const keyRotates: readonly Sentence[] = [
  {
    sentence:
      "A key of KMS that encrypts rotates by itself at least once a year (enableKeyRotation), except where AWS offers no rotation: asymmetric keys, keys for HMAC, and keys of a key store of one's own.",
    violating: {
      "nothing said": one(KEY, { description: "the tables" }),
      "switched off": one(KEY, { customerMasterKeySpec: "SYMMETRIC_DEFAULT", enableKeyRotation: false }),
      "in seven years": one(KEY, { enableKeyRotation: true, rotationPeriodInDays: 2560 }),
    },
    allowed: {
      "every year": one(KEY, { enableKeyRotation: true }),
      "every quarter": one(KEY, { enableKeyRotation: true, rotationPeriodInDays: 90 }),
      "a key that signs": one(KEY, { customerMasterKeySpec: "ECC_NIST_P256", keyUsage: "SIGN_VERIFY" }),
      "a key for HMAC": one(KEY, { customerMasterKeySpec: "HMAC_256", keyUsage: "GENERATE_VERIFY_MAC" }),
      "an asymmetric key that encrypts": one(KEY, { customerMasterKeySpec: "RSA_4096" }),
      "a key of a key store of one's own": one(KEY, { customKeyStoreId: "cks-1234567890abcdef0" }),
    },
  },
];

const parameter = (value: unknown): Program =>
  one("aws:ssm/parameter:Parameter", { type: "SecureString", value: JSON.stringify(value) });
const subscription = (protocol: string, endpoint: string): Program =>
  one("aws:sns/topicSubscription:TopicSubscription", { protocol, endpoint });
const destination = (invocationEndpoint: string): Program =>
  one("aws:cloudwatch/eventApiDestination:EventApiDestination", { httpMethod: "POST", invocationEndpoint });

export const pushedOverHttps: readonly Sentence[] = [
  {
    sentence:
      "An address to which events are pushed begins with https://: in a topic's subscription, in an API destination, and in a parameter that holds addresses of receivers.",
    violating: {
      "a subscription": subscription("http", "http://hr.example.com/events"),
      "a subscription by its protocol": subscription("http", "hr.example.com"),
      "an API destination": destination("http://hr.example.com/events"),
      "an API destination in capitals": destination("HTTP://hr.example.com/events"),
      "a receiver in a parameter": parameter({
        "hr.1": { url: "https://hr.example.com/" },
        "crm.1": { url: "http://crm.example.com/", authorization: "Basic eA==" },
      }),
      "a parameter that is an address": one("aws:ssm/parameter:Parameter", { value: " http://hr.example.com/" }),
    },
    allowed: {
      "a subscription": subscription("https", "https://hr.example.com/events"),
      "a subscription by mail": subscription("email", "ops@example.com"),
      "an API destination": destination("https://hr.example.com/events"),
      "receivers in a parameter": parameter({ "hr.1": { url: "https://hr.example.com/?next=http://a" } }),
      "a parameter of words": one("aws:ssm/parameter:Parameter", { value: "blue" }),
    },
  },
];
