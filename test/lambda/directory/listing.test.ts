import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startStore, type TestStore } from "../../support/lambda/directory/support.ts";

let store: TestStore;
beforeAll(async () => {
  store = await startStore();
});
afterAll(() => store.close());

it("fills pages in both directions past users whose deletion has begun", async () => {
  const directory = store.directory();
  const made = await Promise.all(
    Array.from({ length: 12 }, (_, index) => directory.createUser({ userName: `u${index}` })),
  );
  const ids = made.map(({ id }) => id).toSorted();
  const { tableName: TableName } = store;
  // The state after a request that died in the middle of a deletion: still in the listing.
  const leaving = ids.slice(3, 7);
  for (const id of leaving) {
    await store.client.send(
      new UpdateItemCommand({
        TableName,
        Key: { pk: { S: `U#${id}` }, sk: { S: "#" } },
        UpdateExpression: "SET deleting = :true",
        ExpressionAttributeValues: { ":true": { BOOL: true } },
      }),
    );
  }
  const staying = ids.filter((id) => !leaving.includes(id));
  const idsOf = (page: readonly { readonly id: string }[]): string[] => page.map(({ id }) => id);
  expect(idsOf(await directory.pageAfter("User", undefined, 4))).toEqual(staying.slice(0, 4));
  expect(idsOf(await directory.pageAfter("User", staying[2], 3))).toEqual(staying.slice(3, 6));
  expect(idsOf(await directory.pageAfter("User", staying.at(-1), 3))).toEqual([]);
  expect(idsOf(await directory.pageBefore("User", staying[4] ?? "", 3))).toEqual(staying.slice(1, 4));
  expect(idsOf(await directory.pageBefore("User", staying[1] ?? "", 3))).toEqual(staying.slice(0, 1));
  expect(idsOf(await directory.pageBefore("User", "\uffff", 5))).toEqual(staying.slice(-5));
});
