import { describe, expect, it } from "vitest";
import { logLine } from "../../../lambda/http/log.ts";
import { ERROR_SCHEMA } from "../../../lambda/scim/error.ts";
import type { JsonValue } from "../../../lambda/model.ts";
import { createClient, TOKEN } from "../../support/lambda/http/client.ts";

const HR = "token-of-hr";
const HR_BEFORE = "previous-token-of-hr";
const tokens = [
  { generation: 7, text: HR, reader: "hr" },
  { generation: 6, text: HR_BEFORE, reader: "hr" },
  { generation: 6, text: "previous-main-token" },
];
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const forbidden = {
  schemas: [ERROR_SCHEMA],
  status: "403",
  detail:
    'The token of the reader "hr" may only read: GET and HEAD anywhere, and POST to /.search. Make the change in Okta, or send it with the token of the output scimToken.',
};
const SEARCH: JsonValue = { schemas: ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"] };
const bulk = (method: string): JsonValue => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
  Operations: [{ method, path: "/Users/x", bulkId: "1", data: { userName: "eve" } }],
});

/** A directory with one person and one group, and a client of it. */
async function world() {
  const client = createClient({ tokens });
  const { id: user } = await client.send("POST", "/Users", { body: { userName: "ann" } });
  const { id: group } = await client.send("POST", "/Groups", { body: { displayName: "Developers" } });
  const targetOf = (target: string): string => target.replace("USER", user).replace("GROUP", group);
  client.lines.length = 0;
  client.memory.calls.length = 0;
  return { ...client, targetOf };
}

describe.each([
  ["the current generation", HR, 7],
  ["the previous generation", HR_BEFORE, 6],
])("a reader's token of %s", (_name, token, generation) => {
  it.each<[method: string, target: string, status: number, body?: JsonValue]>([
    ["GET", "/Users", 200],
    ["GET", "/Users?filter=userName%20eq%20%22ann%22", 200],
    ["GET", "/Users/USER", 200],
    ["GET", "/Users/absent", 404],
    ["GET", "/Groups", 200],
    ["GET", "/Groups/GROUP", 200],
    ["HEAD", "/Users/USER", 200],
    ["HEAD", "/Groups", 200],
    ["GET", "/ServiceProviderConfig", 200],
    ["HEAD", "/ServiceProviderConfig", 200],
    ["GET", "/Schemas", 200],
    ["GET", "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User", 200],
    ["GET", "/ResourceTypes", 200],
    ["GET", "/v2/Users", 200],
    ["POST", "/.search", 200, SEARCH],
    ["POST", "/Users/.search", 200, SEARCH],
    ["POST", "/Groups/.search", 200, SEARCH],
    ["POST", "/v2/.search", 200, SEARCH],
    ["GET", "/.search", 405],
    ["GET", "/Bulk", 405],
    ["GET", "/Me", 501],
    ["GET", "/Nothing", 404],
    ["GET", "/v1/Users", 400],
  ])("%s %s: %i", async (method, target, status, body) => {
    const { send, lines, targetOf } = await world();
    const answer = await send(method, targetOf(target), { headers: bearer(token), ...(body ? { body } : {}) });
    expect(answer.status).toBe(status);
    expect(lines).toEqual([expect.objectContaining({ reader: "hr", tokenGeneration: generation, status })]);
  });

  it.each<[method: string, target: string, body?: JsonValue]>([
    ["POST", "/Users", { userName: "eve" }],
    ["PUT", "/Users/USER", { userName: "eve" }],
    ["PATCH", "/Users/USER", { Operations: [{ op: "replace", path: "active", value: false }] }],
    ["DELETE", "/Users/USER"],
    ["DELETE", "/Users/absent"],
    ["POST", "/Groups", { displayName: "Eve" }],
    ["PUT", "/Groups/GROUP", { displayName: "Eve" }],
    ["PATCH", "/Groups/GROUP", { Operations: [{ op: "remove", path: "members" }] }],
    ["DELETE", "/Groups/GROUP"],
    ["POST", "/Bulk", bulk("POST")],
    ["POST", "/Bulk", bulk("DELETE")],
    ["POST", "/Bulk", bulk("GET")],
    ["POST", "/v2/Users", { userName: "eve" }],
    ["POST", "/Users/USER"],
    ["POST", "/Users/USER/.search", SEARCH],
    ["PUT", "/.search", SEARCH],
    ["DELETE", "/Users/.search"],
    ["POST", "/ServiceProviderConfig"],
    ["PATCH", "/Schemas"],
    ["DELETE", "/ResourceTypes/User"],
    ["POST", "/Me"],
    ["POST", "/Nothing"],
    ["DELETE", "/v1/Users"],
    ["OPTIONS", "/Users"],
    ["get", "/Users"],
  ])("%s %s: 403, and the directory is not asked", async (method, target, body) => {
    const { send, lines, memory, targetOf } = await world();
    const answer = await send(method, targetOf(target), { headers: bearer(token), ...(body ? { body } : {}) });
    expect(answer).toMatchObject({ status: 403, body: forbidden });
    expect(memory.calls).toEqual([]);
    expect(lines).toEqual([expect.objectContaining({ reader: "hr", tokenGeneration: generation, status: 403 })]);
  });

  it("needs no body to be refused, so that a broken one tells nothing", async () => {
    const { send } = await world();
    expect(await send("POST", "/Users", { headers: bearer(token), raw: "{" })).toMatchObject({ status: 403 });
  });
});

