import { describe, expect, it } from "vitest";
import { declare, difference } from "../../support/components/scimDirectory/aws.ts";

interface Widget {
  readonly properties: { readonly title: string; readonly query?: string; readonly metrics?: unknown[][] };
}
/** A dashboard's widgets, one line a graph. */
const graphsOf = (body: unknown): string[] =>
  (body as { widgets: Widget[] }).widgets.map(({ properties: { title, query, metrics = [] } }) =>
    [title, query ?? metrics.map((row) => [...row.slice(0, 4), JSON.stringify(row[4])].join(" ")).join("; ")].join(
      ": ",
    ),
  );

describe("the AWS half", () => {
  it("watches itself where somebody is to be told, and the old token during its overlap", async () => {
    const plain = await declare({});
    const { declared } = await declare({ alarms: { email: "ops@example.com", topicArn: "arn:aws:sns:x:1:ops" } });
    const { "Dashboard acme": dashboard, ...alarms } = difference(plain.declared, declared);
    expect(alarms).toMatchInlineSnapshot(`
      {
        "MetricAlarm acme-busy": {
          "alarmActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "alarmDescription": "The SCIM service of acme returned 429 at least 20 times in 5 minutes: the directory was too busy",
          "comparisonOperator": "GreaterThanOrEqualToThreshold",
          "datapointsToAlarm": 1,
          "dimensions": {
            "FunctionName": "acme-function",
          },
          "evaluationPeriods": 1,
          "metricName": "Busy",
          "namespace": "OktaScimDirectory",
          "okActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "period": 300,
          "statistic": "Sum",
          "threshold": 20,
          "treatMissingData": "notBreaching",
        },
        "MetricAlarm acme-function-duration": {
          "alarmActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "alarmDescription": "A request to the SCIM function of acme almost reached the timeout of 29 seconds",
          "comparisonOperator": "GreaterThanOrEqualToThreshold",
          "datapointsToAlarm": 1,
          "dimensions": {
            "FunctionName": "acme-function",
          },
          "evaluationPeriods": 1,
          "metricName": "Duration",
          "namespace": "AWS/Lambda",
          "okActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "period": 300,
          "statistic": "Maximum",
          "threshold": 27550,
          "treatMissingData": "notBreaching",
        },
        "MetricAlarm acme-function-errors": {
          "alarmActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "alarmDescription": "The SCIM function of acme failed",
          "comparisonOperator": "GreaterThanOrEqualToThreshold",
          "datapointsToAlarm": 1,
          "dimensions": {
            "FunctionName": "acme-function",
          },
          "evaluationPeriods": 1,
          "metricName": "Errors",
          "namespace": "AWS/Lambda",
          "okActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "period": 300,
          "statistic": "Sum",
          "threshold": 1,
          "treatMissingData": "notBreaching",
        },
        "MetricAlarm acme-function-throttles": {
          "alarmActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "alarmDescription": "The SCIM function of acme was throttled",
          "comparisonOperator": "GreaterThanOrEqualToThreshold",
          "datapointsToAlarm": 1,
          "dimensions": {
            "FunctionName": "acme-function",
          },
          "evaluationPeriods": 1,
          "metricName": "Throttles",
          "namespace": "AWS/Lambda",
          "okActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "period": 300,
          "statistic": "Sum",
          "threshold": 1,
          "treatMissingData": "notBreaching",
        },
        "MetricAlarm acme-latency": {
          "alarmActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "alarmDescription": "5 % of the responses of the SCIM service of acme took at least 5 seconds, for 15 minutes",
          "comparisonOperator": "GreaterThanOrEqualToThreshold",
          "datapointsToAlarm": 3,
          "dimensions": {
            "ApiId": "acme-api-id",
          },
          "evaluationPeriods": 3,
          "extendedStatistic": "p95",
          "metricName": "Latency",
          "namespace": "AWS/ApiGateway",
          "okActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "period": 300,
          "threshold": 5000,
          "treatMissingData": "notBreaching",
        },
        "MetricAlarm acme-read-throttles": {
          "alarmActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "alarmDescription": "DynamoDB throttled reads of the directory of acme",
          "comparisonOperator": "GreaterThanOrEqualToThreshold",
          "datapointsToAlarm": 1,
          "dimensions": {
            "TableName": "acme-directory",
          },
          "evaluationPeriods": 1,
          "metricName": "ReadThrottleEvents",
          "namespace": "AWS/DynamoDB",
          "okActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "period": 300,
          "statistic": "Sum",
          "threshold": 1,
          "treatMissingData": "notBreaching",
        },
        "MetricAlarm acme-server-errors": {
          "alarmActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "alarmDescription": "The SCIM service of acme returned a server error",
          "comparisonOperator": "GreaterThanOrEqualToThreshold",
          "datapointsToAlarm": 1,
          "dimensions": {
            "ApiId": "acme-api-id",
          },
          "evaluationPeriods": 1,
          "metricName": "5xx",
          "namespace": "AWS/ApiGateway",
          "okActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "period": 300,
          "statistic": "Sum",
          "threshold": 1,
          "treatMissingData": "notBreaching",
        },
        "MetricAlarm acme-unauthorized": {
          "alarmActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "alarmDescription": "The SCIM service of acme rejected at least 20 tokens in 5 minutes: Okta may hold an old token, or someone is probing",
          "comparisonOperator": "GreaterThanOrEqualToThreshold",
          "datapointsToAlarm": 1,
          "dimensions": {
            "FunctionName": "acme-function",
          },
          "evaluationPeriods": 1,
          "metricName": "Unauthorized",
          "namespace": "OktaScimDirectory",
          "okActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "period": 300,
          "statistic": "Sum",
          "threshold": 20,
          "treatMissingData": "notBreaching",
        },
        "MetricAlarm acme-write-throttles": {
          "alarmActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "alarmDescription": "DynamoDB throttled writes of the directory of acme, for 15 minutes",
          "comparisonOperator": "GreaterThanOrEqualToThreshold",
          "datapointsToAlarm": 3,
          "dimensions": {
            "TableName": "acme-directory",
          },
          "evaluationPeriods": 3,
          "metricName": "WriteThrottleEvents",
          "namespace": "AWS/DynamoDB",
          "okActions": [
            "arn:aws:sns:x:1:ops",
            "arn:acme-alarms",
          ],
          "period": 300,
          "statistic": "Sum",
          "threshold": 1,
          "treatMissingData": "notBreaching",
        },
        "Topic acme-alarms": {},
        "TopicSubscription acme-alarms": {
          "endpoint": "ops@example.com",
          "protocol": "email",
          "topic": "arn:acme-alarms",
        },
      }
    `);
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
    expect(alarm).toMatchInlineSnapshot(`
      {
        "alarmActions": [
          "arn:aws:sns:x:1:ops",
        ],
        "alarmDescription": "Okta still uses the previous token of acme; when this alarm is over, set acceptPreviousToken to false",
        "comparisonOperator": "GreaterThanOrEqualToThreshold",
        "datapointsToAlarm": 1,
        "dimensions": {
          "FunctionName": "acme-function",
        },
        "evaluationPeriods": 24,
        "metricName": "PreviousToken",
        "namespace": "OktaScimDirectory",
        "okActions": [
          "arn:aws:sns:x:1:ops",
        ],
        "period": 3600,
        "statistic": "Sum",
        "threshold": 1,
        "treatMissingData": "notBreaching",
      }
    `);
  });
});
