import { randomUUID } from "node:crypto";
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  TransactionCanceledException,
  UpdateItemCommand,
  type AttributeValue,
  type CancellationReason,
  type DynamoDBClient,
  type TransactWriteItem,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import type { Deadline } from "../model.ts";
import type { Item, Key } from "./keys.ts";
import { pause, retrying } from "./retry.ts";

const BATCH_GET = 100;
const BATCH_WRITE = 25;
const IN_FLIGHT = 8;

export interface Condition {
  readonly expression: string;
  readonly values?: Record<string, AttributeValue>;
  readonly names?: Record<string, string>;
}

export interface Update extends Condition {
  readonly key: Key;
  readonly condition?: string;
}

/** The table's operations, each retried within the deadline. A condition that fails is an answer, not an exception. */
export interface Store {
  readonly table: string;
  readonly deadline: Deadline;
  get(key: Key): Promise<Item | undefined>;
  put(item: Item, condition: Condition): Promise<boolean>;
  /** The item after the update, or undefined when the condition failed. */
  update(update: Update): Promise<Item | undefined>;
  /** One page at a time, in order of the sort key; backwards with `before`. */
  query(
    pk: string,
    range?: { from?: string; before?: string; beginsWith?: string; limit?: number },
  ): AsyncGenerator<Item[]>;
  /** The items that exist, in no order, with all attributes or only the named ones. */
  batchGet(keys: readonly Key[], attributes?: readonly string[]): Promise<Item[]>;
  /** Each request may be repeated safely; not atomic. `before` runs before each batch. */
  batchWrite(requests: readonly WriteRequest[], before?: () => Promise<void>): Promise<void>;
  /** Undefined when everything was written, else why each item was refused, in order. */
  transact(items: readonly TransactWriteItem[]): Promise<readonly CancellationReason[] | undefined>;
}

const conditionParts = ({
  values,
  names,
}: {
  values?: Record<string, AttributeValue>;
  names?: Record<string, string>;
}): object => ({
  ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
  ...(names === undefined ? {} : { ExpressionAttributeNames: names }),
});

export function chunks<T>(all: readonly T[], size: number): T[][] {
  const result: T[][] = [];
  for (let at = 0; at < all.length; at += size) result.push(all.slice(at, at + size));
  return result;
}

/** Runs `work` over all items, a bounded number at once. */
export async function eachOf<T>(all: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    for (let item = all[next++]; item !== undefined && !failed; item = all[next++]) {
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  // Nothing may still be in flight when the caller hears of a failure: it may hand its work to another request.
  const ends = await Promise.allSettled(Array.from({ length: Math.min(IN_FLIGHT, all.length) }, worker));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

export function createStore(client: DynamoDBClient, table: string, deadline: Deadline): Store {
  const repeated = <T>(work: () => Promise<T>): Promise<T> => retrying(deadline, work);
  return {
    table,
    deadline,
    async get(key) {
      const { Item } = await repeated(() =>
        client.send(
          new GetItemCommand({
            TableName: table,
            Key: key,
            ConsistentRead: true,
          }),
        ),
      );
      return Item;
    },
    async put(item, condition) {
      const command = new PutItemCommand({
        TableName: table,
        Item: item,
        ConditionExpression: condition.expression,
        ...conditionParts(condition),
      });
      return (await whenMet(() => repeated(() => client.send(command)))) !== undefined;
    },
    async update({ key, expression, condition, values, names }) {
      const command = new UpdateItemCommand({
        TableName: table,
        Key: key,
        UpdateExpression: expression,
        ...(condition === undefined ? {} : { ConditionExpression: condition }),
        ...conditionParts({
          ...(values && { values }),
          ...(names && { names }),
        }),
        ReturnValues: "ALL_NEW",
      });
      return (await whenMet(() => repeated(() => client.send(command))))?.Attributes;
    },
    async *query(pk, { from, before, beginsWith, limit } = {}) {
      const condition = from !== undefined ? "sk >= :sk" : before !== undefined ? "sk < :sk" : "begins_with(sk, :sk)";
      const sk = from ?? before ?? beginsWith;
      const start = sk === undefined ? "" : ` AND ${condition}`;
      let after: Item | undefined;
      do {
        const page = await repeated(() =>
          client.send(
            new QueryCommand({
              TableName: table,
              KeyConditionExpression: `pk = :pk${start}`,
              ExpressionAttributeValues: {
                ":pk": { S: pk },
                ...(sk === undefined ? {} : { ":sk": { S: sk } }),
              },
              ConsistentRead: true,
              ScanIndexForward: before === undefined,
              ...(after === undefined ? {} : { ExclusiveStartKey: after }),
              ...(limit === undefined ? {} : { Limit: limit }),
            }),
          ),
        );
        yield page.Items ?? [];
        after = page.LastEvaluatedKey;
      } while (after !== undefined);
    },
    async batchGet(wanted, attributes) {
      const items: Item[] = [];
      const projection = attributes && {
        ProjectionExpression: attributes.map((_, at) => `#p${at}`).join(", "),
        ExpressionAttributeNames: Object.fromEntries(attributes.map((name, at) => [`#p${at}`, name])),
      };
      await eachOf(chunks(wanted, BATCH_GET), async (chunk) => {
        let pending: Item[] = chunk;
        for (let attempt = 0; pending.length > 0; attempt += 1) {
          if (attempt > 0) await pause(attempt, deadline);
          const request = {
            RequestItems: {
              [table]: { Keys: pending, ConsistentRead: true, ...projection },
            },
          };
          const answer = await repeated(() => client.send(new BatchGetItemCommand(request)));
          items.push(...(answer.Responses?.[table] ?? []));
          pending = answer.UnprocessedKeys?.[table]?.Keys ?? [];
        }
      });
      return items;
    },
    async batchWrite(requests, before) {
      await eachOf(chunks(requests, BATCH_WRITE), async (chunk) => {
        let pending: WriteRequest[] = chunk;
        for (let attempt = 0; pending.length > 0; attempt += 1) {
          await before?.();
          if (attempt > 0) await pause(attempt, deadline);
          const request = { RequestItems: { [table]: pending } };
          const answer = await repeated(() => client.send(new BatchWriteItemCommand(request)));
          pending = answer.UnprocessedItems?.[table] ?? [];
        }
      });
    },
    async transact(items) {
      // One token for all attempts: an attempt whose answer was lost is not applied twice.
      const ClientRequestToken = randomUUID();
      try {
        await repeated(() =>
          client.send(
            new TransactWriteItemsCommand({
              TransactItems: [...items],
              ClientRequestToken,
            }),
          ),
        );
        return undefined;
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        const reasons = error.CancellationReasons ?? [];
        // A refusal for another reason than a condition, such as an item that is too large, comes again.
        if (!reasons.some((_, at) => refusedAt(reasons, at))) throw error;
        return reasons;
      }
    },
  };
}

async function whenMet<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

/** Whether the item at this place refused its transaction by its condition. */
export const refusedAt = (reasons: readonly CancellationReason[], index: number): boolean =>
  reasons[index]?.Code === "ConditionalCheckFailed";
