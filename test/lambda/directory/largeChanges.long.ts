import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Directory } from "../../../lambda/directory/index.ts";
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
let id: string;
let ids: string[];

beforeAll(async () => {
  dynamodb = await startAwkward();
});
beforeEach(async () => {
  table = await dynamodb.table();
  ids = await people(table.direct, 300);
  ({ id } = await table.direct.createGroup({ displayName: "G" }, new Set()));
});
afterEach(() => {
  dynamodb.faults = undefined;
  vi.useRealTimers();
});
afterAll(() => dynamodb.close());

/** Transactions of 49 edges that one request has time for. */
const TRANSACTIONS = 2;
/** Looks at the group that a request has time for. */
const LOOKS = 7;

interface Counted {
  readonly outcome: string;
  readonly batchGets: number;
}

/** One request with little time: it parks a change that it does not complete. */
async function request(work: (directory: Directory) => Promise<unknown>): Promise<Counted> {
  const seen = new Map<string, number>();
  const count = (action: string): number => seen.get(action) ?? 0;
  dynamodb.faults = ({ action }) => {
    seen.set(action, count(action) + 1);
    return "pass";
  };
  const isOver = (): boolean => count("TransactWriteItems") >= TRANSACTIONS || count("GetItem") >= LOOKS;
  const outcome = await outcomeOf(work(table.doomed(isOver)));
  dynamodb.faults = undefined;
  return { outcome, batchGets: count("BatchGetItem") };
}
const putting = async (members: readonly string[]): Promise<string> =>
  (await request((directory) => put(directory, id, members))).outcome;

const members = async (): Promise<readonly string[]> => (await table.direct.getGroupWithMembers(id)).members;
const sorted = (list: readonly string[]): string[] => [...list].sort();

const later = (milliseconds: number): void => {
  vi.useFakeTimers({ now: Date.now() + milliseconds, toFake: ["Date"] });
};

describe("of two large changes of one group, neither of which ends in one request", () => {
  it("the first one ends first, then the other", async () => {
    const [one, other] = [ids.slice(0, 150), ids.slice(150)];
    const ended: string[] = [];
    for (let round = 0; round < 8; round += 1) {
      if (!ended.includes("one") && (await putting(one)) === "done") {
        ended.push("one");
        expect(await members()).toEqual(sorted(one));
      }
      if (!ended.includes("other") && (await putting(other)) === "done") ended.push("other");
    }
    expect(ended).toEqual(["one", "other"]);
    expect(await members()).toEqual(sorted(other));
    expect(await table.invariants()).toEqual([]);
  });

  it("the other one ends where the client of the first does not come back", async () => {
    expect(await putting(ids.slice(0, 150))).toBe("BusyError");
    expect(await putting(ids.slice(150))).toBe("BusyError");
    later(16_000);
    await put(table.direct, id, ids.slice(150));
    expect(await members()).toEqual(sorted(ids.slice(150)));
    expect(await table.invariants()).toEqual([]);
  });

  it("one ends although both clients come back late, each time: the wait doubles with each takeover", async () => {
    const [one, other] = [ids.slice(0, 150), ids.slice(150)];
    const ended: string[] = [];
    for (let round = 0; round < 12 && ended.length === 0; round += 1) {
      for (const list of [one, other]) {
        if ((await putting(list)) === "done") ended.push(list === one ? "one" : "other");
        later(17_000);
      }
    }
    expect(ended).not.toEqual([]);
  });

  it("the retry of a PATCH by a filter is also distinguished from the other one", async () => {
    await put(table.direct, id, ids);
    const keep = new Set(ids.slice(0, 100));
    const edit = (directory: Directory) =>
      directory.updateGroup(id, ({ attributes }) => ({
        attributes,
        members: { kind: "edit", edit: (current) => new Set([...current].filter((one) => keep.has(one))) },
      }));
    const outcomes: string[] = [];
    for (let round = 0; round < 8 && !outcomes.includes("done"); round += 1) {
      outcomes.push((await request(edit)).outcome);
      if (!outcomes.includes("done")) await putting(ids.slice(150, 250));
    }
    expect(outcomes).toContain("done");
    expect(await members()).toEqual(sorted(ids.slice(0, 100)));
  });
});

describe("a large change that waits for its client's retry", () => {
  it("is not undone by small changes beside it, and ends in as many requests as alone", async () => {
    const list = ids.slice(0, 240);
    const spare = ids.slice(290);
    const outcomes: string[] = [];
    for (let round = 0; round < 10 && !outcomes.includes("done"); round += 1) {
      outcomes.push(await putting(list));
      await patch(table.direct, id, spare.slice(round % 10, (round % 10) + 1));
    }
    expect(outcomes).toEqual(["BusyError", "BusyError", "done"]);
  });

  it("looks up only the users of edges that it has not written", async () => {
    const first = await request((directory) => put(directory, id, ids));
    expect(first).toMatchObject({ outcome: "BusyError", batchGets: 3 });
    expect(await request((directory) => put(directory, id, ids))).toMatchObject({ batchGets: 3 });
    expect(await request((directory) => put(directory, id, ids))).toMatchObject({ batchGets: 2 });
    expect(await request((directory) => put(directory, id, ids))).toMatchObject({ outcome: "done", batchGets: 1 });
    expect(await members()).toEqual(sorted(ids));
  });

  it("adds no user that is deleted before the retry", async () => {
    const list = ids.slice(0, 150);
    expect(await putting(list)).toBe("BusyError");
    for (const gone of ids.slice(0, 5)) await table.direct.deleteUser(gone);
    while ((await putting(list)) !== "done");
    expect(await members()).toEqual(sorted(ids.slice(5, 150)));
    expect(await table.invariants()).toEqual([]);
  });

  it("adds no user that was deleted while its edge was written late", async () => {
    const list = ids.slice(0, 150);
    const [gone = ""] = list;
    expect(await putting(list)).toBe("BusyError");
    await table.direct.deleteUser(gone);
    // The edge of a transaction that was on its way when the deletion looked for edges.
    const edge = { ":a": { N: "1" } };
    await table.update(`G#${id}`, `M#${gone}`, "SET a = :a", edge);
    await table.update(`U#${gone}`, `G#${id}`, "SET a = :a", edge);
    while ((await putting(list)) !== "done");
    expect(await members()).toEqual(sorted(ids.slice(1, 150)));
    expect(await table.invariants()).toEqual([]);
  });

  it("leaves no intent where small changes made the rest of it small", async () => {
    const list = ids.slice(0, 120);
    expect(await putting(list)).toBe("BusyError");
    for (let at = 0; at < list.length; at += 30) await patch(table.direct, id, list.slice(at, at + 30));
    while ((await putting(list)) !== "done");
    expect(await members()).toEqual(sorted(list));
    expect(await table.invariants()).toEqual([]);
  });

  it("keeps the name of the group that it creates", async () => {
    const create = async (list: readonly string[]): Promise<string> =>
      (await request((directory) => directory.createGroup({ displayName: "New" }, new Set(list)))).outcome;
    expect(await create(ids.slice(0, 150))).toBe("BusyError");
    expect(await create(ids.slice(0, 1))).toBe("BusyError");
    expect(await create(ids.slice(150))).toBe("BusyError");
    // Each request also tries to make the group.
    while ((await create(ids.slice(0, 150))) !== "done");
    const found = await table.direct.findGroupByDisplayName("new");
    expect((await table.direct.getGroupWithMembers(found?.id ?? "")).members).toEqual(sorted(ids.slice(0, 150)));
    expect(await table.invariants()).toEqual([]);
  });
});
