import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Fault } from "../../../sandbox/aws/dynamodb/faults/fault.ts";
import {
  outcomeOf,
  patch,
  people,
  put,
  startAwkward,
  type AwkwardDynamoDb,
  type AwkwardTable,
} from "../../support/lambda/directory/awkward.ts";

let dynamodb: AwkwardDynamoDb;
let table: AwkwardTable;

beforeAll(async () => {
  dynamodb = await startAwkward();
});
beforeEach(async () => {
  table = await dynamodb.table();
});
afterEach(() => {
  dynamodb.faults = undefined;
  vi.useRealTimers();
});
afterAll(() => dynamodb.close());

/** Whether the process has died. Until then it has time, however slow the machine is. */
let isDead = false;
const dying = (): ReturnType<AwkwardTable["doomed"]> => table.doomed(() => isDead);

/** The process dies at its nth request of this kind: neither this request nor a later one is performed. */
function dieAt(action: string, nth: number): void {
  let seen = 0;
  isDead = false;
  dynamodb.faults = (request): Fault => {
    isDead ||= request.action === action && (seen += 1) === nth;
    return isDead ? "cut" : "pass";
  };
}

/** Milliseconds of a request that gets no answer. */
const SHORT = 2_600;

const later = (milliseconds: number): void => {
  vi.useFakeTimers({ now: Date.now() + milliseconds, toFake: ["Date"] });
};

describe("the deletion of a user is complete for every reader from its first write", () => {
  it.each([
    ["the query of its memberships", "Query", 1],
    ["the transaction that removes them", "TransactWriteItems", 2],
    ["the second of these transactions", "TransactWriteItems", 3],
    ["the transaction that finishes", "TransactWriteItems", 4],
  ])("and stays so if its process dies at %s", async (_, action, nth) => {
    const [gone = "", stays = ""] = await people(table.direct, 2);
    const groups = await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        table.direct.createGroup({ displayName: `G${at}` }, new Set([gone, stays])),
      ),
    );
    const versions = new Map<string, string>();
    for (const { id, version } of groups) versions.set(id, version);
    dieAt(action, nth);
    expect(await outcomeOf(dying().deleteUser(gone))).toBe("BusyError");
    dynamodb.faults = undefined;

    const { direct } = table;
    expect(await outcomeOf(direct.getUser(gone))).toBe("AbsentError");
    expect(await outcomeOf(direct.getUserWithGroups(gone))).toBe("AbsentError");
    expect(await direct.groupsWithMember(gone)).toEqual([]);
    expect(await direct.findUserByUserName("p0@example.com")).toBeUndefined();
    expect(await direct.page("User", 0, 10)).toMatchObject({ total: 1, resources: [{ id: stays }] });
    for (const { id } of groups) {
      const { group, members } = await direct.getGroupWithMembers(id);
      expect(members).toEqual([stays]);
      expect(group.version).not.toBe(versions.get(id));
    }
    expect((await direct.createUser({ userName: "p0@example.com" })).id).not.toBe(gone);
  });

  it("even if a PUT of a group still names the user", async () => {
    const [gone = "", ...rest] = await people(table.direct, 3);
    const { id } = await table.direct.createGroup({ displayName: "G" }, new Set([gone]));
    dieAt("Query", 1);
    await outcomeOf(dying().deleteUser(gone));
    dynamodb.faults = undefined;
    expect((await put(table.direct, id, [gone, ...rest])).members).toEqual([...rest].sort());
  });

  it.each<[string, (id: string) => Promise<unknown>]>([
    ["a reader of one of its groups", (id) => table.direct.getGroupWithMembers(id)],
    [
      "another deletion",
      async () => table.direct.deleteUser((await table.direct.createUser({ userName: "other@example.com" })).id),
    ],
  ])("and is finished by %s", async (_, meet) => {
    const [gone = "", stays = ""] = await people(table.direct, 2);
    const { id } = await table.direct.createGroup({ displayName: "G" }, new Set([gone, stays]));
    dieAt("Query", 1);
    await outcomeOf(dying().deleteUser(gone));
    dynamodb.faults = undefined;
    later(31_000);
    await meet(id);
    vi.useRealTimers();
    expect(await table.invariants()).toEqual([]);
  });
});

describe("the deletion of a group leaves no edge forever", () => {
  const abandoned = async (): Promise<string> => {
    const ids = await people(table.direct, 60);
    const { id } = await table.direct.createGroup({ displayName: "G" }, new Set(ids));
    dieAt("BatchWriteItem", 2);
    expect(await outcomeOf(dying().deleteGroup(id))).toBe("BusyError");
    dynamodb.faults = undefined;
    return id;
  };

  it("its tombstone does not expire before its edges are gone", async () => {
    const id = await abandoned();
    const broken = await table.invariants();
    expect(broken).toContain(`the deletions g:${id} are not finished`);
    await table.direct.deleteGroup(id);
    expect(await table.invariants()).toEqual([]);
  });

  it("another request finishes it", async () => {
    await abandoned();
    const { id } = await table.direct.createGroup({ displayName: "Other" }, new Set());
    later(31_000);
    await table.direct.getGroupWithMembers(id);
    vi.useRealTimers();
    expect(await table.invariants()).toEqual([]);
  });

  it("a repetition removes them if the tombstone expired", async () => {
    const id = await abandoned();
    await table.remove(`G#${id}`, "#");
    await table.remove("D#", "#");
    await outcomeOf(table.direct.deleteGroup(id));
    expect(await table.invariants()).toEqual([]);
  });
});

