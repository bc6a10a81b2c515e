import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Directory } from "../../../lambda/directory/index.ts";
import { DirectoryError } from "../../../lambda/directory/errors.ts";
import { startStore, type TestStore } from "../../support/lambda/directory/support.ts";

let store: TestStore;
let directory: Directory;

beforeAll(async () => {
  store = await startStore();
});
beforeEach(() => {
  directory = store.directory();
});
afterAll(() => store.close());

let serial = 0;
const user = (name = `user${(serial += 1)}@example.com`): { userName: string } => ({ userName: name });
const group = (name = `Group ${(serial += 1)}`): { displayName: string } => ({ displayName: name });
const none: ReadonlySet<string> = new Set();

async function people(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < count; at += 50) {
    const made = await Promise.all(
      Array.from({ length: Math.min(50, count - at) }, () => directory.createUser(user())),
    );
    ids.push(...made.map(({ id }) => id));
  }
  return ids;
}

const replaceMembers = (
  id: string,
  members: Iterable<string>,
  through = directory,
): ReturnType<Directory["updateGroup"]> =>
  through.updateGroup(id, ({ attributes }) => ({
    attributes,
    members: { kind: "replace", members: new Set(members) },
  }));
const addMembers = (id: string, add: Iterable<string>): ReturnType<Directory["updateGroup"]> =>
  directory.updateGroup(id, ({ attributes }) => ({
    attributes,
    members: { kind: "delta", add: new Set(add), remove: none },
  }));
const membersOf = async (id: string): Promise<string[]> => [...(await directory.getGroupWithMembers(id)).members];

/** "done", or the name of the directory's error. */
const outcomeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error: unknown) => {
      if (error instanceof DirectoryError) return error.name;
      throw error;
    },
  );

describe("users", () => {
  it("keeps one of fifty users created at once with one userName, without regard to case", async () => {
    const before = await directory.count("User");
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        outcomeOf(directory.createUser(user(index % 2 ? "Same@Example.com" : "same@example.com"))),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === "done")).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === "TakenError")).toHaveLength(49);
    expect(await directory.count("User")).toBe(before + 1);
    expect(await directory.findUserByUserName("SAME@example.com")).toBeDefined();
  });

  it("gives a name to another user only after a rename has freed it", async () => {
    const first = await directory.createUser(user("old-name"));
    const second = await directory.createUser(user());
    expect(await outcomeOf(directory.updateUser(second.id, () => user("OLD-name")))).toBe("TakenError");
    await directory.updateUser(first.id, () => user("new-name"));
    expect(await outcomeOf(directory.updateUser(second.id, () => user("old-name")))).toBe("done");
  });

  it("finds a user by externalId exactly", async () => {
    const made = await directory.createUser({ ...user(), externalId: "00uA" });
    expect((await directory.findByExternalId("User", "00uA", 2)).map(({ id }) => id)).toEqual([made.id]);
    expect(await directory.findByExternalId("User", "00ua", 2)).toEqual([]);
  });

  it("reads at most the requested number of users that share an externalId", async () => {
    await Promise.all(Array.from({ length: 3 }, () => directory.createUser({ ...user(), externalId: "shared" })));
    expect(await directory.findByExternalId("User", "shared", 2)).toHaveLength(2);
    expect(await directory.findByExternalId("User", "shared", 4)).toHaveLength(3);
  });

  it("keeps the version if nothing changes, and rejects another version", async () => {
    const made = await directory.createUser(user());
    const same = await directory.updateUser(made.id, ({ attributes }) => attributes);
    expect(same.version).toBe(made.version);
    const refused = directory.updateUser(made.id, ({ attributes }) => attributes, {
      ifMatch: (version) => version === "99",
    });
    expect(await outcomeOf(refused)).toBe("StaleError");
  });

  it("leaves all groups when it is deleted, and frees its name", async () => {
    const made = await directory.createUser(user("leaver"));
    const groups = await Promise.all(
      Array.from({ length: 35 }, () => directory.createGroup(group(), new Set([made.id]))),
    );
    expect(await directory.groupsWithMember(made.id)).toHaveLength(35);
    await directory.deleteUser(made.id);
    expect(await outcomeOf(directory.getUser(made.id))).toBe("AbsentError");
    for (const { id } of groups) expect(await membersOf(id)).toEqual([]);
    expect(await outcomeOf(directory.createUser(user("leaver")))).toBe("done");
  });
});

