import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { feedOf } from "../../../lambda/contract.ts";
import type { KnownReceiver } from "./receivers.ts";

/** Seconds: 14 days, the longest that SQS offers. */
const RETENTION = 14 * 24 * 60 * 60;
/** Seconds. Not shorter than the timeout of the function that reads the queue. */
const VISIBILITY = 60;
/** About 14 days of retries that wait an hour at most. */
const MOST_RECEIVES = 280;

/** Batches of the directory's stream that could not be read at all. */
export function createFailureQueue(name: string, options: pulumi.CustomResourceOptions): aws.sqs.Queue {
  return new aws.sqs.Queue(
    `${name}-events-failed`,
    { messageRetentionSeconds: RETENTION, sqsManagedSseEnabled: true },
    options,
  );
}

export interface Push {
  readonly queue: aws.sqs.Queue;
  /** Events that were not delivered in 14 days. */
  readonly dead: aws.sqs.Queue;
  /** Addresses and authorizations of the receivers. */
  readonly targets: aws.ssm.Parameter;
}

/** The queue of the receivers of push, in order for each receiver and resource; undefined if there are none. */
export function createPush(
  name: string,
  receivers: readonly KnownReceiver[],
  options: pulumi.CustomResourceOptions,
): Push | undefined {
  const targets = receivers.flatMap(({ name: receiver, id, delivery }) => {
    if (delivery.kind === "poll") return [];
    const { url, authorization } = delivery;
    const target = { url, ...(authorization !== undefined && { authorization }) };
    return [id.apply((own) => [feedOf({ name: receiver, id: own }), target] as const)];
  });
  if (targets.length === 0) return undefined;
  const fifo = { fifoQueue: true, messageRetentionSeconds: RETENTION, sqsManagedSseEnabled: true };
  const dead = new aws.sqs.Queue(`${name}-push-dead`, fifo, options);
  const queue = new aws.sqs.Queue(
    `${name}-push`,
    {
      ...fifo,
      deduplicationScope: "messageGroup",
      fifoThroughputLimit: "perMessageGroupId",
      visibilityTimeoutSeconds: VISIBILITY,
      redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: MOST_RECEIVES }),
    },
    options,
  );
  const parameter = new aws.ssm.Parameter(
    `${name}-push-targets`,
    {
      description: `Addresses and authorizations of the receivers of push of tenant ${name}`,
      type: "SecureString",
      value: pulumi.secret(pulumi.all(targets).apply((entries) => JSON.stringify(Object.fromEntries(entries)))),
    },
    options,
  );
  return { queue, dead, targets: parameter };
}
