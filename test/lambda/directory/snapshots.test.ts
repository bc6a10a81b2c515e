import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createService, type Context } from "../../../lambda/service/context.ts";
import { search } from "../../../lambda/service/search.ts";
import type { JsonObject } from "../../../lambda/model.ts";
import type { Fault, FaultHook } from "../../../sandbox/aws/dynamodb/faults/fault.ts";
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
});
beforeEach(async () => {
  table = await dynamodb.table();
  ids = await people(table.direct, 12);
});
afterEach(() => {
  dynamodb.faults = undefined;
});
afterAll(() => dynamodb.close());

/** Before its nth request of this kind, the reader waits for `work`. */
function beforeRequest(action: string, ...works: readonly (() => Promise<unknown>)[]): FaultHook {
  let seen = 0;
  return async (request): Promise<Fault> => {
    if (request.action === action) await works[seen++]?.();
    return "pass";
  };
}

const sorted = (list: readonly string[]): string[] => [...list].sort();
const rename = (id: string, displayName: string) =>
  table.direct.updateGroup(id, () => ({ attributes: { displayName } }));
async function newGroup(displayName: string, members: readonly string[]): Promise<string> {
  return (await table.direct.createGroup({ displayName }, new Set(members))).id;
}

describe("a small change counts each member once", () => {
  it("where another request adds the same member after it looked", async () => {
    const id = await newGroup("G", ids.slice(0, 3));
    dynamodb.faults = beforeRequest("TransactWriteItems", () => patch(table.direct, id, ids.slice(3, 4)));
    await patch(table.directory(), id, ids.slice(3, 5));
    expect((await table.direct.getGroupWithMembers(id)).members).toEqual(sorted(ids.slice(0, 5)));
    expect(await table.invariants()).toEqual([]);
  });

  it("where another request removes the same member after it looked", async () => {
    const id = await newGroup("G", ids.slice(0, 3));
    dynamodb.faults = beforeRequest("TransactWriteItems", () => patch(table.direct, id, [], ids.slice(0, 1)));
    await patch(table.directory(), id, [], ids.slice(0, 2));
    expect((await table.direct.getGroupWithMembers(id)).members).toEqual(ids.slice(2, 3));
    expect(await table.invariants()).toEqual([]);
  });

  it("where another request removes the same member and adds it again in a later epoch", async () => {
    const id = await newGroup("G", ids.slice(0, 3));
    const many = await people(table.direct, 40, 100);
    dynamodb.faults = beforeRequest("TransactWriteItems", async () => {
      await patch(table.direct, id, [], ids.slice(0, 1));
      await put(table.direct, id, [...ids.slice(0, 3), ...many]);
    });
    await patch(table.directory(), id, [], ids.slice(0, 2));
    expect((await table.direct.getGroupWithMembers(id)).members).toEqual(sorted([...ids.slice(2, 3), ...many]));
    expect(await table.invariants()).toEqual([]);
  });
});

describe("a user with her groups is one committed state", () => {
  const namesOf = async (user: string): Promise<unknown[]> =>
    (await table.directory().getUserWithGroups(user)).groups.map(({ attributes }) => attributes["displayName"]);

  it("where she leaves a group that then has another name, and is in it again before the second look", async () => {
    const [user = ""] = ids;
    const id = await newGroup("Hers", [user]);
    const leave = beforeRequest("BatchGetItem", async () => {
      await patch(table.direct, id, [], [user]);
      await rename(id, "Theirs");
    });
    const enter = beforeRequest(
      "Query",
      async () => undefined,
      async () => {
        await rename(id, "Hers");
        await patch(table.direct, id, [user]);
      },
    );
    dynamodb.faults = async (request) => {
      await leave(request);
      return enter(request);
    };
    expect(await namesOf(user)).toEqual(["Hers"]);
  });

  it("where two groups change one after the other while they are read", async () => {
    const [user = ""] = ids;
    const groups = [await newGroup("a", [user]), await newGroup("b", [user])];
    const [first = "", second = ""] = sorted(groups);
    let isOver = false;
    dynamodb.faults = ({ action }) => {
      if (isOver || action !== "BatchGetItem") return "pass";
      isOver = true;
      const between = async (): Promise<void> => {
        await rename(first, "first, renamed");
        await rename(second, "second, renamed");
      };
      return { mixed: (index) => index === 1, between };
    };
    const names = await namesOf(user);
    expect(names).toEqual(["first, renamed", "second, renamed"]);
  });
});

