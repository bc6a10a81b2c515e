import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Directory } from "../../../lambda/directory/index.ts";
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
let ids: string[];

beforeAll(async () => {
  dynamodb = await startAwkward();
  table = await dynamodb.table();
  ids = await people(table.direct, 120);
});
afterEach(() => {
  dynamodb.faults = undefined;
});
afterAll(() => dynamodb.close());

let serial = 0;
const newGroup = async (members: Iterable<string>): Promise<string> =>
  (await table.direct.createGroup({ displayName: `Group ${(serial += 1)}` }, new Set(members))).id;

/** The next read of this kind sees items from before or after `work`, as `isAfter` says. No other read is disturbed. */
function disturb(action: string, isAfter: (index: number) => boolean, work: () => Promise<unknown>): void {
  let isOver = false;
  dynamodb.faults = (request) => {
    if (isOver || request.action !== action) return "pass";
    isOver = true;
    return {
      mixed: isAfter,
      between: async () => {
        await work();
      },
    };
  };
}

/** The next read of this kind returns one item at a time; `work` runs after the first item. */
function inPieces(action: string, work: () => Promise<unknown>): void {
  let pauses = 0;
  let isOver = false;
  dynamodb.faults = (request) => {
    if (isOver || request.action !== action) return "pass";
    isOver = true;
    return {
      pieces: 1,
      between: async () => {
        if ((pauses += 1) === 1) await work();
      },
    };
  };
}

describe("a group with its members is one committed state", () => {
  const sorted = (list: readonly string[]): string[] => [...list].sort();
  const read = async (id: string): Promise<readonly string[]> =>
    (await table.directory().getGroupWithMembers(id)).members;

  it("if a PUT replaces all of them after the first item was read", async () => {
    const [old, fresh] = [ids.slice(0, 60), ids.slice(60, 120)];
    const id = await newGroup(old);
    inPieces("Query", () => put(table.direct, id, fresh));
    expect(await read(id)).toEqual(sorted(fresh));
  });

  it("if the edges are read before a change and the group after it", async () => {
    const id = await newGroup(ids.slice(0, 10));
    disturb(
      "Query",
      (index) => index === 0,
      () => patch(table.direct, id, ids.slice(10, 14), ids.slice(0, 4)),
    );
    expect(await read(id)).toEqual(sorted(ids.slice(4, 14)));
  });

  it("for any items read before and after any change", async () => {
    const id = await newGroup([]);
    const members = fc.uniqueArray(fc.nat(39), { maxLength: 40 }).map((list) => list.map((at) => ids[at] ?? ""));
    const choices = fc.infiniteStream(fc.boolean()).map((stream) => {
      const drawn: boolean[] = [];
      return (index: number): boolean => {
        while (drawn.length <= index) drawn.push(stream.next().value === true);
        return drawn[index] ?? false;
      };
    });
    await fc.assert(
      fc.asyncProperty(members, members, choices, fc.boolean(), async (before, after, isAfter, asPut) => {
        await put(table.direct, id, before);
        const remove = before.filter((one) => !after.includes(one));
        disturb("Query", isAfter, () =>
          asPut ? put(table.direct, id, after) : patch(table.direct, id, after, remove),
        );
        expect([sorted(before), sorted(after)]).toContainEqual(await read(id));
        dynamodb.faults = undefined;
      }),
      { numRuns: 40 },
    );
  });

  it("if a transaction is visible in the group's item and not yet in its edges", async () => {
    const [stays, goes] = [ids[0] ?? "", ids[1] ?? ""];
    const id = await newGroup([stays, goes]);
    const digestOf = (member: string): string => String(Number.parseInt(member.slice(0, 8), 16));
    await table.update(`G#${id}`, "#", "SET v = v + :one, d = :d", {
      ":one": { N: "1" },
      ":d": { N: digestOf(stays) },
    });
    let reads = 0;
    dynamodb.faults = async ({ action }): Promise<Fault> => {
      // DynamoDB completes the transaction while the reader reads again.
      if (action === "Query" && (reads += 1) === 3) {
        await table.remove(`G#${id}`, `M#${goes}`);
        await table.remove(`U#${goes}`, `G#${id}`);
      }
      return "pass";
    };
    expect(await read(id)).toEqual([stays]);
    expect(reads).toBe(3);
  });

  it("without a user whose deletion another request finishes during the read", async () => {
    const [gone = ""] = await people(table.direct, 1, 5_000);
    const id = await newGroup([gone, ids[0] ?? ""]);
    let isDead = false;
    dynamodb.faults = ({ action }): Fault => {
      isDead ||= action === "Query";
      return isDead ? "cut" : "pass";
    };
    expect(await outcomeOf(table.doomed(() => isDead).deleteUser(gone))).toBe("BusyError");
    let isOver = false;
    dynamodb.faults = async ({ action }): Promise<Fault> => {
      if (isOver || action !== "TransactGetItems") return "pass";
      isOver = true;
      await table.direct.deleteUser(gone);
      return "pass";
    };
    expect(await read(id)).toEqual([ids[0]]);
    expect(isOver).toBe(true);
  });

  it("also for a PUT: it removes a member that was being added during its comparison", async () => {
    const id = await newGroup(ids.slice(0, 3));
    disturb(
      "Query",
      () => false,
      () => patch(table.direct, id, ids.slice(5, 6)),
    );
    await put(table.directory(), id, ids.slice(0, 2));
    expect(await read(id)).toEqual(sorted(ids.slice(0, 2)));
  });
});

