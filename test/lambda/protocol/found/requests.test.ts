import { deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../lambda/model.ts";
import {
  startServices,
  type RunningCloud,
  type RunningService,
  type Sent,
} from "../../../support/lambda/protocol/service.ts";
import { error } from "../../../support/lambda/protocol/found/error.ts";

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await startServices();
});
afterAll(() => cloud.close());

describe.each(["standard", "iru"] as const)("with attributes=%s", (attributes) => {
  let service: RunningService;
  let userId: string;
  let groupId: string;
  beforeAll(async () => {
    service = await cloud.service(attributes);
    userId = (await service.send("POST", "/Users", { body: { userName: "ann", title: "Boss" } })).id;
    await service.send("POST", "/Users", { body: { userName: "bob" } });
    const members = [{ value: userId }];
    groupId = (await service.send("POST", "/Groups", { body: { displayName: "Sales", members } })).id;
  });

  describe("a parameter without a value is absent", () => {
    it.each([
      ["count=", { totalResults: 2, itemsPerPage: 2, startIndex: 1 }],
      ["startIndex=", { totalResults: 2, itemsPerPage: 2, startIndex: 1 }],
      ["sortBy=", { totalResults: 2 }],
      ["filter=", { totalResults: 2 }],
      ["sortOrder=", { totalResults: 2 }],
      ["attributes=&excludedAttributes=", { totalResults: 2 }],
      ["count=%20&filter=+", { totalResults: 2, itemsPerPage: 2 }],
      ["filter=&sortBy=&sortOrder=&startIndex=&count=1", { totalResults: 2, itemsPerPage: 1 }],
      ["cursor=&startIndex=&count=", { totalResults: 2, itemsPerPage: 2 }],
      ["filter", { totalResults: 2 }],
      ["startIndex=99999999999999999999", { totalResults: 2, itemsPerPage: 0 }],
    ])("GET /Users?%s", async (parameters, expected) => {
      const { status, body } = await service.send("GET", `/Users?${parameters}`);
      expect(status).toBe(200);
      expect(body).toMatchObject(expected);
    });

    it.each([
      [
        { count: "", startIndex: "", filter: "", sortBy: "" },
        { totalResults: 2, itemsPerPage: 2 },
      ],
      [{ count: null, startIndex: null, filter: null, sortBy: null, sortOrder: null }, { totalResults: 2 }],
      [{ filter: " ", sortOrder: "" }, { totalResults: 2 }],
    ])("POST /Users/.search %j", async (body, expected) => {
      const answer = await service.send("POST", "/Users/.search", { body });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject(expected);
    });

    it.each([
      ["count=ten", error(400, "count must be an integer.", "invalidValue")],
      ["startIndex=1.5", error(400, "startIndex must be an integer.", "invalidValue")],
      ["filter=a&filter=", error(400, "filter is given 2 times; it may be given once.", "invalidValue")],
    ])("GET /Users?%s is still rejected", async (parameters, body) => {
      const answer = await service.send("GET", `/Users?${parameters}`);
      expect([answer.status, answer.body]).toEqual([400, body]);
    });
  });

  describe("a compressed body", () => {
    const text = (userName: string) => JSON.stringify({ userName });
    const bytes = (buffer: Buffer) => new Uint8Array(buffer);
    const badGzip = error(
      400,
      "The body is not valid gzip. Send it with the Content-Type application/scim+json, or without a Content-Encoding.",
      "invalidSyntax",
    );
    const badEncoding = error(415, "The Content-Encoding must be gzip. Or send the body without an encoding.");
    const tooLarge = error(413, "The body is larger than 4194304 bytes; maxPayloadSize is this bound.");
    it.each([
      ["gzip is read", "gzip", bytes(gzipSync(text("gzip"))), 201, undefined],
      ["x-gzip is read", "X-GZIP", bytes(gzipSync(text("gzip2"))), 201, undefined],
      ["identity is read", "identity", text("identity"), 201, undefined],
      ["no encoding is read", "", text("none"), 201, undefined],
      ["deflate is refused", "deflate", bytes(deflateSync(text("deflate"))), 415, badEncoding],
      ["br is refused", "br", text("br"), 415, badEncoding],
      ["two encodings are refused", "gzip, gzip", bytes(gzipSync(gzipSync(text("two")))), 415, badEncoding],
      ["a body that is not gzip is refused", "gzip", text("plain"), 400, badGzip],
      ["gzip that was cut is refused", "gzip", bytes(gzipSync(text("cut")).subarray(0, 20)), 400, badGzip],
      ["a bomb is refused", "gzip", bytes(gzipSync(Buffer.alloc(200_000_000, 32))), 413, tooLarge],
    ] as [string, string, string | Uint8Array<ArrayBuffer>, number, object | undefined][])(
      "%s",
      async (_name, encoding, raw, status, body) => {
        const sent: Sent = { raw, headers: encoding === "" ? {} : { "content-encoding": encoding } };
        const answer = await service.send("POST", "/Users", sent);
        expect(answer.status).toBe(status);
        if (body) expect(answer.body).toEqual(body);
        if (status === 415) expect(answer.headers.get("accept-encoding")).toBe("gzip");
        const id = answer.status === 201 ? answer.id : undefined;
        if (id !== undefined) await service.send("DELETE", `/Users/${id}`);
      },
    );
  });

  describe("PATCH returns the resource if attributes are requested (RFC 7644 §3.5.2)", () => {
    const body = { Operations: [{ op: "replace", path: "externalId", value: "x1" }] };
    const meta = { resourceType: "Group", version: expect.any(String) as unknown };
    it.each([
      ["a group without", "/Groups", "", 204, {}],
      ["a group without a value", "/Groups", "?attributes=", 204, {}],
      ["a group", "/Groups", "?attributes=displayName", 200, { displayName: "Sales" }],
      ["a group with an excluded list", "/Groups", "?excludedAttributes=members", 204, {}],
      ["a group with its members", "/Groups", "?attributes=members.value,meta", 200, { members: [{}], meta }],
      ["a user without", "/Users", "", 200, { userName: "ann", externalId: "x1" }],
      ["a user", "/Users", "?attributes=userName", 200, { userName: "ann" }],
    ])("%s", async (_name, endpoint, query, status, expected) => {
      const id = endpoint === "/Users" ? userId : groupId;
      const answer = await service.send("PATCH", `${endpoint}/${id}${query}`, { body });
      expect(answer.status).toBe(status);
      expect(answer.body).toMatchObject(expected);
      if (query.includes("attributes=displayName")) {
        expect(Object.keys(answer.body).toSorted()).toEqual(["displayName", "id", "schemas"]);
      }
      expect(answer.headers.get("etag")).toMatch(/^W\/"\d+"$/);
    });
  });

  it("the entity tag of a PUT is that of its body", async () => {
    const puts: [string, JsonObject][] = [
      [`/Groups/${groupId}`, { displayName: "Sales", members: [{ value: userId }] }],
      [`/Groups/${groupId}`, { displayName: "Sales" }],
      [`/Users/${userId}`, { userName: "ann" }],
    ];
    for (const [target, body] of puts) {
      const answer = await service.send("PUT", target, { body });
      expect(answer.body["meta"]).toMatchObject({ version: answer.headers.get("etag") });
    }
  });
});
