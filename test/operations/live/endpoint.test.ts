import { createServer } from "node:http";
import { expect, it } from "vitest";
import { scimEndpoint } from "../../../operations/live/endpoint.ts";
import { listenForTest } from "../../support/sandbox/okta/listen.ts";

it("asks again if the connection ends before the answer", async () => {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    if (requests === 2) request.socket.destroy();
    else response.end('{"totalResults":0}');
  });
  const endpoint = scimEndpoint(`http://127.0.0.1:${await listenForTest(server)}`);
  const answer = { status: 200, body: { totalResults: 0 } };
  expect(await endpoint.get("/Users", undefined)).toEqual(answer);
  expect(await endpoint.get("/Users", undefined)).toEqual(answer);
  expect(requests).toBe(3);
});

it("says why there is no answer, after asking twice", async () => {
  let requests = 0;
  const server = createServer(({ socket }) => {
    requests += 1;
    socket.destroy();
  });
  const endpoint = scimEndpoint(`http://127.0.0.1:${await listenForTest(server)}`);
  expect(await endpoint.get("/Users", undefined)).toMatchObject({ status: undefined });
  expect(requests).toBe(2);
});

it("sends a deletion with the authorization", async () => {
  const seen: unknown[] = [];
  const server = createServer(({ method, url, headers }, response) => {
    seen.push([method, url, headers.authorization]);
    response.writeHead(403).end('{"detail":"may only read"}');
  });
  const endpoint = scimEndpoint(`http://127.0.0.1:${await listenForTest(server)}`);
  expect(await endpoint.remove("/Users/x", "Bearer t")).toEqual({ status: 403, body: { detail: "may only read" } });
  expect(seen).toEqual([["DELETE", "/Users/x", "Bearer t"]]);
});
