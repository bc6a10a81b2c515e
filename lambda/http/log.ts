import type { Usage } from "../directory/meter.ts";
import type { LogLine } from "./handle.ts";
import { METRICS_NAMESPACE, type Metric, type TokenHash } from "../contract.ts";

/** What a line holds beside the request itself. */
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
 * One request as one line of JSON. Where it counts for a metric, the line is in CloudWatch's embedded metric format too:
 * the metric costs no call, and a metric that nothing counts for costs nothing. `timestamp` and `level` are the keys by
 * which Lambda's JSON log format knows a line as its own.
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

function metricsOf({ status, tokenGeneration }: LogLine, tokens: readonly TokenHash[]): Metric[] {
  const current = Math.max(...tokens.map(({ generation }) => generation));
  const metrics: Metric[] = [];
  if (status === 401) metrics.push("Unauthorized");
  if (status === 429) metrics.push("Busy");
  if (tokenGeneration !== undefined && tokenGeneration < current) metrics.push("PreviousToken");
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
