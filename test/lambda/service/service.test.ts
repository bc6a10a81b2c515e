import { describe, expect, it } from "vitest";
import { ERROR_SCHEMA } from "../../../lambda/scim/error.ts";
import type { JsonObject } from "../../../lambda/model.ts";
import { BASE_URL, createClient, TOKEN } from "../../support/lambda/http/client.ts";
import { createMemoryDirectory } from "../../support/lambda/http/memoryDirectory.ts";

describe("authentication", () => {
  it.each([
    ["no header", {}, "missing"],
    ["another scheme", { authorization: "Basic YTpi" }, "Bearer"],
    ["a bare token, as Okta's Header Auth app sends without the prefix", { authorization: TOKEN }, "Bearer"],
    ["Okta's non-token", { authorization: "non-token" }, "Bearer"],
    ["a wrong token", { authorization: "Bearer wrong" }, "not valid"],
    ["a token with more behind it", { authorization: `Bearer ${TOKEN} x` }, "Bearer"],
  ] as [string, Record<string, string>, string][])("rejects %s", async (_name, headers, detail) => {
    const { send, memory } = createClient();
    const answer = await send("GET", "/Users", { headers: { authorization: "", ...headers } });
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toBe("Bearer");
    expect(answer.body).toMatchObject({ schemas: [ERROR_SCHEMA], status: "401" });
    expect(answer.body["detail"]).toContain(detail);
    expect(memory.calls).toEqual([]);
  });

  it("accepts the scheme in any case", async () => {
    const { send } = createClient();
    expect((await send("GET", "/Users", { headers: { authorization: `bearer ${TOKEN}` } })).status).toBe(200);
  });
});

describe("routing", () => {
  it.each([
    ["OPTIONS", "/Users", "GET, HEAD, POST"],
    ["GET", "/Bulk", "POST"],
    ["PUT", "/Users", "GET, HEAD, POST"],
    ["DELETE", "/Groups", "GET, HEAD, POST"],
    ["POST", "/Users/x", "GET, HEAD, PUT, PATCH, DELETE"],
    ["POST", "/ServiceProviderConfig", "GET, HEAD"],
    ["PATCH", "/Schemas", "GET, HEAD"],
    ["DELETE", "/ResourceTypes/User", "GET, HEAD"],
    ["GET", "/.search", "POST"],
    ["GET", "/Users/.search", "POST"],
    ["toString", "/Users", "GET, HEAD, POST"],
  ])("answers 405 with Allow to %s %s", async (method, target, allow) => {
    const answer = await createClient().send(method, target);
    expect(answer.status).toBe(405);
    expect(answer.headers["allow"]).toBe(allow);
    expect(answer.body).toMatchObject({ schemas: [ERROR_SCHEMA], status: "405" });
  });

  it.each([["/"], ["/Nothing"], ["/Users/a/b"], ["/Schemas/urn:x"], ["/Users/%zz"], ["/constructor"]])(
    "answers 404 with a SCIM error to %s",
    async (target) => {
      const answer = await createClient().send("GET", target);
      expect(answer).toMatchObject({ status: 404, body: { schemas: [ERROR_SCHEMA], status: "404" } });
    },
  );

  it("answers 501 to /Me", async () => {
    expect((await createClient().send("GET", "/Me")).status).toBe(501);
  });

  it("answers HEAD like GET, without a body", async () => {
    const { send } = createClient();
    const { id, headers } = await send("POST", "/Users", { body: { userName: "a" } });
    expect(await send("HEAD", `/Users/${id}`)).toMatchObject({
      status: 200,
      headers: { etag: headers["etag"] },
      body: {},
    });
    expect((await send("HEAD", "/ServiceProviderConfig")).status).toBe(200);
    expect((await send("HEAD", "/Bulk")).status).toBe(405);
  });

  it("accepts the protocol version in the path, and rejects another one with invalidVers", async () => {
    const { send } = createClient();
    expect((await send("GET", "/v2/Users")).body).toMatchObject({ totalResults: 0 });
    expect(await send("GET", "/v1/Users")).toMatchObject({ status: 400, body: { scimType: "invalidVers" } });
  });

  it("answers an unexpected error with 500, a request id and nothing else", async () => {
    const directory = {
      ...createMemoryDirectory().directory,
      getUser: () => Promise.reject(new Error("secret of ann@example.com")),
    };
    const { send, lines } = createClient({ directory });
    const answer = await send("GET", "/Users/x");
    expect(answer.status).toBe(500);
    expect(answer.body["detail"]).toBe("The directory failed unexpectedly. Request id: request-1");
    expect(JSON.stringify(lines)).not.toContain("ann@example.com");
    expect(lines[0]).toMatchObject({ operation: "GET User", status: 500, requestId: "request-1", tokenGeneration: 7 });
  });

  it("logs neither ids nor tokens", async () => {
    const { send, lines } = createClient();
    await send("GET", "/Users/person-1?filter=userName%20eq%20%22ann%22");
    expect(JSON.stringify(lines)).not.toMatch(/person-1|ann|secret/);
  });
});

