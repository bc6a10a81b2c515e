import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../lambda/model.ts";
import { error } from "../../../support/lambda/protocol/found/error.ts";
import { startServices, type RunningCloud, type RunningService } from "../../../support/lambda/protocol/service.ts";

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await startServices();
});
afterAll(() => cloud.close());

/** Targets of reads, with `{u}` and `{g}` for the ids of a user and a group. */
const reads = [
  "",
  "/",
  "/Users",
  "/Users?count=0",
  "/Users?count=1&startIndex=2",
  "/Users?cursor=&count=2&attributes=userName&sortBy=userName",
  "/Users?filter=title%20pr",
  "/Users?filter=wrong(",
  "/Users?count=ten",
  "/Users?sortBy=nothing",
  "/Users/{u}",
  "/users/{u}/",
  "/Users/{u}?attributes=userName,groups",
  "/Users/{u}?excludedAttributes=emails",
  "/Users/nobody",
  "/Groups",
  "/Groups?excludedAttributes=members",
  "/Groups/{g}",
  "/Groups/{g}?attributes=members.$ref",
  "/Groups/nobody",
  "/Schemas",
  "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User",
  "/Schemas/nothing",
  "/ResourceTypes",
  "/ResourceTypes/User",
  "/ResourceTypes/Nothing",
  "/ServiceProviderConfig",
  "/ServiceProviderConfig?filter=x",
  "/Bulk",
  "/.search",
  "/Users/.search",
  "/nothing",
  "/v1/Users",
  "/v2/Groups/{g}",
];

describe.each(["standard", "iru"] as const)("with attributes=%s", (setting) => {
  let service: RunningService;
  const ids: Record<string, string> = {};
  let count = 0;
  beforeAll(async () => {
    service = await cloud.service(setting);
    const { id } = await service.send("POST", "/Users", { body: { userName: "ann", title: "Café", emails: [] } });
    await service.send("POST", "/Users", { body: { userName: "bob" } });
    ids["u"] = id;
    ids["g"] = (await service.send("POST", "/Groups", { body: { displayName: "Sales", members: [id] } })).id;
  });
  const filled = (target: string): string => target.replace(/\{([ug])\}/g, (_, name: string) => ids[name] ?? "");

  it.each(reads)("HEAD %s has the status and the headers of GET, and no body", async (target) => {
    const get = await service.send("GET", filled(target));
    const head = await service.send("HEAD", filled(target));
    expect([head.status, head.body]).toEqual([get.status, {}]);
    for (const name of ["content-type", "etag", "allow", "location"]) {
      expect(head.headers.get(name), name).toBe(get.headers.get(name));
    }
    // Cursors are encrypted with a random nonce, so that only their length is the same.
    expect(head.headers.get("content-length")).toBe(String(Buffer.byteLength(JSON.stringify(get.body))));
    expect(get.headers.get("content-length")).toBe(head.headers.get("content-length"));
  });

  it.each([
    ["without a token", { authorization: "" }, "/Users"],
    ["with a wrong token", { authorization: "Bearer x" }, "/ServiceProviderConfig"],
  ])("HEAD %s is 401 like GET", async (_name, headers, target) => {
    const get = await service.send("GET", target, { headers });
    const head = await service.send("HEAD", target, { headers });
    expect([head.status, get.status, head.headers.get("www-authenticate")]).toEqual([401, 401, "Bearer"]);
    expect(head.headers.get("content-length")).toBe(get.headers.get("content-length"));
  });

  it.each([
    ["PUT", "/Users", "GET, HEAD, POST"],
    ["DELETE", "/Groups", "GET, HEAD, POST"],
    ["OPTIONS", "/Users", "GET, HEAD, POST"],
    ["POST", "/Users/{u}", "GET, HEAD, PUT, PATCH, DELETE"],
    ["POST", "/Schemas", "GET, HEAD"],
    ["DELETE", "/ServiceProviderConfig", "GET, HEAD"],
    ["GET", "/Bulk", "POST"],
    ["PATCH", "/Groups/.search", "POST"],
  ])("%s %s is 405 and names the methods", async (method, target, allow) => {
    const answer = await service.send(method, filled(target));
    expect([answer.status, answer.body]).toEqual([405, error(405, `This address takes only ${allow}.`)]);
    expect(answer.headers.get("allow")).toBe(allow);
  });

  describe("entity tags", () => {
    const stale = (version: string): JsonObject =>
      error(412, `The resource changed: its version is ${version}. Read it again before you change it.`);
    const kinds = [
      ["/Users", "userName"],
      ["/Groups", "displayName"],
    ] as const;
    const create = async (type: string, name: string) => {
      const value = `n${(count += 1)}`;
      const made = await service.send("POST", type, { body: { [name]: value } });
      return { target: `${type}/${made.id}`, body: { [name]: value, externalId: `${value}e` } };
    };

    it.each([
      ['W/"1"', true],
      ['"1"', true],
      ['"x", W/"1"', true],
      ['W/"1","x"', true],
      ["*", true],
      [" * ", true],
      ['W/"2"', false],
      ['"x", "y"', false],
      ["1", false],
      ['w/"1"', false],
    ])("If-Match: %s is true of version 1: %s", async (match, isMatch) => {
      for (const [type, name] of kinds) {
        for (const method of ["GET", "PUT", "PATCH", "DELETE"]) {
          const { target, body } = await create(type, name);
          const patch = { Operations: [{ op: "replace", value: { externalId: "x" } }] };
          const sent = method === "PUT" ? { body } : method === "PATCH" ? { body: patch } : {};
          const answer = await service.send(method, target, { ...sent, headers: { "if-match": match } });
          const done = { GET: 200, PUT: 200, PATCH: type === "/Users" ? 200 : 204, DELETE: 204 }[method];
          expect(answer.status, `${method} ${type}`).toBe(isMatch ? done : 412);
          if (!isMatch && method !== "GET") expect(answer.body).toEqual(stale('W/"1"'));
          if (isMatch && (method === "PUT" || method === "PATCH")) expect(answer.headers.get("etag")).toBe('W/"2"');
          const after = await service.send("GET", target);
          expect(after.status).toBe(isMatch && method === "DELETE" ? 404 : 200);
          if (!isMatch) expect(after.headers.get("etag")).toBe('W/"1"');
        }
      }
    });

    it.each([
      ['W/"1"', true],
      ['"1"', true],
      ["*", true],
      ['"x", "1"', true],
      ['W/"9"', false],
    ])("If-None-Match: %s is 304 for GET and HEAD of version 1, 412 for a write: %s", async (noneMatch, isSame) => {
      const headers = { "if-none-match": noneMatch };
      for (const [type, name] of kinds) {
        const { target, body } = await create(type, name);
        for (const method of ["GET", "HEAD"]) {
          const answer = await service.send(method, target, { headers });
          expect([answer.status, answer.headers.get("etag")]).toEqual([isSame ? 304 : 200, 'W/"1"']);
        }
        expect((await service.send("PUT", target, { body, headers })).status).toBe(isSame ? 412 : 200);
      }
    });

    it.each(["GET", "PUT", "PATCH", "DELETE"])("%s of nobody is 404, whatever it must match", async (method) => {
      for (const match of ["*", '"x"']) {
        const body = method === "PUT" ? { userName: "x" } : { Operations: [] };
        const sent = method === "GET" || method === "DELETE" ? {} : { body };
        const answer = await service.send(method, "/Users/nobody", { ...sent, headers: { "if-match": match } });
        expect(answer.status).toBe(404);
      }
    });
  });
});
