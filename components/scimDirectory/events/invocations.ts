import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { EventFunction } from "./functions.ts";

/** Lambda retries without end: an event may be late, but it is never lost. */
const FOREVER = -1;

/**
 * Only the items of users and groups themselves, because the function is paid for each batch: a change of members is an item
 * for each member as well.
 */
const RESOURCES = JSON.stringify({
  dynamodb: { Keys: { sk: { S: ["#"] }, pk: { S: [{ prefix: "U#" }, { prefix: "G#" }] } } },
});

/** Invokes a function with the changes of a table, in order for each item. */
export function readStream(
  name: string,
  {
    source,
    failed,
    to,
  }: { readonly source: aws.dynamodb.Table; readonly failed: aws.sqs.Queue; readonly to: EventFunction },
  options: pulumi.CustomResourceOptions,
): void {
  new aws.lambda.EventSourceMapping(
    name,
    {
      eventSourceArn: source.streamArn,
      functionName: to.fn.arn,
      startingPosition: "TRIM_HORIZON",
      batchSize: 100,
      maximumBatchingWindowInSeconds: 0,
      parallelizationFactor: 1,
      bisectBatchOnFunctionError: true,
      functionResponseTypes: ["ReportBatchItemFailures"],
      maximumRetryAttempts: FOREVER,
      maximumRecordAgeInSeconds: FOREVER,
      filterCriteria: { filters: [{ pattern: RESOURCES }] },
      destinationConfig: { onFailure: { destinationArn: failed.arn } },
    },
    // Lambda refuses a mapping whose function may not read the stream.
    { ...options, dependsOn: [to.policy] },
  );
}

/** Invokes a function with the messages of a queue, in order for each group. */
export function readQueue(
  name: string,
  { queue, to }: { readonly queue: aws.sqs.Queue; readonly to: EventFunction },
  options: pulumi.CustomResourceOptions,
): void {
  new aws.lambda.EventSourceMapping(
    name,
    {
      eventSourceArn: queue.arn,
      functionName: to.fn.arn,
      batchSize: 10,
      functionResponseTypes: ["ReportBatchItemFailures"],
    },
    { ...options, dependsOn: [to.policy] },
  );
}

/** Invokes a function every five minutes. */
export function createObserver(name: string, { fn }: EventFunction, options: pulumi.CustomResourceOptions): void {
  const rule = new aws.cloudwatch.EventRule(name, { scheduleExpression: "rate(5 minutes)" }, options);
  const permission = new aws.lambda.Permission(
    name,
    {
      action: "lambda:InvokeFunction",
      function: fn.name,
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    },
    options,
  );
  new aws.cloudwatch.EventTarget(name, { rule: rule.name, arn: fn.arn }, { ...options, dependsOn: [permission] });
}