describe("a user with its groups is one committed state", () => {
  const groupsOf = async (user: string): Promise<string[]> =>
    (await table.directory().getUserWithGroups(user)).groups.map(({ id }) => id);
  /** Abandons a large change in the middle: its edges are written, but its epoch is not committed. */
  const abandon = async (id: string, members: readonly string[]): Promise<void> => {
    expect(await outcomeOf(put(dying(table), id, members))).toBe("BusyError");
  };

  it("does not show a group whose edge an abandoned change wrote, when another change commits its epoch", async () => {
    const id = await newGroup([]);
    const user = ids[0] ?? "";
    await abandon(id, ids.slice(0, 60));
    await table.update(`G#${id}`, "#", "SET intent.parked = :true", { ":true": { BOOL: true } });
    let isOver = false;
    // Runs between the read of the user's edges and the read of their groups.
    dynamodb.faults = async ({ action }): Promise<Fault> => {
      if (isOver || action !== "BatchGetItem") return "pass";
      isOver = true;
      await put(table.direct, id, ids.slice(60, 120));
      return "pass";
    };
    expect(await groupsOf(user)).not.toContain(id);
  });

  it("shows one of two groups between which the user moves, or both, and never none", async () => {
    const user = ids[119] ?? "";
    const [one = "", other = ""] = [await newGroup([user]), await newGroup([])].sort();
    const from = (await table.direct.groupsWithMember(user)).some(({ id }) => id === one) ? one : other;
    const to = from === one ? other : one;
    const move = async (): Promise<void> => {
      await patch(table.direct, to, [user]);
      await patch(table.direct, from, [], [user]);
    };
    for (const isAfter of [(index: number) => index > 1, (index: number) => index < 2, () => false]) {
      await patch(table.direct, from, [user]);
      await patch(table.direct, to, [], [user]);
      disturb("Query", isAfter, move);
      expect(await groupsOf(user)).not.toEqual([]);
      inPieces("Query", move);
      expect(await groupsOf(user)).not.toEqual([]);
    }
  });
});

/** A directory whose large change stops after its first transaction of edges. */
function dying(of: AwkwardTable): Directory {
  let writes = 0;
  let isOver = false;
  dynamodb.faults = ({ action }) => {
    if (action === "TransactWriteItems") isOver ||= (writes += 1) > 1;
    return isOver ? "cut" : "pass";
  };
  return of.doomed(() => isOver);
}
