import type { AttributeValue, CancellationReason, TransactWriteItem, WriteRequest } from "@aws-sdk/client-dynamodb";
import { AwsError } from "../aws/errors.ts";
import type { Deadline } from "../model.ts";
import { nodeCrypto } from "../nodeCrypto.ts";
import { chunks, eachOf } from "./bounded.ts";
import type { DynamoDb, Input, Operation, Output } from "./client.ts";
import type { Item, Key } from "./keys.ts";
import { pause, retrying } from "./retry.ts";
import { cancellationReasons } from "./transient.ts";

const BATCH_GET = 100;
const BATCH_WRITE = 25;
/** Milliseconds that one attempt may take, including the body of its answer. */
const ATTEMPT = 5_000;
/** Milliseconds that an attempt gets even at the deadline. */
const LAST_ATTEMPT = 250;

/**
 * A tenant's table, for one request. Each operation below is retried within the deadline and throws `BusyError` past it. A
 * condition that fails is an answer, not an exception.
 */
export interface Store {
  readonly client: DynamoDb;
  readonly table: string;
  readonly deadline: Deadline;
  /** The id of the request, if visible changes are marked for the change events (`marks.ts`). */
  readonly transaction?: string | undefined;
}

export interface Condition {
  readonly expression: string;
  readonly values?: Record<string, AttributeValue>;
  readonly names?: Record<string, string>;
}

export interface Update extends Condition {
  readonly key: Key;
  readonly condition?: string;
}

/** Part of a partition, in order of the sort key; backwards with `before`. */
export interface Range {
  readonly from?: string;
  readonly before?: string;
  readonly beginsWith?: string;
  readonly limit?: number;
  /** The only attributes to return; all by default. The others cost the same read units, but no time to parse. */
  readonly attributes?: readonly string[];
}

type Between = (error: unknown, attempt: number) => Promise<void>;

/** Sends a request until it has an answer. An attempt that takes too long is abandoned; DynamoDB may still apply it later. */
const send = <O extends Operation>(
  { client, deadline }: Store,
  operation: O,
  input: Input<O>,
  between?: Between,
): Promise<Output<O>> =>
  retrying(
    deadline,
    () => client.send(operation, input, Math.max(LAST_ATTEMPT, Math.min(ATTEMPT, deadline.remaining()))),
    between,
  );

const conditionParts = ({ values, names }: Omit<Condition, "expression">): object => ({
  ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
  ...(names === undefined ? {} : { ExpressionAttributeNames: names }),
});

/** The item with this key, strongly consistent; undefined if there is none. Costs one read per 4 kB. */
export async function getItem(store: Store, key: Key): Promise<Item | undefined> {
  return (await send(store, "GetItem", { TableName: store.table, Key: key, ConsistentRead: true })).Item;
}

/** At most 100 items as they are at one moment, in the order of the keys. Costs two reads an item. */
export async function transactGet(store: Store, keys: readonly Key[]): Promise<(Item | undefined)[]> {
  const TransactItems = keys.map((Key) => ({ Get: { TableName: store.table, Key } }));
  const { Responses = [] } = await send(store, "TransactGetItems", { TransactItems });
  return keys.map((_, at) => Responses[at]?.Item);
}

/** Whether the condition was met. */
export async function putItem(store: Store, item: Item, condition: Condition): Promise<boolean> {
  const input = {
    TableName: store.table,
    Item: item,
    ConditionExpression: condition.expression,
    ...conditionParts(condition),
  };
  return (await whenMet(send(store, "PutItem", input))) !== undefined;
}

/** The item after the update, or undefined when the condition failed. */
export async function updateItem(store: Store, update: Update): Promise<Item | undefined> {
  const input: Input<"UpdateItem"> = {
    TableName: store.table,
    Key: update.key,
    UpdateExpression: update.expression,
    ...(update.condition === undefined ? {} : { ConditionExpression: update.condition }),
    ...conditionParts(update),
    ReturnValues: "ALL_NEW",
  };
  return (await whenMet(send(store, "UpdateItem", input)))?.Attributes;
}

/** The projection of a read. Each name has an alias, because DynamoDB reserves many names. */
const projectionOf = (attributes: readonly string[] | undefined): object =>
  attributes === undefined
    ? {}
    : {
        ProjectionExpression: attributes.map((_, at) => `#p${at}`).join(", "),
        ExpressionAttributeNames: Object.fromEntries(attributes.map((name, at) => [`#p${at}`, name])),
      };

