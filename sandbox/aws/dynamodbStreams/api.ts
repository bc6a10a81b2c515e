import { z } from "zod";
import type { Access } from "../iam/policy.ts";
import { operation, ServiceError, type JsonService } from "../json/operation.ts";
import type { Shard } from "./shards.ts";
import type { Streams, TableStream } from "./streams.ts";

const EXPIRES_MS = 15 * 60_000;

const listing = z.looseObject({ TableName: z.string().optional() });
const onStream = z.looseObject({ StreamArn: z.string() });
const starting = onStream.extend({
  ShardId: z.string(),
  ShardIteratorType: z.enum(["TRIM_HORIZON", "LATEST", "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"]),
  SequenceNumber: z.string().optional(),
});
const reading = z.looseObject({ ShardIterator: z.string(), Limit: z.number().int().min(1).max(1000).default(1000) });
const iteratorSchema = z.object({ arn: z.string(), shard: z.string(), position: z.number(), issued: z.number() });
type Iterator = z.infer<typeof iteratorSchema>;

/** DynamoDB Streams: ListStreams, DescribeStream, GetShardIterator and GetRecords. */
export function streamsApi(streams: Streams, now: () => number): JsonService {
  const find = (arn: string): TableStream => {
    const stream = streams.get(arn);
    if (stream === undefined)
      throw new ServiceError("ResourceNotFoundException", `Requested resource not found: Stream: ${arn} not found`);
    streams.follow(arn);
    return stream;
  };
  const may = (action: string, arn: string): Access[] => [{ action: `dynamodb:${action}`, resource: arn }];
  return {
    target: "DynamoDBStreams_20120810",
    prefix: "dynamodb",
    namespace: "com.amazonaws.dynamodb.v20120810",
    throttled: "LimitExceededException",
    operations: {
      ListStreams: operation(
        listing,
        () => may("ListStreams", "*"),
        ({ TableName }) => ({
          Streams: streams
            .of(TableName)
            .map(({ arn, table, label }) => ({ StreamArn: arn, TableName: table, StreamLabel: label })),
        }),
      ),
      DescribeStream: operation(
        onStream,
        ({ StreamArn }) => may("DescribeStream", StreamArn),
        ({ StreamArn }) => described(find(StreamArn)),
      ),
      GetShardIterator: operation(
        starting,
        ({ StreamArn }) => may("GetShardIterator", StreamArn),
        (request) => {
          const position = positionOf(shardOf(find(request.StreamArn), request.ShardId), request);
          const { StreamArn: arn, ShardId: shard } = request;
          return { ShardIterator: encode({ arn, shard, position, issued: now() }) };
        },
      ),
      GetRecords: operation(
        reading,
        ({ ShardIterator }) => may("GetRecords", decode(ShardIterator).arn),
        ({ ShardIterator, Limit }) => {
          const { arn, shard: id, position, issued } = decode(ShardIterator);
          if (issued < now() - EXPIRES_MS) throw new ServiceError("ExpiredIteratorException", "Iterator expired");
          const stream = find(arn);
          const shard = shardOf(stream, id);
          if (position < shard.trimmed) throw trimmed();
          const { records, next } = stream.shards.read(shard, position, Limit);
          const following =
            next === undefined ? {} : { NextShardIterator: encode({ arn, shard: id, position: next, issued: now() }) };
          return { Records: records, ...following };
        },
      ),
    },
  };
}

const trimmed = (): ServiceError =>
  new ServiceError(
    "TrimmedDataAccessException",
    "The operation attempted to read past the oldest stream record in a shard.",
  );

function described({ arn, table, label, viewType, keys, isEnabled, shards }: TableStream): object {
  return {
    StreamDescription: {
      StreamArn: arn,
      StreamLabel: label,
      StreamStatus: isEnabled ? "ENABLED" : "DISABLED",
      StreamViewType: viewType,
      TableName: table,
      KeySchema: keys.map((name, index) => ({ AttributeName: name, KeyType: index === 0 ? "HASH" : "RANGE" })),
      Shards: shards.all().map(({ id, parentId, firstSequence, sequence, isOpen }) => ({
        ShardId: id,
        SequenceNumberRange: {
          StartingSequenceNumber: firstSequence.toString(),
          ...(isOpen ? {} : { EndingSequenceNumber: sequence.toString() }),
        },
        ...(parentId === undefined ? {} : { ParentShardId: parentId }),
      })),
    },
  };
}

function shardOf({ shards }: TableStream, id: string): Shard {
  const shard = shards.get(id);
  if (shard === undefined) throw new ServiceError("ResourceNotFoundException", `Shard ${id} not found`);
  return shard;
}

function positionOf(shard: Shard, { ShardIteratorType: type, SequenceNumber = "" }: z.infer<typeof starting>): number {
  if (type === "TRIM_HORIZON") return shard.trimmed;
  if (type === "LATEST") return shard.trimmed + shard.entries.length;
  const index = shard.entries.findIndex(({ record }) => record.dynamodb.SequenceNumber === SequenceNumber);
  if (index === -1) throw trimmed();
  return shard.trimmed + index + (type === "AFTER_SEQUENCE_NUMBER" ? 1 : 0);
}

const encode = (iterator: Iterator): string => Buffer.from(JSON.stringify(iterator)).toString("base64url");

function decode(text: string): Iterator {
  try {
    return iteratorSchema.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
  } catch {
    throw new ServiceError("ValidationException", "Invalid ShardIterator");
  }
}
