import { describe, expect, it } from "vitest";
import type { Directory } from "../../../lambda/model.ts";
import { createClient } from "../../support/lambda/http/client.ts";
import { createMemoryDirectory } from "../../support/lambda/http/memoryDirectory.ts";

describe("entity tags", () => {
  it("answers 304, 412 and the tag itself", async () => {
    const { send } = createClient();
    const created = await send("POST", "/Users", { body: { userName: "a" } });
    const target = `/Users/${created.id}`;
    const tag = created.headers["etag"] ?? "";
    expect(created.body).toMatchObject({ meta: { version: tag } });
    expect(tag).toMatch(/^W\/".+"$/);
    expect(await send("GET", target, { headers: { "if-none-match": tag } })).toMatchObject({ status: 304, body: {} });
    expect((await send("GET", target, { headers: { "if-none-match": 'W/"other"' } })).status).toBe(200);
    const body = { userName: "a", title: "T" };
    expect((await send("PUT", target, { body, headers: { "if-match": 'W/"other"' } })).status).toBe(412);
    expect((await send("PUT", target, { body, headers: { "if-match": tag } })).status).toBe(200);
    expect((await send("DELETE", target, { headers: { "if-match": tag } })).status).toBe(412);
    const none = { "if-none-match": "*" };
    expect((await send("GET", target, { headers: none })).status).toBe(304);
    expect((await send("PUT", target, { body, headers: none })).status).toBe(412);
    expect((await send("GET", target, { headers: { "if-match": tag } })).status).toBe(412);
    expect((await send("DELETE", target, { headers: { "if-match": "*" } })).status).toBe(204);
  });
});

describe("the entity tag of a write that another change follows", () => {
  /** A directory in which somebody renames a resource whenever its connections are read. */
  function createBusyDirectory(): Directory {
    const { directory } = createMemoryDirectory();
    let changes = 0;
    return {
      ...directory,
      async getGroupWithMembers(id) {
        const externalId = `x${(changes += 1)}`;
        await directory.updateGroup(id, ({ attributes }) => ({ attributes: { ...attributes, externalId } }));
        return directory.getGroupWithMembers(id);
      },
      async getUserWithGroups(id) {
        const title = `T${(changes += 1)}`;
        await directory.updateUser(id, ({ attributes }) => ({ ...attributes, title }));
        return directory.getUserWithGroups(id);
      },
    };
  }

  it.each([
    ["PUT of a group", "PUT", "/Groups", "", { displayName: "H" }, { externalId: "x1" }],
    ["PATCH of a group", "PATCH", "/Groups", "?attributes=members,externalId,meta", undefined, { externalId: "x1" }],
    ["PUT of a user", "PUT", "/Users", "?attributes=title,groups,meta", { userName: "v" }, { title: "T1" }],
    ["PATCH of a user", "PATCH", "/Users", "?attributes=title,groups,meta", undefined, { title: "T1" }],
    ["GET of a group", "GET", "/Groups", "", undefined, { externalId: "x1" }],
  ])("%s is that of the resource in the body", async (_name, method, endpoint, query, put, shown) => {
    const { send } = createClient({ directory: createBusyDirectory() });
    const name = endpoint === "/Groups" ? "displayName" : "userName";
    const { id } = await send("POST", endpoint, { body: { [name]: "name" } });
    const patch = { Operations: [{ op: "replace", path: name, value: "other" }] };
    const body = put ?? patch;
    const answer = await send(method, `${endpoint}/${id}${query}`, method === "GET" ? {} : { body });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject(shown);
    expect(answer.body["meta"]).toMatchObject({ version: answer.headers["etag"] });
  });
});