describe("tokens beside a reader's", () => {
  it("may still do everything, and their log lines name no reader", async () => {
    const { send, lines } = await world();
    for (const [token, tokenGeneration] of [[TOKEN, 7] as const, ["previous-main-token", 6] as const]) {
      expect((await send("POST", "/Users", { headers: bearer(token), body: { userName: token } })).status).toBe(201);
      expect(lines.at(-1)).toMatchObject({ status: 201, tokenGeneration });
      expect(lines.at(-1)?.reader).toBeUndefined();
    }
  });

  it("are rejected with 401 if they are not accepted: a reader that was removed", async () => {
    const { send } = createClient();
    expect(await send("GET", "/Users", { headers: bearer(HR) })).toMatchObject({
      status: 401,
      body: { detail: expect.stringContaining("not valid for this directory") as string },
    });
    expect((await send("GET", "/ServiceProviderConfig", { headers: bearer(HR) })).status).toBe(401);
  });

  it("share the cursors: a page that Okta began, a reader may go on with", async () => {
    const { send } = await world();
    await send("POST", "/Users", { body: { userName: "bob" } });
    const first = await send("GET", "/Users?count=1&cursor");
    const { nextCursor } = first.body;
    if (typeof nextCursor !== "string") throw new Error("the first page has no cursor");
    const next = `/Users?count=1&cursor=${nextCursor}`;
    expect(await send("GET", next, { headers: bearer(HR) })).toMatchObject({ status: 200 });
  });
});

describe("the line of a reader's request", () => {
  const hashes = tokens.map(({ generation, reader }) => ({ generation, sha256: "ab".repeat(32), reader }));
  const metricsOf = (line: { tokenGeneration: number; reader?: string; status?: number }): unknown => {
    const text = logLine(
      { requestId: "r", operation: "GET Users", status: 200, latencyMs: 1, ...line },
      {
        functionName: "f",
        tokens: hashes,
        usage: { requests: 0, readUnits: 0, writeUnits: 0, throttles: 0 },
        coldStart: false,
        time: 0,
      },
    );
    const { _aws, ...rest } = JSON.parse(text) as {
      _aws?: { CloudWatchMetrics: { Metrics: { Name: string }[] }[] };
      reader?: string;
    };
    expect(rest.reader).toBe(line.reader);
    return _aws?.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name)) ?? [];
  };

  it("counts the previous token of a reader apart from Okta's", () => {
    expect(metricsOf({ tokenGeneration: 7, reader: "hr" })).toEqual([]);
    expect(metricsOf({ tokenGeneration: 6, reader: "hr" })).toEqual(["PreviousReaderToken"]);
    expect(metricsOf({ tokenGeneration: 6 })).toEqual(["PreviousToken"]);
    expect(metricsOf({ tokenGeneration: 6, reader: "hr", status: 429 })).toEqual(["Busy", "PreviousReaderToken"]);
  });
});
