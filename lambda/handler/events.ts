import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
  DynamoDBBatchResponse,
  DynamoDBStreamEvent,
  SQSBatchResponse,
  SQSEvent,
} from "aws-lambda";
import { createJsonService, type ServiceDescription } from "../aws/service.ts";
import { feedOf } from "../contract.ts";
import { defined } from "../defined.ts";
import { createClient } from "../directory/client.ts";
import type { Store } from "../directory/store.ts";
import type { AwsCall } from "../events/awsCall.ts";
import { putEvents } from "../events/bus.ts";
import { answerReceiver } from "../events/endpoint.ts";
import { readEnvironment, type Environment } from "../events/environment.ts";
import { addEntries } from "../events/feed.ts";
import { kmsSign } from "../events/kms.ts";
import { eventLogLine, pollMetrics, type ReceiverMetric } from "../events/log.ts";
import { observe as measure } from "../events/observe.ts";
import { publish as publishRecords, type Outlets, type Told } from "../events/publish.ts";
import { push as pushMessages } from "../events/push.ts";
import { hideMessage, queueGroup, sendMessages } from "../events/queue.ts";
import { uriOf } from "../events/set.ts";
import { createTargets } from "../events/targets.ts";
import { transmit } from "../events/transmit.ts";
import type { Deadline } from "../model.ts";
import { once } from "../once.ts";
import { compileRegistry } from "../scim/schema/index.ts";
import { writeLine } from "./writeLine.ts";

type Invocation = Pick<Context, "getRemainingTimeInMillis" | "functionName">;

/** Milliseconds kept for the end of a function. */
const RESERVE = 3_000;
/** Milliseconds that one request to AWS may take. */
const REQUEST = 5_000;

const services = {
  kms: { id: "KMS", signingName: "kms", target: "TrentService", jsonVersion: "1.1" },
  sqs: { id: "SQS", signingName: "sqs", target: "AmazonSQS", jsonVersion: "1.0" },
  eventbridge: { id: "EVENTBRIDGE", signingName: "events", target: "AWSEvents", jsonVersion: "1.1" },
  ssm: { id: "SSM", signingName: "ssm", target: "AmazonSSM", jsonVersion: "1.1" },
} as const satisfies Record<string, ServiceDescription>;

// One bundle serves four functions: each makes only what it needs.
const callOf = (description: ServiceDescription): (() => AwsCall) =>
  once(() => {
    const service = createJsonService(description);
    return (operation, input) => service.send(operation, input, REQUEST);
  });

const dynamodb = once(() => createClient());
const [kms, sqs, eventbridge, ssm] = [
  callOf(services.kms),
  callOf(services.sqs),
  callOf(services.eventbridge),
  callOf(services.ssm),
];

const deadlineOf = (context: Invocation): Deadline => ({
  remaining: () => context.getRemainingTimeInMillis() - RESERVE,
});
const storeOf = (table: string, deadline: Deadline): Store => ({ client: dynamodb(), table, deadline });

function log(
  context: Invocation,
  line: Readonly<Record<string, unknown>>,
  { failure, metrics }: { readonly failure?: unknown; readonly metrics?: readonly ReceiverMetric[] } = {},
): void {
  const { functionName } = context;
  writeLine(eventLogLine(line, { functionName, time: Date.now(), failure }, metrics));
}

const publishing = once(() => {
  const environment = readEnvironment("publish", process.env);
  const { baseUrl, eventIssuer: issuer, attributes, signingKeys } = environment;
  const [key] = signingKeys.filter(({ signs }) => signs);
  return { environment, key, publisher: { registry: compileRegistry(attributes), baseUrl, issuer } };
});

