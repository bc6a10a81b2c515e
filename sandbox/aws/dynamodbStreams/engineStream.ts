import { z } from "zod";
import { engineRecord, type EngineRecord } from "./record.ts";

/** Reads the stream that the engine keeps of a table, from its beginning. */
export interface EngineStream {
  /** Gives the records since the last call. */
  next(take: (record: EngineRecord) => void): Promise<void>;
}

const described = z.looseObject({ Table: z.looseObject({ LatestStreamArn: z.string() }) });
const shards = z.looseObject({
  StreamDescription: z.looseObject({ Shards: z.array(z.looseObject({ ShardId: z.string() })) }),
});
const iterator = z.looseObject({ ShardIterator: z.string() });
const page = z.looseObject({ Records: z.array(engineRecord), NextShardIterator: z.string().nullish() });

/** @throws Error if the engine has no stream of this table */
export async function openEngineStream(endpoint: string, table: string): Promise<EngineStream> {
  const ask = async (target: string, body: object): Promise<unknown> => {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": target,
        "x-amz-date": "20260101T000000Z",
        authorization:
          "AWS4-HMAC-SHA256 Credential=sandbox/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${target} of the DynamoDB engine: ${text}`);
    return JSON.parse(text);
  };
  const streams = (operation: string, body: object): Promise<unknown> =>
    ask(`DynamoDBStreams_20120810.${operation}`, body);
  const { Table } = described.parse(await ask("DynamoDB_20120810.DescribeTable", { TableName: table }));
  const StreamArn = Table.LatestStreamArn;
  const open = new Map<string, string>();
  const known = new Set<string>();
  const findShards = async (): Promise<void> => {
    const { StreamDescription } = shards.parse(await streams("DescribeStream", { StreamArn }));
    for (const { ShardId } of StreamDescription.Shards) {
      if (known.has(ShardId)) continue;
      known.add(ShardId);
      const request = { StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" };
      open.set(ShardId, iterator.parse(await streams("GetShardIterator", request)).ShardIterator);
    }
  };
  return {
    async next(take) {
      if (open.size === 0) await findShards();
      for (const [id, ShardIterator] of open) {
        const { Records, NextShardIterator } = page.parse(await streams("GetRecords", { ShardIterator }));
        for (const record of Records) take(record);
        if (typeof NextShardIterator === "string") open.set(id, NextShardIterator);
        else open.delete(id);
      }
    },
  };
}
