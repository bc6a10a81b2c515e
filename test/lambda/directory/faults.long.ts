import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Directory } from "../../../lambda/directory/index.ts";
import { requiredActions } from "../../../lambda/accessPatterns.ts";
import { ConnectionError } from "../../../lambda/aws/errors.ts";
import { DirectoryError } from "../../../lambda/directory/errors.ts";
import { startStore, type TestStore } from "../../support/lambda/directory/support.ts";

let store: TestStore;
let directory: Directory;
const used = new Set<string>();
type Failure = "before" | "after" | undefined;
/**
 * Decides for one command whether it fails before or after it is sent. A command that waits is sent after the decision.
 */
let fault: ((command: string, input: object) => Failure | Promise<Failure>) | undefined;

class Injected extends Error {
  override readonly name = "Injected";
}

beforeAll(async () => {
  store = await startStore();
  directory = store.directory();
  store.around = async (command, input, send) => {
    used.add(command);
    const when = await fault?.(command, input);
    if (when === "before") throw new Injected("refused");
    await send();
    if (when === "after") throw new ConnectionError("lost");
  };
});
beforeEach(() => {
  fault = undefined;
  directory = store.directory();
});
afterAll(() => store.close());

let serial = 0;
const user = () => ({ userName: `f${(serial += 1)}@example.com` });
const group = () => ({ displayName: `F ${(serial += 1)}` });
const none: ReadonlySet<string> = new Set();
const people = async (count: number): Promise<string[]> =>
  (await Promise.all(Array.from({ length: count }, () => directory.createUser(user())))).map(({ id }) => id);
const set = (id: string, members: Iterable<string>, through = directory) =>
  through.updateGroup(id, ({ attributes }) => ({
    attributes,
    members: { kind: "replace", members: new Set(members) },
  }));
const delta = (id: string, add: Iterable<string>, remove: Iterable<string> = []) =>
  directory.updateGroup(id, ({ attributes }) => ({
    attributes,
    members: { kind: "delta", add: new Set(add), remove: new Set(remove) },
  }));
const membersOf = async (id: string): Promise<string[]> =>
  [...(await directory.getGroupWithMembers(id)).members].sort();
/** Does work while the clock stands still, so that no lease ends. */
async function withoutTime(work: () => Promise<unknown>): Promise<void> {
  vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
  await work().finally(() => vi.useRealTimers());
}
/** "done", or the name of the directory's error. */
const outcomeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error: unknown) => {
      if (error instanceof DirectoryError) return error.name;
      throw error;
    },
  );
/** The answer to the nth command of a kind is lost. */
const losing = (kind: string, nth = 1): void => {
  let seen = 0;
  fault = (command) => (command === kind && (seen += 1) === nth ? "after" : undefined);
};

/** Runs work while the nth command of a kind waits to be sent. */
const during = (kind: string, nth: number, work: () => Promise<unknown>): void => {
  let seen = 0;
  fault = async (command) => {
    if (command !== kind || (seen += 1) !== nth) return undefined;
    fault = undefined;
    await work();
    return undefined;
  };
};

