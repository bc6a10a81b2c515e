import { beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../lambda/model.ts";
import { createClient } from "../../support/lambda/http/client.ts";
import { createMemoryDirectory } from "../../support/lambda/http/memoryDirectory.ts";

const client = createClient();
const { send, memory } = client;
const ids: Record<string, string> = {};

async function make(target: string, body: JsonObject): Promise<string> {
  return (await send("POST", target, { body })).id;
}

beforeAll(async () => {
  for (const [userName, title] of [
    ["ann", "Boss"],
    ["bob", "Clerk"],
    ["cy", null],
  ] as const) {
    ids[userName] = await make("/Users", {
      userName,
      title,
      externalId: `00u-${userName}`,
      emails: [{ value: `${userName}@x`, type: "work" }],
    });
  }
  ids["sales"] = await make("/Groups", {
    displayName: "Sales",
    members: [{ value: ids["ann"] ?? "" }, { value: ids["bob"] ?? "" }],
  });
  ids["it"] = await make("/Groups", { displayName: "IT", externalId: "x-it", members: [{ value: ids["bob"] ?? "" }] });
});

const query = (parameters: Record<string, string>): string => new URLSearchParams(parameters).toString();

async function names(target: string, parameters: Record<string, string>): Promise<unknown[]> {
  const { body } = await send("GET", `${target}?${query(parameters)}`);
  const resources = Array.isArray(body["Resources"]) ? body["Resources"] : [];
  return resources.map((item) => {
    const resource = item as JsonObject;
    return resource["userName"] ?? resource["displayName"];
  });
}

describe("a filter with a lookup", () => {
  it.each([
    ["/Users", 'userName eq "ANN"', ["ann"], "findUserByUserName"],
    ["/Users", 'externalId eq "00u-bob"', ["bob"], "findByExternalId"],
    ["/Users", 'userName eq "ann" and title eq "boss"', ["ann"], "findUserByUserName"],
    ["/Users", 'title eq "clerk" and userName eq "ann"', [], "findUserByUserName"],
    ["/Groups", 'displayName eq "sales"', ["Sales"], "findGroupByDisplayName"],
    ["/Groups", 'externalId eq "x-it"', ["IT"], "findByExternalId"],
  ] as const)("%s: %s reads no list", async (target, filter, expected, method) => {
    memory.calls.length = 0;
    expect(await names(target, { filter })).toEqual(expected);
    expect(memory.calls).toContain(method);
    expect(memory.calls).not.toContain("pageAfter");
  });

  it("finds by id", async () => {
    expect(await names("/Users", { filter: `id eq "${ids["cy"]}"` })).toEqual(["cy"]);
    expect(await names("/Users", { filter: 'id eq "nobody"' })).toEqual([]);
  });

  it("finds the groups of a member without reading members", async () => {
    memory.calls.length = 0;
    const found = await names("/Groups", { filter: `members.value eq "${ids["bob"]}"`, excludedAttributes: "members" });
    expect(found.toSorted()).toEqual(["IT", "Sales"]);
    expect(memory.calls).not.toContain("getGroupWithMembers");
    expect(await names("/Groups", { filter: `members[value eq "${ids["ann"]}"]` })).toEqual(["Sales"]);
    expect(await names("/Groups", { filter: `members.value eq "${ids["bob"]}" and displayName sw "s"` })).toEqual([
      "Sales",
    ]);
    expect(await names("/Groups", { filter: 'members.value eq "nobody"' })).toEqual([]);
  });
});

describe("a filter without a lookup", () => {
  it.each([
    ["/Users", 'title sw "b"', ["ann"]],
    ["/Users", 'userName eq "ann" or userName eq "bob"', ["ann", "bob"]],
    ["/Users", 'not (userName eq "ann")', ["bob", "cy"]],
    ["/Users", "title eq null", ["cy"]],
    ["/Users", 'emails[type eq "work" and value sw "b"]', ["bob"]],
    ["/Groups", "members pr", ["IT", "Sales"]],
  ] as const)("%s: %s", async (target, filter, expected) => {
    expect((await names(target, { filter })).toSorted()).toEqual(expected);
  });

  it("reads the groups of users if the filter names them", async () => {
    expect(await names("/Users", { filter: `groups.value eq "${ids["it"]}"` })).toEqual(["bob"]);
  });

  it("rejects a filter that would read more than 5,000 resources with tooMany", async () => {
    const stored = (id: number) => ({
      id: String(id),
      version: "1",
      created: "",
      lastModified: "",
      attributes: { userName: `u${id}` },
    });
    const directory = {
      ...createMemoryDirectory().directory,
      pageAfter: (_kind: string, after: string | undefined, count: number) =>
        Promise.resolve(Array.from({ length: count }, (_, index) => stored(Number(after ?? 0) + index + 1))),
    };
    const answer = await createClient({ directory }).send("GET", "/Users?filter=title%20pr");
    expect(answer).toMatchObject({ status: 400, body: { scimType: "tooMany" } });
  });

  it("rejects a wrong filter with invalidFilter, never with a list", async () => {
    const answer = await send("GET", `/Users?${query({ filter: 'shoeSize eq "9"' })}`);
    expect(answer).toMatchObject({ status: 400, body: { scimType: "invalidFilter" } });
  });
});

describe("pages", () => {
  it.each([
    ["count=0", { totalResults: 3, itemsPerPage: 0, startIndex: 1 }],
    ["count=-1", { totalResults: 3, itemsPerPage: 0 }],
    ["startIndex=-5&count=2", { totalResults: 3, itemsPerPage: 2, startIndex: 1 }],
    ["startIndex=3&count=2", { totalResults: 3, itemsPerPage: 1, startIndex: 3 }],
    ["startIndex=9", { totalResults: 3, itemsPerPage: 0, startIndex: 9 }],
    ["filter=userName%20pr&startIndex=3", { totalResults: 3, itemsPerPage: 1, startIndex: 3 }],
    ["filter=userName%20pr&count=0", { totalResults: 3, itemsPerPage: 0 }],
    ["count=", { totalResults: 3, itemsPerPage: 3, startIndex: 1 }],
  ])("%s", async (parameters, expected) => {
    expect((await send("GET", `/Users?${parameters}`)).body).toMatchObject(expected);
  });

  it.each([
    ["count=ten"],
    ["count=1.5"],
    ["startIndex=x"],
    ["sortBy=shoeSize"],
    ["sortBy=name"],
    ["sortBy=title&sortOrder=up"],
  ])("rejects %s with invalidValue", async (parameters) => {
    expect(await send("GET", `/Users?${parameters}`)).toMatchObject({
      status: 400,
      body: { scimType: "invalidValue" },
    });
  });

  it("sorts resources without a value last if ascending and first if descending", async () => {
    expect(await names("/Users", { sortBy: "title" })).toEqual(["ann", "bob", "cy"]);
    expect(await names("/Users", { sortBy: "title", sortOrder: "descending" })).toEqual(["cy", "bob", "ann"]);
    expect(await names("/Users", { sortBy: "emails.value", sortOrder: "descending", count: "1" })).toEqual(["cy"]);
  });
});

describe("projection", () => {
  const get = async (parameters: string): Promise<JsonObject> =>
    (await send("GET", `/Users/${ids["bob"]}?${parameters}`)).body;

  it("returns only the requested attributes, with schemas and id", async () => {
    const body = await get("attributes=USERNAME,emails.value,unknown");
    expect(Object.keys(body).toSorted()).toEqual(["emails", "id", "schemas", "userName"]);
    expect(body["emails"]).toEqual([{ value: "bob@x" }]);
  });

  it("leaves out excluded attributes, but never the id", async () => {
    const body = await get("excludedAttributes=emails,id,meta");
    expect(body).not.toHaveProperty("emails");
    expect(body).not.toHaveProperty("meta");
    expect(body["id"]).toBe(ids["bob"]);
  });

  it("returns a user's groups only on request", async () => {
    expect(await get("")).not.toHaveProperty("groups");
    const { groups } = await get("attributes=groups");
    expect(groups).toHaveLength(2);
    expect(groups).toContainEqual({
      value: ids["it"],
      display: "IT",
      type: "direct",
      $ref: expect.stringContaining(`/Groups/${ids["it"]}`) as unknown,
    });
  });

  it("returns a member's $ref only on request", async () => {
    const answer = await send("GET", `/Groups/${ids["it"]}?attributes=members.$ref`);
    expect(answer.body["members"]).toEqual([{ $ref: expect.stringContaining(`/Users/${ids["bob"]}`) as unknown }]);
  });

  it("answers a group's PATCH with a body if attributes are requested", async () => {
    const Operations = [{ op: "add", path: "externalId", value: "x-it" }];
    const answer = await send("PATCH", `/Groups/${ids["it"]}?attributes=displayName`, { body: { Operations } });
    expect(answer).toMatchObject({ status: 200, body: { displayName: "IT" } });
    expect(answer.body).not.toHaveProperty("members");
  });
});

describe(".search", () => {
  it("queries one type", async () => {
    const body = { filter: 'userName eq "ann"', attributes: ["userName"], count: 10 };
    expect((await send("POST", "/Users/.search", { body })).body).toMatchObject({
      totalResults: 1,
      Resources: [{ userName: "ann" }],
    });
  });

  it("queries all types, in pages across them", async () => {
    const { body } = await send("POST", "/.search", { body: { startIndex: 3, count: 2 } });
    expect(body).toMatchObject({ totalResults: 5, itemsPerPage: 2, startIndex: 3 });
    expect(body["Resources"]).toMatchObject([{ meta: { resourceType: "User" } }, { meta: { resourceType: "Group" } }]);
  });

  it("searches the types that have the attribute, and rejects one that no type has", async () => {
    expect((await send("POST", "/.search", { body: { filter: "userName pr" } })).body).toMatchObject({
      totalResults: 3,
    });
    expect((await send("POST", "/.search", { body: { filter: "shoeSize pr" } })).status).toBe(400);
  });
});