describe("bodies", () => {
  it.each([
    ["no body", undefined],
    ["broken JSON", "{"],
    ["an array", "[]"],
    ["deep nesting", "[".repeat(5000) + "]".repeat(5000)],
  ])("rejects %s with invalidSyntax", async (_name, raw) => {
    const answer = await createClient().send("POST", "/Users", raw === undefined ? {} : { raw });
    expect(answer).toMatchObject({ status: 400, body: { scimType: "invalidSyntax" } });
  });

  it.each([["text/plain"], ["application/x-www-form-urlencoded"], ["application/jsonp"], [""]])(
    "answers 415 to the content type %j",
    async (type) => {
      const answer = await createClient().send("POST", "/Users", {
        body: { userName: "a" },
        headers: { "content-type": type },
      });
      expect(answer).toMatchObject({ status: 415, body: { status: "415" } });
    },
  );

  it.each([["application/scim+json; charset=utf-8"], ["APPLICATION/JSON"], ["text/json"]])(
    "accepts the content type %s",
    async (type) => {
      const answer = await createClient().send("POST", "/Users", {
        body: { userName: "a" },
        headers: { "content-type": type },
      });
      expect(answer.status).toBe(201);
    },
  );

  it("answers 413 beyond 4 MiB", async () => {
    const raw = JSON.stringify({ userName: "x".repeat(4 * 1024 * 1024) });
    expect(await createClient().send("POST", "/Users", { raw })).toMatchObject({
      status: 413,
      body: { status: "413" },
    });
  });
});

describe("Okta's SPEC test", () => {
  const ann: JsonObject = {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
    userName: "Ann@Example.com",
    name: { givenName: "Ann", familyName: "Lee" },
    emails: [{ primary: true, value: "ann@example.com", type: "work" }],
    displayName: "Ann Lee",
    externalId: "00u1",
    groups: [],
    password: "1mz050nq",
    active: true,
  };

  it("passes", async () => {
    const { send } = createClient({ attributes: "iru" });
    await send("POST", "/Users", { body: { ...ann, userName: "first@example.com" } });

    const list = await send("GET", "/Users?count=1&startIndex=1");
    expect(list.status).toBe(200);
    expect(list.headers["content-type"]).toBe("application/scim+json");
    expect(list.body).toMatchObject({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
      itemsPerPage: 1,
      startIndex: 1,
      totalResults: 1,
      Resources: [
        {
          id: expect.any(String) as unknown,
          name: { familyName: "Lee", givenName: "Ann" },
          userName: "first@example.com",
          active: true,
          emails: [{ value: "ann@example.com" }],
        },
      ],
    });

    const absent = await send("GET", "/Users?filter=userName%20eq%20%22nobody%22&startIndex=1&count=100");
    expect(absent.body).toMatchObject({ totalResults: 0, Resources: [] });
    expect(await send("GET", "/Users/00919288221112222")).toMatchObject({
      status: 404,
      body: { schemas: [ERROR_SCHEMA], status: "404", detail: expect.any(String) as unknown },
    });

    const created = await send("POST", "/Users", { body: ann, headers: { "content-type": "application/json" } });
    const id = created.id;
    expect(created.status).toBe(201);
    expect(created.headers["location"]).toBe(`${BASE_URL}/Users/${id}`);
    expect(created.body).toMatchObject({
      userName: "Ann@Example.com",
      externalId: "00u1",
      active: true,
      meta: { resourceType: "User", location: `${BASE_URL}/Users/${id}` },
    });
    expect(created.body).not.toHaveProperty("password");

    expect((await send("GET", `/Users/${id}`)).body).toEqual(created.body);
    expect(await send("POST", "/Users", { body: ann })).toMatchObject({
      status: 409,
      body: { scimType: "uniqueness", status: "409" },
    });
    const found = await send("GET", `/Users?filter=userName%20eq%20%22ANN%40EXAMPLE.COM%22`);
    expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ id }] });
    expect((await send("GET", "/Groups")).status).toBe(200);

    const off = await send("PUT", `/Users/${id}`, { body: { ...created.body, active: false } });
    expect(off).toMatchObject({ status: 200, body: { active: false } });
    expect((await send("GET", `/Users/${id}`)).body).toMatchObject({ active: false });
    const on = await send("PATCH", `/Users/${id}`, {
      body: {
        schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        Operations: [{ op: "replace", value: { active: true } }],
      },
    });
    expect(on).toMatchObject({ status: 200, body: { active: true } });
    expect((await send("DELETE", `/Users/${id}`)).status).toBe(204);
    expect((await send("GET", `/Users/${id}`)).status).toBe(404);
  });
});