function outletsOf(environment: Environment<"publish">, deadline: Deadline): Outlets {
  const { feedTableName, pushQueueUrl, eventBusName, eventsSource } = environment;
  const feed = storeOf(feedTableName, deadline);
  const bus = eventBusName && eventsSource ? { name: eventBusName, source: eventsSource } : undefined;
  const entryOf = ({ receiver, change, set }: Told) => ({
    ...{ feed: feedOf(receiver), sequence: change.sequence, resource: uriOf(change), set },
  });
  const messageOf = ({ receiver, change, claims, set }: Told) => ({
    ...{ group: queueGroup(feedOf(receiver), change.id), jti: claims.jti, set },
  });
  return {
    poll: (told) => addEntries(feed, told.map(entryOf)),
    push: (told) =>
      pushQueueUrl === undefined ? Promise.resolve() : sendMessages(sqs(), pushQueueUrl, told.map(messageOf), deadline),
    bus: bus && ((claims) => putEvents(eventbridge(), bus, claims, deadline)),
  };
}

/** Tells the receivers a batch of the directory's stream (event source mapping with ReportBatchItemFailures). */
export async function publish(event: DynamoDBStreamEvent, context: Invocation): Promise<DynamoDBBatchResponse> {
  const { environment, key, publisher } = publishing();
  const deadline = deadlineOf(context);
  const signer = { kid: key?.kid ?? "", sign: kmsSign(kms(), key?.keyArn ?? "", deadline) };
  const outlets = outletsOf(environment, deadline);
  const receivers = environment.eventReceivers;
  const { response, failure, ...counts } = await publishRecords(
    { publisher, receivers, signer, outlets },
    event.Records,
  );
  log(context, { operation: "publish", ...counts }, { failure });
  return response;
}

const endpoint = once(() => {
  const environment = readEnvironment("feed", process.env);
  const { eventReceivers: receivers, signingKeys: keys, receiverTokenHashes, tokenHashes } = environment;
  const tokens = { receivers: receiverTokenHashes, others: tokenHashes };
  return { table: environment.feedTableName, receivers, keys, tokens };
});

/** Answers receivers that poll, and shows the public keys (API Gateway HTTP API, payload 2.0). */
export async function feed(
  event: APIGatewayProxyEventV2,
  context: Invocation,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { table, ...rest } = endpoint();
  const started = Date.now();
  const headers = Object.fromEntries(Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const answer = await answerReceiver(rest, storeOf(table, deadlineOf(context)), {
    method: event.requestContext.http.method.toUpperCase(),
    path: event.rawPath,
    headers,
    body: event.body === undefined ? undefined : Buffer.from(event.body, event.isBase64Encoded ? "base64" : "utf8"),
  });
  const { status, headers: answered, body, failure, ...line } = answer;
  const { requestId } = event.requestContext;
  const metrics = pollMetrics(line, rest.tokens.receivers);
  log(context, { requestId, status, latencyMs: Date.now() - started, ...line }, { failure, metrics });
  return defined({ statusCode: status, headers: { ...answered }, isBase64Encoded: false, body });
}

const pushSettings = once(() => {
  const { pushQueueUrl, pushTargetsParameter } = readEnvironment("push", process.env);
  return { queueUrl: pushQueueUrl, findTarget: createTargets(ssm(), pushTargetsParameter) };
});

/** Delivers the messages of the queue (event source mapping with ReportBatchItemFailures). */
export async function push(event: SQSEvent, context: Invocation): Promise<SQSBatchResponse> {
  const { queueUrl, findTarget } = pushSettings();
  const deadline = deadlineOf(context);
  const hide = (receiptHandle: string, seconds: number): Promise<void> =>
    hideMessage(sqs(), queueUrl, { receiptHandle, seconds }, deadline);
  const { response, attempts } = await pushMessages({ findTarget, transmit, hide, deadline }, event.Records);
  for (const { failure, ...attempt } of attempts) {
    const { receiver, status } = attempt;
    const metrics = status === 400 ? [{ name: "EventRejected" as const, receiver, value: 1 }] : [];
    log(context, { operation: "push", ...attempt }, { failure, metrics });
  }
  return response;
}

const observed = once(() => readEnvironment("observe", process.env));

/** Measures the backlog of each receiver (schedule). */
export async function observe(_event: unknown, context: Invocation): Promise<void> {
  const { feedTableName, eventReceivers } = observed();
  for (const metrics of await measure(storeOf(feedTableName, deadlineOf(context)), eventReceivers)) {
    const [first] = metrics;
    log(context, { operation: "observe", receiver: first?.receiver }, { metrics });
  }
}
