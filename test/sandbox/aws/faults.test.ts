import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  type AttributeValue,
} from "@aws-sdk/client-dynamodb";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startDynamoDb, type DynamoDb } from "../../../sandbox/aws/dynamodb/engine.ts";
import type { Fault } from "../../../sandbox/aws/dynamodb/faults/fault.ts";
import type { KeyLimit } from "../../../sandbox/aws/dynamodb/faults/keyLimit.ts";
import { startGuard, type Guard } from "../../../sandbox/aws/dynamodb/guard.ts";
import { parsePolicy } from "../../../sandbox/aws/iam/policy.ts";
import { Roles } from "../../../sandbox/aws/iam/roles.ts";

const TableName = "faults";
let engine: DynamoDb;
let guard: Guard;
let client: DynamoDBClient;
let direct: DynamoDBClient;
let fault: Fault = "pass";
let keyLimit: KeyLimit | undefined;
const roles = new Roles();
const options = { region: "us-east-1", maxAttempts: 1 };

const key = (pk: string, sk: string) => ({ pk: { S: pk }, sk: { S: sk } });
const item = (pk: string, sk: string, version: string): Record<string, AttributeValue> => {
  return { ...key(pk, sk), v: { S: version } };
};

/** Writes items past the guard, in one transaction. */
const writeAll = async (...items: Record<string, AttributeValue>[]): Promise<void> => {
  const TransactItems = items.map((Item) => ({ Put: { TableName, Item } }));
  await direct.send(new TransactWriteItemsCommand({ TransactItems }));
};
const query = (pk: string, more: object = {}) =>
  client.send(
    new QueryCommand({
      TableName,
      ConsistentRead: true,
      KeyConditionExpression: "#k = :k",
      ExpressionAttributeNames: { "#k": "pk" },
      ExpressionAttributeValues: { ":k": { S: pk } },
      ...more,
    }),
  );
const versions = (items: readonly Record<string, AttributeValue>[] | undefined): string[] =>
  (items ?? []).map(({ sk, v }) => `${sk?.S}${v?.S}`);
const readBack = async (sk: string): Promise<unknown> =>
  (await direct.send(new GetItemCommand({ TableName, Key: key("p", sk), ConsistentRead: true }))).Item?.["v"]?.S;

beforeAll(async () => {
  engine = await startDynamoDb();
  guard = await startGuard({
    target: engine.endpoint,
    region: "us-east-1",
    account: "000000000000",
    identify: (id) => roles.identify(id),
    faults: () => () => fault,
    keyLimit: () => keyLimit,
    onDenied: () => undefined,
  });
  const policies = new Map([
    ["all", parsePolicy({ Statement: [{ Effect: "Allow", Action: "dynamodb:*", Resource: "*" }] })],
  ]);
  roles.put({ name: "r", arn: "arn:aws:iam::000000000000:role/r", trust: "", policies });
  client = new DynamoDBClient({ ...options, endpoint: guard.endpoint, credentials: roles.issue("r", "fn") });
  const credentials = { accessKeyId: "x", secretAccessKey: "x" };
  direct = new DynamoDBClient({ ...options, endpoint: engine.endpoint, credentials });
  await direct.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["pk", "sk"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
    }),
  );
});

afterEach(() => {
  fault = "pass";
  keyLimit = undefined;
});

afterAll(async () => {
  client.destroy();
  direct.destroy();
  await guard.close();
  await engine.close();
});

describe("a request without an answer", () => {
  /** Sends a put, and abandons it as soon as the engine could have performed it. */
  const abandoned = async (sk: string): Promise<unknown> => {
    const given = new AbortController();
    const put = client.send(new PutItemCommand({ TableName, Item: item("p", sk, "1") }), { abortSignal: given.signal });
    const outcome = put.then(
      () => "answered",
      (error: unknown) => (error instanceof Error ? error.name : "?"),
    );
    const counted = (): number => guard.requestCounts()["PutItem"]?.faulted ?? 0;
    const before = counted();
    while (counted() === before) await new Promise(setImmediate);
    for (let tries = 0; tries < 200 && (await readBack(sk)) === undefined && fault === "unansweredDone"; tries += 1);
    given.abort();
    return outcome;
  };

  it("is not performed if it was lost before the engine", async () => {
    fault = "unanswered";
    expect(await abandoned("swallowed")).toBe("AbortError");
    expect(await readBack("swallowed")).toBeUndefined();
  });

  it("is performed if only the answer was lost", async () => {
    fault = "unansweredDone";
    expect(await abandoned("done")).toBe("AbortError");
    expect(await readBack("done")).toBe("1");
  });
});

