import { z } from "zod";
import type { Access } from "../iam/policy.ts";
import { operation, ServiceError, type JsonService } from "../json/operation.ts";
import type { Place } from "../support/place.ts";
import { batchOf, checkBatchSize } from "./batch.ts";
import { md5, systemAttributes, type Message, type NewMessage } from "./message.ts";
import type { Queue } from "./queue.ts";
import type { Queues } from "./queues.ts";

const onUrl = z.looseObject({ QueueUrl: z.string() });
const sent = z.looseObject({
  MessageBody: z.string(),
  MessageAttributes: z.record(z.string(), z.unknown()).optional(),
  MessageGroupId: z.string().optional(),
  MessageDeduplicationId: z.string().optional(),
  DelaySeconds: z.number().optional(),
});
const receipt = z.looseObject({ ReceiptHandle: z.string() });
const visibility = receipt.extend({ VisibilityTimeout: z.number() });
const receiving = onUrl.extend({
  MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
  VisibilityTimeout: z.number().int().min(0).max(43_200).optional(),
  WaitTimeSeconds: z.number().int().min(0).max(20).optional(),
});

const messageOf = (entry: z.infer<typeof sent>): NewMessage => ({
  body: entry.MessageBody,
  attributes: entry.MessageAttributes,
  group: entry.MessageGroupId,
  deduplicationId: entry.MessageDeduplicationId,
  delay: entry.DelaySeconds,
});

function send(queue: Queue, entry: z.infer<typeof sent>): object {
  const { id, sequence } = queue.send(messageOf(entry));
  return {
    MessageId: id,
    MD5OfMessageBody: md5(entry.MessageBody),
    ...(sequence === undefined ? {} : { SequenceNumber: sequence }),
  };
}

const shown = (message: Message, { account }: Place): object => ({
  MessageId: message.id,
  ReceiptHandle: message.receipt,
  Body: message.body,
  MD5OfBody: md5(message.body),
  Attributes: systemAttributes(message, account),
  MessageAttributes: message.attributes,
});

async function receive(queue: Queue, request: z.infer<typeof receiving>): Promise<Message[]> {
  const until = Date.now() + (request.WaitTimeSeconds ?? queue.settings.receiveWait) * 1000;
  for (;;) {
    const messages = queue.receive(request.MaxNumberOfMessages, request.VisibilityTimeout);
    const left = until - Date.now();
    if (messages.length > 0 || left <= 0) return messages;
    // Also a message whose time to be visible has come: nothing tells of it.
    await queue.changed(Math.min(left, 100));
  }
}

/**
 * SQS: sending, receiving, deleting and visibility, each alone and in batches; a queue's attributes and address.
 * @param url address of the endpoint
 */
export function sqsApi(place: Place, queues: Queues, url: () => string): JsonService {
  const may =
    (action: string) =>
    ({ QueueUrl }: z.infer<typeof onUrl>): Access[] => [
      { action: `sqs:${action}`, resource: queues.byUrl(QueueUrl).arn },
    ];
  return {
    target: "AmazonSQS",
    prefix: "sqs",
    namespace: "com.amazonaws.sqs",
    throttled: "RequestThrottled",
    queryErrors: {
      QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue",
      InvalidParameterValueException: "InvalidParameterValue",
      MessageNotInflight: "AWS.SimpleQueueService.MessageNotInflight",
    },
    operations: {
      SendMessage: operation(onUrl.extend(sent.shape), may("SendMessage"), (request) =>
        send(queues.byUrl(request.QueueUrl), request),
      ),
      SendMessageBatch: batchOf(
        sent,
        onUrl,
        may("SendMessage"),
        (request, entry) => send(queues.byUrl(request.QueueUrl), entry),
        (entries) => checkBatchSize(entries.map(messageOf)),
      ),
      ReceiveMessage: operation(receiving, may("ReceiveMessage"), async (request) => {
        const messages = await receive(queues.byUrl(request.QueueUrl), request);
        return messages.length === 0 ? {} : { Messages: messages.map((message) => shown(message, place)) };
      }),
      DeleteMessage: operation(onUrl.extend(receipt.shape), may("DeleteMessage"), (request) => {
        queues.byUrl(request.QueueUrl).delete(request.ReceiptHandle);
        return {};
      }),
      DeleteMessageBatch: batchOf(receipt, onUrl, may("DeleteMessage"), (request, { ReceiptHandle }) => {
        queues.byUrl(request.QueueUrl).delete(ReceiptHandle);
        return {};
      }),
      ChangeMessageVisibility: operation(onUrl.extend(visibility.shape), may("ChangeMessageVisibility"), (request) => {
        queues.byUrl(request.QueueUrl).changeVisibility(request.ReceiptHandle, request.VisibilityTimeout);
        return {};
      }),
      ChangeMessageVisibilityBatch: batchOf(visibility, onUrl, may("ChangeMessageVisibility"), (request, entry) => {
        queues.byUrl(request.QueueUrl).changeVisibility(entry.ReceiptHandle, entry.VisibilityTimeout);
        return {};
      }),
      GetQueueAttributes: operation(onUrl, may("GetQueueAttributes"), ({ QueueUrl }) => ({
        Attributes: attributesOf(queues.byUrl(QueueUrl), queues),
      })),
      GetQueueUrl: operation(
        z.looseObject({ QueueName: z.string() }),
        ({ QueueName }) => [
          { action: "sqs:GetQueueUrl", resource: `arn:aws:sqs:${place.region}:${place.account}:${QueueName}` },
        ],
        ({ QueueName }) => {
          if (queues.get(QueueName) === undefined)
            throw new ServiceError("QueueDoesNotExist", "The specified queue does not exist.");
          return { QueueUrl: `${url()}/${place.account}/${QueueName}` };
        },
      ),
    },
  };
}

function attributesOf(queue: Queue, queues: Queues): Readonly<Record<string, string>> {
  const { settings, arn, name } = queue;
  const { visible, inFlight, delayed } = queue.counts();
  const policy = queues.policyOf(name);
  return {
    QueueArn: arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    VisibilityTimeout: String(settings.visibilityTimeout),
    MessageRetentionPeriod: String(settings.retention),
    MaximumMessageSize: String(settings.maxMessageSize),
    ...(queue.isFifo ? { FifoQueue: "true" } : {}),
    ...(settings.redrive === undefined ? {} : { RedrivePolicy: JSON.stringify(settings.redrive) }),
    ...(policy === undefined ? {} : { Policy: policy }),
  };
}
