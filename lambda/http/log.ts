import { METRICS_NAMESPACE, type Metric, type TokenHash } from "../contract.ts";
import type { Usage } from "../model.ts";
import type { LogLine } from "./handle.ts";

/** The parts of a line that do not come from the request. */
export interface Circumstances {
  readonly functionName: string;
  readonly tokens: readonly TokenHash[];
  readonly usage: Usage;
  /** Whether the process answers its first request. */
  readonly coldStart: boolean;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/**
 * Writes one request as one line of JSON. A request that counts for a metric is also in CloudWatch's embedded metric
 * format, so the metric needs no call and costs nothing while it is zero. Lambda's JSON log format recognizes such a
 * line by the keys `timestamp` and `level`.
 */
export function logLine(line: LogLine, { functionName, tokens, usage, coldStart, time }: Circumstances): string {
  const metrics = metricsOf(line, tokens);
  return JSON.stringify({
    timestamp: new Date(time).toISOString(),
    level: line.error === undefined ? "INFO" : "ERROR",
    ...line,
    coldStart,
    dynamodb: usage,
    ...(metrics.length === 0 ? {} : embedded(metrics, functionName, time)),
  });
}

function metricsOf({ status, tokenGeneration, reader }: LogLine, tokens: readonly TokenHash[]): Metric[] {
  const current = Math.max(...tokens.map(({ generation }) => generation));
  const metrics: Metric[] = [];
  if (status === 401) metrics.push("Unauthorized");
  if (status === 429) metrics.push("Busy");
  if (tokenGeneration !== undefined && tokenGeneration < current)
    metrics.push(reader === undefined ? "PreviousToken" : "PreviousReaderToken");
  return metrics;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
function embedded(metrics: readonly Metric[], functionName: string, time: number): object {
  return {
    _aws: {
      Timestamp: time,
      CloudWatchMetrics: [
        {
          Namespace: METRICS_NAMESPACE,
          Dimensions: [["FunctionName"]],
          Metrics: metrics.map((Name) => ({ Name, Unit: "Count" })),
        },
      ],
    },
    FunctionName: functionName,
    ...Object.fromEntries(metrics.map((name) => [name, 1])),
  };
}
