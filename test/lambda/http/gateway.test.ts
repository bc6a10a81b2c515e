import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { readEnvironment } from "../../../lambda/http/environment.ts";
import { fromGateway, toGateway } from "../../../lambda/http/gateway.ts";

function event(more: Partial<APIGatewayProxyEventV2>): APIGatewayProxyEventV2 {
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: "/api/v1/scim/Users",
    rawQueryString: "",
    headers: {},
    isBase64Encoded: false,
    requestContext: {
      accountId: "1",
      apiId: "a",
      domainName: "d",
      domainPrefix: "d",
      http: {
        method: "post",
        path: "/",
        protocol: "HTTP/1.1",
        sourceIp: "1.2.3.4",
        userAgent: "Okta SCIM Client 1.0.0",
      },
      requestId: "r1",
      routeKey: "$default",
      stage: "$default",
      time: "",
      timeEpoch: 0,
    },
    ...more,
  };
}

describe("an event of API Gateway", () => {
  it("decodes the query and lowers header names", () => {
    const rawQueryString = "filter=userName%20eq%20%22a%2Bb%40x%22&count=1";
    const request = fromGateway(event({ rawQueryString, headers: { Authorization: "Bearer x" } }));
    expect(request).toMatchObject({ method: "POST", path: "/api/v1/scim/Users", requestId: "r1", body: undefined });
    expect(request.query.get("filter")).toBe('userName eq "a+b@x"');
    expect(request.headers["authorization"]).toBe("Bearer x");
  });

  it.each([
    ["plain", '{"userName":"é"}', false],
    ["base64", Buffer.from('{"userName":"é"}').toString("base64"), true],
  ])("reads a %s body", (_name, body, isBase64Encoded) => {
    const request = fromGateway(event({ body, isBase64Encoded }));
    expect(new TextDecoder().decode(request.body)).toBe('{"userName":"é"}');
  });

  it("gets a 204 without a body", () => {
    expect(toGateway({ status: 204, headers: {}, body: undefined })).toEqual({
      statusCode: 204,
      headers: {},
      isBase64Encoded: false,
    });
  });
});

describe("the environment", () => {
  const env = {
    TABLE_NAME: "t",
    BASE_URL: "https://x.example/api/v1/scim/",
    TOKEN_HASHES: JSON.stringify([{ generation: 1, sha256: "ab".repeat(32) }]),
    ATTRIBUTES: '"iru"',
  };

  it("is read", () => {
    expect(readEnvironment(env)).toEqual({
      tableName: "t",
      baseUrl: "https://x.example/api/v1/scim",
      tokens: [{ generation: 1, sha256: "ab".repeat(32) }],
      attributes: "iru",
      events: false,
    });
    expect(readEnvironment({ ...env, EVENTS: "1" }).events).toBe(true);
    expect(readEnvironment({ ...env, ATTRIBUTES: '["title"]' }).attributes).toEqual(["title"]);
  });

  it("takes readers beside a main token, and none without", () => {
    const main = { generation: 2, sha256: "ab".repeat(32) };
    const reader = { generation: 2, sha256: "cd".repeat(32), reader: "hr" };
    const of = (...tokens: object[]) => readEnvironment({ ...env, TOKEN_HASHES: JSON.stringify(tokens) });
    expect(of(main, reader).tokens).toEqual([main, reader]);
    for (const tokens of [[reader], [main, { ...reader, reader: "" }], [main, { ...reader, reader: 1 }]]) {
      expect(() => of(...tokens)).toThrow(/TOKEN_HASHES must be .*only tokens that may only read have a "reader"/);
    }
  });

  it("names everything that is wrong at once", () => {
    const wrong = { BASE_URL: "x", TOKEN_HASHES: '[{"generation":1,"sha256":"short"}]', ATTRIBUTES: '["shoeSize"]' };
    expect(() => readEnvironment(wrong)).toThrow(
      /TABLE_NAME is missing.*BASE_URL must.*TOKEN_HASHES must.*ATTRIBUTES must/,
    );
  });
});
