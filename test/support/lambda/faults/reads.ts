import { expect } from "vitest";
import { newGroup, newUser, patch, unique, type Case, type Operation } from "./operations.ts";
import type { Scene } from "./world.ts";

/** A user in a group of three, for a request to find. */
interface Found {
  readonly user: string;
  readonly userName: string;
  readonly title: string;
  readonly group: string;
  readonly displayName: string;
  readonly members: readonly string[];
}

type Request = Pick<Case, "method" | "path" | "body" | "answer">;

const before = async (): Promise<string> => "unchanged";

const read = (name: string, request: (found: Found) => Request): Operation => ({
  name,
  isLarge: false,
  async prepare(scene, people) {
    return {
      ...request(await prepareFound(scene, people)),
      view: before,
      after: "unchanged",
      done: [200],
      isAtomic: true,
    };
  },
});

async function prepareFound(scene: Scene, people: readonly string[]): Promise<Found> {
  const [userName, title] = [`${unique("found").replace(" ", "")}@example.com`, unique("Title")];
  const user = await newUser(scene, { userName, externalId: userName, title });
  const members = [user, ...people.slice(0, 2)];
  const { id: group, displayName } = await newGroup(scene, members);
  return { user, userName, title, group, displayName, members };
}

const get = (path: string, answer: object): Request => ({ method: "GET", path, answer });
const filtered = (path: string, filter: string): string => `${path}?filter=${encodeURIComponent(filter)}`;
const one = (id: string): object => ({ totalResults: 1, Resources: [expect.objectContaining({ id }) as object] });
const withMembers = (ids: readonly string[]): object => ({
  members: [...ids].sort().map((value) => expect.objectContaining({ value }) as object),
});
const searched = (path: string, filter: string, answer: object): Request => ({
  method: "POST",
  path,
  body: { schemas: ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], filter },
  answer,
});

/** Requests that change nothing, and a bulk request. */
export const reads: readonly Operation[] = [
  read("GET user", ({ user, userName }) => get(`/Users/${user}`, { id: user, userName })),
  read("GET user with groups", ({ user, group }) =>
    get(`/Users/${user}?attributes=groups`, { id: user, groups: [expect.objectContaining({ value: group })] }),
  ),
  read("HEAD user", ({ user }) => ({ method: "HEAD", path: `/Users/${user}` })),
  read("GET group", ({ group, displayName, members }) =>
    get(`/Groups/${group}`, { id: group, displayName, ...withMembers(members) }),
  ),
  read("GET group without its members", ({ group, displayName }) =>
    get(`/Groups/${group}?excludedAttributes=members`, { id: group, displayName }),
  ),
  read("page of users by index", () => get("/Users?startIndex=2&count=2", { itemsPerPage: 2 })),
  read("page of groups by cursor", () => get("/Groups?cursor&count=1", { Resources: [expect.any(Object)] })),
  read("users by userName", ({ user, userName }) => get(filtered("/Users", `userName eq "${userName}"`), one(user))),
  read("users by externalId", ({ user, userName }) =>
    get(filtered("/Users", `externalId eq "${userName}"`), one(user)),
  ),
  read("users by a scan", ({ user, title }) => get(filtered("/Users", `title eq "${title}"`), one(user))),
  read("users by name and group", ({ user, userName, displayName }) =>
    get(filtered("/Users", `userName eq "${userName}" and groups.display eq "${displayName}"`), one(user)),
  ),
  read("users, sorted", ({ user, title }) =>
    get(`${filtered("/Users", `title eq "${title}"`)}&sortBy=userName`, one(user)),
  ),
  read("groups by displayName", ({ group, displayName }) =>
    get(filtered("/Groups", `displayName eq "${displayName}"`), one(group)),
  ),
  read("groups of a member", ({ user, group }) => get(filtered("/Groups", `members.value eq "${user}"`), one(group))),
  read("POST /Users/.search", ({ user, userName }) =>
    searched("/Users/.search", `userName eq "${userName}"`, one(user)),
  ),
  read("POST /.search", ({ user, userName }) => searched("/.search", `externalId eq "${userName}"`, one(user))),
  {
    name: "POST /Bulk",
    isLarge: false,
    async prepare(scene, people) {
      const { user, group, members } = await prepareFound(scene, people);
      const made = `${unique("bulk").replace(" ", "")}@example.com`;
      const added = people[5] ?? "";
      const Operations = [
        { method: "POST", path: "/Users", bulkId: "made", data: { userName: made } },
        {
          method: "PATCH",
          path: `/Groups/${group}`,
          data: patch({ op: "add", path: "members", value: [{ value: added }] }),
        },
        { method: "DELETE", path: `/Users/${user}` },
      ];
      const statusIs = (status: string): object => expect.objectContaining({ status }) as object;
      const rest = members.filter((id) => id !== user);
      return {
        method: "POST",
        path: "/Bulk",
        body: { schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], Operations },
        answer: { Operations: [statusIs("201"), statusIs("200"), statusIs("204")] },
        view: async () => {
          const isMade = (await scene.directory.findUserByUserName(made)) !== undefined;
          return `${isMade}: ${(await scene.directory.getGroupWithMembers(group)).members.join()}`;
        },
        after: `true: ${[...rest, added].sort().join()}`,
        done: [200],
        isAtomic: false,
      };
    },
  },
];
