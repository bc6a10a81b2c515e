import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../../lambda/model.ts";
import { ENTERPRISE_USER } from "../../../lambda/scim/schema/index.ts";
import { BASE_URL, createClient } from "../../support/lambda/http/client.ts";
import { createMemoryDirectory } from "../../support/lambda/http/memoryDirectory.ts";

const BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

type Client = ReturnType<typeof createClient>;

async function bulk({ send }: Client, Operations: JsonValue[], more: JsonObject = {}) {
  const answer = await send("POST", "/Bulk", { body: { schemas: [BULK], Operations, ...more } });
  const results = answer.body["Operations"];
  return { ...answer, results: Array.isArray(results) ? (results as JsonObject[]) : [] };
}

const user = (bulkId: string, data: JsonObject = {}): JsonObject => ({
  method: "POST",
  path: "/Users",
  bulkId,
  data: { userName: bulkId, ...data },
});
const managedBy = (value: string): JsonObject => ({ [ENTERPRISE_USER]: { manager: { value } } });
const idOf = (result: JsonObject | undefined): string => {
  const location = result?.["location"];
  return typeof location === "string" ? (location.split("/").at(-1) ?? "") : "";
};

async function managerOf({ send }: Client, id: string): Promise<unknown> {
  const { body } = await send("GET", `/Users/${id}`);
  const extension = body[ENTERPRISE_USER] as JsonObject | undefined;
  return (extension?.["manager"] as JsonObject | undefined)?.["value"];
}

