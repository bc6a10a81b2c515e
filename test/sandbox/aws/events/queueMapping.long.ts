import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Properties } from "../../../../sandbox/engine/provider.ts";
import type { Queue } from "../../../../sandbox/aws/sqs/queue.ts";
import { allow, startEventLab, type EventLab } from "../../../support/sandbox/aws/eventLab.ts";

const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";
const ACTIONS = ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"];
const SHOW = "const show = ({ Records }) => console.log(JSON.stringify(Records.map(({ body }) => body)));";
const DONE = `${SHOW} export const handler = async (event) => show(event);`;
const REPORTS = { functionResponseTypes: ["ReportBatchItemFailures"] };

let lab: EventLab;
let number = 0;
beforeAll(async () => {
  lab = await startEventLab();
});
afterAll(() => lab.close());

/** A queue with a function that reads it. */
async function declare(code: string, more: Properties = {}, queueInputs: Properties = {}): Promise<Queue> {
  const name = `mapped-${number++}${queueInputs["fifoQueue"] === false ? "" : ".fifo"}`;
  const inputs = { name, fifoQueue: true, visibilityTimeoutSeconds: 30, ...queueInputs };
  const arn = String((await lab.create("aws:sqs/queue:Queue", inputs)).outputs["arn"]);
  const queue = lab.services.queues.byArn(arn);
  if (queue === undefined) throw new Error("no queue");
  const functionName = await lab.deploy(code, allow(arn, ...ACTIONS.map((action) => `sqs:${action}`)));
  await lab.create(MAPPING, { eventSourceArn: arn, functionName, ...more });
  lab.lines.length = 0;
  return queue;
}
const send = (queue: Queue, body: string, group = "g"): unknown => queue.send({ body, group, deduplicationId: body });
const batches = (): unknown[] => lab.lines.filter(Array.isArray);

describe("a mapping of a queue", () => {
  it("delivers messages with the frame of Lambda's event, and deletes them", async () => {
    const queue = await declare("export const handler = async (event) => { console.log(JSON.stringify(event)); };");
    queue.send({
      body: "a",
      group: "g",
      deduplicationId: "1",
      attributes: { kind: { StringValue: "x", DataType: "String" } },
    });
    await expect.poll(() => lab.lines.length).toBe(1);
    expect(lab.lines[0]).toMatchObject({
      Records: [
        {
          ...{ body: "a", eventSource: "aws:sqs", eventSourceARN: queue.arn, awsRegion: "us-east-1" },
          attributes: { ApproximateReceiveCount: "1", MessageGroupId: "g", MessageDeduplicationId: "1" },
          messageAttributes: { kind: { stringValue: "x", dataType: "String" } },
        },
      ],
    });
    await expect.poll(() => queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it("delivers reported messages again after the visibility timeout, and deletes the others", async () => {
    const code = `${SHOW} export const handler = async (event) => {
      show(event);
      return { batchItemFailures: event.Records.filter(({ body, attributes }) => body === "b" && attributes.ApproximateReceiveCount === "1").map(({ messageId }) => ({ itemIdentifier: messageId })) };
    };`;
    const queue = await declare(code, REPORTS);
    for (const body of ["a", "b", "c"]) send(queue, body, body);
    await expect.poll(() => queue.counts()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    lab.ahead = 31_000;
    await expect.poll(() => batches().flat().sort()).toEqual(["a", "b", "b", "c"]);
    await expect.poll(() => queue.counts().inFlight).toBe(0);
    lab.ahead = 0;
  });

  it("keeps all messages of a batch whose function fails, and the order of their group", async () => {
    const code = `${SHOW} export const handler = async (event) => {
      show(event);
      if (event.Records[0].attributes.ApproximateReceiveCount === "1" && event.Records.some(({ body }) => body === "1")) throw new Error("down");
    };`;
    const queue = await declare(code);
    send(queue, "1");
    await expect.poll(() => batches()).toEqual([["1"]]);
    send(queue, "2");
    lab.ahead = 31_000;
    await expect.poll(() => batches().flat()).toEqual(["1", "1", "2"]);
    lab.ahead = 0;
  });

  it("delivers a batch again if its freedom says so", async () => {
    let repeats = 1;
    lab.freedoms = { mappings: { repeats: () => repeats-- > 0 } };
    const queue = await declare(DONE);
    send(queue, "once");
    await expect.poll(() => batches()).toEqual([["once"]]);
    lab.ahead = 31_000;
    await expect.poll(() => batches()).toEqual([["once"], ["once"]]);
    await expect.poll(() => queue.counts().inFlight).toBe(0);
    lab.freedoms = undefined;
    lab.ahead = 0;
  });

  it("deletes messages that no filter matches", async () => {
    const pattern = JSON.stringify({ body: { kind: ["told"] } });
    const queue = await declare(DONE, { filterCriteria: { filters: [{ pattern }] } }, { fifoQueue: false });
    for (const kind of ["other", "told"]) queue.send({ body: JSON.stringify({ kind }) });
    await expect.poll(() => batches()).toEqual([['{"kind":"told"}']]);
    await expect.poll(() => queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it("is refused if the visibility timeout is shorter than the function's, and for batches that FIFO has not", async () => {
    await expect(declare(DONE, {}, { visibilityTimeoutSeconds: 28 })).rejects.toThrow(
      "Queue visibility timeout: 28 seconds is less than Function timeout: 29 seconds",
    );
    await expect(declare(DONE, { batchSize: 11 })).rejects.toThrow("batches of at most 10");
  });

  it.each(ACTIONS)("is refused for a role without %s", async (action) => {
    const { arn } = await declare(DONE);
    const others = ACTIONS.filter((other) => other !== action).map((other) => `sqs:${other}`);
    const functionName = await lab.deploy(DONE, allow(arn, ...others));
    const mapping = lab.create(MAPPING, { eventSourceArn: arn, functionName });
    await expect(mapping).rejects.toThrow(`does not have permissions to call sqs:${action} on ${arn}`);
  });
});