describe("changes at the same time", () => {
  it("adds a member that it found present but that another change removes before it writes", async () => {
    const ids = await people(2);
    for (const others of [
      (id: string) => delta(id, [], ids),
      (id: string) => set(id, []),
      (id: string) => delta(id, [], ids.slice(0, 1)),
    ]) {
      const { id } = await directory.createGroup(group(), new Set(ids.slice(0, 1)));
      during("TransactWriteItems", 1, () => others(id));
      await delta(id, ids);
      expect(await membersOf(id)).toEqual([...ids].sort());
    }
  });
  it("removes a member that it found absent but that another change adds before it writes", async () => {
    const ids = await people(3);
    const { id } = await directory.createGroup(group(), new Set(ids.slice(0, 1)));
    during("TransactWriteItems", 1, () => delta(id, ids));
    await delta(id, [], ids.slice(0, 2));
    expect(await membersOf(id)).toEqual(ids.slice(2));
  });
  it("does not mix reads of two moments: it reports nothing to do only if that was true at one moment", async () => {
    const ids = await people(101);
    const [first = ""] = ids;
    const last = ids[100] ?? "";
    const { id } = await directory.createGroup(group(), none);
    await delta(id, ids);
    during("BatchGetItem", 2, async () => {
      await delta(id, [], [first]);
      expect(await membersOf(id)).toContain(last);
      await delta(id, [], [last]);
    });
    await delta(id, ids.slice(0, 100), [last]);
    expect(await membersOf(id)).toEqual(ids.slice(0, 100).sort());
  });

  it("answers a rename with 404 if the group was deleted meanwhile and another one has the name", async () => {
    const [{ id }, other] = [await directory.createGroup(group(), none), group()];
    const rename = directory.updateGroup.bind(directory);
    during("TransactWriteItems", 1, async () => {
      await directory.deleteGroup(id);
      await directory.createGroup(other, none);
    });
    expect(await outcomeOf(rename(id, () => ({ attributes: other })))).toBe("AbsentError");
  });
  it("answers a rename of a user with 404 if the user was deleted meanwhile and another one has the name", async () => {
    const [{ id }, other] = [await directory.createUser(user()), user()];
    during("TransactWriteItems", 1, async () => {
      await directory.deleteUser(id);
      await directory.createUser(other);
    });
    expect(await outcomeOf(directory.updateUser(id, () => other))).toBe("AbsentError");
  });
  it("answers a large change with a rename with 404 if the group was deleted meanwhile and another one has the name", async () => {
    const ids = await people(60);
    const [{ id }, other] = [await directory.createGroup(group(), none), group()];
    // Two transactions of edges come before the commit.
    during("TransactWriteItems", 3, async () => {
      await directory.deleteGroup(id).catch(() => undefined);
      await directory.createGroup(other, none);
    });
    const change = { attributes: other, members: { kind: "replace" as const, members: new Set(ids) } };
    const outcome = await outcomeOf(directory.updateGroup(id, () => change));
    expect(["AbsentError", "TakenError"]).toContain(outcome);
    expect(outcome === "AbsentError").toBe((await outcomeOf(directory.getGroup(id))) === "AbsentError");
  });

  it("keeps a user who was added again while a large change clears the users that it removed", async () => {
    const ids = await people(60);
    const { id } = await directory.createGroup(group(), new Set(ids));
    // 60 edges are marked in two transactions; the third one clears them.
    during("TransactWriteItems", 3, () => delta(id, ids.slice(0, 1)));
    await set(id, []);
    expect(await membersOf(id)).toEqual(ids.slice(0, 1));
  });
});

describe("ids of users that do not exist", () => {
  const nobody = (count: number): string[] =>
    Array.from({ length: count }, (_, at) => `${at.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`);

  it("cost no write, however many a PUT, a PATCH or a POST names", async () => {
    const [member = "", extra = ""] = await people(2);
    const { id } = await directory.createGroup(group(), new Set([member]));
    const writes: string[] = [];
    fault = (command, input) => {
      const items = "TransactItems" in input && Array.isArray(input.TransactItems) ? input.TransactItems.length : 1;
      if (/Write|Put|Update/.test(command)) writes.push(`${command} of ${items}`);
      return undefined;
    };
    await set(id, [member, ...nobody(2_000)]);
    expect(writes).toEqual([]);
    await delta(id, [extra, ...nobody(2_000)]);
    expect(writes).toEqual(["TransactWriteItems of 4"]);
    writes.length = 0;
    const made = await directory.createGroup(group(), new Set([extra, ...nobody(2_000)]));
    fault = undefined;
    expect(await membersOf(made.id)).toEqual([extra]);
    expect(await membersOf(id)).toEqual([member, extra].sort());
    // The hidden group, its one edge with the fence, and the commit.
    expect(writes).toEqual([
      "TransactWriteItems of 2",
      "UpdateItem of 1",
      "TransactWriteItems of 3",
      "TransactWriteItems of 3",
    ]);
  });
});