describe("a bulk request", () => {
  it("creates, replaces, patches and deletes, each with its own status (RFC 7644 §3.7.3)", async () => {
    const client = createClient();
    const { id, headers } = await client.send("POST", "/Users", { body: { userName: "old" } });
    const gone = (await client.send("POST", "/Users", { body: { userName: "gone" } })).id;
    const { status, body, results } = await bulk(client, [
      user("new"),
      { method: "put", path: `/Users/${id}`, version: headers["etag"] ?? "", data: { userName: "older" } },
      { method: "PATCH", path: `/Users/${id}`, data: { Operations: [{ op: "add", path: "title", value: "T" }] } },
      { method: "DELETE", path: `/Users/${gone}` },
    ]);
    expect(status).toBe(200);
    expect(body["schemas"]).toEqual(["urn:ietf:params:scim:api:messages:2.0:BulkResponse"]);
    const made = idOf(results[0]);
    const version = async (of: string): Promise<unknown> => (await client.send("GET", `/Users/${of}`)).headers["etag"];
    expect(results).toEqual([
      {
        method: "POST",
        bulkId: "new",
        location: `${BASE_URL}/Users/${made}`,
        version: await version(made),
        status: "201",
      },
      { method: "PUT", location: `${BASE_URL}/Users/${id}`, version: expect.any(String) as unknown, status: "200" },
      { method: "PATCH", location: `${BASE_URL}/Users/${id}`, version: await version(id), status: "200" },
      { method: "DELETE", location: `${BASE_URL}/Users/${gone}`, status: "204" },
    ]);
    expect((await client.send("GET", `/Users/${id}`)).body).toMatchObject({ userName: "older", title: "T" });
    expect((await client.send("GET", `/Users/${gone}`)).status).toBe(404);
  });

  it("applies the rules of the single request to each operation", async () => {
    const client = createClient();
    const { id } = await client.send("POST", "/Users", { body: { userName: "a" } });
    const { results } = await bulk(client, [
      user("a"),
      { method: "PUT", path: `/Users/${id}`, version: 'W/"other"', data: { userName: "b" } },
      { method: "PATCH", path: `/Users/${id}`, data: { Operations: [{ op: "replace", path: "id", value: "x" }] } },
      { method: "DELETE", path: "/Users/nobody" },
      { method: "POST", path: "/Users", bulkId: "nameless", data: {} },
      { method: "POST", path: "/Users", data: { userName: "c" } },
      { method: "GET", path: `/Users/${id}` },
      { method: "POST", path: "/Bulk", bulkId: "x", data: { Operations: [] } },
      { method: "POST", path: "/Users/.search", bulkId: "y", data: {} },
      { method: "DELETE", path: "/Users" },
      { method: "PUT", path: `/Users/${id}` },
    ]);
    expect(results.map(({ status, response }) => [status, (response as JsonObject)["scimType"]])).toEqual([
      ["409", "uniqueness"],
      ["412", undefined],
      ["400", "mutability"],
      ["404", undefined],
      ["400", "invalidValue"],
      ["400", "invalidValue"],
      ["400", "invalidSyntax"],
      ["400", "invalidPath"],
      ["400", "invalidPath"],
      ["405", undefined],
      ["400", "invalidSyntax"],
    ]);
    expect(results[0]).not.toHaveProperty("location");
    expect((await client.send("GET", "/Users")).body["totalResults"]).toBe(1);
  });

  it("stops after failOnErrors errors and leaves out operations that were not performed", async () => {
    const client = createClient();
    const { results } = await bulk(
      client,
      [user("a"), user("A"), user("b"), { method: "DELETE", path: "/Users/x" }, user("c")],
      {
        failOnErrors: 2,
      },
    );
    expect(results.map(({ status }) => status)).toEqual(["201", "409", "201", "404"]);
  });

  it("does every operation with failOnErrors 0, the default of some clients", async () => {
    const client = createClient();
    const { results } = await bulk(client, [user("a"), user("A"), user("b")], { failOnErrors: 0 });
    expect(results.map(({ status }) => status)).toEqual(["201", "409", "201"]);
  });

  it.each([
    ["no operations", { schemas: [BULK] }, 400],
    ["another schema", { schemas: ["urn:x"], Operations: [] }, 400],
    ["failOnErrors -1", { Operations: [], failOnErrors: -1 }, 400],
    ["a text operation", { Operations: ["x"] }, 400],
    ["a number as method", { Operations: [{ method: 1 }] }, 400],
    ["one bulkId twice", { Operations: [user("a"), user("a")] }, 400],
    ["too many operations", { Operations: Array.from({ length: 501 }, (_, index) => user(`u${index}`)) }, 413],
  ] as [string, JsonObject, number][])("does nothing with %s", async (_name, body, status) => {
    const client = createClient();
    expect((await client.send("POST", "/Bulk", { body })).status).toBe(status);
    expect((await client.send("GET", "/Users")).body["totalResults"]).toBe(0);
  });

  it("performs no further operation after a 429 of the directory, and says so", async () => {
    const memory = createMemoryDirectory().directory;
    const { ScimError } = await import("../../../lambda/scim/error.ts");
    let calls = 0;
    const directory = {
      ...memory,
      createUser: (attributes: JsonObject) => {
        if (++calls > 1) throw ScimError.busy("busy", 1);
        return memory.createUser(attributes);
      },
    };
    const { results } = await bulk(createClient({ directory }), [user("a"), user("b"), user("c")]);
    expect(results.map(({ status }) => status)).toEqual(["201", "429", "429"]);
    expect(calls).toBe(2);
  });

  it("keeps performed operations if one fails unexpectedly, logs the error and stops", async () => {
    const memory = createMemoryDirectory().directory;
    const directory = { ...memory, deleteUser: () => Promise.reject(new TypeError("of ann@example.com")) };
    const client = createClient({ directory });
    const { status, results } = await bulk(client, [user("a"), { method: "DELETE", path: "/Users/x" }, user("b")]);
    expect(status).toBe(200);
    expect(results.map((result) => result["status"])).toEqual(["201", "500"]);
    expect(client.lines[0]?.error).toMatch(/^TypeError at /);
    expect(JSON.stringify([results, client.lines])).not.toContain("ann@example.com");
  });
});

