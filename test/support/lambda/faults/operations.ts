import { z } from "zod";
import { AbsentError } from "../../../../lambda/directory/errors.ts";
import type { Scene } from "./world.ts";

/** One request against a directory that was prepared for it, and its visible effects. */
export interface Case {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** What a reader sees of it at this moment. */
  view(): Promise<string>;
  /** What a reader sees once it is done. */
  readonly after: string;
  /** What the body of the first answer must contain; undefined if only the status matters. */
  readonly answer?: object;
  /** Final answers that mean that it is done: a retry may find that an attempt without an answer performed it. */
  readonly done: readonly number[];
  /** Whether a reader may see it half done: deletions remove a resource in parts. */
  readonly isAtomic: boolean;
}

export interface Operation {
  readonly name: string;
  /** Whether it takes more than one transaction. */
  readonly isLarge: boolean;
  prepare(scene: Scene, people: readonly string[]): Promise<Case>;
}

let serial = 0;
export const unique = (prefix: string): string => `${prefix} ${(serial += 1)}`;
const idOf = (body: unknown): string => z.object({ id: z.string() }).parse(body).id;
const members = (ids: readonly string[]): { value: string }[] => ids.map((value) => ({ value }));
export const patch = (...Operations: object[]) => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations,
});

async function or<T>(absent: T, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AbsentError) return absent;
    throw error;
  }
}

/** Members are described by their number from each list: a mixture shows as a count in between. */
const shape = (name: string, ids: readonly string[]): string => `${name}: ${[...ids].sort().join(",")}`;
const groupView = (scene: Scene, id: string) => (): Promise<string> =>
  or("absent", async () => {
    const { group, members: ids } = await scene.directory.getGroupWithMembers(id);
    return shape(z.string().parse(group.attributes["displayName"]), ids);
  });
const userView = (scene: Scene, id: string) => (): Promise<string> =>
  or("absent", async () => JSON.stringify((await scene.directory.getUser(id)).attributes));

export async function newUser(scene: Scene, extra: object = {}): Promise<string> {
  const userName = `${unique("person").replace(" ", "")}@example.com`;
  return idOf((await scene.scim("POST", "/Users", { userName, externalId: userName, ...extra })).body);
}

export async function newGroup(scene: Scene, ids: readonly string[]): Promise<{ id: string; displayName: string }> {
  const displayName = unique("Group");
  const { body } = await scene.scim("POST", "/Groups", { displayName, members: members(ids) });
  return { id: idOf(body), displayName };
}

/** A change of an existing group's members, from some people to others. */
const change = (
  name: string,
  isLarge: boolean,
  before: number,
  request: (
    ids: readonly string[],
    displayName: string,
  ) => { method: string; body: object; members: readonly string[] },
): Operation => ({
  name,
  isLarge,
  async prepare(scene, people) {
    const { id, displayName } = await newGroup(scene, people.slice(0, before));
    const { method, body, members: after } = request(people, displayName);
    const renamed = z.object({ displayName: z.string() }).catch({ displayName }).parse(body).displayName;
    return {
      method,
      path: `/Groups/${id}`,
      body,
      view: groupView(scene, id),
      after: shape(renamed, after),
      done: [200, 204],
      isAtomic: true,
    };
  },
});

const added = (ids: readonly string[]) => patch({ op: "add", path: "members", value: members(ids) });
const removed = (ids: readonly string[]) =>
  patch(...ids.map((id) => ({ op: "remove", path: `members[value eq "${id}"]` })));

const creation = (name: string, size: number): Operation => ({
  name,
  isLarge: size > 31,
  async prepare(scene, people) {
    const displayName = unique("Made");
    const ids = people.slice(0, size);
    return {
      method: "POST",
      path: "/Groups",
      body: { displayName, externalId: displayName, members: members(ids) },
      view: async () => {
        const found = await scene.directory.findGroupByDisplayName(displayName);
        return found === undefined ? "absent" : groupView(scene, found.id)();
      },
      after: shape(displayName, ids),
      done: [201, 409],
      isAtomic: true,
    };
  },
});

