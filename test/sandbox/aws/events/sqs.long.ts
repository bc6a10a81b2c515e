import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  type Message,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Properties } from "../../../../sandbox/engine/provider.ts";
import { allow, startEventLab, type CallerConfig, type EventLab } from "../../../support/sandbox/aws/eventLab.ts";

const QUEUE = "aws:sqs/queue:Queue";
const ALL = ["SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes"];

let lab: EventLab;
let config: CallerConfig;
let sqs: SQSClient;
let number = 0;

beforeAll(async () => {
  lab = await startEventLab();
  config = await lab.caller(allow("arn:aws:sqs:*", ...ALL.map((action) => `sqs:${action}`), "sqs:GetQueueUrl"));
  sqs = new SQSClient(config);
});
afterAll(() => lab.close());

interface Declared {
  readonly url: string;
  readonly arn: string;
  readonly outputs: Properties;
}

async function declare(inputs: Properties = {}, isFifo = true): Promise<Declared> {
  const name = `queue-${number++}${isFifo ? ".fifo" : ""}`;
  const { id, outputs } = await lab.create(QUEUE, { name, ...(isFifo ? { fifoQueue: true } : {}), ...inputs });
  return { url: id, arn: String(outputs["arn"]), outputs };
}

const send = (
  QueueUrl: string,
  MessageBody: string,
  group = "g",
  id = MessageBody,
): Promise<{ MessageId?: string | undefined }> =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: group, MessageDeduplicationId: id }));

async function receive(QueueUrl: string, more: object = {}): Promise<Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ["All"],
    ...more,
  });
  return (await sqs.send(command)).Messages ?? [];
}
const bodies = (messages: readonly Message[]): (string | undefined)[] => messages.map(({ Body }) => Body);

const release = (QueueUrl: string, { ReceiptHandle }: Message, VisibilityTimeout = 0): Promise<unknown> =>
  sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
const remove = (QueueUrl: string, { ReceiptHandle }: Message): Promise<unknown> =>
  sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));

