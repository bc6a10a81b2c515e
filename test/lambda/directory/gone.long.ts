import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../../../sandbox/aws/dynamodb/faults/fault.ts";
import { person } from "../../support/lambda/directory/answers.ts";
import { outcomeOf, people, startAwkward, type AwkwardDynamoDb } from "../../support/lambda/directory/awkward.ts";

let dynamodb: AwkwardDynamoDb;

beforeAll(async () => {
  dynamodb = await startAwkward();
});
afterEach(() => {
  dynamodb.faults = undefined;
});
afterAll(() => dynamodb.close());

describe("a DynamoDB that is gone", () => {
  it.each<[string, Fault]>([
    ["does not answer", "unanswered"],
    ["ends every connection", "cut"],
    ["answers bare 503s", { status: 503, done: false }],
  ])(
    "and %s: the request ends in time as busy, and the next one after its return succeeds at once",
    async (_, fault) => {
      const table = await dynamodb.table();
      const [id = ""] = await people(table.direct, 1);
      dynamodb.faults = () => fault;
      const results = await Promise.all([
        outcomeOf(table.directory(4_000).getUser(id)),
        outcomeOf(table.directory(4_000).createUser(person)),
        outcomeOf(table.directory(4_000).page("User", 0, 10)),
      ]);
      expect(results).toEqual(["BusyError", "BusyError", "BusyError"]);
      let requests = 0;
      dynamodb.faults = () => {
        requests += 1;
        return "pass";
      };
      expect((await table.directory(9_500).getUser(id)).id).toBe(id);
      expect(requests).toBe(1);
    },
  );
});
