import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Cloud } from "../../../sandbox/aws/index.ts";
import { createBucket } from "../../../sandbox/aws/apiGateway/throttle.ts";
import { matchRoute } from "../../../sandbox/aws/apiGateway/routes.ts";
import { create, declareService, startTestCloud } from "../../support/sandbox/aws/stack.ts";

const ECHO =
  "export const handler = async (event) => ({ statusCode: 201, headers: { 'Content-Type': 'application/json', 'x-n': 1 }, body: JSON.stringify(event) });";

let cloud: Cloud;
let url: string;
beforeAll(async () => {
  cloud = await startTestCloud();
  ({ url } = await declareService(cloud, "echo", { code: ECHO }));
});
afterAll(() => cloud.close());

async function refusal(address: string, init: RequestInit = {}): Promise<[number, string]> {
  const response = await fetch(address, init);
  return [response.status, await response.text()];
}

describe("the gateway", () => {
  it("serves the first API at its own address and others on their own ports", async () => {
    expect(url).toBe(cloud.gatewayUrl);
    const other = await declareService(cloud, "other", {
      code: 'export const handler = async () => "hi";',
      routeKey: "$default",
    });
    expect(other.url).not.toBe(url);
    const response = await fetch(other.url);
    expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([
      200,
      "application/json",
      "hi",
    ]);
  });

  it("passes an event of payload format 2.0 and returns the function's answer", async () => {
    const response = await fetch(`${url}/p/a%20b/c?x=1&x=2&y=%20`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Thing": "One", cookie: "a=1; b=2", "user-agent": "test" },
      body: '{"n":1}',
    });
    expect([response.status, response.headers.get("x-n"), response.headers.get("content-type")]).toEqual([
      201,
      "1",
      "application/json",
    ]);
    expect(await response.json()).toMatchObject({
      version: "2.0",
      routeKey: "ANY /p/{proxy+}",
      rawPath: "/p/a%20b/c",
      rawQueryString: "x=1&x=2&y=%20",
      queryStringParameters: { x: "1,2", y: " " },
      pathParameters: { proxy: "a b/c" },
      cookies: ["a=1", "b=2"],
      headers: { "content-type": "application/json", "x-thing": "One" },
      requestContext: {
        accountId: "000000000000",
        stage: "$default",
        http: { method: "POST", path: "/p/a%20b/c", sourceIp: "127.0.0.1", userAgent: "test", protocol: "HTTP/1.1" },
      },
      body: '{"n":1}',
      isBase64Encoded: false,
    });
  });

  it.each([
    ["application/scim+json", true],
    ["application/octet-stream", true],
    ["text/plain;charset=UTF-8", false],
    ["application/json; charset=utf-8", false],
    ["application/xml", false],
  ])("passes a body of %s in base64: %s", async (type, isBase64Encoded) => {
    const response = await fetch(`${url}/p/x`, { method: "PUT", headers: { "content-type": type }, body: '{"é":1}' });
    const body = isBase64Encoded ? Buffer.from('{"é":1}').toString("base64") : '{"é":1}';
    expect(await response.json()).toMatchObject({ body, isBase64Encoded });
  });

  it("answers 404 if no route matches", async () => {
    expect(await refusal(`${url}/q`)).toEqual([404, '{"message":"Not Found"}']);
    expect(await refusal(`${url}/p`)).toEqual([404, '{"message":"Not Found"}']);
  });

  it("answers 413 to a body over 10 MB and to one whose event is over 6 MB", async () => {
    const expected = [413, '{"message":"Request Entity Too Large"}'];
    const post = (size: number) =>
      refusal(`${url}/p/x`, {
        method: "POST",
        body: Buffer.alloc(size, 97),
        headers: { "content-type": "text/plain" },
      });
    expect(await post(10 * 1024 * 1024 + 1)).toEqual(expected);
    expect(await post(7 * 1024 * 1024)).toEqual(expected);
  });

  it("answers 429 past the stage's burst", async () => {
    const stage = { defaultRouteSettings: { throttlingRateLimit: 0.001, throttlingBurstLimit: 2 } };
    const limited = await declareService(cloud, "limited", { code: ECHO, stage });
    expect((await fetch(`${limited.url}/p/x`)).status).toBe(201);
    expect((await fetch(`${limited.url}/p/x`)).status).toBe(201);
    expect(await refusal(`${limited.url}/p/x`)).toEqual([429, '{"message":"Too Many Requests"}']);
  });

  it("answers 500 if the function fails, returns nonsense or may not be called", async () => {
    const expected = [500, '{"message":"Internal Server Error"}'];
    const failing = await declareService(cloud, "failing", {
      code: 'export const handler = async () => { throw new Error("x"); };',
    });
    expect(await refusal(`${failing.url}/p/x`)).toEqual(expected);
    const nonsense = await declareService(cloud, "nonsense", {
      code: 'export const handler = async () => ({ statusCode: "many" });',
    });
    expect(await refusal(`${nonsense.url}/p/x`)).toEqual(expected);
    const forbidden = await declareService(cloud, "forbidden", { code: ECHO, isPermitted: false });
    expect(await refusal(`${forbidden.url}/p/x`)).toEqual(expected);
    const elsewhere = await declareService(cloud, "elsewhere", { code: ECHO, sourcePath: "/*/GET/p/{proxy+}" });
    expect(await refusal(`${elsewhere.url}/p/x`)).toEqual(expected);
  });

  it("answers 500 without Retry-After when Lambda throttles the function", async () => {
    const throttled = await declareService(cloud, "throttled", {
      code: ECHO,
      function: { reservedConcurrentExecutions: 0 },
    });
    const response = await fetch(`${throttled.url}/p/x`);
    expect([response.status, response.headers.get("retry-after")]).toEqual([500, null]);
    expect(await response.text()).toBe('{"message":"Internal Server Error"}');
  });

  it("answers 503 when the integration takes too long", async () => {
    const slow = await declareService(cloud, "late", {
      code: "export const handler = async () => new Promise((r) => setTimeout(r, 5000));",
      integration: { timeoutMilliseconds: 200 },
    });
    expect(await refusal(`${slow.url}/p/x`)).toEqual([503, '{"message":"Service Unavailable"}']);
  });

  it("serves a mapped domain by Host if the default address is switched off", async () => {
    const { url: address, apiId } = await declareService(cloud, "named", {
      code: 'export const handler = async () => "named";',
      routeKey: "$default",
    });
    const api = cloud.provider.resources["aws:apigatewayv2/api:Api"];
    await api?.update(apiId, {}, { name: "named", protocolType: "HTTP", disableExecuteApiEndpoint: true });
    expect((await fetch(address)).status).toBe(404);
    await create(cloud, "aws:apigatewayv2/apiMapping:ApiMapping", {
      apiId,
      domainName: "scim.example.com",
      stage: "$default",
    });
    const { request } = await import("node:http");
    const status = await new Promise((resolve) =>
      request(address, { headers: { host: "scim.example.com" } }, (r) => resolve(r.statusCode)).end(),
    );
    expect(status).toBe(200);
  });

  it("gives the gateway's port to the next API when the first is deleted", async () => {
    const own = await startTestCloud();
    try {
      const api = own.provider.resources["aws:apigatewayv2/api:Api"];
      const first = await create(own, "aws:apigatewayv2/api:Api", { name: "a", protocolType: "HTTP" });
      await api?.delete(first.id, first.outputs);
      const second = await create(own, "aws:apigatewayv2/api:Api", { name: "b", protocolType: "HTTP" });
      expect(second.outputs["apiEndpoint"]).toBe(own.gatewayUrl);
    } finally {
      await own.close();
    }
  });
});