describe("SQS", () => {
  it("keeps the order of each group, and gives nothing of a group that is with a receiver", async () => {
    const { url } = await declare();
    for (const text of ["a1", "b1", "a2", "b2"]) await send(url, text, text.charAt(0));
    const first = await receive(url, { MaxNumberOfMessages: 1 });
    expect(bodies(first)).toEqual(["a1"]);
    const second = await receive(url);
    expect(bodies(second)).toEqual(["b1", "b2"]);
    expect(second.map(({ Attributes }) => Attributes?.["MessageGroupId"])).toEqual(["b", "b"]);
    expect(await receive(url)).toEqual([]);
    for (const message of first) await remove(url, message);
    expect(bodies(await receive(url))).toEqual(["a2"]);
  });

  it("accepts a message with a known deduplication id, and queues it once in 5 minutes", async () => {
    const { url } = await declare();
    const one = await send(url, "one", "g", "id");
    const two = await send(url, "two", "g", "id");
    expect(two.MessageId).toBe(one.MessageId);
    expect(bodies(await receive(url, { VisibilityTimeout: 0 }))).toEqual(["one"]);
    lab.ahead = 5 * 60_000 + 1;
    await send(url, "three", "g", "id");
    expect(bodies(await receive(url))).toEqual(["one", "three"]);
    lab.ahead = 0;
  });

  it("gives a message again after its visibility timeout, which a receiver can change", async () => {
    const { url } = await declare({ visibilityTimeoutSeconds: 60 });
    await send(url, "a");
    const [first] = await receive(url);
    if (first === undefined) throw new Error("nothing received");
    await release(url, first, 3600);
    lab.ahead = 61_000;
    expect(await receive(url)).toEqual([]);
    lab.ahead = 3_601_000;
    const [again] = await receive(url);
    expect(again?.Attributes?.["ApproximateReceiveCount"]).toBe("2");
    // The first receipt is another's now.
    await expect(release(url, first)).rejects.toMatchObject({ name: "MessageNotInflight" });
    lab.ahead = 0;
  });

  it("does not delete with the receipt of a FIFO message that expired", async () => {
    const { url } = await declare({ visibilityTimeoutSeconds: 1 });
    await send(url, "a");
    const [message] = await receive(url);
    if (message === undefined) throw new Error("nothing received");
    lab.ahead = 1_001;
    await expect(remove(url, message)).rejects.toThrow("The receipt handle has expired.");
    expect(bodies(await receive(url))).toEqual(["a"]);
    lab.ahead = 0;
  });

  it("moves a message to the dead-letter queue at its next receipt after maxReceiveCount", async () => {
    const dead = await declare();
    const redrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 });
    const { url, arn } = await declare({ redrivePolicy });
    await send(url, "poison");
    await send(url, "next");
    for (let n = 0; n < 2; n++)
      expect(bodies(await receive(url, { MaxNumberOfMessages: 1, VisibilityTimeout: 0 }))).toEqual(["poison"]);
    expect(bodies(await receive(url))).toEqual(["next"]);
    const [lost] = await receive(dead.url);
    expect(lost?.Body).toBe("poison");
    expect(lost?.Attributes).toMatchObject({ DeadLetterQueueSourceArn: arn, MessageGroupId: "g" });
  });

  it("drops a message at the end of its retention", async () => {
    const { url } = await declare({ messageRetentionSeconds: 60 });
    await send(url, "a");
    lab.ahead = 60_001;
    expect(await receive(url)).toEqual([]);
    lab.ahead = 0;
  });

  it("lets entries of a batch fail alone", async () => {
    const { url } = await declare();
    const entries = ["a", "b", "c"].map((id) => ({
      Id: id,
      MessageBody: id,
      MessageGroupId: "g",
      MessageDeduplicationId: id,
    }));
    const Entries = [...entries, { Id: "d", MessageBody: "d", MessageDeduplicationId: "d" }];
    lab.freedoms = { services: () => ({ failsAlone: (index) => index === 1 }) };
    const answer = await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    lab.freedoms = undefined;
    expect(answer.Successful?.map(({ Id }) => Id)).toEqual(["a", "c"]);
    expect(answer.Failed?.map(({ Id, SenderFault }) => [Id, SenderFault])).toEqual([
      ["b", false],
      ["d", true],
    ]);
    expect(bodies(await receive(url))).toEqual(["a", "c"]);
  });

  it.each([
    ["TooManyEntriesInBatchRequest", Array.from({ length: 11 }, (_, n) => String(n))],
    ["BatchEntryIdsNotDistinct", ["a", "a"]],
    ["InvalidBatchEntryId", ["a b"]],
  ])("refuses a batch: %s", async (name, ids) => {
    const { url } = await declare({}, false);
    const Entries = ids.map((Id) => ({ Id, MessageBody: "x" }));
    const sent = sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    await expect(sent).rejects.toThrow(
      expect.objectContaining({ name: expect.stringContaining(name) as string }) as Error,
    );
  });

  it("refuses what SQS refuses", async () => {
    const { url } = await declare();
    const bare = new SendMessageCommand({ QueueUrl: url, MessageBody: "a" });
    await expect(sqs.send(bare)).rejects.toThrow("must contain the parameter MessageGroupId");
    await expect(sqs.send(new SendMessageCommand({ ...bare.input, MessageGroupId: "g" }))).rejects.toThrow(
      "MessageDeduplicationId",
    );
    await expect(send(url, "x".repeat(262_145), "g", "long")).rejects.toThrow("shorter than 262144 bytes");
    await expect(send(url, "a\u0001", "g", "control")).rejects.toThrow("characters outside the allowed set");
    await expect(receive(url.replace("queue-", "other-"))).rejects.toMatchObject({ name: "QueueDoesNotExist" });
    await expect(declare({ name: "plain" })).rejects.toThrow("ends with .fifo");
    await expect(
      declare({
        redrivePolicy: JSON.stringify({
          deadLetterTargetArn: "arn:aws:sqs:us-east-1:000000000000:none.fifo",
          maxReceiveCount: 1,
        }),
      }),
    ).rejects.toThrow("Dead letter target does not exist");
  });

  it("does not let a name be used again for 60 seconds after the deletion", async () => {
    const { url, outputs } = await declare();
    const handler = lab.handler(QUEUE);
    await handler.delete(url, outputs);
    const again = { name: String(outputs["name"]), fifoQueue: true };
    await expect(handler.create(again)).rejects.toThrow("You must wait 60 seconds after deleting a queue");
    lab.ahead = 60_001;
    expect((await handler.create(again)).id).toBe(url);
    lab.ahead = 0;
  });

  it("names a queue's address and attributes, also after an update", async () => {
    const { url, arn, outputs } = await declare();
    const name = String(outputs["name"]);
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl).toBe(url);
    await lab.handler(QUEUE).update(url, outputs, { name, fifoQueue: true, visibilityTimeoutSeconds: 90 });
    const attributes = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }));
    expect(attributes.Attributes).toMatchObject({ QueueArn: arn, FifoQueue: "true", VisibilityTimeout: "90" });
  });

  it("takes the policy of a queue", async () => {
    const { url, arn } = await declare();
    const policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Deny", Principal: "*", Action: "sqs:*", Resource: arn, Condition: {} }],
    });
    const made = await lab.create("aws:sqs/queuePolicy:QueuePolicy", { queueUrl: url, policy });
    expect(made.id).toBe(url);
    expect(
      (await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }))).Attributes?.[
        "Policy"
      ],
    ).toBe(policy);
  });

  it.each(ALL)("denies %s to a role without it", async (action) => {
    const { url, arn } = await declare();
    const others = ALL.filter((other) => other !== action).map((other) => `sqs:${other}`);
    const client = new SQSClient(await lab.caller(allow(arn, ...others)));
    const input = { QueueUrl: url, ReceiptHandle: "x", VisibilityTimeout: 1, MessageBody: "x" };
    const commands = {
      SendMessage: () => client.send(new SendMessageCommand(input)),
      ReceiveMessage: () => client.send(new ReceiveMessageCommand({ QueueUrl: url })),
      DeleteMessage: () => client.send(new DeleteMessageCommand(input)),
      ChangeMessageVisibility: () => client.send(new ChangeMessageVisibilityCommand(input)),
      GetQueueAttributes: () => client.send(new GetQueueAttributesCommand({ QueueUrl: url })),
    };
    const denied = Object.entries(commands).find(([name]) => name === action)?.[1];
    await expect(denied?.()).rejects.toThrow(`is not authorized to perform: sqs:${action} on resource: ${arn}`);
  });
});
