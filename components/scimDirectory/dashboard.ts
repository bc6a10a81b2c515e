import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { METRICS_NAMESPACE } from "../../lambda/contract.ts";
import type { Watched } from "./alarms.ts";
import { eventGraphs } from "./events/graphs.ts";
import type { Graph, MetricRow } from "./parts/graph.ts";

/** Name of a stack's dashboard. CloudWatch takes A-Z, a-z, 0-9, - and _ only (PutDashboard); a stack's name may have dots. */
export const dashboardNameOf = (name: string, stack: string): string =>
  `${name}-${stack}`.replace(/[^A-Za-z0-9_-]/g, "-");

/** One page that shows why an alarm started: traffic, latency, rejections, capacity and slow operations. */
export function createDashboard(
  name: string,
  args: Watched & { readonly logs: aws.cloudwatch.LogGroup },
  options: pulumi.CustomResourceOptions,
): void {
  const body = pulumi
    .all([
      ...[args.api.id, args.fn.name, args.table.name, args.logs.name],
      ...[aws.getRegionOutput({}, options).region, eventGraphs(args.events)],
    ] as const)
    .apply(([apiId, fn, table, logs, region, ofEvents]) => {
      const ofApi = (metric: string, stat: string): MetricRow => ["AWS/ApiGateway", metric, "ApiId", apiId, { stat }];
      const ofFunction = (metric: string, stat: string): MetricRow => [
        "AWS/Lambda",
        metric,
        "FunctionName",
        fn,
        { stat },
      ];
      const ofTable = (metric: string): MetricRow => ["AWS/DynamoDB", metric, "TableName", table, { stat: "Sum" }];
      const own = (metric: string): MetricRow => [METRICS_NAMESPACE, metric, "FunctionName", fn, { stat: "Sum" }];
      const graphs: readonly Graph[] = [
        ["Requests and errors", [ofApi("Count", "Sum"), ofApi("4xx", "Sum"), ofApi("5xx", "Sum")]],
        ["Latency in milliseconds", [ofApi("Latency", "p50"), ofApi("Latency", "p95"), ofApi("Latency", "p99")]],
        ["Rejected tokens, previous token, busy", [own("Unauthorized"), own("PreviousToken"), own("Busy")]],
        [
          "Function",
          [
            ofFunction("Duration", "Maximum"),
            ofFunction("Errors", "Sum"),
            ofFunction("Throttles", "Sum"),
            ofFunction("ConcurrentExecutions", "Maximum"),
          ],
        ],
        ["Capacity units", [ofTable("ConsumedReadCapacityUnits"), ofTable("ConsumedWriteCapacityUnits")]],
        ["Throttled by DynamoDB", [ofTable("ReadThrottleEvents"), ofTable("WriteThrottleEvents")]],
        ...ofEvents,
      ];
      const widgets = graphs.map(([title, metrics], index) => ({
        type: "metric",
        ...placeOf(index),
        properties: { title, region, view: "timeSeries", period: 300, metrics },
      }));
      const operations = {
        type: "log",
        // Below all graphs.
        ...placeOf(graphs.length + (graphs.length % 2)),
        width: 24,
        properties: {
          title: "Operations: number, latency, cost",
          region,
          view: "table",
          query: operationsQuery(logs),
        },
      };
      return JSON.stringify({ widgets: [...widgets, operations] });
    });
  const dashboardName = dashboardNameOf(name, pulumi.getStack());
  new aws.cloudwatch.Dashboard(name, { dashboardName, dashboardBody: body }, options);
}

const operationsQuery = (logGroup: string): string =>
  [
    `SOURCE '${logGroup}' | filter ispresent(operation)`,
    "stats count() as requests, pct(latencyMs, 95) as p95, avg(dynamodb.requests) as dynamodbRequests," +
      " avg(dynamodb.readUnits) as readUnits, avg(dynamodb.writeUnits) as writeUnits by operation, status",
    "sort requests desc",
  ].join(" | ");

/** Two graphs a row; a dashboard is 24 units wide. */
const placeOf = (index: number): object => ({
  x: (index % 2) * 12,
  y: Math.floor(index / 2) * 6,
  width: 12,
  height: 6,
});
