import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../../../lambda/model.ts";
import { ENTERPRISE_USER } from "../../../../lambda/scim/schema/index.ts";
import { error } from "../../../support/lambda/protocol/found/error.ts";
import { startServices, type RunningCloud, type RunningService } from "../../../support/lambda/protocol/service.ts";

const BULK_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

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
  const user = (more: JsonObject = {}): JsonObject => ({ userName: `u${(count += 1)}`, ...more });
  const post = (bulkId: string, data: JsonValue, path = "/Users") => ({ method: "POST", path, bulkId, data });
  const bulk = (Operations: JsonValue, more: JsonObject = {}) =>
    service.send("POST", "/Bulk", { body: { Operations, ...more } });
  const results = (body: JsonObject) => body["Operations"] as (JsonObject & { location: string })[];
  /** The resource that an operation of a bulk request created. */
  const read = async (body: JsonObject, at: number): Promise<JsonObject> => {
    const { location = "" } = results(body)[at] ?? {};
    return (await service.send("GET", location.slice(service.baseUrl.length))).body;
  };
  const gone = (id: string) => error(404, `User ${id} does not exist. It may have been deleted.`);

  describe("failOnErrors", () => {
    const deletions = ["x1", "x2", "x3"].map((id) => ({ method: "DELETE", path: `/Users/${id}` }));
    it.each([
      [undefined, 3],
      [null, 3],
      [0, 3],
      [1, 1],
      [2, 2],
      [3, 3],
      [1e9, 3],
      ["0", 3],
      ["1", 1],
      ["02", 2],
    ])("%j does %i operations that fail", async (failOnErrors, done) => {
      const answer = await bulk(deletions, failOnErrors === undefined ? {} : { failOnErrors });
      const Operations = deletions.slice(0, done).map(({ method, path }, at) => {
        const location = service.baseUrl + path;
        return { method, location, status: "404", response: gone(`x${at + 1}`) };
      });
      expect([answer.status, answer.body]).toEqual([200, { schemas: [BULK_RESPONSE], Operations }]);
    });

    it.each([-1, 1.5, "-1", "1.5", "one", " 1", "", true, [1], {}])("%j is rejected", async (failOnErrors) => {
      const answer = await bulk(deletions, { failOnErrors });
      const detail = "failOnErrors must be an integer of at least 1. Leave it out, or send 0, to do every operation.";
      expect([answer.status, answer.body]).toEqual([400, error(400, detail, "invalidValue")]);
    });
  });

  it.each([
    "see /bulkId:a/",
    "/bulkId:a/",
    "/Users/bulkId:a",
    '"bulkId:a"',
    "bulkId:a",
    "bulkId:nowhere",
    "about bulkId:a and bulkId:x",
    "bulkId:",
    "https://wiki.example/bulkId:a/",
  ])("%s in free text is text", async (text) => {
    const data = user({ title: text, displayName: text, name: { givenName: text }, externalId: text });
    const group = { displayName: `${text} ${(count += 1)}`, members: [{ value: "bulkId:a", display: text }] };
    const { status, body } = await bulk([post("a", data), post("g", group, "/Groups")]);
    expect([status, results(body).map((one) => one["status"])]).toEqual([200, ["201", "201"]]);
    const made = await read(body, 0);
    expect(made).toMatchObject({ title: text, displayName: text, name: { givenName: text }, externalId: text });
    expect(await read(body, 1)).toMatchObject({
      displayName: group.displayName,
      members: [{ value: made["id"], type: "User" }],
    });
  });

  it("references resolve where an id may stand, in lists, texts and under URNs", async () => {
    const members = [
      [{ value: "bulkId:a" }],
      ["bulkId:a"],
      "bulkId:a",
      { value: "bulkId:a", $ref: "../Users/bulkId:a" },
    ];
    const groups = members.map((list, at) =>
      post(`g${at}`, { displayName: `G ${(count += 1)}`, members: list }, "/Groups"),
    );
    const patch = (value: JsonObject) => ({
      method: "patch",
      path: "/Groups/bulkId:g0",
      data: { Operations: [value] },
    });
    const { body } = await bulk([
      ...groups,
      post("a", user()),
      post("b", user()),
      patch({ op: "add", path: "members", value: ["bulkId:b"] }),
      patch({ op: "remove", path: 'members[value eq "bulkId:a"]' }),
      post("c", user({ [ENTERPRISE_USER]: { manager: "bulkId:b" } })),
      post("d", user({ [`${ENTERPRISE_USER}:manager.value`]: "bulkId:b" })),
    ]);
    const created = Array<string>(6).fill("201");
    expect(results(body).map(({ status }) => status)).toEqual([...created, "200", "200", "201", "201"]);
    const { id: a } = await read(body, 4);
    const { id: b } = await read(body, 5);
    expect((await read(body, 0))["members"]).toEqual([{ value: b, type: "User" }]);
    for (const at of [1, 2, 3]) expect((await read(body, at))["members"]).toEqual([{ value: a, type: "User" }]);
    const manager = setting === "standard" ? { manager: { value: b } } : undefined;
    expect((await read(body, 8))[ENTERPRISE_USER]).toEqual(manager);
    expect((await read(body, 9))[ENTERPRISE_USER]).toEqual(manager);
  });

  it.each([
    ["the value of a member", { members: [{ value: "bulkId:nowhere" }] }],
    ["a bare member", { members: ["bulkId:nowhere"] }],
  ])("a reference to nothing in %s is rejected", async (_name, more) => {
    const { body } = await bulk([post("g", { displayName: `G ${(count += 1)}`, ...more }, "/Groups")]);
    const detail = "bulkId:nowhere names no resource that this request created; its operation failed or is missing.";
    expect(results(body)).toEqual([{ method: "POST", bulkId: "g", status: "409", response: error(409, detail) }]);
  });

  it("data may be JSON as text, methods and paths may be in any case", async () => {
    const { body } = await bulk([
      { method: "post", path: "/users", bulkId: "a", data: JSON.stringify(user({ title: "bulkId:a" })) },
      {
        Method: "Post",
        Path: "//Groups/",
        BulkId: "g",
        Data: `{"displayName":"T ${(count += 1)}","members":["bulkId:a"]}`,
      },
      {
        method: "patch",
        path: "/Users/bulkId:a",
        data: '{"Operations":[{"op":"replace","value":"{\\"title\\":\\"T\\"}"}]}',
      },
      { method: "Put", path: "/USERS/bulkId:a", version: "", data: JSON.stringify(user()) },
      { method: "delete", path: "/Users/bulkId:a", version: null },
    ]);
    expect(results(body).map((one) => [one["method"], one["status"]])).toEqual([
      ["POST", "201"],
      ["POST", "201"],
      ["PATCH", "200"],
      ["PUT", "200"],
      ["DELETE", "204"],
    ]);
  });

  it.each([
    ["a GET", { method: "GET", path: "/Users/x" }, 400, "method must be POST, PUT, PATCH or DELETE.", "invalidSyntax"],
    ["no data", { method: "POST", path: "/Users", bulkId: "a" }, 400, "POST needs data.", "invalidSyntax"],
    [
      "text",
      { method: "POST", path: "/Users", bulkId: "a", data: "{x" },
      400,
      "The body must be a JSON object.",
      "invalidSyntax",
    ],
    [
      "a list",
      { method: "POST", path: "/Users", bulkId: "a", data: [] },
      400,
      "The body must be a JSON object.",
      "invalidSyntax",
    ],
    ["no bulkId", { method: "POST", path: "/Users", data: {} }, 400, "A POST needs a bulkId.", "invalidValue"],
    [
      "no slash",
      { method: "POST", path: "Users", bulkId: "a", data: {} },
      400,
      "path must be /Users, /Groups or one of their resources.",
      "invalidPath",
    ],
    [
      "a search",
      { method: "POST", path: "/Users/.search", bulkId: "a", data: {} },
      400,
      "path must be /Users, /Groups or one of their resources.",
      "invalidPath",
    ],
    [
      "no id",
      { method: "PATCH", path: "/Users", data: {} },
      405,
      "PATCH needs the path of a resource, such as /Users/ID.",
      undefined,
    ],
    [
      "a user of nobody",
      { method: "DELETE", path: "/Users/nobody" },
      404,
      "User nobody does not exist. It may have been deleted.",
      undefined,
    ],
    [
      "an undeclared reference",
      { method: "DELETE", path: "/Users/bulkId:x" },
      404,
      "User bulkId:x does not exist. It may have been deleted.",
      undefined,
    ],
  ] as [string, JsonObject, number, string, string | undefined][])(
    "an operation with %s fails alone",
    async (_name, operation, status, detail, scimType) => {
      const { body } = await bulk([operation, post("z", user())]);
      const [first, second] = results(body);
      expect([first?.["status"], first?.["response"]]).toEqual([String(status), error(status, detail, scimType)]);
      expect(second?.["status"]).toBe("201");
    },
  );

  it("a version that is not that of the resource is 412, an empty one is none", async () => {
    const { id } = await service.send("POST", "/Users", { body: user() });
    const patch = (version: string) => ({ method: "PATCH", path: `/Users/${id}`, version, data: { Operations: [] } });
    const { body } = await bulk([patch('W/"7"'), patch("*"), patch('"1"'), patch("")]);
    expect(results(body).map(({ status }) => status)).toEqual(["412", "200", "200", "200"]);
    const detail = 'The resource changed: its version is W/"1". Read it again before you change it.';
    expect(results(body)[0]?.["response"]).toEqual(error(412, detail));
  });
});
