import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { eventAlarms } from "./events/alarms.ts";
import type { WatchedEvents } from "./events/watched.ts";
import { TIMEOUT } from "./function.ts";
import { UNTIL_A_DAY_WITHOUT, ownMetric, type Alarm } from "./parts/alarm.ts";

export interface Alarms {
  readonly email?: string | undefined;
  readonly topicArn?: string | undefined;
}

export interface Watched {
  readonly api: aws.apigatewayv2.Api;
  readonly fn: aws.lambda.Function;
  readonly table: aws.dynamodb.Table;
  /** Undefined without change events. */
  readonly events?: WatchedEvents | undefined;
}

/** Milliseconds. Okta waits a minute for an answer; a request for one person or a small change takes much less time. */
const SLOW = 5_000;
/**
 * Share of the function's timeout. A request that writes a long list stops 3 s before the timeout; a request beyond
 * this share did not stop.
 */
const NEAR = 0.95;
/**
 * Periods of five minutes. A long list, whose users are looked up first and which is written at DynamoDB's pace, may be
 * throttled in one or two of them.
 */
const LASTING = 3;

/** Alarms on faults that a tenant's users would notice. They notify the topics when they start and when they end. */
export function createAlarms(
  name: string,
  args: Watched & {
    readonly alarms: Alarms;
    /** Whether the tokens of the previous generation are still accepted. */
    readonly hasPreviousToken: boolean;
    readonly hasReaders: boolean;
  },
  options: pulumi.CustomResourceOptions,
): void {
  const topics = createTopics(name, args.alarms, options);
  const alarms = {
    ...alarmsOf(name, args),
    ...overlapAlarms(name, args),
    ...(args.events ? eventAlarms(name, args.events, args.hasPreviousToken) : {}),
  };
  for (const [suffix, alarm] of Object.entries(alarms)) {
    const { namespace, metricName, dimensions, description, threshold = 1, period = 300 } = alarm;
    const { periods = 1, datapoints = periods, statistic = "Sum", extendedStatistic } = alarm;
    new aws.cloudwatch.MetricAlarm(
      `${name}-${suffix}`,
      {
        namespace,
        metricName,
        dimensions,
        alarmDescription: description,
        ...(extendedStatistic === undefined ? { statistic } : { extendedStatistic }),
        period,
        evaluationPeriods: periods,
        datapointsToAlarm: datapoints,
        threshold,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        treatMissingData: "notBreaching",
        alarmActions: topics,
        okActions: topics,
      },
      options,
    );
  }
}

function createTopics(
  name: string,
  { email, topicArn }: Alarms,
  options: pulumi.CustomResourceOptions,
): pulumi.Input<string>[] {
  const topics: pulumi.Input<string>[] = topicArn === undefined ? [] : [topicArn];
  if (email === undefined) return topics;
  const topic = new aws.sns.Topic(`${name}-alarms`, {}, options);
  new aws.sns.TopicSubscription(`${name}-alarms`, { topic: topic.arn, protocol: "email", endpoint: email }, options);
  return [...topics, topic.arn];
}

function alarmsOf(name: string, { api, fn, table }: Watched): Record<string, Alarm> {
  const ofApi = { namespace: "AWS/ApiGateway", dimensions: { ApiId: api.id } };
  const ofFunction = { namespace: "AWS/Lambda", dimensions: { FunctionName: fn.name } };
  const ofTable = { namespace: "AWS/DynamoDB", dimensions: { TableName: table.name } };
  return {
    "server-errors": {
      ...ofApi,
      metricName: "5xx",
      description: `The SCIM service of ${name} returned a server error`,
    },
    latency: {
      ...ofApi,
      metricName: "Latency",
      extendedStatistic: "p95",
      threshold: SLOW,
      periods: 3,
      description: `5 % of the responses of the SCIM service of ${name} took at least ${SLOW / 1000} seconds, for 15 minutes`,
    },
    unauthorized: {
      ...ownMetric(fn, "Unauthorized"),
      threshold: 20,
      description: `The SCIM service of ${name} rejected at least 20 tokens in 5 minutes: Okta may hold an old token, or someone is probing`,
    },
    busy: {
      ...ownMetric(fn, "Busy"),
      threshold: 20,
      description: `The SCIM service of ${name} returned 429 at least 20 times in 5 minutes: the directory was too busy`,
    },
    "function-errors": { ...ofFunction, metricName: "Errors", description: `The SCIM function of ${name} failed` },
    "function-throttles": {
      ...ofFunction,
      metricName: "Throttles",
      description: `The SCIM function of ${name} was throttled`,
    },
    "function-duration": {
      ...ofFunction,
      metricName: "Duration",
      statistic: "Maximum",
      threshold: Math.round(TIMEOUT * 1000 * NEAR),
      description: `A request to the SCIM function of ${name} almost reached the timeout of ${TIMEOUT} seconds`,
    },
    "read-throttles": {
      ...ofTable,
      metricName: "ReadThrottleEvents",
      periods: LASTING,
      description: `DynamoDB throttled reads of the directory of ${name}, for 15 minutes`,
    },
    "write-throttles": {
      ...ofTable,
      metricName: "WriteThrottleEvents",
      periods: LASTING,
      description: `DynamoDB throttled writes of the directory of ${name}, for 15 minutes`,
    },
  };
}

/** In alarm while an old token is in use. */
function overlapAlarms(
  name: string,
  { fn, hasPreviousToken, hasReaders }: Pick<Watched, "fn"> & { hasPreviousToken: boolean; hasReaders: boolean },
): Record<string, Alarm> {
  if (!hasPreviousToken) return {};
  const over = hasReaders ? "when this alarm and previous-reader-token are over" : "when this alarm is over";
  return {
    "previous-token": {
      ...ownMetric(fn, "PreviousToken"),
      ...UNTIL_A_DAY_WITHOUT,
      description: `Okta still uses the previous token of ${name}; ${over}, set acceptPreviousToken to false`,
    },
    ...(hasReaders
      ? {
          "previous-reader-token": {
            ...ownMetric(fn, "PreviousReaderToken"),
            ...UNTIL_A_DAY_WITHOUT,
            description: `A reader still uses its previous token of ${name}; the log lines with reader and the old tokenGeneration name it`,
          },
        }
      : {}),
  };
}
