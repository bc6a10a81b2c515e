import { beforeEach, describe, expect, it } from "vitest";
import type { Directory, JsonObject } from "../../../lambda/model.ts";
import { ENTERPRISE_USER } from "../../../lambda/scim/schema/index.ts";
import { createClient, type Answer, type Sent } from "../../support/lambda/http/client.ts";
import { createMemoryDirectory } from "../../support/lambda/http/memoryDirectory.ts";

/** Milliseconds that a request may take. */
const TIME = 26_000;
const BUSY = "The time of this request is over, and this operation was not begun. Send it again. Request id: request-1";

/** A client whose directory takes a given time for each call of these methods, without real waiting. */
function createSlowClient(costs: Partial<Record<keyof Directory, number>>) {
  const { directory } = createMemoryDirectory();
  let spent = 0;
  const slow = new Proxy(directory, {
    get(target, name, receiver) {
      spent += costs[name as keyof Directory] ?? 0;
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
  const { send } = createClient({ directory: slow, deadline: { remaining: () => TIME - spent } });
  return {
    directory,
    timeSpent: () => spent,
    send: (method: string, target: string, sent?: Sent): Promise<Answer> => {
      spent = 0;
      return send(method, target, sent);
    },
  };
}

type SlowClient = ReturnType<typeof createSlowClient>;

async function createUsers({ directory }: SlowClient, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    ids.push((await directory.createUser({ userName: `u${index}` })).id);
  }
  return ids.toSorted();
}

async function createGroups({ directory }: SlowClient, count: number, members: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    ids.push((await directory.createGroup({ displayName: `G${index}` }, new Set(members))).id);
  }
  return ids.toSorted();
}

const idsOf = ({ Resources }: JsonObject): string[] =>
  (Resources as JsonObject[]).map(({ id }) => (typeof id === "string" ? id : ""));

const tooSlow = (kind: "User" | "Group", advice: string): JsonObject => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
  status: "400",
  scimType: "tooMany",
  detail: `This ${kind} query takes longer than a request may. ${advice}`,
});
const userAdvice =
  "Filter by eq on id, userName, externalId or groups.value, or page with a cursor and without sortBy.";
const groupAdvice =
  "Filter by eq on members.value, id, displayName or externalId, or page with a cursor and without sortBy.";

describe("a bulk request whose time is over", () => {
  it("answers each operation that has not begun with 429, and keeps the performed ones", async () => {
    const client = createSlowClient({ updateUser: 1000 });
    const [id = ""] = await createUsers(client, 1);
    const Operations = Array.from({ length: 60 }, (_, index) => ({
      method: "PATCH",
      path: `/Users/${id}`,
      data: { Operations: [{ op: "replace", path: "title", value: `T${index}` }] },
    }));
    const { status, headers, body } = await client.send("POST", "/Bulk", { body: { Operations } });
    expect([status, headers["retry-after"]]).toEqual([200, "1"]);
    const results = body["Operations"] as JsonObject[];
    expect(results.map((result) => result["status"])).toEqual([
      ...Array<string>(26).fill("200"),
      ...Array<string>(34).fill("429"),
    ]);
    expect(results.at(-1)).toEqual({
      method: "PATCH",
      location: `https://scim.example.com/api/v1/scim/Users/${id}`,
      status: "429",
      response: { schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], status: "429", detail: BUSY },
    });
    expect((await client.send("GET", `/Users/${id}`)).body).toMatchObject({ title: "T25" });
  });

  it("begins nothing if the time is over from the start", async () => {
    const client = createSlowClient({});
    const late = createClient({ directory: client.directory, deadline: { remaining: () => 0 } });
    const Operations = [{ method: "POST", path: "/Users", bulkId: "a", data: { userName: "a" } }];
    const { body } = await late.send("POST", "/Bulk", { body: { Operations } });
    expect(body["Operations"]).toEqual([
      {
        method: "POST",
        bulkId: "a",
        status: "429",
        response: { schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], status: "429", detail: BUSY },
      },
    ]);
    expect((await client.send("GET", "/Users")).body["totalResults"]).toBe(0);
  });

  it("leaves no incomplete resource of a circle of references", async () => {
    const client = createSlowClient({ createUser: TIME });
    const managedBy = (value: string): JsonObject => ({ [ENTERPRISE_USER]: { manager: { value } } });
    const Operations = [
      { method: "POST", path: "/Users", bulkId: "a", data: { userName: "a", ...managedBy("bulkId:b") } },
      { method: "POST", path: "/Users", bulkId: "b", data: { userName: "b", ...managedBy("bulkId:a") } },
    ];
    const { body } = await client.send("POST", "/Bulk", { body: { Operations } });
    expect((body["Operations"] as JsonObject[]).map(({ status, location }) => [status, location])).toEqual([
      ["429", undefined],
      ["429", undefined],
    ]);
    expect((await client.send("GET", "/Users")).body["totalResults"]).toBe(0);
  });

  it("names an incomplete resource that could not be deleted again", async () => {
    const client = createSlowClient({ createUser: TIME });
    client.directory.deleteUser = () => Promise.reject(new TypeError("unexpected"));
    const data = { userName: "a", [ENTERPRISE_USER]: { manager: { value: "bulkId:a" } } };
    const Operations = [{ method: "POST", path: "/Users", bulkId: "a", data }];
    const { body } = await client.send("POST", "/Bulk", { body: { Operations } });
    const { Resources } = (await client.send("GET", "/Users")).body;
    const [user] = Resources as { id: string }[];
    expect(body["Operations"]).toMatchObject([
      {
        status: "500",
        location: `https://scim.example.com/api/v1/scim/Users/${user?.id}`,
        response: { detail: expect.stringContaining("created without its references") as unknown },
      },
    ]);
  });
});

