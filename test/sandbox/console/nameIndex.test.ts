import fc from "fast-check";
import { expect, it } from "vitest";
import type { ServedRequest } from "../../../sandbox/aws/index.ts";
import { changedBy, createNameIndex } from "../../../sandbox/console/directory/nameIndex.ts";
import { DirectoryFailure, type ScimReader } from "../../../sandbox/console/directory/scimReader.ts";

interface User {
  readonly id: string;
  readonly userName: string;
  readonly displayName?: string;
  readonly title?: string;
  readonly externalId?: string;
}

/** A service that answers as the real one does: pages by cursor, and lookups by id. It counts its answers. */
function createService() {
  const users = new Map<string, User>();
  const state = { answers: 0, isDown: false };
  const list: ScimReader["list"] = (_, { filter, cursor = "", count = "" }) => {
    if (state.isDown) return Promise.reject(new DirectoryFailure("The service does not answer"));
    state.answers += 1;
    if (filter !== undefined) {
      const ids = [...filter.matchAll(/id eq "([^"]+)"/g)].map(([, id = ""]) => id);
      return Promise.resolve({ Resources: ids.flatMap((id) => users.get(id) ?? []) });
    }
    const after = [...users.values()].filter(({ id }) => id > cursor).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const Resources = after.slice(0, Number(count));
    const last = Resources.at(-1);
    return Promise.resolve({ Resources, ...(last && after.length > Resources.length ? { nextCursor: last.id } : {}) });
  };
  const reader: ScimReader = { list, get: () => Promise.reject(new Error("not asked")) };
  return { users, state, reader };
}

const served = (method: string, path: string, status = 200, body: unknown = {}): ServedRequest => ({
  method,
  path: `/scim${path}`,
  answer: { status, headers: {}, body: Buffer.from(JSON.stringify(body)) },
});

/** All work that was started has ended: each answer of the service is a promise that is already resolved. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const id = fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h");
const name = fc.constantFrom("Anna", "Hannah", "ANN", "Ben", "Benjamin", "");
const change = fc.oneof(
  fc.record({ kind: fc.constantFrom("create", "bulk", "change"), id, userName: name, title: name, externalId: name }),
  fc.record({ kind: fc.constant("delete"), id }),
);

it("finds after any changes the users that a walk through all of them would find", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 12 }), fc.nat(12), name, async (changes, startAt, search) => {
      const { users, reader } = createService();
      const index = createNameIndex(reader);
      for (const [at, { kind, ...user }] of changes.entries()) {
        if (at === startAt) index.prepare();
        if (kind === "delete") users.delete(user.id);
        else users.set(user.id, { userName: "", ...user });
        if (kind === "create") index.heard(served("POST", "/Users", 201, { id: user.id }));
        else if (kind === "bulk")
          index.heard(served("POST", "/Bulk", 200, { Operations: [{ location: `https://x/Users/${user.id}` }, {}] }));
        else index.heard(served(kind === "delete" ? "DELETE" : "PATCH", `/Users/${user.id}`, 204));
      }
      await index.find(search);
      await settled();
      const wanted = [...users.values()].filter(
        ({ userName, title = "", externalId }) =>
          `${userName}\n${title}`.toLowerCase().includes(search.toLowerCase()) || externalId === search,
      );
      expect(new Set(await index.find(search))).toEqual(new Set(wanted.map((user) => user.id)));
    }),
  );
});

it("answers from memory as long as nothing has changed, in order of userName", async () => {
  const { users, state, reader } = createService();
  for (let n = 0; n < 450; n += 1) users.set(`u${n}`, { id: `u${n}`, userName: `Person ${999 - n}` });
  const index = createNameIndex(reader);
  expect(await index.find("person")).toBeUndefined();
  await settled();
  const read = state.answers;
  expect(read).toBe(3);
  expect((await index.find("person"))?.slice(0, 2)).toEqual(["u449", "u448"]);
  index.heard(served("PATCH", "/Groups/g1"));
  index.heard(served("GET", "/Users/u1"));
  index.heard(served("POST", "/Users/.search"));
  index.heard(served("POST", "/Users", 409));
  await index.find("person 9");
  expect(state.answers).toBe(read);
});

it("reads all names again if it cannot know the changed ones, and after a failure", async () => {
  const { users, state, reader } = createService();
  users.set("u1", { id: "u1", userName: "anna" });
  const index = createNameIndex(reader);
  state.isDown = true;
  index.prepare();
  await settled();
  state.isDown = false;
  expect(await index.find("anna")).toBeUndefined();
  await settled();
  expect(await index.find("anna")).toEqual(["u1"]);
  users.set("u2", { id: "u2", userName: "hanna" });
  index.heard({ method: "POST", path: "/scim/Users", answer: undefined });
  expect(await index.find("anna")).toBeUndefined();
  await settled();
  expect(await index.find("anna")).toEqual(["u1", "u2"]);
});

it("reads many changed users in the background", async () => {
  const { users, reader } = createService();
  const index = createNameIndex(reader);
  index.prepare();
  await settled();
  for (let n = 0; n < 600; n += 1) {
    users.set(`u${n}`, { id: `u${n}`, userName: `person${n}` });
    index.heard(served("POST", "/Users", 201, { id: `u${n}` }));
  }
  expect(await index.find("person599")).toBeUndefined();
  await settled();
  expect(await index.find("person599")).toEqual(["u599"]);
});

it.each([
  ["PUT", "/Users/abc-1", ["abc-1"]],
  ["PUT", "/Users/%61", undefined],
  ["POST", "/Users", undefined],
  ["POST", "/Bulk", undefined],
  ["GET", "/Users", []],
])("of %s %s without an answer, the changed users are %j", (method, path, ids) => {
  expect(changedBy({ method, path: `/scim${path}`, answer: undefined })).toEqual(ids);
});