describe("bulkId references", () => {
  it("resolve in members, in a value filter and in a path, backwards and forwards", async () => {
    const client = createClient();
    const { results } = await bulk(client, [
      {
        method: "PATCH",
        path: "/Groups/bulkId:g",
        data: { Operations: [{ op: "remove", path: 'members[value eq "bulkId:b"]' }] },
      },
      {
        method: "POST",
        path: "/Groups",
        bulkId: "g",
        data: { displayName: "G", members: [{ value: "bulkId:a" }, { value: "bulkId:b", $ref: "../Users/bulkId:b" }] },
      },
      user("a", managedBy("bulkId:b")),
      user("b"),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["200", "201", "201", "201"]);
    const [, group, a, b] = results.map(idOf);
    expect((await client.send("GET", `/Groups/${group}?attributes=members.value`)).body["members"]).toEqual([
      { value: a },
    ]);
    expect(await managerOf(client, a ?? "")).toBe(b);
  });

  it("resolve in a circle of three, and in a circle of one", async () => {
    const client = createClient();
    const { results } = await bulk(client, [
      user("a", managedBy("bulkId:b")),
      user("b", managedBy("bulkId:c")),
      user("c", managedBy("bulkId:a")),
      user("d", { ...managedBy("bulkId:d"), active: false }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["201", "201", "201", "201"]);
    const [a = "", b = "", c = "", d = ""] = results.map(idOf);
    expect(await Promise.all([a, b, c, d].map((id) => managerOf(client, id)))).toEqual([b, c, a, d]);
    const read = await client.send("GET", `/Users/${d}`);
    expect(read.body).toMatchObject({ active: false });
    expect(results[3]?.["version"]).toBe(read.headers["etag"]);
  });

  it("to a failed or missing operation fail with 409, and no incomplete resource stays", async () => {
    const client = createClient();
    await client.send("POST", "/Users", { body: { userName: "taken" } });
    const { results } = await bulk(client, [
      user("a", managedBy("bulkId:nowhere")),
      user("b", managedBy("bulkId:taken")),
      user("c", managedBy("bulkId:d")),
      { ...user("d", managedBy("bulkId:c")), data: { userName: "taken", ...managedBy("bulkId:c") } },
      user("taken"),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["409", "409", "409", "409", "409"]);
    expect(results[0]).toMatchObject({ response: { detail: expect.stringContaining("bulkId:nowhere") as unknown } });
    expect((await client.send("GET", "/Users")).body["totalResults"]).toBe(1);
  });

  it("leave no incomplete resource if failOnErrors ends the request within a circle", async () => {
    const client = createClient();
    await client.send("POST", "/Users", { body: { userName: "taken" } });
    const { results } = await bulk(
      client,
      [
        user("c", managedBy("bulkId:d")),
        { ...user("d"), data: { userName: "taken", ...managedBy("bulkId:c") } },
        user("e"),
      ],
      { failOnErrors: 1 },
    );
    expect(results.map(({ bulkId, status }) => [bulkId, status])).toEqual([
      ["d", "409"],
      ["e", "201"],
    ]);
    expect((await client.send("GET", "/Users")).body["totalResults"]).toBe(2);
  });

  it.each(["about bulkId:a and bulkId:x", "see /bulkId:a/", '"bulkId:a"', "https://wiki.example/bulkId:a", "bulkId:"])(
    "are text within free text: %s",
    async (title) => {
      const client = createClient();
      const { results } = await bulk(client, [user("a", { title })]);
      expect((await client.send("GET", `/Users/${idOf(results[0])}`)).body["title"]).toBe(title);
    },
  );

  it("are text within an address that is not a resource's", async () => {
    const client = createClient();
    const profileUrl = "https://wiki.example/bulkId:a/home";
    const { results } = await bulk(client, [user("a", { profileUrl })]);
    expect((await client.send("GET", `/Users/${idOf(results[0])}`)).body["profileUrl"]).toBe(profileUrl);
  });

  it("are addresses within $ref", async () => {
    const client = createClient();
    const manager = { value: "bulkId:b", $ref: "../Users/bulkId:b" };
    const { results } = await bulk(client, [user("b"), user("a", { [ENTERPRISE_USER]: { manager } })]);
    const boss = idOf(results[0]);
    expect((await client.send("GET", `/Users/${idOf(results[1])}`)).body[ENTERPRISE_USER]).toEqual({
      manager: { value: boss, $ref: `../Users/${boss}` },
    });
  });
});
