import { METRICS_NAMESPACE, type EventMetric, type ReceiverTokenHash } from "../contract.ts";

/** A measured value of one receiver. */
export interface ReceiverMetric {
  readonly name: EventMetric;
  readonly receiver: string;
  readonly value: number;
}

const units: Readonly<Record<EventMetric, "Seconds" | "Count">> = {
  EventBacklogAge: "Seconds",
  EventBacklog: "Count",
  EventRejected: "Count",
  PreviousReceiverToken: "Count",
};

/** The metrics for which an answer to a receiver counts. */
export function pollMetrics(
  answer: { readonly receiver?: string | undefined; readonly rejected?: number; readonly tokenGeneration?: number },
  tokens: readonly ReceiverTokenHash[],
): ReceiverMetric[] {
  const { receiver, rejected = 0, tokenGeneration } = answer;
  if (receiver === undefined) return [];
  const current = Math.max(...tokens.map(({ generation }) => generation));
  return [
    ...(rejected > 0 ? [{ name: "EventRejected" as const, receiver, value: rejected }] : []),
    ...(tokenGeneration !== undefined && tokenGeneration < current
      ? [{ name: "PreviousReceiverToken" as const, receiver, value: 1 }]
      : []),
  ];
}

/**
 * One line of the log as JSON, never with a token, an address, a name or an id of a person. Metrics of one receiver are in
 * CloudWatch's embedded metric format, so they need no call.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function eventLogLine(
  line: Readonly<Record<string, unknown>>,
  { functionName, time, failure }: { readonly functionName: string; readonly time: number; readonly failure?: unknown },
  metrics: readonly ReceiverMetric[] = [],
): string {
  return JSON.stringify({
    timestamp: new Date(time).toISOString(),
    level: failure === undefined ? "INFO" : "ERROR",
    ...line,
    ...(failure !== undefined && { error: describe(failure) }),
    ...embedded(metrics, functionName, time),
  });
}

function embedded(metrics: readonly ReceiverMetric[], functionName: string, time: number): object {
  const [first] = metrics;
  if (first === undefined) return {};
  return {
    _aws: {
      Timestamp: time,
      CloudWatchMetrics: [
        {
          Namespace: METRICS_NAMESPACE,
          Dimensions: [["FunctionName", "Receiver"]],
          Metrics: metrics.map(({ name }) => ({ Name: name, Unit: units[name] })),
        },
      ],
    },
    FunctionName: functionName,
    Receiver: first.receiver,
    ...Object.fromEntries(metrics.map(({ name, value }) => [name, value])),
  };
}

/** Messages may quote people's data; stack frames do not. IAM's refusals name the action that the policy lacks. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  if (/^AccessDenied/.test(error.name)) return `${error.name}: ${error.message}`;
  const frames = (error.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
  const cause = error.cause instanceof Error ? ` (${error.cause.name})` : "";
  return [error.name + cause, ...frames.slice(0, 5).map((line) => line.trim())].join(" ");
}
