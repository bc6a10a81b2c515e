import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { afterEach, expect, it, vi } from "vitest";
import { createClient } from "../../../lambda/directory/client.ts";

const received: IncomingHttpHeaders[] = [];
const server = createServer((request, response) => {
  received.push(request.headers);
  response.setHeader("content-type", "application/x-amz-json-1.0").end("{}");
});

afterEach(() => {
  vi.unstubAllEnvs();
  server.close();
  server.closeAllConnections();
});

it("signs each request with the credentials of its time, and sends no versions with it", async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", `http://127.0.0.1:${address.port}`);
  vi.stubEnv("AWS_REGION", "eu-west-1");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "not-a-secret");
  const client = createClient();
  for (const key of ["FIRST", "SECOND"]) {
    vi.stubEnv("AWS_ACCESS_KEY_ID", key);
    await client.send("GetItem", { TableName: "directory", Key: { pk: { S: "a" } } }, 1_000);
  }
  const keys = received.map(
    ({ authorization }) => /Credential=(\w+)\/\d+\/eu-west-1\/dynamodb\//.exec(authorization ?? "")?.[1],
  );
  expect(keys).toEqual(["FIRST", "SECOND"]);
  for (const headers of received) {
    expect(headers).not.toHaveProperty("user-agent");
    expect(headers).not.toHaveProperty("x-amz-user-agent");
    expect(headers).toMatchObject({
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": "DynamoDB_20120810.GetItem",
    });
  }
  client.close();
});