describe("an answer of a front end", () => {
  it.each([500, 502, 503, 504] as const)("is a bare %i, for which the SDK has no error name", async (status) => {
    fault = { status, done: false };
    const put = client.send(new PutItemCommand({ TableName, Item: item("p", `bare${status}`, "1") }));
    await expect(put).rejects.toMatchObject({ $metadata: { httpStatusCode: status } });
    expect(await readBack(`bare${status}`)).toBeUndefined();
  });

  it("may hide that the request was performed", async () => {
    fault = { status: 503, done: true };
    const put = client.send(new PutItemCommand({ TableName, Item: item("p", "bareDone", "1") }));
    await expect(put).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
    expect(await readBack("bareDone")).toBe("1");
  });
});

describe("a damaged body", () => {
  const get = (signal?: AbortSignal) =>
    client.send(new GetItemCommand({ TableName, Key: key("p", "body") }), signal && { abortSignal: signal });
  beforeAll(() => writeAll(item("p", "body", "1")));

  it("ends in the middle", async () => {
    fault = { body: "cut" };
    await expect(get()).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  it("stalls after its first half", async () => {
    fault = { body: "stalled" };
    const answered = await fetch(guard.endpoint, {
      method: "POST",
      headers: {
        "x-amz-target": "DynamoDB_20120810.GetItem",
        authorization: `AWS4-HMAC-SHA256 Credential=${roles.issue("r", "fn").accessKeyId}/20260101/us-east-1/dynamodb/x`,
      },
      body: JSON.stringify({ TableName, Key: key("p", "body") }),
    });
    const body: ReadableStream<Uint8Array> | null = answered.body;
    const reader = body?.getReader();
    const first = await reader?.read();
    expect(first?.value?.length).toBe(Math.floor(Number(answered.headers.get("content-length")) / 2));
    await reader?.cancel();
  });

  it("arrives slowly and whole", async () => {
    fault = { body: { slowMs: 40 } };
    expect((await get()).Item).toEqual(item("p", "body", "1"));
  });
});

describe("a read during which others write", () => {
  const before = ["a", "b", "c", "d"].map((sk) => item("torn", sk, "0"));
  const after = ["a", "b", "c", "d"].map((sk) => item("torn", sk, "1"));

  it("sees a transaction in part when a Query is read in pieces", async () => {
    await writeAll(...before);
    const writes = [() => writeAll(...after)];
    fault = { pieces: 2, between: async () => writes.pop()?.() };
    const { Items, Count, ScannedCount, LastEvaluatedKey } = await query("torn");
    expect(versions(Items)).toEqual(["a0", "b0", "c1", "d1"]);
    expect({ Count, ScannedCount, LastEvaluatedKey }).toEqual({ Count: 4, ScannedCount: 4 });
  });

  it("keeps the request's own limit and its place for the next page", async () => {
    await writeAll(...before);
    fault = { pieces: 2, between: () => undefined };
    const page = await query("torn", { Limit: 3 });
    expect(versions(page.Items)).toEqual(["a0", "b0", "c0"]);
    expect(page.LastEvaluatedKey).toEqual(key("torn", "c"));
    expect(versions((await query("torn", { ExclusiveStartKey: page.LastEvaluatedKey })).Items)).toEqual(["d0"]);
  });

  it.each([
    [true, ["a0", "b1", "c0", "d1", "e1"]],
    [false, ["e1", "d1", "c0", "b1", "a0"]],
  ])("sees any mix of two moments (forward: %s)", async (ScanIndexForward, expected) => {
    await writeAll(...before);
    await direct.send(new DeleteItemCommand({ TableName, Key: key("torn", "e") }));
    const write = () => writeAll(...after, item("torn", "e", "1"));
    fault = { mixed: (index) => index % 2 === 1 || index === 4, between: write };
    const { Items, Count } = await query("torn", { ScanIndexForward });
    expect(versions(Items)).toEqual(expected);
    expect(Count).toBe(5);
  });

  it("sees a transaction in part in a BatchGetItem, either way", async () => {
    const keys = new BatchGetItemCommand({
      RequestItems: { [TableName]: { Keys: ["a", "b"].map((sk) => key("torn", sk)), ConsistentRead: true } },
    });
    await writeAll(...before);
    fault = { pieces: 1, between: () => writeAll(...after) };
    expect(versions((await client.send(keys)).Responses?.[TableName])).toEqual(["a0", "b1"]);
    await writeAll(...before);
    fault = { mixed: (index) => index === 0, between: () => writeAll(...after) };
    expect(versions((await client.send(keys)).Responses?.[TableName])).toEqual(["a1", "b0"]);
  });

  it("leaves reads alone that are serializable on AWS", async () => {
    await writeAll(...before);
    let written = 0;
    fault = { pieces: 1, between: () => void (written += 1) };
    const got = await client.send(new GetItemCommand({ TableName, Key: key("torn", "a") }));
    expect([got.Item?.["v"], written]).toEqual([{ S: "0" }, 0]);
  });
});

describe("the limit of a partition key", () => {
  const put = (pk: string, sk: string) => ({ Put: { TableName, Item: item(pk, sk, "1") } });
  const many = (pk: string, count: number) => Array.from({ length: count }, (_, at) => put(pk, `s${at}`));
  const transact = (...items: ReturnType<typeof put>[]) =>
    client.send(new TransactWriteItemsCommand({ TransactItems: items }));

  it("throttles a transaction's items of that key, and names the reason of each", async () => {
    keyLimit = { writeUnits: 1 };
    await transact(...many("hot", 50));
    await expect(transact(put("hot", "x"), put("cold", "x"))).rejects.toMatchObject({
      name: "TransactionCanceledException",
      CancellationReasons: [{ Code: "ThrottlingError" }, { Code: "None" }],
    });
    await transact(put("cold", "x"));
    expect(guard.requestCounts()["TransactWriteItems"]).toMatchObject({ throttled: 1 });
  });

  it("throttles a single write with the message of an on-demand table", async () => {
    keyLimit = { writeUnits: 1 };
    await transact(...many("hot", 50));
    const write = client.send(new PutItemCommand({ TableName, Item: item("hot", "y", "1") }));
    await expect(write).rejects.toMatchObject({ name: "ThrottlingException", $metadata: { httpStatusCode: 400 } });
  });

  it("leaves a batch's items of that key unprocessed", async () => {
    keyLimit = { writeUnits: 1 };
    await transact(...many("hot", 50));
    const of = (pk: string) => ({ PutRequest: { Item: item(pk, "z", "1") } });
    const written = await client.send(
      new BatchWriteItemCommand({ RequestItems: { [TableName]: [of("hot"), of("other")] } }),
    );
    expect(written.UnprocessedItems).toEqual({ [TableName]: [of("hot")] });
  });

  it("throttles only reads of that key, by their consumed capacity", async () => {
    await transact(...many("read", 40));
    keyLimit = { writeUnits: 1000, readUnits: 0.01 };
    await query("read");
    await expect(query("read")).rejects.toMatchObject({ name: "ThrottlingException" });
    expect((await query("elsewhere")).Count).toBe(0);
  });
});

describe("connections of a process that was frozen", () => {
  it("do not answer, or are reset, while a new one works", async () => {
    const get = new GetItemCommand({ TableName, Key: key("p", "body") });
    const own = new DynamoDBClient({
      ...options,
      endpoint: `${guard.endpoint}/7`,
      credentials: roles.issue("r", "fn"),
    });
    await own.send(get);
    guard.rest("/7/", "reset");
    await expect(own.send(get)).rejects.toMatchObject({ code: "ECONNRESET" });
    await own.send(get);
    guard.rest("/7/", "silent");
    const given = new AbortController();
    const silent = own.send(get, { abortSignal: given.signal });
    const before = guard.requestCounts()["GetItem"]?.faulted ?? 0;
    while ((guard.requestCounts()["GetItem"]?.faulted ?? 0) === before) await new Promise(setImmediate);
    given.abort();
    await expect(silent).rejects.toMatchObject({ name: "AbortError" });
    await own.send(get);
    own.destroy();
  });
});