describe("route matching", () => {
  const routes = ["$default", "ANY /p/{proxy+}", "GET /p/{id}", "ANY /p/{id}", "GET /p/me", "GET /p/q/{proxy+}"].map(
    (routeKey) => ({ routeKey }),
  );
  it.each([
    ["GET", "/p/me", "GET /p/me"],
    ["GET", "/p/7", "GET /p/{id}"],
    ["PUT", "/p/7", "ANY /p/{id}"],
    ["GET", "/p/7/8", "ANY /p/{proxy+}"],
    ["GET", "/p/q/8", "GET /p/q/{proxy+}"],
    ["GET", "/p/", "ANY /p/{proxy+}"],
    ["GET", "/p", "$default"],
    ["GET", "/", "$default"],
  ])("sends %s %s to %s", (method, path, expected) => {
    expect(matchRoute(routes, method, path)?.route.routeKey).toBe(expected);
  });
});

describe("the token bucket", () => {
  it("refills by the rate up to the burst", () => {
    let time = 0;
    const take = createBucket({ rate: 2, burst: 3 }, () => time);
    expect([take(), take(), take(), take()]).toEqual([true, true, true, false]);
    time = 500;
    expect([take(), take()]).toEqual([true, false]);
    time = 60_000;
    expect([take(), take(), take(), take()]).toEqual([true, true, true, false]);
  });
});
