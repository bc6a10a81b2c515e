import { afterAll, afterEach, beforeAll, describe, it } from "vitest";
import { everyRequest, faults, operations } from "../../support/lambda/directory/answers.ts";
import { startAwkward, type AwkwardDynamoDb } from "../../support/lambda/directory/awkward.ts";

let dynamodb: AwkwardDynamoDb;

beforeAll(async () => {
  dynamodb = await startAwkward();
});
afterEach(() => {
  dynamodb.faults = undefined;
});
afterAll(() => dynamodb.close());

const small = operations.filter(({ name }) => !name.includes("large"));

describe("a failed request to DynamoDB is retried, and the operation gets the right answer within 10 s", () => {
  it.each(faults)("if it %s", (_, fault, isForLarge) => everyRequest(dynamodb, isForLarge ? operations : small, fault));
});
