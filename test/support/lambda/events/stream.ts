import type { AttributeValue as StreamValue, DynamoDBRecord } from "aws-lambda";
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient, type AttributeValue } from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";
import { directoryTable, feedTable } from "../../../../lambda/contract.ts";

const place = { region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };

export const createSdkClient = (endpoint: string): DynamoDBClient =>
  new DynamoDBClient({ ...place, endpoint, maxAttempts: 1 });

/** Creates a table as the stack declares it. Returns the ARN of its stream, if it has one. */
export async function createTable(
  client: DynamoDBClient,
  name: string,
  { hashKey, rangeKey, attributes }: typeof directoryTable | typeof feedTable,
  isStreamed = false,
): Promise<string> {
  const { TableDescription } = await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: attributes.map((one) => ({ AttributeName: one.name, AttributeType: one.type })),
      KeySchema: [
        { AttributeName: hashKey, KeyType: "HASH" },
        { AttributeName: rangeKey, KeyType: "RANGE" },
      ],
      ...(isStreamed && { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" } }),
    }),
  );
  return TableDescription?.LatestStreamArn ?? "";
}

export const deleteTable = async (client: DynamoDBClient, name: string): Promise<void> => {
  await client.send(new DeleteTableCommand({ TableName: name }));
};

/** The records of the resources in a stream, as the event source mapping of the stack passes them to the function. */
export interface StreamReader {
  /** Those since the last call. */
  read(): Promise<DynamoDBRecord[]>;
  close(): void;
}

export async function readStream(endpoint: string, arn: string): Promise<StreamReader> {
  const client = new DynamoDBStreamsClient({ ...place, endpoint });
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn: arn }));
  const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
  const start = { StreamArn: arn, ShardId, ShardIteratorType: "TRIM_HORIZON" } as const;
  let iterator = (await client.send(new GetShardIteratorCommand(start))).ShardIterator;
  return {
    async read() {
      const found: DynamoDBRecord[] = [];
      for (;;) {
        const { Records = [], NextShardIterator } = await client.send(
          new GetRecordsCommand({ ShardIterator: iterator, Limit: 1_000 }),
        );
        iterator = NextShardIterator;
        if (Records.length === 0) return found;
        for (const { eventName, dynamodb } of Records) {
          const { Keys, OldImage, NewImage, SequenceNumber } = dynamodb ?? {};
          const isResource = Keys?.["sk"]?.S === "#" && /^[UG]#/.test(Keys["pk"]?.S ?? "");
          if (!isResource || eventName === undefined || SequenceNumber === undefined) continue;
          found.push({
            eventName,
            dynamodb: {
              Keys: image(Keys),
              ...(OldImage && { OldImage: image(OldImage) }),
              ...(NewImage && { NewImage: image(NewImage) }),
              SequenceNumber,
            },
          });
        }
      }
    },
    close: () => client.destroy(),
  };
}

function image(item: Record<string, AttributeValue>): Record<string, StreamValue> {
  return Object.fromEntries(
    Object.entries(item).flatMap(([name, { S, N, BOOL, M }]): [string, StreamValue][] => {
      if (S !== undefined) return [[name, { S }]];
      if (N !== undefined) return [[name, { N }]];
      if (BOOL !== undefined) return [[name, { BOOL }]];
      if (M !== undefined) return [[name, { M: image(M) }]];
      throw new Error(`the attribute ${name} has a type that the items of resources do not have`);
    }),
  );
}
