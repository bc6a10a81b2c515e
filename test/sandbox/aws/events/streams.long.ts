import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  type _Record as StreamRecord,
  type Shard,
} from "@aws-sdk/client-dynamodb-streams";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allow, startEventLab, type EventLab } from "../../../support/sandbox/aws/eventLab.ts";
import {
  readsStream,
  streamTable,
  TABLE,
  tableInputs,
  type StreamTable,
} from "../../../support/sandbox/aws/streamTable.ts";

let lab: EventLab;
beforeAll(async () => {
  lab = await startEventLab();
});
afterAll(() => lab.close());

const clientOf = async (table: StreamTable): Promise<DynamoDBStreamsClient> =>
  new DynamoDBStreamsClient(await lab.caller(readsStream(table.streamArn), allow("*", "dynamodb:ListStreams")));

async function shardsOf(client: DynamoDBStreamsClient, StreamArn: string): Promise<Shard[]> {
  return (await client.send(new DescribeStreamCommand({ StreamArn }))).StreamDescription?.Shards ?? [];
}

/** All records of a shard that can be read now. */
async function read(client: DynamoDBStreamsClient, StreamArn: string, ShardId: string): Promise<StreamRecord[]> {
  const start = new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" });
  let iterator = (await client.send(start)).ShardIterator;
  const records: StreamRecord[] = [];
  for (;;) {
    if (iterator === undefined) return records;
    const page = await client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: 3 }));
    records.push(...(page.Records ?? []));
    if (page.Records?.length === 0) return records;
    iterator = page.NextShardIterator;
  }
}

async function readAll(client: DynamoDBStreamsClient, arn: string): Promise<StreamRecord[][]> {
  const shards = await shardsOf(client, arn);
  return Promise.all(shards.map(({ ShardId = "" }) => read(client, arn, ShardId)));
}
const show = ({ dynamodb }: StreamRecord): string =>
  `${dynamodb?.Keys?.["pk"]?.S ?? ""}:${dynamodb?.NewImage?.["n"]?.N ?? ""}`;

