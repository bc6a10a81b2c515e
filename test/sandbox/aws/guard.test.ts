import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDynamoDb, type DynamoDb } from "../../../sandbox/aws/dynamodb/engine.ts";
import type { FaultHook } from "../../../sandbox/aws/dynamodb/faults/fault.ts";
import type { Denial } from "../../../sandbox/aws/iam/authorize.ts";
import { startGuard, type Guard } from "../../../sandbox/aws/dynamodb/guard.ts";
import { parsePolicy } from "../../../sandbox/aws/iam/policy.ts";
import { Roles } from "../../../sandbox/aws/iam/roles.ts";

const T = "arn:aws:dynamodb:us-east-1:000000000000:table/users";
const key = (id: string) => ({ pk: { S: id } });

let engine: DynamoDb;
let guard: Guard;
let faults: FaultHook | undefined;
const roles = new Roles();
const denials: Denial[] = [];

/** A client with the credentials of a role that has these statements. */
function clientOf(role: string, ...statements: object[]): DynamoDBClient {
  const policies = new Map([["inline", parsePolicy({ Version: "2012-10-17", Statement: statements })]]);
  roles.put({ name: role, arn: `arn:aws:iam::000000000000:role/${role}`, trust: "", policies });
  return new DynamoDBClient({
    region: "us-east-1",
    endpoint: guard.endpoint,
    credentials: roles.issue(role, "fn"),
    maxAttempts: 1,
  });
}
const allow = (...Action: string[]) => ({
  Effect: "Allow",
  Action: Action.map((action) => `dynamodb:${action}`),
  Resource: T,
});

/** A request as a role would sign it, whatever its operation. */
function rawRequest(role: string, operation: string, body: object): Promise<Response> {
  const { accessKeyId } = roles.issue(role, "fn");
  return fetch(guard.endpoint, {
    method: "POST",
    headers: {
      "x-amz-target": `DynamoDB_20120810.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/dynamodb/aws4_request`,
    },
    body: JSON.stringify(body),
  });
}

beforeAll(async () => {
  engine = await startDynamoDb();
  guard = await startGuard({
    target: engine.endpoint,
    region: "us-east-1",
    account: "000000000000",
    identify: (id) => roles.identify(id),
    faults: () => faults,
    onDenied: (denial) => denials.push(denial),
  });
  const direct = new DynamoDBClient({
    region: "us-east-1",
    endpoint: engine.endpoint,
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
  });
  await direct.send(
    new CreateTableCommand({
      TableName: "users",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    }),
  );
  direct.destroy();
});

afterAll(async () => {
  await guard.close();
  await engine.close();
});

