import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ERROR_SCHEMA } from "../../../lambda/scim/error.ts";
import { startServices, TOKEN, type RunningCloud, type RunningService } from "../../support/lambda/protocol/service.ts";

let cloud: RunningCloud;
let service: RunningService;
beforeAll(async () => {
  cloud = await startServices();
  service = await cloud.service("iru");
});
afterAll(() => cloud.close());

describe("through the gateway and Lambda", () => {
  it.each([
    ["an unknown address", "GET", "/Nothing", {}, 404],
    ["a method that does not belong", "PATCH", "/Users", {}, 405],
    ["/Me", "GET", "/Me", {}, 501],
    ["no token", "GET", "/Users", { authorization: "" }, 401],
    ["another content type", "POST", "/Users", { "content-type": "text/plain" }, 415],
    ["broken escapes", "GET", "/Users/%zz", {}, 404],
  ] as [string, string, string, Record<string, string>, number][])(
    "%s is answered with a SCIM error",
    async (_name, method, target, headers, status) => {
      const answer = await service.send(method, target, {
        headers,
        ...(method === "GET" ? {} : { raw: '{"userName":"x"}' }),
      });
      expect(answer).toMatchObject({ status, body: { schemas: [ERROR_SCHEMA], status: String(status) } });
      expect(answer.headers.get("content-type")).toBe("application/scim+json");
    },
  );

  it("invalid UTF-8 is invalidSyntax", async () => {
    const raw = new Uint8Array(Buffer.from('{"userName":"\xff"}', "latin1"));
    expect(await service.send("POST", "/Users", { raw })).toMatchObject({
      status: 400,
      body: { scimType: "invalidSyntax" },
    });
  });

  it("a body of 4 MiB passes, in base64 too, and one byte more is the function's own 413", async () => {
    const fill = (length: number): string => {
      const shell = JSON.stringify({ userName: `u${length}`, ignored: "" });
      return shell.replace('""', JSON.stringify("x".repeat(length - shell.length)));
    };
    expect((await service.send("POST", "/Users", { raw: fill(4 * 1024 * 1024) })).status).toBe(201);
    const answer = await service.send("POST", "/Users", { raw: fill(4 * 1024 * 1024 + 1) });
    expect(answer).toMatchObject({ status: 413, body: { schemas: [ERROR_SCHEMA], status: "413" } });
  });

  it("HEAD has the headers of GET and no body; a cursor and a bulk request pass", async () => {
    const Operations = ["a", "b", "c"].map((bulkId) => ({
      method: "POST",
      path: "/Users",
      bulkId,
      data: { userName: bulkId },
    }));
    const bulk = await service.send("POST", "/Bulk", { body: { Operations } });
    expect(bulk.body["Operations"]).toMatchObject([{ status: "201" }, { status: "201" }, { status: "201" }]);
    const { body } = await service.send("GET", "/Users?cursor&count=2");
    const { nextCursor } = body;
    if (typeof nextCursor !== "string") throw new Error("there is no next page");
    const next = await service.send("GET", `/Users?count=2&cursor=${nextCursor}`);
    expect(next).toMatchObject({ status: 200, body: { itemsPerPage: 2 } });
    const head = await service.send("HEAD", "/Users?count=1");
    expect([head.status, head.body]).toEqual([200, {}]);
  });

  it("no token is logged", () => {
    expect(cloud.lines.length).toBeGreaterThan(5);
    expect(cloud.lines.join("\n")).not.toContain(TOKEN);
  });
});