describe("DynamoDB Streams", () => {
  it("has several shards, and keeps the order of each partition key in one of them", async () => {
    const table = await streamTable(lab);
    const client = await clientOf(table);
    await shardsOf(client, table.streamArn);
    for (let n = 0; n < 40; n++) await table.put(`k${n % 8}`, n);
    await expect.poll(async () => (await readAll(client, table.streamArn)).flat().length).toBe(40);
    const shards = await readAll(client, table.streamArn);
    expect(shards.filter((records) => records.length > 0).length).toBeGreaterThan(1);
    for (let key = 0; key < 8; key++) {
      const holders = shards.filter((records) => records.some((record) => show(record).startsWith(`k${key}:`)));
      expect(holders).toHaveLength(1);
      const own = holders
        .flat()
        .map(show)
        .filter((text) => text.startsWith(`k${key}:`));
      expect(own).toEqual([0, 1, 2, 3, 4].map((round) => `k${key}:${round * 8 + key}`));
    }
    for (const records of shards) {
      const numbers = records.map(({ dynamodb }) => BigInt(dynamodb?.SequenceNumber ?? "0"));
      expect(numbers.map((number) => number.toString().length >= 21)).not.toContain(false);
      expect([...numbers].sort((a, b) => (a < b ? -1 : 1))).toEqual(numbers);
    }
  });

  it("writes no record for a write that changed nothing, also of sets", async () => {
    const table = await streamTable(lab);
    const client = await clientOf(table);
    await shardsOf(client, table.streamArn);
    for (const value of [{ SS: ["a", "b"] }, { SS: ["b", "a"] }, { SS: ["a", "b"] }, { S: "last" }])
      await table.set("k", value);
    await table.set("k", { S: "last" });
    await table.put("end", 1);
    await expect.poll(async () => (await readAll(client, table.streamArn)).flat().map(show)).toContain("end:1");
    const names = (await readAll(client, table.streamArn)).flat().filter((record) => show(record).startsWith("k:"));
    expect(names.map(({ eventName }) => eventName)).toEqual(["INSERT", "MODIFY"]);
  });

  it("splits shards: the parent ends, its children go on, and their numbers follow its own", async () => {
    const table = await streamTable(lab);
    const client = await clientOf(table);
    let splits = 3;
    lab.freedoms = { streams: { splits: () => splits-- > 0, lateMs: () => 0 } };
    await shardsOf(client, table.streamArn);
    for (let n = 0; n < 30; n++) await table.put(`k${n % 3}`, n);
    await expect.poll(async () => (await readAll(client, table.streamArn)).flat().length).toBe(30);
    lab.freedoms = undefined;
    const shards = await shardsOf(client, table.streamArn);
    expect(shards).toHaveLength(2 + 3 * 2);
    const ended = shards.filter(({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber !== undefined);
    expect(ended).toHaveLength(3);
    for (const { ParentShardId, SequenceNumberRange } of shards) {
      const parent = shards.find(({ ShardId }) => ShardId === ParentShardId)?.SequenceNumberRange;
      if (parent === undefined) continue;
      expect(BigInt(SequenceNumberRange?.StartingSequenceNumber ?? "0")).toBeGreaterThan(
        BigInt(parent.EndingSequenceNumber ?? "0"),
      );
    }
  });

  it("shows late records late, in the order of their shard", async () => {
    const table = await streamTable(lab);
    const client = await clientOf(table);
    const delays = [60_000, 0, 0];
    lab.freedoms = { streams: { splits: () => false, lateMs: () => delays.shift() ?? 0 } };
    await shardsOf(client, table.streamArn);
    for (let n = 0; n < 3; n++) await table.put("k", n);
    await expect.poll(() => delays).toEqual([]);
    lab.freedoms = undefined;
    expect((await readAll(client, table.streamArn)).flat()).toEqual([]);
    lab.ahead = 60_001;
    expect((await readAll(client, table.streamArn)).flat().map(show)).toEqual(["k:0", "k:1", "k:2"]);
    lab.ahead = 0;
  });

  it("keeps records for 24 hours, and refuses an iterator older than 15 minutes", async () => {
    const table = await streamTable(lab);
    const client = await clientOf(table);
    await shardsOf(client, table.streamArn);
    await table.put("k", 1);
    await expect.poll(async () => (await readAll(client, table.streamArn)).flat().length).toBe(1);
    const [{ ShardId = "" } = {}] = await shardsOf(client, table.streamArn);
    const start = new GetShardIteratorCommand({
      StreamArn: table.streamArn,
      ShardId,
      ShardIteratorType: "TRIM_HORIZON",
    });
    const { ShardIterator } = await client.send(start);
    lab.ahead = 15 * 60_000 + 1_000;
    await expect(client.send(new GetRecordsCommand({ ShardIterator }))).rejects.toMatchObject({
      name: "ExpiredIteratorException",
    });
    lab.ahead = 24 * 3_600_000 + 1_000;
    expect((await readAll(client, table.streamArn)).flat()).toEqual([]);
    lab.ahead = 0;
  });

  it("gets another ARN each time it is switched on, and the old one ends", async () => {
    const table = await streamTable(lab);
    const client = await clientOf(table);
    await shardsOf(client, table.streamArn);
    await table.put("k", 1);
    const handler = lab.handler(TABLE);
    const off = await handler.update(table.name, table.outputs, tableInputs(table.name, { streamEnabled: false }));
    const on = await handler.update(table.name, off, tableInputs(table.name));
    expect(on["streamArn"]).not.toBe(table.streamArn);
    expect(on["streamArn"]).toMatch(/^arn:aws:dynamodb:us-east-1:000000000000:table\/table-\d+\/stream\/[\d:.T-]+$/);
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn: table.streamArn }));
    expect(StreamDescription?.StreamStatus).toBe("DISABLED");
    expect((await readAll(client, table.streamArn)).flat().map(show)).toEqual(["k:1"]);
    const next = { ...table, streamArn: String(on["streamArn"]) };
    const reader = await clientOf(next);
    await shardsOf(reader, next.streamArn);
    await table.put("k", 2);
    await expect.poll(async () => (await readAll(reader, next.streamArn)).flat().map(show)).toEqual(["k:2"]);
    const { Streams } = await client.send(new ListStreamsCommand({ TableName: table.name }));
    expect(Streams?.map(({ StreamArn }) => StreamArn)).toEqual([table.streamArn, next.streamArn]);
  });

  it("denies a role that may read the table only", async () => {
    const { name, streamArn } = await streamTable(lab);
    const tableArn = `arn:aws:dynamodb:us-east-1:000000000000:table/${name}`;
    const client = new DynamoDBStreamsClient(await lab.caller(allow(tableArn, "dynamodb:*")));
    await expect(shardsOf(client, streamArn)).rejects.toThrow(
      `perform: dynamodb:DescribeStream on resource: ${streamArn}`,
    );
  });
});