describe("the access policy guard", () => {
  it("lets through what the policy allows and counts its capacity without showing it", async () => {
    const client = clientOf("writer", allow("PutItem", "GetItem"));
    const before = guard.requestCounts()["PutItem"]?.capacityUnits ?? 0;
    const put = await client.send(new PutItemCommand({ TableName: "users", Item: key("a") }));
    expect(put.ConsumedCapacity).toBeUndefined();
    expect((guard.requestCounts()["PutItem"]?.capacityUnits ?? 0) - before).toBe(1);
    const get = await client.send(
      new GetItemCommand({ TableName: "users", Key: key("a"), ReturnConsumedCapacity: "TOTAL" }),
    );
    expect(get.Item).toEqual(key("a"));
    expect(get.ConsumedCapacity?.CapacityUnits).toBe(0.5);
  });

  it.each([
    ["GetItem", { TableName: "users" }],
    ["PutItem", { TableName: "users" }],
    ["UpdateItem", { TableName: "users" }],
    ["DeleteItem", { TableName: "users" }],
    ["Query", { TableName: "users" }],
    ["Scan", { TableName: "users" }],
    ["DescribeTable", { TableName: "users" }],
    ["DescribeTimeToLive", { TableName: "users" }],
    ["BatchGetItem", { RequestItems: { users: {} } }],
    ["BatchWriteItem", { RequestItems: { users: [] } }],
  ])("denies %s if it is not allowed, and names it", async (operation, body) => {
    clientOf("reader", allow("ConditionCheckItem"));
    const message =
      `User: arn:aws:sts::000000000000:assumed-role/reader/fn is not authorized to perform: dynamodb:${operation} ` +
      `on resource: ${T} because no identity-based policy allows the dynamodb:${operation} action`;
    const response = await rawRequest("reader", operation, body);
    expect(response.status).toBe(400);
    const __type = "com.amazon.coral.service#AccessDeniedException";
    expect(await response.json()).toEqual({ __type, Message: message });
    expect(denials.at(-1)).toEqual({ role: "reader", action: `dynamodb:${operation}`, resource: T, message });
  });

  it("gives the SDK an AccessDeniedException with the whole message", async () => {
    const scan = clientOf("reader", allow("GetItem")).send(new ScanCommand({ TableName: "users" }));
    const message = expect.stringContaining(`is not authorized to perform: dynamodb:Scan on resource: ${T}`) as string;
    await expect(scan).rejects.toMatchObject({ name: "AccessDeniedException", message });
  });

  it("denies a query of an index to a role that may query the table", async () => {
    const client = clientOf("tableOnly", allow("Query"));
    const query = new QueryCommand({
      TableName: "users",
      IndexName: "byName",
      KeyConditionExpression: "pk = :p",
      ExpressionAttributeValues: { ":p": { S: "a" } },
    });
    await expect(client.send(query)).rejects.toThrow(`dynamodb:Query on resource: ${T}/index/byName`);
  });

  it("denies a transaction that checks a condition without ConditionCheckItem", async () => {
    const command = new TransactWriteItemsCommand({
      TransactItems: [
        { Put: { TableName: "users", Item: key("c") } },
        { ConditionCheck: { TableName: "users", Key: key("a"), ConditionExpression: "attribute_exists(pk)" } },
      ],
    });
    await expect(clientOf("putter", allow("PutItem")).send(command)).rejects.toThrow("dynamodb:ConditionCheckItem");
    const client = clientOf("checker", allow("PutItem", "ConditionCheckItem"));
    await client.send(command);
    expect(guard.requestCounts()["TransactWriteItems"]).toMatchObject({ requests: 2, denied: 1, capacityUnits: 4 });
  });

  it("denies unknown operations, whatever the policy says", async () => {
    clientOf("admin", { Effect: "Allow", Action: "*", Resource: "*" });
    const response = await rawRequest("admin", "ExecuteStatement", { Statement: 'SELECT * FROM "users"' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("dynamodb:ExecuteStatement on resource: *");
  });

  it("rejects keys that it did not issue", async () => {
    const credentials = { accessKeyId: "AKIANOBODY", secretAccessKey: "x" };
    const client = new DynamoDBClient({ region: "us-east-1", endpoint: guard.endpoint, credentials, maxAttempts: 1 });
    await expect(client.send(new ScanCommand({ TableName: "users" }))).rejects.toMatchObject({
      name: "UnrecognizedClientException",
    });
  });

  it("injects throttling, conflicts, cuts and delays", async () => {
    const client = clientOf("victim", allow("PutItem", "GetItem"));
    const put = (): Promise<unknown> => client.send(new PutItemCommand({ TableName: "users", Item: key("d") }));
    const seen: string[] = [];
    try {
      faults = ({ action, table }) => {
        seen.push(`${action} ${table}`);
        return "throttle";
      };
      await expect(put()).rejects.toMatchObject({ name: "ProvisionedThroughputExceededException" });
      expect(seen).toEqual(["PutItem users"]);
      faults = () => "conflict";
      await expect(put()).rejects.toMatchObject({ name: "TransactionConflictException" });
      const transaction = new TransactWriteItemsCommand({
        TransactItems: [{ Put: { TableName: "users", Item: key("d") } }],
      });
      await expect(client.send(transaction)).rejects.toMatchObject({
        name: "TransactionCanceledException",
        CancellationReasons: [{ Code: "TransactionConflict" }],
      });
      await client.send(new GetItemCommand({ TableName: "users", Key: key("d") }));
      faults = () => "cut";
      await expect(put()).rejects.toMatchObject({ code: "ECONNRESET" });
      faults = () => "lost";
      const lost = client.send(new PutItemCommand({ TableName: "users", Item: key("lost") }));
      await expect(lost).rejects.toMatchObject({ code: "ECONNRESET" });
      faults = undefined;
      const { Item } = await client.send(new GetItemCommand({ TableName: "users", Key: key("lost") }));
      expect(Item).toEqual(key("lost"));
      faults = () => ({ delayMs: 60 });
      const start = performance.now();
      await put();
      expect(performance.now() - start).toBeGreaterThan(55);
    } finally {
      faults = undefined;
    }
  });

  it("leaves the second half of a batch unprocessed", async () => {
    const client = clientOf("batcher", allow("BatchWriteItem", "BatchGetItem"));
    const write = (id: string) => ({ PutRequest: { Item: key(id) } });
    const ids = ["b1", "b2", "b3"];
    try {
      faults = () => "unprocessed";
      const written = await client.send(new BatchWriteItemCommand({ RequestItems: { users: ids.map(write) } }));
      expect(written.UnprocessedItems).toEqual({ users: [write("b3")] });
      const read = await client.send(
        new BatchGetItemCommand({ RequestItems: { users: { Keys: ids.map(key), ConsistentRead: true } } }),
      );
      expect(read.Responses?.["users"]).toHaveLength(2);
      expect(read.UnprocessedKeys).toEqual({ users: { Keys: [key("b3")], ConsistentRead: true } });
    } finally {
      faults = undefined;
    }
  });
});
