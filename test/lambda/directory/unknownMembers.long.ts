import { setTimeout as sleep } from "node:timers/promises";
import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Directory } from "../../../lambda/directory/index.ts";
import { outcomeOf, people, put } from "../../support/lambda/directory/awkward.ts";
import { startStore, type TestStore } from "../../support/lambda/directory/support.ts";

let store: TestStore;
let directory: Directory;
/** Runs before each request is sent. */
let meanwhile: ((command: string) => Promise<void>) | undefined;

beforeAll(async () => {
  store = await startStore();
  directory = store.directory();
  store.around = async (command, _input, send) => {
    await meanwhile?.(command);
    return send();
  };
});
beforeEach(() => {
  meanwhile = undefined;
});
afterAll(() => store.close());

let serial = 0;

/** A group of this many members, and a user who is not one of them. */
async function prepare(size: number): Promise<{ id: string; members: string[]; leaver: string }> {
  const [leaver = "", ...ids] = await people(directory, size + 1, (serial += 1_000));
  const members = ids.sort();
  const { id } = await directory.createGroup({ displayName: `Group ${serial}` }, new Set(members));
  return { id, members, leaver };
}

/** Runs work while the nth command of a kind waits to be sent. */
function during(kind: string, nth: number, work: () => Promise<unknown>): void {
  let seen = 0;
  meanwhile = async (command) => {
    if (command !== kind || (seen += 1) !== nth) return;
    meanwhile = undefined;
    await work();
  };
}

/** Begins to delete a user; resolves as soon as the deletion is committed. */
async function beginDeletion(id: string): Promise<{ readonly end: Promise<void> }> {
  let end = Promise.resolve();
  await new Promise<void>((resolve) => {
    meanwhile = async (command) => {
      if (command === "Query") resolve();
    };
    end = directory.deleteUser(id);
  });
  return { end };
}

/** The leftovers of an undone change in its group: edges that are no members, and its intent. */
async function leftBehind(id: string): Promise<string[]> {
  const ExpressionAttributeValues = { ":pk": { S: `G#${id}` } };
  const query = { TableName: store.tableName, KeyConditionExpression: "pk = :pk", ExpressionAttributeValues };
  const { Items = [] } = await store.client.send(new QueryCommand(query));
  const { members } = await directory.getGroupWithMembers(id);
  return Items.flatMap((item) => {
    const name = item["sk"]?.S ?? "";
    if (name === "#") return item["intent"] === undefined ? [] : ["an intent"];
    return members.includes(name.slice(2)) && item["r"] === undefined ? [] : [name];
  });
}

const membersOf = async (id: string): Promise<readonly string[]> => (await directory.getGroupWithMembers(id)).members;

it.each([
  ["a few members", 2, "TransactWriteItems"],
  ["more members than a transaction has items", 60, "UpdateItem"],
])("keeps %s if the only user of the new list is deleted before it is written", async (_, size, command) => {
  const { id, members, leaver } = await prepare(size);
  during(command, 1, () => directory.deleteUser(leaver));
  expect(await outcomeOf(put(directory, id, [leaver]))).toBe("UnknownMembersError");
  expect([await membersOf(id), await leftBehind(id)]).toEqual([members, []]);
});

it("keeps a large group's members if the only user of the new list is deleted during the commit", async () => {
  const { id, members, leaver } = await prepare(60);
  let deletion: Promise<{ readonly end: Promise<void> }> | undefined;
  // Two transactions of edges come before the commit. The deletion ends after the large change.
  during("TransactWriteItems", 3, () => (deletion = beginDeletion(leaver)));
  expect(await outcomeOf(put(directory, id, [leaver]))).toBe("UnknownMembersError");
  await (
    await deletion
  )?.end;
  expect([await membersOf(id), await leftBehind(id)]).toEqual([members, []]);
});

it("leaves nothing of a large change that names nobody and takes over one that waits for its client's retry", async () => {
  const { id, members, leaver } = await prepare(60);
  const others = await people(directory, 60, (serial += 1_000));
  // The deadline passes while the first transaction waits to be sent.
  during("TransactWriteItems", 1, () => sleep(200));
  expect(await outcomeOf(put(store.directory(2_150), id, others))).toBe("BusyError");
  await directory.deleteUser(leaver);
  for (const other of others) await directory.deleteUser(other);
  expect(await outcomeOf(put(directory, id, [leaver, ...others]))).toBe("UnknownMembersError");
  expect([await membersOf(id), await leftBehind(id)]).toEqual([members, []]);
});
