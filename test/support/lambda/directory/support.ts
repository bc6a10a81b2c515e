import { CreateTableCommand, DeleteTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { directoryTable } from "../../../../lambda/table.ts";
import { createDirectory, type Directory } from "../../../../lambda/directory/index.ts";
import { startDynamoDb, type DynamoDb } from "../../../../sandbox/aws/dynamodb/engine.ts";

export interface TestStore {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** DynamoDB requests sent since the last call. */
  requests(): number;
  /** A directory whose request has this many milliseconds left. */
  directory(milliseconds?: number): Directory;
  close(): Promise<void>;
}

/** EVENTS=1: every change is marked for the change events, as where a tenant has `events`. */
const transaction = process.env["EVENTS"] === "1" ? "request" : undefined;

let made = 0;

/** A table for one test on a real DynamoDB engine. */
export async function startStore(): Promise<TestStore> {
  const dynamodb: DynamoDb = await startDynamoDb();
  const tableName = `directory-${process.pid}-${(made += 1)}`;
  const client = new DynamoDBClient({
    endpoint: dynamodb.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: directoryTable.attributes.map(({ name, type }) => ({
        AttributeName: name,
        AttributeType: type,
      })),
      KeySchema: [
        { AttributeName: directoryTable.hashKey, KeyType: "HASH" },
        { AttributeName: directoryTable.rangeKey, KeyType: "RANGE" },
      ],
    }),
  );
  let count = 0;
  client.middlewareStack.add(
    (next) => (args) => {
      count += 1;
      return next(args);
    },
    { step: "finalizeRequest" },
  );
  return {
    client,
    tableName,
    requests: () => {
      const sent = count;
      count = 0;
      return sent;
    },
    directory: (milliseconds = 25_000) => {
      const end = Date.now() + milliseconds;
      return createDirectory({ client, tableName, deadline: { remaining: () => end - Date.now() }, transaction });
    },
    close: async () => {
      await client.send(new DeleteTableCommand({ TableName: tableName }));
      client.destroy();
      await dynamodb.close();
    },
  };
}
