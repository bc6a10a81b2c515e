import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allow, startEventLab, type EventLab } from "../../../support/sandbox/aws/eventLab.ts";
import { mapStream, readsStream, SHOW_BATCH, streamTable } from "../../../support/sandbox/aws/streamTable.ts";

const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";
const SHOW = `${SHOW_BATCH} export const handler = async (event) => show(event);`;
/** Fails while it sees the record k:2 with a number of attempts below a limit. */
const failing = (until: number, answer: string): string =>
  `${SHOW_BATCH} let tries = 0;
  export const handler = async (event) => {
    show(event);
    const bad = event.Records.find(({ dynamodb }) => dynamodb.NewImage?.n.N === "2");
    if (bad !== undefined && tries++ < ${until}) ${answer}
  };`;
const THROW = 'throw new Error("poison");';
const REPORT = "return { batchItemFailures: [{ itemIdentifier: bad.dynamodb.SequenceNumber }] };";

let lab: EventLab;
beforeAll(async () => {
  lab = await startEventLab();
});
afterAll(() => lab.close());

/** The batches that functions showed, in their order. */
const batches = (): string[][] => lab.lines.filter((line): line is string[] => Array.isArray(line));

describe("a mapping of a stream", () => {
  it("delivers from the trim horizon, in order, with the frame of Lambda's event", async () => {
    const table = await streamTable(lab);
    for (let n = 0; n < 5; n++) await table.put("k", n);
    lab.lines.length = 0;
    await mapStream(lab, table, "export const handler = async (event) => { console.log(JSON.stringify(event)); };");
    await expect.poll(() => lab.lines.length).toBeGreaterThan(0);
    expect(lab.lines[0]).toMatchObject({
      Records: [
        {
          ...{ eventName: "INSERT", eventSource: "aws:dynamodb", eventVersion: "1.1", awsRegion: "us-east-1" },
          eventSourceARN: table.streamArn,
          dynamodb: {
            Keys: { pk: { S: "k" }, sk: { S: "#" } },
            NewImage: { n: { N: "0" } },
            StreamViewType: "NEW_AND_OLD_IMAGES",
          },
        },
        ...[1, 2, 3, 4].map((n) => ({ eventName: "MODIFY", dynamodb: { OldImage: { n: { N: String(n - 1) } } } })),
      ],
    });
  });

  it("delivers only what a filter matches, at most a batch at a time", async () => {
    const table = await streamTable(lab);
    const pattern = JSON.stringify({
      dynamodb: { Keys: { sk: { S: ["#"] }, pk: { S: [{ prefix: "U#" }, { prefix: "G#" }] } } },
    });
    for (const [pk, sk] of [
      ["U#1", "#"],
      ["D#1", "#"],
      ["U#1", "intent"],
      ["G#1", "#"],
    ] as const)
      await table.put(pk, 1, sk);
    for (let n = 2; n < 8; n++) await table.put("U#1", n);
    lab.lines.length = 0;
    await mapStream(lab, table, SHOW, { filterCriteria: { filters: [{ pattern }] }, batchSize: 3 });
    await expect.poll(() => batches().flat().length).toBe(8);
    expect(
      batches()
        .flat()
        .filter((text) => text.startsWith("U#")),
    ).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => `U#1:${n}`));
    expect(Math.max(...batches().map((batch) => batch.length))).toBeLessThanOrEqual(3);
  });

  it("halves a batch that fails as a whole, and keeps the order", async () => {
    const table = await streamTable(lab);
    for (let n = 0; n < 4; n++) await table.put("k", n);
    lab.lines.length = 0;
    await mapStream(lab, table, failing(3, THROW), { bisectBatchOnFunctionError: true });
    await expect
      .poll(() => batches())
      .toEqual([["k:0", "k:1", "k:2", "k:3"], ["k:0", "k:1"], ["k:2", "k:3"], ["k:2"], ["k:2"], ["k:3"]]);
  });

  it("goes on at the first record that the function reports as failed", async () => {
    const table = await streamTable(lab);
    for (let n = 0; n < 4; n++) await table.put("k", n);
    lab.lines.length = 0;
    await mapStream(lab, table, failing(2, REPORT), {
      functionResponseTypes: ["ReportBatchItemFailures"],
      bisectBatchOnFunctionError: true,
    });
    await expect
      .poll(() => batches())
      .toEqual([
        ["k:0", "k:1", "k:2", "k:3"],
        ["k:2", "k:3"],
        ["k:2", "k:3"],
      ]);
  });

  it("takes a report that names no record of the batch for a failure of the whole batch", async () => {
    const table = await streamTable(lab);
    for (let n = 1; n < 4; n++) await table.put("k", n);
    lab.lines.length = 0;
    const code = failing(1, 'return { batchItemFailures: [{ itemIdentifier: "none" }] };');
    await mapStream(lab, table, code, { functionResponseTypes: ["ReportBatchItemFailures"] });
    await expect
      .poll(() => batches())
      .toEqual([
        ["k:1", "k:2", "k:3"],
        ["k:1", "k:2", "k:3"],
      ]);
  });

  it("gives up after the declared retries, tells the destination, and goes on", async () => {
    const table = await streamTable(lab);
    const queue = await lab.create("aws:sqs/queue:Queue", { name: `failed-${table.name}` });
    const destinationArn = String(queue.outputs["arn"]);
    await table.put("k", 2);
    lab.lines.length = 0;
    const inputs = { maximumRetryAttempts: 1, destinationConfig: { onFailure: { destinationArn } } };
    await mapStream(lab, table, failing(1000, THROW), inputs, allow(destinationArn, "sqs:SendMessage"));
    await expect.poll(() => lab.services.queues.byArn(destinationArn)?.counts().visible).toBe(1);
    await table.put("k", 3);
    await expect.poll(() => batches()).toEqual([["k:2"], ["k:2"], ["k:3"]]);
    const [message] = lab.services.queues.byArn(destinationArn)?.receive(1) ?? [];
    expect(JSON.parse(message?.body ?? "")).toMatchObject({
      requestContext: { condition: "RetryAttemptsExhausted", approximateInvokeCount: 2 },
      DDBStreamBatchInfo: { batchSize: 1, streamArn: table.streamArn },
    });
    expect(message?.body).not.toContain("NewImage");
  });

  it("runs one batch of a shard at a time, and delivers a batch again if its freedom says so", async () => {
    const table = await streamTable(lab);
    let repeats = 2;
    lab.freedoms = { mappings: { repeats: () => repeats-- > 0 } };
    for (let n = 0; n < 3; n++) await table.put("k", n);
    lab.lines.length = 0;
    await mapStream(lab, table, SHOW);
    await expect.poll(() => batches()).toEqual(Array.from({ length: 3 }, () => ["k:0", "k:1", "k:2"]));
    lab.freedoms = undefined;
  });

  it("reads the children of a split shard after their parent", async () => {
    const table = await streamTable(lab);
    let n = 0;
    lab.freedoms = { streams: { splits: () => n++ % 5 === 4, lateMs: () => 0 } };
    lab.lines.length = 0;
    await mapStream(lab, table, SHOW, { batchSize: 2 });
    for (let at = 0; at < 30; at++) await table.put(`k${at % 3}`, at);
    await expect.poll(() => batches().flat().length).toBe(30);
    lab.freedoms = undefined;
    for (let key = 0; key < 3; key++) {
      const own = batches()
        .flat()
        .filter((text) => text.startsWith(`k${key}:`));
      expect(own).toEqual(Array.from({ length: 10 }, (_, round) => `k${key}:${round * 3 + key}`));
    }
  });

  it("loses what the stream trimmed before the function worked again", async () => {
    const table = await streamTable(lab);
    const id = await mapStream(lab, table, SHOW);
    await table.put("k", 0);
    await expect.poll(() => batches().flat()).toContain("k:0");
    const state = {
      eventSourceArn: table.streamArn,
      functionName: await lab.deploy(SHOW, readsStream(table.streamArn)),
      startingPosition: "TRIM_HORIZON",
    };
    await lab.handler(MAPPING).update(id, {}, { ...state, enabled: false });
    await table.put("k", 1);
    const { shards } = lab.services.streams.get(table.streamArn) ?? {};
    await expect.poll(() => shards?.all().reduce((sum, { entries }) => sum + entries.length, 0)).toBe(2);
    lab.ahead = 24 * 3_600_000 + 1_000;
    lab.lines.length = 0;
    await lab.handler(MAPPING).update(id, {}, state);
    await table.put("k", 2);
    await expect.poll(() => batches()).toEqual([["k:2"]]);
    lab.ahead = 0;
  });

  it.each(["GetRecords", "GetShardIterator", "DescribeStream", "ListStreams"])(
    "is refused for a role without %s",
    async (action) => {
      const { streamArn } = await streamTable(lab);
      const others = ["GetRecords", "GetShardIterator", "DescribeStream", "ListStreams"].filter(
        (other) => other !== action,
      );
      const functionName = await lab.deploy(SHOW, allow(streamArn, ...others.map((other) => `dynamodb:${other}`)));
      const inputs = { eventSourceArn: streamArn, functionName, startingPosition: "LATEST" };
      await expect(lab.create(MAPPING, inputs)).rejects.toThrow(
        `does not have permissions to call dynamodb:${action} on ${streamArn}`,
      );
    },
  );

  it("is refused a second time for the same function, without a starting position, and with a wrong filter", async () => {
    const { streamArn: eventSourceArn } = await streamTable(lab);
    const functionName = await lab.deploy(SHOW, readsStream(eventSourceArn));
    const inputs = { eventSourceArn, functionName, startingPosition: "LATEST" };
    await expect(lab.create(MAPPING, { eventSourceArn, functionName })).rejects.toThrow("Starting position");
    const filterCriteria = { filters: [{ pattern: '{"eventName":"INSERT"}' }] };
    await expect(lab.create(MAPPING, { ...inputs, filterCriteria })).rejects.toThrow(
      "Invalid filter pattern definition: eventName",
    );
    await lab.create(MAPPING, inputs);
    await expect(lab.create(MAPPING, inputs)).rejects.toThrow("ResourceConflictException");
  });
});