describe("faults", () => {
  it("completes the interrupted creation of a large group, and shows nothing before that", async () => {
    const ids = await people(200);
    const early = store.directory(2_005);
    const other = group();
    expect(await outcomeOf(early.createGroup(other, new Set(ids)))).toBe("BusyError");
    expect(await directory.findGroupByDisplayName(other.displayName)).toBeUndefined();
    const made = await directory.createGroup(other, new Set(ids));
    expect(await membersOf(made.id)).toEqual([...ids].sort());
  });
  it("answers 404 to ids that cannot be keys", async () => {
    const long = "x".repeat(3_000);
    expect(await outcomeOf(directory.getUser(long))).toBe("AbsentError");
    expect(await outcomeOf(directory.getGroup(long))).toBe("AbsentError");
    expect(await outcomeOf(directory.getGroupWithMembers(long))).toBe("AbsentError");
    const { id } = await directory.createGroup(group(), none);
    await delta(id, [long]);
    expect(await membersOf(id)).toEqual([]);
  });
  it("lets the next request take over a failed large change at once", async () => {
    const ids = await people(100);
    const { id } = await directory.createGroup(group(), new Set(ids.slice(0, 2)));
    let writes = 0;
    fault = (command) => (command === "TransactWriteItems" && (writes += 1) === 2 ? "before" : undefined);
    await expect(set(id, ids)).rejects.toThrow(Injected);
    fault = undefined;
    expect(await membersOf(id)).toEqual(ids.slice(0, 2).sort());
    await withoutTime(() => set(id, ids.slice(50)));
    expect(await membersOf(id)).toEqual(ids.slice(50).sort());
  });
  it("commits once when the answer to a commit is lost", async () => {
    const ids = await people(60);
    const { id, version } = await directory.createGroup(group(), none);
    losing("UpdateItem", 2);
    const after = await set(id, ids);
    fault = undefined;
    expect(Number(after.version)).toBe(Number(version) + 1);
    expect(await membersOf(id)).toEqual([...ids].sort());
  });
  it("continues with its own intent if the answer to taking it is lost", async () => {
    const ids = await people(60);
    const { id } = await directory.createGroup(group(), none);
    losing("UpdateItem", 1);
    await withoutTime(() => set(id, ids));
    fault = undefined;
    expect(await membersOf(id)).toEqual([...ids].sort());
  });
  it("does not answer its own write with 409 or 412 if the answer was lost", async () => {
    losing("TransactWriteItems");
    const made = await directory.createUser(user());
    losing("TransactWriteItems");
    await directory.createGroup(group(), new Set([made.id]));
    losing("PutItem");
    const next = await directory.updateUser(made.id, (current) => ({ ...current.attributes, title: "x" }), {
      ifMatch: (version) => version === made.version,
    });
    fault = undefined;
    expect(next.version).toBe("2");
  });
  it("keeps small additions during a large change", async () => {
    const ids = await people(140);
    const { id } = await directory.createGroup(group(), none);
    await Promise.all([delta(id, ids.slice(0, 100)), ...ids.slice(80, 140).map((one) => delta(id, [one]))]);
    expect(await membersOf(id)).toEqual([...ids].sort());
  });
  it("leaves no edge of users who are deleted while a large change adds them", async () => {
    const ids = await people(80);
    const { id } = await directory.createGroup(group(), none);
    await Promise.all([set(id, ids), ...ids.slice(0, 30).map((one) => directory.deleteUser(one))]);
    expect(await membersOf(id)).toEqual(ids.slice(30).sort());
  });
  it("rejects a document that is too large for an item", async () => {
    expect(await outcomeOf(directory.createUser({ ...user(), title: "x".repeat(500_000) }))).toBe("TooLargeError");
  });
  it("passes on a refusal by the access policy unchanged", async () => {
    const denied = Object.assign(new Error("not authorized to perform: dynamodb:GetItem"), {
      name: "AccessDeniedException",
    });
    fault = () => {
      throw denied;
    };
    await expect(directory.getUser("0".repeat(36))).rejects.toBe(denied);
    fault = undefined;
  });
  it("uses only the actions that it asks for", () => {
    const allowed = new Set([
      ...requiredActions.map((action) => action.replace("dynamodb:", "")),
      "TransactWriteItems",
      "TransactGetItems",
    ]);
    expect([...used].filter((command) => !allowed.has(command))).toEqual([]);
  });
});
