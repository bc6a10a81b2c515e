import {
  CreateTableCommand,
  DeleteTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  UpdateItemCommand,
  type AttributeValue,
} from "@aws-sdk/client-dynamodb";
import { vi } from "vitest";
import { createClient, type DynamoDb } from "../../../../lambda/directory/client.ts";
import { createDirectory, type Directory } from "../../../../lambda/directory/index.ts";
import { directoryTable } from "../../../../lambda/table.ts";
import { startDynamoDb } from "../../../../sandbox/aws/dynamodb/engine.ts";
import type { FaultHook } from "../../../../sandbox/aws/dynamodb/faults/fault.ts";
import type { KeyLimit } from "../../../../sandbox/aws/dynamodb/faults/keyLimit.ts";
import { startGuard } from "../../../../sandbox/aws/dynamodb/guard.ts";
import { parsePolicy } from "../../../../sandbox/aws/iam/policy.ts";
import { brokenInvariants } from "./invariants.ts";

type Item = Record<string, AttributeValue>;

/** A table with a directory that meets faults, and one that does not. */
export interface AwkwardTable {
  readonly name: string;
  /** With the function's own client and faults. Its request has this many milliseconds left. */
  directory(milliseconds?: number): Directory;
  /** The same. As soon as `isDead` returns true, its process dies and its time is over. */
  doomed(isDead: () => boolean): Directory;
  /** Without faults. */
  readonly direct: Directory;
  /** Changes items without faults. */
  update(pk: string, sk: string, expression: string, values?: Item): Promise<void>;
  remove(pk: string, sk: string): Promise<void>;
  invariants(): Promise<string[]>;
}

export interface AwkwardDynamoDb {
  faults: FaultHook | undefined;
  keyLimit: KeyLimit | undefined;
  table(): Promise<AwkwardTable>;
  close(): Promise<void>;
}

/** EVENTS=1: every change is marked for the change events, as where a tenant has `events`. */
const transaction = process.env["EVENTS"] === "1" ? "request" : undefined;

let made = 0;

async function createTable(client: DynamoDBClient, name: string): Promise<void> {
  const { hashKey, rangeKey, attributes } = directoryTable;
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: attributes.map((one) => ({ AttributeName: one.name, AttributeType: one.type })),
      KeySchema: [
        { AttributeName: hashKey, KeyType: "HASH" },
        { AttributeName: rangeKey, KeyType: "RANGE" },
      ],
    }),
  );
}

/** A DynamoDB as awkward as the real one, in this process. */
export async function startAwkward(): Promise<AwkwardDynamoDb> {
  const engine = await startDynamoDb();
  const policies = new Map([
    ["all", parsePolicy({ Statement: [{ Effect: "Allow", Action: "dynamodb:*", Resource: "*" }] })],
  ]);
  const role = { name: "r", arn: "arn:aws:iam::000000000000:role/r", trust: "", policies };
  const awkward: AwkwardDynamoDb = { faults: undefined, keyLimit: undefined, table, close };
  const guard = await startGuard({
    target: engine.endpoint,
    region: "us-east-1",
    account: "000000000000",
    identify: () => ({ role, session: "s" }),
    faults: () => awkward.faults,
    keyLimit: () => awkward.keyLimit,
    onDenied: () => undefined,
  });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const direct = new DynamoDBClient({ endpoint: engine.endpoint, region: "us-east-1", maxAttempts: 1, credentials });
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", guard.endpoint);
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  const client = createClient();
  const faultless = createClient({ endpoint: new URL(engine.endpoint), region: "us-east-1", credentials });
  const names: string[] = [];

  async function table(): Promise<AwkwardTable> {
    const name = `awkward-${process.pid}-${(made += 1)}`;
    names.push(name);
    await createTable(direct, name);
    const of = (used: DynamoDb, milliseconds: number): Directory => {
      const end = Date.now() + milliseconds;
      return createDirectory({
        client: used,
        tableName: name,
        deadline: { remaining: () => end - Date.now() },
        transaction,
      });
    };
    const keyOf = (pk: string, sk: string) => ({ TableName: name, Key: { pk: { S: pk }, sk: { S: sk } } });
    return {
      name,
      directory: (milliseconds = 25_000) => of(client, milliseconds),
      doomed: (isDead) => {
        const deadline = { remaining: () => (isDead() ? 0 : 25_000) };
        return createDirectory({ client, tableName: name, deadline, transaction });
      },
      direct: createDirectory({ client: faultless, tableName: name, deadline: { remaining: () => 60_000 } }),
      async update(pk, sk, expression, values) {
        const attributes = values && { ExpressionAttributeValues: values };
        await direct.send(new UpdateItemCommand({ ...keyOf(pk, sk), UpdateExpression: expression, ...attributes }));
      },
      async remove(pk, sk) {
        await direct.send(new DeleteItemCommand(keyOf(pk, sk)));
      },
      invariants: () => brokenInvariants(direct, name),
    };
  }

  async function close(): Promise<void> {
    vi.unstubAllEnvs();
    client.close();
    faultless.close();
    for (const TableName of names) await direct.send(new DeleteTableCommand({ TableName }));
    direct.destroy();
    await guard.close();
    await engine.close();
  }
  return awkward;
}

/** Changes of groups and users in the form of requests. */
export const people = (directory: Directory, count: number, first = 0): Promise<string[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, at) => {
      return (await directory.createUser({ userName: `p${first + at}@example.com` })).id;
    }),
  );
export const put = (directory: Directory, id: string, members: Iterable<string>) =>
  directory.updateGroup(id, ({ attributes }) => ({
    attributes,
    members: { kind: "replace", members: new Set(members) },
  }));
export const patch = (directory: Directory, id: string, add: Iterable<string>, remove: Iterable<string> = []) =>
  directory.updateGroup(id, ({ attributes }) => ({
    attributes,
    members: { kind: "delta", add: new Set(add), remove: new Set(remove) },
  }));
/** "done", or the name of the error. */
export const outcomeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error: unknown) => (error instanceof Error ? error.name : "?"),
  );
