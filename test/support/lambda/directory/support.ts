import { CreateTableCommand, DeleteTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  createClient,
  type DynamoDb as Client,
  type Input,
  type Operation,
  type Output,
} from "../../../../lambda/directory/client.ts";
import { directoryTable } from "../../../../lambda/table.ts";
import { createDirectory, type Directory } from "../../../../lambda/directory/index.ts";
import { startDynamoDb, type DynamoDb } from "../../../../sandbox/aws/dynamodb/engine.ts";

export interface TestStore {
  /** Independent of the client that the directory uses. */
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** DynamoDB requests of the directory since the last call. */
  requests(): number;
  /** Surrounds each request of the directory. */
  around: (operation: Operation, input: object, send: () => Promise<unknown>) => Promise<unknown>;
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
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = new DynamoDBClient({ endpoint: dynamodb.endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
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
  const used = createClient({ endpoint: new URL(dynamodb.endpoint), region: "us-east-1", credentials });
  const counted: Client = {
    async send<O extends Operation>(operation: O, input: Input<O>, milliseconds: number) {
      const output: Output<O>[] = [];
      await store.around(operation, input, async () => {
        count += 1;
        output.push(await used.send(operation, input, milliseconds));
      });
      const [sent] = output;
      if (sent === undefined) throw new Error(`${operation} was not sent`);
      return sent;
    },
  };
  const store: TestStore = {
    client,
    tableName,
    around: (_operation, _input, send) => send(),
    requests: () => {
      const sent = count;
      count = 0;
      return sent;
    },
    directory: (milliseconds = 25_000) => {
      const end = Date.now() + milliseconds;
      return createDirectory({
        client: counted,
        tableName,
        deadline: { remaining: () => end - Date.now() },
        transaction,
      });
    },
    close: async () => {
      await client.send(new DeleteTableCommand({ TableName: tableName }));
      client.destroy();
      used.close();
      await dynamodb.close();
    },
  };
  return store;
}