describe("Okta's group push", () => {
  it("creates, fills, renames, empties and deletes a group", async () => {
    const { send } = createClient();
    const ids: string[] = [];
    for (const userName of ["a", "b"]) ids.push((await send("POST", "/Users", { body: { userName } })).id);
    const [a = "", b = ""] = ids;
    const patch = (...Operations: JsonObject[]) => send("PATCH", `/Groups/${id}`, { body: { Operations } });
    const memberIds = async (): Promise<unknown> =>
      (await send("GET", `/Groups/${id}?attributes=members.value`)).body["members"];

    const created = await send("POST", "/Groups", { body: { displayName: "Sales", members: [] } });
    const id = created.id;
    expect(created).toMatchObject({ status: 201, body: { displayName: "Sales", members: [] } });

    const put = await send("PUT", `/Groups/${id}`, {
      body: { displayName: "Sales", members: [{ value: a, display: "a" }, { value: b }, { value: "stranger" }] },
    });
    expect(put.status).toBe(200);
    expect(put.body["members"]).toEqual([...ids].sort().map((value) => ({ value, type: "User" })));

    const found = await send("GET", "/Groups?filter=displayName%20eq%20%22sales%22");
    expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ id, members: [{}, {}] }] });
    const short = await send("GET", "/Groups?filter=displayName%20eq%20%22sales%22&excludedAttributes=members");
    expect(short.body["Resources"]).toEqual([expect.not.objectContaining({ members: expect.anything() as unknown })]);

    const renamed = await patch({ op: "replace", value: { id, displayName: "Sales 2" } });
    expect(renamed).toMatchObject({ status: 204, body: {} });
    expect((await patch({ op: "remove", path: `members[value eq "${a}"]` })).status).toBe(204);
    expect((await patch({ op: "remove", path: `members[value eq "${a}"]` })).status).toBe(204);
    expect(await memberIds()).toEqual([{ value: b }]);
    expect((await patch({ op: "replace", path: "members", value: [] })).status).toBe(204);
    expect(await memberIds()).toEqual([]);
    expect((await send("DELETE", `/Groups/${id}`)).status).toBe(204);
    expect((await send("GET", `/Groups/${id}`)).status).toBe(404);
  });

  it("keeps the members on a PUT that does not name them", async () => {
    const { send } = createClient();
    const user = (await send("POST", "/Users", { body: { userName: "a" } })).id;
    const { id } = await send("POST", "/Groups", { body: { displayName: "G", members: [{ value: user }] } });
    const put = await send("PUT", `/Groups/${id}`, { body: { displayName: "H" } });
    expect(put.body).toMatchObject({ displayName: "H", members: [{ value: user }] });
  });
});

describe("discovery", () => {
  it("describes the service", async () => {
    const { send } = createClient({ attributes: "iru" });
    const config = await send("GET", "/ServiceProviderConfig");
    expect(config.body).toMatchObject({
      patch: { supported: true },
      bulk: { supported: true, maxOperations: 500, maxPayloadSize: 4_194_304 },
      pagination: {
        cursor: true,
        index: true,
        defaultPaginationMethod: "index",
        defaultPageSize: 100,
        maxPageSize: 200,
        cursorTimeout: 3600,
      },
      filter: { supported: true, maxResults: 200 },
      etag: { supported: true },
    });
    expect((await send("GET", "/Schemas")).body).toMatchObject({ totalResults: 3 });
    expect((await send("GET", "/ResourceTypes")).body).toMatchObject({ totalResults: 2 });
    expect((await send("GET", "/ResourceTypes/User")).body).toMatchObject({ endpoint: "/Users" });
    const schema = await send("GET", "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User");
    expect(schema.body).toMatchObject({ name: "User", meta: { resourceType: "Schema" } });
    expect(JSON.stringify(schema.body)).not.toContain("nickName");
  });

  it("rejects a filter", async () => {
    expect((await createClient().send("GET", "/Schemas?filter=name%20pr")).status).toBe(403);
  });
});
