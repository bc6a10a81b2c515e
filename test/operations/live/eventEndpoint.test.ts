import { createServer } from "node:http";
import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { answerReceiver, type EventEndpoint } from "../../../lambda/events/endpoint.ts";
import type { Store } from "../../../lambda/directory/store.ts";
import { eventEndpoint } from "../../../operations/live/eventEndpoint.ts";
import { readBody } from "../../../sandbox/support/http.ts";
import { makeKey } from "../../support/lambda/events/keys.ts";
import { listenForTest } from "../../support/sandbox/okta/listen.ts";

const sha256 = createHash("sha256").update("of-hr").digest("hex");

/** The endpoint of the receivers `hr` and `audit`, on a table that nobody may touch. */
async function startEndpoint(): Promise<{ readonly url: string; readonly endpoint: EventEndpoint }> {
  const endpoint: EventEndpoint = {
    receivers: [
      { name: "hr", id: "1", delivery: "poll", mode: "notice" },
      { name: "audit", id: "1", delivery: "poll", mode: "full" },
    ],
    tokens: { receivers: [{ name: "hr", generation: 1, sha256 }], others: [] },
    keys: [(await makeKey()).published],
  };
  const store: Store = {
    client: { send: () => Promise.reject(new Error("the feed is touched")) },
    table: "feed",
    deadline: { remaining: () => 10_000 },
  };
  const server = createServer((request, response) => {
    void readBody(request, 1e6).then(async (body) => {
      const { method = "", url: path = "", headers } = request;
      const { authorization, "content-type": type } = headers;
      const asked = { method, path, headers: { authorization, "content-type": type }, body };
      const answer = await answerReceiver(endpoint, store, asked);
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  return { url: `http://127.0.0.1:${await listenForTest(server)}/api/v1/events`, endpoint };
}

it("polls the service without taking or acknowledging an event", async () => {
  const { url } = await startEndpoint();
  expect(await eventEndpoint.poll(`${url}/hr`, "of-hr")).toEqual({ status: 200, body: { sets: {} } });
});

it("tells a refusal with the service's words", async () => {
  const { url } = await startEndpoint();
  const description = "The token is not that of this receiver; use the receiver's own.";
  expect(await eventEndpoint.poll(`${url}/audit`, "of-hr")).toEqual({
    status: 403,
    body: { err: "access_denied", description },
  });
});

it("reads the keys without a token", async () => {
  const { url, endpoint } = await startEndpoint();
  const keys = endpoint.keys.map(({ kid, jwk }) => ({ ...jwk, kid, use: "sig", alg: "ES256" }));
  expect(await eventEndpoint.keys(`${url}/keys`)).toEqual({ status: 200, body: { keys } });
});
