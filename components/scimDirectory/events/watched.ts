import type * as aws from "@pulumi/aws";
import type { EventFunction } from "./functions.ts";
import type { Push } from "./queues.ts";

/** The parts of the change events that alarms and the dashboard watch. */
export interface WatchedEvents {
  readonly functions: readonly EventFunction[];
  readonly publish: aws.lambda.Function;
  readonly feed: aws.lambda.Function;
  /** Undefined without receivers of poll. */
  readonly observe: aws.lambda.Function | undefined;
  readonly failed: aws.sqs.Queue;
  /** Undefined without receivers of push. */
  readonly push: Push | undefined;
  /** Names of the receivers of poll. */
  readonly polling: readonly string[];
  readonly feedTable: aws.dynamodb.Table;
}