describe("a scan whose time is over", () => {
  let client: SlowClient;
  let users: string[];
  beforeEach(async () => {
    client = createSlowClient({ getUserWithGroups: 100, getUser: 100 });
    users = await createUsers(client, 500);
    await createGroups(client, 1, users.slice(400));
  });

  it("ends its page early, and the cursors continue in both directions until every resource was visited once", async () => {
    const target = "/Users?filter=groups.display%20pr&count=200&attributes=id&cursor=";
    const found: string[][] = [];
    let page = (await client.send("GET", target)).body;
    expect(page).toMatchObject({ itemsPerPage: 0, Resources: [] });
    expect(client.timeSpent()).toBeLessThan(TIME);
    while (found.push(idsOf(page)) && page["nextCursor"] !== undefined) {
      page = (await client.send("GET", target + (page["nextCursor"] as string))).body;
      expect(client.timeSpent()).toBeLessThan(TIME);
    }
    expect(found.length).toBeGreaterThan(2);
    expect(found.flat()).toEqual(users.slice(400));

    const back: string[][] = [];
    while (page["previousCursor"] !== undefined) {
      page = (await client.send("GET", target + (page["previousCursor"] as string))).body;
      back.unshift(idsOf(page));
      expect(client.timeSpent()).toBeLessThan(TIME);
    }
    expect([...back.flat(), ...(found.at(-1) ?? [])]).toEqual(users.slice(400));
  });

  it.each([
    ["by index", "/Users?filter=groups.display%20pr", "User", userAdvice],
    ["sorted", "/Users?filter=groups.display%20pr&sortBy=userName", "User", userAdvice],
    ["sorted, by cursor", "/Users?filter=groups.display%20pr&sortBy=userName&cursor", "User", userAdvice],
    [
      "of the groups that a lookup found",
      "/Users?filter=id%20pr%20and%20not%20(groups.display%20pr)",
      "User",
      userAdvice,
    ],
  ] as const)("%s is tooMany, and says what to request instead", async (_name, target, kind, advice) => {
    const { status, body } = await client.send("GET", target);
    expect([status, body]).toEqual([400, tooSlow(kind, advice)]);
    expect(client.timeSpent()).toBeLessThan(TIME);
  });

  it("reading a group's members is tooMany, and says what to request instead", async () => {
    const all = await client.directory.createGroup({ displayName: "all" }, new Set(users));
    const { status, body } = await client.send("GET", `/Users?filter=groups%20eq%20%22${all.id}%22`);
    const advice = "Read the group with attributes=members, and its members by id.";
    expect([status, body]).toEqual([400, tooSlow("User", advice)]);
    expect(client.timeSpent()).toBeLessThan(TIME);
  });

  it("of many lookups is tooMany", async () => {
    const filter = users
      .slice(0, 240)
      .map((_, index) => `id eq "u${index}"`)
      .join(" or ")
      .slice(0, 4000);
    const whole = filter.slice(0, filter.lastIndexOf(" or "));
    const slower = createSlowClient({ getUser: 200 });
    const { status, body } = await slower.send("POST", "/Users/.search", { body: { filter: whole } });
    expect([status, body]).toEqual([400, tooSlow("User", userAdvice)]);
    expect(slower.timeSpent()).toBeLessThan(TIME);
  });
});

describe("a page whose time is over", () => {
  let client: SlowClient;
  let groups: string[];
  beforeEach(async () => {
    client = createSlowClient({ getGroupWithMembers: 2000 });
    groups = await createGroups(client, 30, await createUsers(client, 2));
  });

  it("ends early, and the next index continues", async () => {
    const found: string[] = [];
    for (let startIndex = 1; startIndex <= 30; startIndex = found.length + 1) {
      const { status, body } = await client.send("GET", `/Groups?startIndex=${startIndex}`);
      expect(status).toBe(200);
      expect(body).toMatchObject({ totalResults: 30, startIndex });
      found.push(...idsOf(body));
    }
    expect(found).toEqual(groups);
  });

  it("ends early, and its cursors continue, forwards and backwards", async () => {
    const pages: string[][] = [];
    let page = (await client.send("GET", "/Groups?cursor")).body;
    while (pages.push(idsOf(page)) && page["nextCursor"] !== undefined) {
      page = (await client.send("GET", `/Groups?cursor=${page["nextCursor"] as string}`)).body;
    }
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flat()).toEqual(groups);
    const back: string[][] = [];
    while (page["previousCursor"] !== undefined) {
      page = (await client.send("GET", `/Groups?cursor=${page["previousCursor"] as string}`)).body;
      back.unshift(idsOf(page));
    }
    expect([...back.flat(), ...(pages.at(-1) ?? [])]).toEqual(groups);
  });

  it("shows one resource if the time is over from the start", async () => {
    const late = createClient({ directory: client.directory, deadline: { remaining: () => -1 } });
    const { body } = await late.send("GET", "/Groups");
    expect(body).toMatchObject({ totalResults: 30, itemsPerPage: 1 });
    const scan = (await late.send("GET", "/Groups?filter=members%20pr&cursor&excludedAttributes=members")).body;
    expect(idsOf(scan)).toEqual(groups.slice(0, 1));
    expect(scan).toHaveProperty("nextCursor");
    const { status, body: refused } = await late.send("POST", "/Groups/.search", { body: { filter: "members pr" } });
    expect([status, refused]).toEqual([400, tooSlow("Group", groupAdvice)]);
  });
});