describe("a group from before there were digests", () => {
  const old = async (members: readonly string[]): Promise<string> => {
    const id = await newGroup("Old", members);
    await table.update(`G#${id}`, "#", "REMOVE d");
    return id;
  };
  /** A transaction that replaces a member shows in the group's item, and not yet in its edges. */
  const showInPart = async (id: string, leaves: string, enters: string): Promise<void> => {
    await table.update(`G#${id}`, "#", "SET v = v + :one", { ":one": { N: "1" } });
    let queries = 0;
    dynamodb.faults = async ({ action }): Promise<Fault> => {
      // DynamoDB completes the transaction after the reader's first look.
      if (action === "Query" && (queries += 1) === 2) {
        await table.remove(`G#${id}`, `M#${leaves}`);
        await table.remove(`U#${leaves}`, `G#${id}`);
        await table.update(`G#${id}`, `M#${enters}`, "SET a = :a", { ":a": { N: "0" } });
        await table.update(`U#${enters}`, `G#${id}`, "SET a = :a", { ":a": { N: "0" } });
      }
      return "pass";
    };
  };

  it("is read in one committed state, and has a digest from then on", async () => {
    const [leaves = "", enters = "", stays = ""] = ids;
    const id = await old([leaves, stays]);
    await showInPart(id, leaves, enters);
    expect((await table.directory().getGroupWithMembers(id)).members).toEqual(sorted([enters, stays]));
    expect(await table.invariants()).toEqual([]);
  });

  it("is compared with a PUT in one committed state", async () => {
    const [leaves = "", enters = "", stays = ""] = ids;
    const id = await old([leaves, stays]);
    await showInPart(id, leaves, enters);
    expect((await put(table.directory(), id, [leaves, stays])).members).toEqual(sorted([leaves, stays]));
    expect((await table.direct.getGroupWithMembers(id)).members).toEqual(sorted([leaves, stays]));
    expect(await table.invariants()).toEqual([]);
  });
});

describe("a list of groups filtered by members is one committed state", () => {
  const service = createService({
    attributes: "iru",
    baseUrl: "https://example.com/scim",
    tokens: [{ generation: 1, sha256: "0".repeat(64) }],
  });
  const types = [service.registry.group];
  const list = async (filter: string): Promise<string[][]> => {
    const context: Context = { service, directory: table.directory(), deadline: { remaining: () => 25_000 } };
    const paging = { kind: "index", startIndex: 1, count: 100 } as const;
    const request = { filter, sortBy: undefined, descending: false, paging, attributes: [], excludedAttributes: [] };
    const body = JSON.parse((await search(context, types, request)).body) as JsonObject;
    const groups = (body["Resources"] ?? []) as JsonObject[];
    return groups.map((group) => sorted(((group["members"] ?? []) as { value: string }[]).map(({ value }) => value)));
  };

  it("where she moves to another group after it was found", async () => {
    const [user = "", other = ""] = ids;
    const [from, to] = [await newGroup("from", [user, other]), await newGroup("to", [other])];
    // The first query of a group's partition comes after the two of the user's.
    dynamodb.faults = beforeRequest(
      "Query",
      async () => undefined,
      async () => undefined,
      async () => {
        await patch(table.direct, to, [user]);
        await patch(table.direct, from, [], [user]);
      },
    );
    expect(await list(`members.value eq "${user}"`)).toEqual([sorted([user, other])]);
  });

  it("where a group that it found is deleted", async () => {
    const [user = ""] = ids;
    const [gone, stays] = [await newGroup("gone", [user]), await newGroup("stays", [user])];
    dynamodb.faults = beforeRequest(
      "Query",
      async () => undefined,
      async () => undefined,
      async () => {
        await table.direct.deleteGroup(gone);
        await patch(table.direct, stays, ids.slice(1, 2));
      },
    );
    expect(await list(`members.value eq "${user}"`)).toEqual([sorted(ids.slice(0, 2))]);
  });

  it("where it asks for either of two users, who change groups one after the other between the two lookups", async () => {
    const [one = "", two = ""] = ids;
    const [first, second] = [await newGroup("first", []), await newGroup("second", [])];
    let queries = 0;
    let secondLook = (): void => undefined;
    const hasLooked = new Promise<void>((resolve) => {
      secondLook = resolve;
    });
    dynamodb.faults = async ({ action }): Promise<Fault> => {
      if (action !== "Query") return "pass";
      queries += 1;
      if (queries === 3) secondLook();
      if (queries !== 2) return "pass";
      // The lookup of the other user waits until that of the first one has looked twice.
      await hasLooked;
      await patch(table.direct, first, [one]);
      await patch(table.direct, second, [two]);
      return "pass";
    };
    expect(await list(`members.value eq "${one}" or members.value eq "${two}"`)).toEqual(
      sorted([first, second]).map((id) => [id === first ? one : two]),
    );
  });

  it("although a user is deleted meanwhile whose edges are not removed", async () => {
    const [user = "", gone = ""] = ids;
    await newGroup("one", [user, gone]);
    await newGroup("two", [user, gone]);
    let isDead = false;
    dynamodb.faults = ({ action }) => {
      isDead ||= action === "Query";
      return isDead ? "cut" : "pass";
    };
    expect(await outcomeOf(table.doomed(() => isDead).deleteUser(gone))).toBe("BusyError");
    dynamodb.faults = undefined;
    expect(await list(`members.value eq "${user}"`)).toEqual([[user], [user]]);
  });
});
