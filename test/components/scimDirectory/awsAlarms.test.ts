import { describe, expect, it } from "vitest";
import { alarmInputs, previousTokenAlarm } from "../../support/components/scimDirectory/alarmInputs.ts";
import { declare, difference } from "../../support/components/scimDirectory/aws.ts";

interface Widget {
  readonly properties: { readonly title: string; readonly query?: string; readonly metrics?: unknown[][] };
}
/** A dashboard's widgets, one line per graph. */
const graphsOf = (body: unknown): string[] =>
  (body as { widgets: Widget[] }).widgets.map(({ properties: { title, query, metrics = [] } }) =>
    [title, query ?? metrics.map((row) => [...row.slice(0, 4), JSON.stringify(row[4])].join(" ")).join("; ")].join(
      ": ",
    ),
  );

describe("the AWS half", () => {
  it("has alarms if a recipient is configured, and an alarm on the old token during its overlap", async () => {
    const plain = await declare({});
    const { declared } = await declare({ alarms: { email: "ops@example.com", topicArn: "arn:aws:sns:x:1:ops" } });
    const { "Dashboard acme": dashboard, ...alarms } = difference(plain.declared, declared);
    expect(alarms).toStrictEqual(alarmInputs);
    expect(dashboard?.["dashboardName"]).toBe("acme-test");
    expect(graphsOf(dashboard?.["dashboardBody"])).toMatchInlineSnapshot(`
      [
        "Requests and errors: AWS/ApiGateway Count ApiId acme-api-id {"stat":"Sum"}; AWS/ApiGateway 4xx ApiId acme-api-id {"stat":"Sum"}; AWS/ApiGateway 5xx ApiId acme-api-id {"stat":"Sum"}",
        "Latency in milliseconds: AWS/ApiGateway Latency ApiId acme-api-id {"stat":"p50"}; AWS/ApiGateway Latency ApiId acme-api-id {"stat":"p95"}; AWS/ApiGateway Latency ApiId acme-api-id {"stat":"p99"}",
        "Rejected tokens, previous token, busy: OktaScimDirectory Unauthorized FunctionName acme-function {"stat":"Sum"}; OktaScimDirectory PreviousToken FunctionName acme-function {"stat":"Sum"}; OktaScimDirectory Busy FunctionName acme-function {"stat":"Sum"}",
        "Function: AWS/Lambda Duration FunctionName acme-function {"stat":"Maximum"}; AWS/Lambda Errors FunctionName acme-function {"stat":"Sum"}; AWS/Lambda Throttles FunctionName acme-function {"stat":"Sum"}; AWS/Lambda ConcurrentExecutions FunctionName acme-function {"stat":"Maximum"}",
        "Capacity units: AWS/DynamoDB ConsumedReadCapacityUnits TableName acme-directory {"stat":"Sum"}; AWS/DynamoDB ConsumedWriteCapacityUnits TableName acme-directory {"stat":"Sum"}",
        "Throttled by DynamoDB: AWS/DynamoDB ReadThrottleEvents TableName acme-directory {"stat":"Sum"}; AWS/DynamoDB WriteThrottleEvents TableName acme-directory {"stat":"Sum"}",
        "Operations: number, latency, cost: SOURCE 'acme-function' | filter ispresent(operation) | stats count() as requests, pct(latencyMs, 95) as p95, avg(dynamodb.requests) as dynamodbRequests, avg(dynamodb.readUnits) as readUnits, avg(dynamodb.writeUnits) as writeUnits by operation, status | sort requests desc",
      ]
    `);
    const topic = { alarms: { topicArn: "arn:aws:sns:x:1:ops" } };
    const quiet = await declare({ ...topic, tokenGeneration: 2, acceptPreviousToken: false });
    const overlap = await declare({ ...topic, tokenGeneration: 2 });
    const { "MetricAlarm acme-previous-token": alarm } = difference(quiet.declared, overlap.declared);
    expect(alarm).toStrictEqual(previousTokenAlarm);
    const read = await declare({ ...topic, tokenGeneration: 2, readers: ["hr"] });
    const {
      "MetricAlarm acme-previous-token": ofOkta,
      "MetricAlarm acme-previous-reader-token": ofReaders,
      "Function acme-function": _function,
      ...tokens
    } = difference(overlap.declared, read.declared);
    expect(Object.keys(tokens)).toEqual(["RandomPassword acme-reader-hr-2", "RandomPassword acme-reader-hr-1"]);
    expect([ofOkta, ofReaders]).toStrictEqual([
      {
        ...previousTokenAlarm,
        alarmDescription:
          "Okta still uses the previous token of acme; when this alarm and previous-reader-token are over, set acceptPreviousToken to false",
      },
      {
        ...previousTokenAlarm,
        alarmDescription:
          "A reader still uses its previous token of acme; the log lines with reader and the old tokenGeneration name it",
        metricName: "PreviousReaderToken",
      },
    ]);
    const receivers = [{ name: "hr", delivery: "poll" }];
    const told = await declare({ ...topic, tokenGeneration: 2, events: { receivers } });
    expect(told.declared["MetricAlarm acme-previous-token-hr"]).toStrictEqual({
      ...previousTokenAlarm,
      alarmDescription:
        "The receiver hr still polls with its previous token of acme; set acceptPreviousToken to false when this alarm is over",
      dimensions: { FunctionName: "acme-events-feed", Receiver: "hr" },
      metricName: "PreviousReceiverToken",
    });
  });
});