const userChange = (
  name: string,
  request: (userName: string) => { method: string; body: object; attributes: object },
): Operation => ({
  name,
  isLarge: false,
  async prepare(scene) {
    const userName = `${unique("changed").replace(" ", "")}@example.com`;
    const id = idOf((await scene.scim("POST", "/Users", { userName, active: true })).body);
    const { method, body, attributes } = request(userName);
    return {
      method,
      path: `/Users/${id}`,
      body,
      view: userView(scene, id),
      after: JSON.stringify(attributes),
      done: [200],
      isAtomic: true,
    };
  },
});

/** The people that the operations below need. */
export const PEOPLE = 240;

export const operations: readonly Operation[] = [
  {
    name: "POST user",
    isLarge: false,
    async prepare(scene) {
      const userName = `${unique("made").replace(" ", "")}@example.com`;
      return {
        method: "POST",
        path: "/Users",
        body: { userName, externalId: userName },
        view: async () =>
          JSON.stringify((await scene.directory.findUserByUserName(userName))?.attributes["userName"] ?? "absent"),
        after: JSON.stringify(userName),
        done: [201, 409],
        isAtomic: true,
      };
    },
  },
  userChange("PUT user under another name", (userName) => {
    const attributes = { active: true, userName: `new-${userName}`, externalId: userName };
    return { method: "PUT", body: { userName: `new-${userName}`, externalId: userName, active: true }, attributes };
  }),
  userChange("PATCH user", (userName) => ({
    method: "PATCH",
    body: patch({ op: "replace", value: { active: false } }),
    attributes: { active: false, userName },
  })),
  {
    name: "DELETE user in 35 groups",
    isLarge: true,
    async prepare(scene) {
      const user = await newUser(scene);
      for (let at = 0; at < 35; at += 1) await newGroup(scene, [user]);
      const path = `/Users/${user}`;
      const view = async (): Promise<string> =>
        `${await userView(scene, user)()} in ${(await scene.directory.groupsWithMember(user)).length}`;
      return { method: "DELETE", path, view, after: "absent in 0", done: [204, 404], isAtomic: false };
    },
  },
  creation("POST group of 5", 5),
  creation("POST group of 120", 120),
  change("PATCH adds 3 members", false, 10, (ids) => ({
    method: "PATCH",
    body: added(ids.slice(10, 13)),
    members: ids.slice(0, 13),
  })),
  change("PATCH removes 3 members", false, 10, (ids) => ({
    method: "PATCH",
    body: removed(ids.slice(0, 3)),
    members: ids.slice(3, 10),
  })),
  change("PATCH adds 120 members", true, 10, (ids) => ({
    method: "PATCH",
    body: added(ids.slice(10, 130)),
    members: ids.slice(0, 130),
  })),
  change("PATCH removes 120 members", true, 130, (ids) => ({
    method: "PATCH",
    body: removed(ids.slice(0, 120)),
    members: ids.slice(120, 130),
  })),
  change("PUT group with 2 members changed", false, 20, (ids, displayName) => {
    const after = [...ids.slice(1, 20), ids[30] ?? ""];
    return { method: "PUT", body: { displayName, members: members(after) }, members: after };
  }),
  change("PUT group of 120 by 120 others under another name", true, 120, (ids, displayName) => {
    const after = ids.slice(120, 240);
    return { method: "PUT", body: { displayName: `${displayName} new`, members: members(after) }, members: after };
  }),
  change("PUT group renamed", false, 3, (ids, displayName) => ({
    method: "PUT",
    body: { displayName: `${displayName} renamed`, members: members(ids.slice(0, 3)) },
    members: ids.slice(0, 3),
  })),
  {
    name: "DELETE group of 120",
    isLarge: true,
    async prepare(scene, people) {
      const { id } = await newGroup(scene, people.slice(0, 120));
      const view = groupView(scene, id);
      return { method: "DELETE", path: `/Groups/${id}`, view, after: "absent", done: [204, 404], isAtomic: true };
    },
  },
];
