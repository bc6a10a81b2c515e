import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { declare } from "../../support/components/scimDirectory/aws.ts";

const alarmShape = z.object({
  metricName: z.string(),
  threshold: z.number(),
  evaluationPeriods: z.number(),
  datapointsToAlarm: z.number(),
  comparisonOperator: z.literal("GreaterThanOrEqualToThreshold"),
  treatMissingData: z.literal("notBreaching"),
});

/** Values of metrics by their names, one for each period of five minutes. */
type Metrics = Readonly<Record<string, readonly number[]>>;

let declared: Awaited<ReturnType<typeof declare>>["declared"];

beforeAll(async () => {
  ({ declared } = await declare({ alarms: { topicArn: "arn:aws:sns:x:1:ops" } }));
});

/** The alarms that CloudWatch raises for these metrics, by their suffixes. */
function raised(metrics: Metrics): string[] {
  return Object.entries(declared).flatMap(([name, inputs]) => {
    if (!name.startsWith("MetricAlarm acme-")) return [];
    const alarm = alarmShape.parse(inputs);
    const breaches = (metrics[alarm.metricName] ?? []).map((value) => value >= alarm.threshold);
    const windows = breaches.map((_, end) => breaches.slice(Math.max(0, end + 1 - alarm.evaluationPeriods), end + 1));
    const isRaised = windows.some((window) => window.filter(Boolean).length >= alarm.datapointsToAlarm);
    return isRaised ? [name.slice("MetricAlarm acme-".length)] : [];
  });
}

describe("the alarms", () => {
  it("stay silent for a push of 10,000 members, which keeps DynamoDB's pace, stops in time and is retried once", () => {
    const metrics = {
      Latency: [26_200],
      Duration: [26_000],
      Busy: [2],
      // Okta's lookups come together; a new table throttles some of them.
      ReadThrottleEvents: [40],
      // At the boundary of two periods.
      WriteThrottleEvents: [10, 10],
      "4xx": [2],
    };
    expect(raised(metrics)).toEqual([]);
  });

  it("stay silent for a push of 45,000 members", () => {
    const metrics = {
      Latency: [26_200, 26_200],
      Duration: [26_000, 26_000],
      Busy: [6, 6],
      ReadThrottleEvents: [400, 10],
      WriteThrottleEvents: [40, 40],
    };
    expect(raised(metrics)).toEqual([]);
  });

  it.each<[string, Metrics, string[]]>([
    ["DynamoDB throttles writes for 15 minutes", { WriteThrottleEvents: [1, 1, 1] }, ["write-throttles"]],
    ["DynamoDB throttles reads for 15 minutes", { ReadThrottleEvents: [1, 1, 1] }, ["read-throttles"]],
    ["clients get 429 again and again", { Busy: [20] }, ["busy"]],
    ["one answer in twenty is slow for 15 minutes", { Latency: [5_000, 5_000, 5_000] }, ["latency"]],
    ["a request works past its own deadline", { Duration: [27_550] }, ["function-duration"]],
    ["the function fails", { Errors: [1], "5xx": [1] }, ["function-errors", "server-errors"]],
    ["Lambda throttles the function", { Throttles: [1] }, ["function-throttles"]],
    ["tokens are rejected", { Unauthorized: [20] }, ["unauthorized"]],
  ])("tell that %s", (_, metrics, alarms) => {
    expect(raised(metrics).sort()).toEqual(alarms);
  });
});