function keyCondition({ from, before, beginsWith }: Range): { condition: string; sk: string | undefined } {
  if (from !== undefined) return { condition: " AND sk >= :sk", sk: from };
  if (before !== undefined) return { condition: " AND sk < :sk", sk: before };
  if (beginsWith !== undefined) return { condition: " AND begins_with(sk, :sk)", sk: beginsWith };
  return { condition: "", sk: undefined };
}

/**
 * Items of a partition, one page of at most 1 MB at a time. Each item is as it is at some moment of the request: a
 * transaction that commits meanwhile may be visible in only some of them (read-committed).
 */
export async function* queryPages(store: Store, pk: string, range: Range = {}): AsyncGenerator<Item[]> {
  const { condition, sk } = keyCondition(range);
  const projection = projectionOf(range.attributes);
  let after: Item | undefined;
  do {
    const page: Output<"Query"> = await send(store, "Query", {
      TableName: store.table,
      KeyConditionExpression: `pk = :pk${condition}`,
      ExpressionAttributeValues: { ":pk": { S: pk }, ...(sk === undefined ? {} : { ":sk": { S: sk } }) },
      ConsistentRead: true,
      ScanIndexForward: range.before === undefined,
      ...projection,
      ...(after === undefined ? {} : { ExclusiveStartKey: after }),
      ...(range.limit === undefined ? {} : { Limit: range.limit }),
    });
    yield page.Items ?? [];
    after = page.LastEvaluatedKey;
  } while (after !== undefined);
}

/** The items that exist, in no order, with all attributes or only the named ones; read-committed as `queryPages`. */
export async function batchGet(store: Store, wanted: readonly Key[], attributes?: readonly string[]): Promise<Item[]> {
  const { table, deadline } = store;
  const items: Item[] = [];
  const projection = projectionOf(attributes);
  await eachOf(chunks(wanted, BATCH_GET), async (chunk) => {
    let pending: Item[] = chunk;
    for (let attempt = 0; pending.length > 0; attempt += 1) {
      if (attempt > 0) await pause(attempt, deadline);
      const request = { RequestItems: { [table]: { Keys: pending, ConsistentRead: true, ...projection } } };
      const answer = await send(store, "BatchGetItem", request);
      items.push(...(answer.Responses?.[table] ?? []));
      pending = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    }
  });
  return items;
}

/** Each request is safe to repeat and to apply late; the batch is not atomic. `before` runs before each batch. */
export async function batchWrite(
  store: Store,
  requests: readonly WriteRequest[],
  before: () => void | Promise<void>,
): Promise<void> {
  const { table, deadline } = store;
  await eachOf(chunks(requests, BATCH_WRITE), async (chunk) => {
    let pending: WriteRequest[] = chunk;
    for (let attempt = 0; pending.length > 0; attempt += 1) {
      await before();
      if (attempt > 0) await pause(attempt, deadline);
      const request = { RequestItems: { [table]: pending } };
      const answer = await send(store, "BatchWriteItem", request);
      pending = answer.UnprocessedItems?.[table] ?? [];
    }
  });
}

/**
 * Undefined if everything was written, otherwise why each item was refused, in order. `between` waits between attempts.
 */
export async function transactWrite(
  store: Store,
  items: readonly TransactWriteItem[],
  between?: Between,
): Promise<readonly CancellationReason[] | undefined> {
  // All attempts share one token: an attempt whose answer was lost, or that is applied late, is not applied twice.
  const input = { TransactItems: [...items], ClientRequestToken: nodeCrypto().randomUUID() };
  try {
    await send(store, "TransactWriteItems", input, between);
    return undefined;
  } catch (error) {
    const reasons = cancellationReasons(error);
    // Cancelled for a reason other than a condition, such as an item that is too large.
    if (!reasons?.some((_, at) => refusedAt(reasons, at))) throw error;
    return reasons;
  }
}

async function whenMet<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AwsError && error.name === "ConditionalCheckFailedException") return undefined;
    throw error;
  }
}

/** Whether the item at this index made its transaction fail by its condition. */
export const refusedAt = (reasons: readonly CancellationReason[], index: number): boolean =>
  reasons[index]?.Code === "ConditionalCheckFailed";