describe("groups", () => {
  it("keeps one of twenty groups created at once with one name", async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => outcomeOf(directory.createGroup(group("Twins"), none))),
    );
    expect(outcomes.filter((outcome) => outcome === "done")).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === "TakenError")).toHaveLength(19);
  });

  it("keeps all of fifty members added at once", async () => {
    const ids = await people(50);
    const { id } = await directory.createGroup(group(), none);
    await Promise.all(ids.map((member) => addMembers(id, [member])));
    expect((await membersOf(id)).sort()).toEqual([...ids].sort());
  });

  it("writes nothing for an existing member, and leaves out ids that no user has", async () => {
    const [member = ""] = await people(1);
    const made = await directory.createGroup(group(), new Set([member, "nobody"]));
    const before = await directory.getGroup(made.id);
    expect(await membersOf(made.id)).toEqual([member]);
    await addMembers(made.id, [member]);
    expect((await directory.getGroup(made.id)).version).toBe(before.version);
  });

  it("shows a reader the old members or the new ones while thousands are replaced, never a mixture", async () => {
    const ids = await people(1_200);
    const [old, fresh] = [ids.slice(0, 600), ids.slice(600)];
    const { id } = await directory.createGroup(group(), none);
    await replaceMembers(id, old);
    let done = false;
    const seen = new Set<string>();
    const read = async () => {
      while (!done) {
        const members = await membersOf(id);
        const olds = members.filter((member) => old.includes(member)).length;
        seen.add(`${olds} old, ${members.length - olds} new`);
      }
    };
    const reading = read();
    await replaceMembers(id, fresh);
    done = true;
    await reading;
    expect([...seen].filter((view) => view !== "600 old, 0 new" && view !== "0 old, 600 new")).toEqual([]);
    expect((await membersOf(id)).sort()).toEqual([...fresh].sort());
    expect(await directory.groupsWithMember(old[0] ?? "")).toEqual([]);
    expect(await directory.groupsWithMember(fresh[0] ?? "")).toHaveLength(1);
  });

  it("stops a large change in time with 429, shows the old members, and lets the retry continue", async () => {
    const ids = await people(300);
    const { id } = await directory.createGroup(group(), none);
    expect(await outcomeOf(replaceMembers(id, ids, store.directory(2_010)))).toBe("BusyError");
    expect(await membersOf(id)).toEqual([]);
    await replaceMembers(id, ids);
    expect((await membersOf(id)).sort()).toEqual([...ids].sort());
  });

  it("discards a change that was never retried when the next one comes", async () => {
    const ids = await people(300);
    const { id } = await directory.createGroup(group(), new Set(ids.slice(0, 3)));
    expect(await outcomeOf(replaceMembers(id, ids, store.directory(2_010)))).toBe("BusyError");
    await directory.updateGroup(id, () => ({ attributes: group("After the storm") }));
    expect((await membersOf(id)).sort()).toEqual(ids.slice(0, 3).sort());
    expect(await directory.groupsWithMember(ids[200] ?? "")).toEqual([]);
  });

  it("leaves nothing of a large change whose name another group has", async () => {
    const ids = await people(120);
    const [other, { id }] = [group(), await directory.createGroup(group(), new Set(ids.slice(0, 60)))];
    await directory.createGroup(other, none);
    const members = { kind: "replace" as const, members: new Set(ids.slice(50)) };
    expect(await outcomeOf(directory.updateGroup(id, () => ({ attributes: other, members })))).toBe("TakenError");
    expect(await membersOf(id)).toEqual(ids.slice(0, 60).sort());
    store.requests();
    await addMembers(id, ids.slice(119));
    // With an intent, all edges would be read and restored now.
    expect(store.requests()).toBe(3);
  });

  it("is deleted with its name, and its people stay", async () => {
    const ids = await people(40);
    const { id } = await directory.createGroup(group("Short-lived"), new Set(ids));
    await directory.deleteGroup(id);
    expect(await outcomeOf(directory.getGroup(id))).toBe("AbsentError");
    expect(await outcomeOf(directory.deleteGroup(id))).toBe("AbsentError");
    expect(await directory.groupsWithMember(ids[0] ?? "")).toEqual([]);
    expect((await directory.getUser(ids[0] ?? "")).id).toBe(ids[0]);
    expect(await outcomeOf(directory.createGroup(group("short-LIVED"), none))).toBe("done");
  });
});

describe("cost in DynamoDB requests", () => {
  it("of adding a member is the same in a group of ten and of two thousand", async () => {
    const ids = await people(2_012);
    const small = await directory.createGroup(group(), new Set(ids.slice(0, 10)));
    const large = await directory.createGroup(group(), none);
    await replaceMembers(large.id, ids.slice(0, 2_000));
    store.requests();
    await addMembers(small.id, ids.slice(2_000, 2_001));
    const forSmall = store.requests();
    await addMembers(large.id, ids.slice(2_001, 2_002));
    expect([forSmall, store.requests()]).toEqual([3, 3]);
    await directory.updateGroup(large.id, () => ({ attributes: group("Renamed at 2,001") }));
    expect(store.requests()).toBe(2);
    await directory.page("User", 1_500, 100);
    expect(store.requests()).toBe(3);
    await directory.createUser(user());
    expect(store.requests()).toBe(1);
  });
});

describe("pages", () => {
  it("return everyone once, in order of id, by index and after an id", async () => {
    const total = await directory.count("User");
    const byIndex: string[] = [];
    for (let offset = 0; offset < total; offset += 97) {
      byIndex.push(...(await directory.page("User", offset, 97)).resources.map(({ id }) => id));
    }
    const byId: string[] = [];
    for (;;) {
      const page = await directory.pageAfter("User", byId.at(-1), 97);
      if (page.length === 0) break;
      byId.push(...page.map(({ id }) => id));
    }
    expect(byIndex).toHaveLength(total);
    expect(new Set(byIndex).size).toBe(total);
    expect(byIndex).toEqual([...byIndex].sort());
    expect(byId).toEqual(byIndex);
  });
});
