import { describe, expect, it } from "vitest";
import { declare, difference } from "./aws.ts";

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
          "alarmDescription": "The directory of acme told clients 20 times or more in 5 minutes to come again",
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
          "alarmDescription": "A request of the SCIM function of acme came near its timeout of 29 seconds",
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
          "threshold": 24650,
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
          "alarmDescription": "One answer in twenty of the SCIM service of acme took 5 seconds or more, for 15 minutes",
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
          "alarmDescription": "The SCIM service of acme answered with a server error",
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
          "alarmDescription": "The SCIM service of acme refused 20 tokens or more in 5 minutes: Okta has a wrong one, or someone tries",
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
          "alarmDescription": "DynamoDB throttled writes of the directory of acme",
          "comparisonOperator": "GreaterThanOrEqualToThreshold",
          "datapointsToAlarm": 1,
          "dimensions": {
            "TableName": "acme-directory",
          },
          "evaluationPeriods": 1,
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
        "Milliseconds to answer: AWS/ApiGateway Latency ApiId acme-api-id {"stat":"p50"}; AWS/ApiGateway Latency ApiId acme-api-id {"stat":"p95"}; AWS/ApiGateway Latency ApiId acme-api-id {"stat":"p99"}",
        "Refused tokens, old token, come again: OktaScimDirectory Unauthorized FunctionName acme-function {"stat":"Sum"}; OktaScimDirectory PreviousToken FunctionName acme-function {"stat":"Sum"}; OktaScimDirectory Busy FunctionName acme-function {"stat":"Sum"}",
        "Function: AWS/Lambda Duration FunctionName acme-function {"stat":"Maximum"}; AWS/Lambda Errors FunctionName acme-function {"stat":"Sum"}; AWS/Lambda Throttles FunctionName acme-function {"stat":"Sum"}; AWS/Lambda ConcurrentExecutions FunctionName acme-function {"stat":"Maximum"}",
        "Capacity units: AWS/DynamoDB ConsumedReadCapacityUnits TableName acme-directory {"stat":"Sum"}; AWS/DynamoDB ConsumedWriteCapacityUnits TableName acme-directory {"stat":"Sum"}",
        "Throttled by DynamoDB: AWS/DynamoDB ReadThrottleEvents TableName acme-directory {"stat":"Sum"}; AWS/DynamoDB WriteThrottleEvents TableName acme-directory {"stat":"Sum"}",
        "Operations: how many, how slow, what they cost: SOURCE 'acme-function' | filter ispresent(operation) | stats count() as requests, pct(latencyMs, 95) as p95, avg(dynamodb.requests) as dynamodbRequests, avg(dynamodb.readUnits) as readUnits, avg(dynamodb.writeUnits) as writeUnits by operation, status | sort requests desc",
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
        "alarmDescription": "Okta uses the previous token of acme still; when this is over, set acceptPreviousToken to false",
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
