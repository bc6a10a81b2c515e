import { expect } from "vitest";
import { mapBounded } from "../../../../lambda/concurrency.ts";
import type { Directory } from "../../../../lambda/directory/index.ts";
import type { Fault } from "../../../../sandbox/aws/dynamodb/faults/fault.ts";
import { outcomeOf, patch, people, put, type AwkwardDynamoDb, type AwkwardTable } from "./awkward.ts";

/** A fault of one request to DynamoDB, and whether the long suite injects it into large operations too. */
export const faults: readonly (readonly [title: string, fault: Fault, isForLarge: boolean])[] = [
  ["is never answered", "unanswered", true],
  ["is done and never answered", "unansweredDone", false],
  ["is done after it was given up", { delayMs: 3_500 }, false],
  ["is answered by a bare 503", { status: 503, done: false }, false],
  ["is done and answered by a bare 502", { status: 502, done: true }, true],
  ["is answered by half a body", { body: "cut" }, false],
  ["is answered by a body that stalls", { body: "stalled" }, false],
  ["is answered by a body that trickles", { body: { slowMs: 60_000 } }, false],
];

/** Prepares a table without faults. The returned request meets the faults, and says what it must leave behind. */
export interface Operation {
  readonly name: string;
  prepare(
    direct: Directory,
  ): Promise<{ run(directory: Directory): Promise<unknown>; holds(direct: Directory): Promise<unknown> }>;
}

export const person = { userName: "ann@example.com", externalId: "ann" };
const named = { displayName: "Crew" };
const membersOf = async (directory: Directory, id: string) => (await directory.getGroupWithMembers(id)).members.length;
const onGroup = (
  name: string,
  size: number,
  all: number,
  run: (directory: Directory, id: string, ids: readonly string[]) => Promise<unknown>,
  after: number,
): Operation => ({
  name,
  async prepare(direct) {
    const ids = await people(direct, all);
    const { id } = await direct.createGroup(named, new Set(ids.slice(0, size)));
    return {
      run: (directory) => run(directory, id, ids),
      holds: async (then) => expect(await membersOf(then, id)).toBe(after),
    };
  },
});
const onUser = (
  name: string,
  run: (directory: Directory, id: string) => Promise<unknown>,
  after: (direct: Directory, id: string) => Promise<unknown>,
): Operation => ({
  name,
  async prepare(direct) {
    const { id } = await direct.createUser(person);
    await direct.createGroup(named, new Set([id]));
    return { run: (directory) => run(directory, id), holds: (then) => after(then, id) };
  },
});
const title = { ...person, title: "Pilot" };

export const operations: readonly Operation[] = [
  {
    name: "POST user",
    prepare: async () => ({
      run: (directory) => directory.createUser(person),
      holds: async (direct) => expect(await direct.count("User")).toBe(1),
    }),
  },
  onUser(
    "GET user",
    async (directory, id) => expect((await directory.getUser(id)).id).toBe(id),
    async () => undefined,
  ),
  onUser(
    "GET user with groups",
    async (directory, id) => expect((await directory.getUserWithGroups(id)).groups).toHaveLength(1),
    async () => undefined,
  ),
  onUser(
    "PUT user",
    async (directory, id) => expect((await directory.updateUser(id, () => title)).version).toBe("2"),
    async (direct, id) => expect((await direct.getUser(id)).version).toBe("2"),
  ),
  onUser(
    "PUT user under another name",
    (directory, id) => directory.updateUser(id, () => ({ userName: "eve@example.com" })),
    async (direct, id) => expect((await direct.findUserByUserName("EVE@example.com"))?.id).toBe(id),
  ),
  onUser(
    "DELETE user",
    (directory, id) => directory.deleteUser(id),
    async (direct) => expect(await direct.count("User")).toBe(0),
  ),
  onUser(
    "page of users",
    async (directory) => expect((await directory.page("User", 0, 10)).resources).toHaveLength(1),
    async () => undefined,
  ),
  onGroup("GET group", 5, 5, async (directory, id) => expect(await membersOf(directory, id)).toBe(5), 5),
  onGroup("PATCH of a group", 2, 4, (directory, id, ids) => patch(directory, id, ids.slice(2), ids.slice(0, 1)), 3),
  onGroup("PATCH of a group, large", 2, 36, (directory, id, ids) => patch(directory, id, ids.slice(2)), 36),
  onGroup("PUT of a group, large", 24, 40, (directory, id, ids) => put(directory, id, ids.slice(22)), 18),
  {
    name: "POST of a group, large",
    async prepare(direct) {
      const ids = await people(direct, 34);
      return {
        run: (directory) => directory.createGroup(named, new Set(ids)),
        holds: async (then) => {
          const found = await then.findGroupByDisplayName("crew");
          expect(await membersOf(then, found?.id ?? "")).toBe(34);
        },
      };
    },
  },
  {
    name: "DELETE group",
    async prepare(direct) {
      const ids = await people(direct, 20);
      const { id } = await direct.createGroup(named, new Set(ids));
      return {
        run: (directory) => directory.deleteGroup(id),
        holds: async (then) => expect(await outcomeOf(then.getGroup(id))).toBe("AbsentError"),
      };
    },
  },
];

/** Attempts in flight. More of them would take each other's time on a small machine. */
const AT_ONCE = 16;

interface Attempt {
  readonly table: AwkwardTable;
  readonly operation: Operation;
  readonly prepared: Awaited<ReturnType<Operation["prepare"]>>;
  readonly at: number;
}

/** Each request of each operation meets the fault once, each in its own table. */
export async function everyRequest(
  dynamodb: AwkwardDynamoDb,
  chosen: readonly Operation[],
  fault: Fault,
): Promise<void> {
  const attempts: Attempt[] = [];
  for (const operation of chosen) {
    const count = await countRequests(dynamodb, operation);
    for (let at = 0; at < count; at += 1) {
      const table = await dynamodb.table();
      attempts.push({ table, operation, prepared: await operation.prepare(table.direct), at });
    }
  }
  const seen = new Map<string, number>();
  dynamodb.faults = ({ table }) => {
    const at = seen.get(table) ?? 0;
    seen.set(table, at + 1);
    return attempts.find((attempt) => attempt.table.name === table)?.at === at ? fault : "pass";
  };
  const results = await mapBounded(attempts, AT_ONCE, async ({ table, operation, prepared, at }) => {
    const outcome = await outcomeOf(prepared.run(table.directory(9_500)));
    return `${operation.name}, request ${at}: ${outcome}`;
  });
  dynamodb.faults = undefined;
  expect(results.filter((result) => !result.endsWith(": done"))).toEqual([]);
  for (const { table, prepared } of attempts) {
    await prepared.holds(table.direct);
    expect(await table.invariants()).toEqual([]);
  }
}

async function countRequests(dynamodb: AwkwardDynamoDb, operation: Operation): Promise<number> {
  const table = await dynamodb.table();
  const prepared = await operation.prepare(table.direct);
  let count = 0;
  dynamodb.faults = () => {
    count += 1;
    return "pass";
  };
  await prepared.run(table.directory());
  dynamodb.faults = undefined;
  return count;
}
