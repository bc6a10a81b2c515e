import type * as aws from "@pulumi/aws";
import { METRICS_NAMESPACE, type EventMetric } from "../../../lambda/contract.ts";
import { UNTIL_A_DAY_WITHOUT, type Alarm } from "../parts/alarm.ts";
import type { WatchedEvents } from "./watched.ts";

/** Milliseconds. In a healthy tenant a change is published within a second. */
const LATE = 10 * 60 * 1000;
/** Seconds. An event is given for 14 days. */
const DAY = 24 * 60 * 60;

/** Alarms on events that do not arrive. */
export function eventAlarms(name: string, watched: WatchedEvents, hasPreviousToken: boolean): Record<string, Alarm> {
  const { functions, publish, failed, push, polling } = watched;
  return {
    "events-late": {
      ...ofFunction(publish, "IteratorAge"),
      statistic: "Maximum",
      threshold: LATE,
      periods: 2,
      description: `Changes of ${name} wait for at least ${LATE / 60_000} minutes before they become events`,
    },
    "events-failed": {
      ...ofQueue(failed, "ApproximateNumberOfMessagesVisible"),
      description: `Changes of ${name} could not become events; the queue ${name}-events-failed names them`,
    },
    ...Object.fromEntries(
      functions.map(({ handler, fn }) => [
        `events-${handler}-errors`,
        { ...ofFunction(fn, "Errors"), description: `The function ${handler} of the change events of ${name} failed` },
      ]),
    ),
    ...(push
      ? {
          "push-late": {
            ...ofQueue(push.queue, "ApproximateAgeOfOldestMessage"),
            threshold: DAY,
            description: `A receiver of push of ${name} has not accepted an event for a day; events are retried for 14 days`,
          },
          "push-dead": {
            ...ofQueue(push.dead, "ApproximateNumberOfMessagesVisible"),
            description: `An event of ${name} was not delivered in 14 days; it is in the queue ${name}-push-dead`,
          },
        }
      : {}),
    ...Object.fromEntries(
      polling.flatMap((receiver) => Object.entries(receiverAlarms(name, receiver, { ...watched, hasPreviousToken }))),
    ),
  };
}

function receiverAlarms(
  name: string,
  receiver: string,
  { observe, feed, hasPreviousToken }: WatchedEvents & { readonly hasPreviousToken: boolean },
): Record<string, Alarm> {
  return {
    ...(observe
      ? {
          [`backlog-${receiver}`]: {
            ...ofReceiver(observe, "EventBacklogAge", receiver),
            statistic: "Maximum",
            threshold: DAY,
            description: `The receiver ${receiver} of ${name} has not taken an event for a day; events are kept for 14 days`,
          },
        }
      : {}),
    [`rejected-${receiver}`]: {
      ...ofReceiver(feed, "EventRejected", receiver),
      description: `The receiver ${receiver} of ${name} rejected an event; the log line of the function feed has its reason`,
    },
    ...(hasPreviousToken
      ? {
          [`previous-token-${receiver}`]: {
            ...ofReceiver(feed, "PreviousReceiverToken", receiver),
            ...UNTIL_A_DAY_WITHOUT,
            description: `The receiver ${receiver} still polls with its previous token of ${name}; set acceptPreviousToken to false when this alarm is over`,
          },
        }
      : {}),
  };
}

const ofFunction = (fn: aws.lambda.Function, metricName: string) => ({
  namespace: "AWS/Lambda",
  metricName,
  dimensions: { FunctionName: fn.name },
});

const ofQueue = (queue: aws.sqs.Queue, metricName: string) => ({
  namespace: "AWS/SQS",
  metricName,
  dimensions: { QueueName: queue.name },
  statistic: "Maximum" as const,
});

const ofReceiver = (fn: aws.lambda.Function, metricName: EventMetric, receiver: string) => ({
  namespace: METRICS_NAMESPACE,
  metricName,
  dimensions: { FunctionName: fn.name, Receiver: receiver },
});
