import * as pulumi from "@pulumi/pulumi";
import { METRICS_NAMESPACE } from "../../../lambda/contract.ts";
import type { Graph, MetricRow } from "../parts/graph.ts";
import type { WatchedEvents } from "./watched.ts";

/** The dashboard's graphs of the change events; none without them. */
export function eventGraphs(watched: WatchedEvents | undefined): pulumi.Output<readonly Graph[]> {
  if (watched === undefined) return pulumi.output([]);
  const { publish, feed, observe, push, polling, failed, feedTable, functions } = watched;
  return pulumi
    .all([
      ...[publish.name, feed.name, observe?.name, failed.name, push?.queue.name, push?.dead.name, feedTable.name],
      pulumi.all(functions.map(({ fn }) => fn.name)),
    ] as const)
    .apply(([publishName, feedName, observeName, failedName, pushName, deadName, feedTableName, names]): Graph[] => {
      const ofFunction = (fn: string, metric: string, stat: string): MetricRow => [
        ...["AWS/Lambda", metric, "FunctionName", fn],
        { stat },
      ];
      const ofQueue = (queue: string | undefined, metric: string): readonly MetricRow[] =>
        queue === undefined ? [] : [["AWS/SQS", metric, "QueueName", queue, { stat: "Maximum" }]];
      const ofReceivers = (fn: string | undefined, metric: string, stat: string): readonly MetricRow[] =>
        fn === undefined
          ? []
          : polling.map((receiver) => [
              ...[METRICS_NAMESPACE, metric, "FunctionName", fn, "Receiver", receiver],
              { stat },
            ]);
      return [
        [
          "Change events: milliseconds until published, failed functions",
          [ofFunction(publishName, "IteratorAge", "Maximum"), ...names.map((fn) => ofFunction(fn, "Errors", "Sum"))],
        ],
        [
          "Change events: seconds that the oldest waits for its receiver",
          [
            ...ofReceivers(observeName, "EventBacklogAge", "Maximum"),
            ...ofQueue(pushName, "ApproximateAgeOfOldestMessage"),
          ],
        ],
        [
          "Change events: waiting, rejected, not delivered",
          [
            ...ofReceivers(observeName, "EventBacklog", "Maximum"),
            ...ofReceivers(feedName, "EventRejected", "Sum"),
            ...[pushName, deadName, failedName].flatMap((queue) =>
              ofQueue(queue, "ApproximateNumberOfMessagesVisible"),
            ),
          ],
        ],
        [
          "Change events: capacity units of the feed",
          ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"].map((metric) => [
            ...["AWS/DynamoDB", metric, "TableName", feedTableName],
            { stat: "Sum" },
          ]),
        ],
      ];
    });
}
