import type * as Api from "@aws-sdk/client-dynamodb";
import { createJsonService, type Place } from "../aws/service.ts";
import { once } from "../once.ts";

/** The operations that the directory uses, each with its request and its answer. The directory stores no binary values. */
interface Operations {
  BatchGetItem: [Api.BatchGetItemInput, Api.BatchGetItemOutput];
  BatchWriteItem: [Api.BatchWriteItemInput, Api.BatchWriteItemOutput];
  GetItem: [Api.GetItemInput, Api.GetItemOutput];
  PutItem: [Api.PutItemInput, Api.PutItemOutput];
  Query: [Api.QueryInput, Api.QueryOutput];
  TransactGetItems: [Api.TransactGetItemsInput, Api.TransactGetItemsOutput];
  TransactWriteItems: [Api.TransactWriteItemsInput, Api.TransactWriteItemsOutput];
  UpdateItem: [Api.UpdateItemInput, Api.UpdateItemOutput];
}
export type Operation = keyof Operations;
export type Input<O extends Operation> = Operations[O][0];
export type Output<O extends Operation> = Operations[O][1];

export interface DynamoDb {
  /**
   * Sends one request, once. The directory retries, within its deadline.
   * @throws AwsError for an error that DynamoDB answered
   * @throws ConnectionError if no complete answer comes within `milliseconds`, or earlier if nothing moves
   */
  send<O extends Operation>(operation: O, input: Input<O>, milliseconds: number): Promise<Output<O>>;
}

const description = {
  ...{ id: "DYNAMODB", signingName: "dynamodb", target: "DynamoDB_20120810" },
  jsonVersion: "1.0",
} as const;

/**
 * A client of DynamoDB in the function's region, with the credentials of its role; or of the given place. It reads the
 * environment at its first request.
 */
export function createClient(place?: Partial<Place>): DynamoDb & { close(): void } {
  const service = once(() => createJsonService(description, place));
  return {
    // The answers have the form that the API documents: text, numbers as text, and JSON.
    send: async <O extends Operation>(operation: O, input: Input<O>, milliseconds: number) =>
      (await service().send(operation, input, milliseconds)) as Output<O>,
    close: () => service().close(),
  };
}
