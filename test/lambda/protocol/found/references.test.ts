import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../../../lambda/model.ts";
import { error } from "../../../support/lambda/protocol/found/error.ts";
import {
  groupTexts,
  lost,
  managers,
  memberReferences,
  newUsers,
  userTexts,
} from "../../../support/lambda/protocol/found/references.ts";
import { startServices, type RunningCloud, type RunningService } from "../../../support/lambda/protocol/service.ts";

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await startServices();
});
afterAll(() => cloud.close());

describe.each(["standard", "iru"] as const)("with attributes=%s", (setting) => {
  let service: RunningService;
  let count = 0;
  beforeAll(async () => {
    service = await cloud.service(setting);
  });
  const next = (): string => `n${(count += 1)}`;
  const read = async (path: string): Promise<JsonObject> => (await service.send("GET", path)).body;
  const post = (bulkId: string, data: JsonObject, path = "/Users") => ({ method: "POST", path, bulkId, data });

  /** A bulk request that creates the user `x` after this operation. The answer of the operation, and the id of `x`. */
  async function besideX(operation: JsonObject): Promise<{ status: JsonValue; response: JsonValue; x: string }> {
    const body = { Operations: [operation, post("x", { userName: next() })] };
    const { Operations } = (await service.send("POST", "/Bulk", { body })).body as { Operations: JsonObject[] };
    const [{ status = "", response = null } = {}, made] = Operations;
    expect(made?.["status"]).toBe("201");
    const { location } = made as { location: string };
    return { status, response, x: location.slice(location.lastIndexOf("/") + 1) };
  }
  const patch = (path: string, ...Operations: JsonObject[]) => ({ method: "PATCH", path, data: { Operations } });
  const resolved = <T extends JsonValue>(value: T, x: string): T =>
    JSON.parse(JSON.stringify(value).replaceAll("{x}", x)) as T;
  const gone = (name: string) =>
    error(409, `bulkId:${name} names no resource that this request created; its operation failed or is missing.`);

  it.each(userTexts)("PATCH of a user: %j is text", async (operations, start, changed) => {
    const made = await service.send("POST", "/Users", { body: { userName: next(), ...start } });
    const path = `/Users/${made.id}`;
    const { status } = await besideX(patch(path, ...operations));
    const after = await read(path);
    expect([status, after]).toEqual(["200", { ...made.body, ...changed[setting], meta: after["meta"] }]);
  });

  it.each(newUsers)("POST of a user: %j is text", async (sent, shown) => {
    const body = { Operations: [post("x", { userName: next() }), post("u", { userName: next(), ...sent })] };
    const { Operations } = (await service.send("POST", "/Bulk", { body })).body as { Operations: JsonObject[] };
    expect(Operations.map(({ status }) => status)).toEqual(["201", "201"]);
    const { location } = Operations[1] as { location: string };
    expect(await read(location.slice(service.baseUrl.length))).toMatchObject(shown[setting]);
  });

  it.each(groupTexts)("PATCH of a group: %j is text", async (operation, changed) => {
    const made = await service.send("POST", "/Groups", { body: { displayName: next() } });
    const path = `/Groups/${made.id}`;
    const { status } = await besideX(patch(path, operation));
    const after = await read(path);
    expect([status, after]).toEqual(["200", { ...made.body, ...changed, meta: after["meta"] }]);
    await service.send("DELETE", path);
  });

  it.each(memberReferences)("PATCH of a group: %j refers to the user", async (operations, members) => {
    const { id: first } = await service.send("POST", "/Users", { body: { userName: next() } });
    const group = { displayName: next(), members: [first] };
    const path = `/Groups/${(await service.send("POST", "/Groups", { body: group })).id}`;
    const { status, response, x } = await besideX(patch(path, ...operations));
    expect([status, response]).toEqual(["200", null]);
    const expected = members.map((name) => ({ value: name === "x" ? x : first, type: "User" }));
    const shown = (await read(path))["members"] as { value: string }[];
    expect(shown).toHaveLength(expected.length);
    expect(shown).toEqual(expect.arrayContaining(expected));
  });

  it.each(managers)("PATCH of a user: %j refers to the manager", async (operation, shown) => {
    const made = await service.send("POST", "/Users", { body: { userName: next() } });
    const path = `/Users/${made.id}`;
    const { status, x } = await besideX(patch(path, operation));
    const after = await read(path);
    const { schemas: _, ...expected } = { ...made.body, ...(setting === "standard" ? resolved(shown, x) : {}) };
    const { schemas: __, ...rest } = after;
    expect([status, rest]).toEqual(["200", { ...expected, meta: after["meta"] }]);
  });

  it.each(lost)("PATCH of a %s: %j refers to nothing", async (kind, operation) => {
    const body: JsonObject = kind === "user" ? { userName: next() } : { displayName: next() };
    const endpoint = kind === "user" ? "/Users" : "/Groups";
    const made = await service.send("POST", endpoint, { body });
    const path = `${endpoint}/${made.id}`;
    const { status, response } = await besideX(patch(path, operation));
    expect([status, response]).toEqual(["409", gone("nope")]);
    expect(await read(path)).toEqual(made.body);
  });

  it("a circle of a member and a manager in text is completed", async () => {
    const manager = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";
    const body = {
      Operations: [
        post("a", { userName: next(), [manager]: { $ref: "../Users/bulkId:b" } }),
        post("b", { userName: next(), [manager]: ["bulkId:a"], title: "bulkId:a" }),
        post("g", { displayName: next(), members: [{ $ref: "../Users/bulkId:a", value: "bulkId:a" }] }, "/Groups"),
      ],
    };
    const { Operations } = (await service.send("POST", "/Bulk", { body })).body as { Operations: JsonObject[] };
    expect(Operations.map(({ status }) => status)).toEqual(["201", "201", "201"]);
    const paths = Operations.map(({ location }) => (location as string).slice(service.baseUrl.length));
    const [a = "", b = "", g = ""] = paths;
    const idOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);
    const enterprise = manager.slice(0, -":manager".length);
    const extension = (part: JsonObject) => (setting === "standard" ? { manager: part } : undefined);
    expect((await read(a))[enterprise]).toEqual(extension({ $ref: `../Users/${idOf(b)}` }));
    const second = await read(b);
    expect([second[enterprise], second["title"]]).toEqual([extension({ value: idOf(a) }), "bulkId:a"]);
    expect((await read(g))["members"]).toEqual([{ value: idOf(a), type: "User" }]);
  });
});