describe("a large change that waits for its client's retry", () => {
  /** The number of edges of the group, of any epoch. */
  const written = async (id: string): Promise<number> => {
    const broken = await table.invariants();
    return broken.filter((line) => line.startsWith(`G#${id} has`) && line.endsWith("never committed")).length;
  };

  it("continues where it stopped, and keeps the small changes made meanwhile", async () => {
    const ids = await people(table.direct, 200);
    const { id } = await table.direct.createGroup({ displayName: "G" }, new Set(ids.slice(0, 2)));
    const [extra = ""] = await people(table.direct, 1, 1_000);
    const target = ids.slice(1);
    let before = 0;
    for (let attempt = 0; attempt < 2; attempt += 1) {
      dieAt("TransactWriteItems", 2);
      expect(await outcomeOf(put(dying(), id, target))).toBe("BusyError");
      dynamodb.faults = undefined;
      await table.update(`G#${id}`, "#", "SET intent.parked = :true", { ":true": { BOOL: true } });
      const now = await written(id);
      expect(now).toBeGreaterThan(before);
      before = now;
      await patch(table.direct, id, attempt === 0 ? [extra] : [], attempt === 0 ? [] : [extra]);
      await table.direct.updateGroup(id, () => ({ attributes: { displayName: `Renamed ${attempt}` } }));
      expect(await written(id)).toBe(before);
    }
    const members = async () => (await table.direct.getGroupWithMembers(id)).members;
    expect(await members()).toEqual(ids.slice(0, 2).sort());
    await patch(table.direct, id, [extra]);
    expect(await members()).toEqual([...ids.slice(0, 2), extra].sort());
    await put(table.direct, id, target);
    expect(await members()).toEqual([...target].sort());
    expect(await table.invariants()).toEqual([]);
  });

  it("does not overwrite a small change beside it, however late its writes are applied", async () => {
    const ids = await people(table.direct, 60);
    const { id } = await table.direct.createGroup({ displayName: "G" }, new Set());
    const [late = ""] = ids;
    // The transaction of edges is applied after it was abandoned, and after another request added one of its users.
    let release: (fault: Fault) => void = () => undefined;
    const released = new Promise<Fault>((resolve) => {
      release = resolve;
    });
    let isOver = false;
    dynamodb.faults = ({ action }): Fault | Promise<Fault> => {
      if (isOver || action !== "TransactWriteItems") return isOver ? "cut" : "pass";
      isOver = true;
      return released;
    };
    expect(await outcomeOf(put(table.directory(SHORT), id, ids))).toBe("BusyError");
    dynamodb.faults = undefined;
    await table.update(`G#${id}`, "#", "SET intent.parked = :true", { ":true": { BOOL: true } });
    await patch(table.direct, id, [late]);
    release("pass");
    // If it were applied, it would be within a few requests of others.
    for (let others = 0; others < 20; others += 1) await table.direct.count("User");
    expect((await table.direct.getGroupWithMembers(id)).members).toEqual([late]);
  });

  it("is undone by a small change if its client does not retry", async () => {
    const ids = await people(table.direct, 60);
    const { id } = await table.direct.createGroup({ displayName: "G" }, new Set(ids.slice(0, 1)));
    dieAt("TransactWriteItems", 2);
    await outcomeOf(put(dying(), id, ids));
    dynamodb.faults = undefined;
    later(11 * 60_000);
    await patch(table.direct, id, ids.slice(1, 2));
    vi.useRealTimers();
    expect((await table.direct.getGroupWithMembers(id)).members).toEqual(ids.slice(0, 2).sort());
    expect(await table.invariants()).toEqual([]);
  });
});

it("a reader of the group deletes dead edges of a large change", async () => {
  const ids = await people(table.direct, 60);
  const { id } = await table.direct.createGroup({ displayName: "G" }, new Set(ids));
  let commits = 0;
  dynamodb.faults = ({ action }): Fault => {
    // Intent, commit; nothing after the commit is performed.
    if (action === "UpdateItem") commits += 1;
    return commits >= 2 && action === "TransactWriteItems" ? "cut" : "pass";
  };
  await put(table.directory(3_500), id, []);
  dynamodb.faults = undefined;
  for (let reads = 0; reads < 2; reads += 1) await table.direct.getGroupWithMembers(id);
  expect(await table.invariants()).toEqual([]);
  expect(await table.direct.groupsWithMember(ids[0] ?? "")).toEqual([]);
});
