import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { answerReceiver, type EventResponse } from "../../../lambda/events/endpoint.ts";
import { inOrder, type StoredEntry } from "../../../lambda/events/feed.ts";
import { pollMetrics } from "../../../lambda/events/log.ts";
import { observe } from "../../../lambda/events/observe.ts";
import { jtiOf } from "../../../lambda/events/set.ts";
import { startFeedEndpoint, type FeedEndpoint } from "../../support/lambda/events/feedEndpoint.ts";
import type { LocalKey } from "../../support/lambda/events/keys.ts";

let feed: FeedEndpoint;

beforeAll(async () => {
  feed = await startFeedEndpoint();
});
beforeEach(() => feed.clear());
afterAll(() => feed.close());

describe("the tokens of receivers", () => {
  it.each([
    ["no token", "", 401, "authentication_failed"],
    ["an unknown token", "other", 401, "authentication_failed"],
    ["the token of another receiver", "hr-2-token", 403, "access_denied"],
    ["the token of the directory", "main-token", 403, "access_denied"],
    ["the token of a reader", "reader-token", 403, "access_denied"],
  ])("%s neither reads nor acknowledges", async (_, token, status, err) => {
    const added = await feed.add(1);
    const { status: given, body, response } = await feed.now({ ack: added }, { token });
    expect([given, body["err"], body["sets"]]).toEqual([status, err, undefined]);
    expect(response.headers["www-authenticate"]).toBe(status === 401 ? "Bearer" : undefined);
    expect((await feed.now()).jtis).toEqual(added);
  });

  it("a receiver cannot acknowledge or reject what is another's", async () => {
    const added = await feed.add(1);
    const [sequence = ""] = added[0]?.split("-") ?? [];
    const others = [...added, jtiOf(sequence, "hr-2"), `${sequence}-hr-2`];
    const setErrs = Object.fromEntries(others.map((jti) => [jti, { err: "invalid_key" }]));
    expect((await feed.now({ ack: others, setErrs }, { receiver: "hr-2" })).status).toBe(200);
    expect((await feed.now()).jtis).toEqual(added);
  });

  it("a receiver that is added again begins with an empty feed, and cannot acknowledge what waited for the one before", async () => {
    const added = await feed.add(2);
    const again = feed.endpoint.receivers.map((one) => (one.name === "hr" ? { ...one, id: "2" } : one));
    const asked = { ack: added, setErrs: {}, returnImmediately: true };
    const { body } = await answerReceiver({ ...feed.endpoint, receivers: again }, feed.tenant.feed, {
      method: "POST",
      path: "/api/v1/events/hr",
      headers: { authorization: "Bearer hr-token", "content-type": "application/json" },
      body: Buffer.from(JSON.stringify(asked)),
    });
    expect(JSON.parse(body ?? "")).toEqual({ sets: {} });
    expect((await feed.now()).jtis).toEqual(added);
  });

  it("both generations of a token are accepted, and the previous one counts", async () => {
    const countsOf = async (token: string): Promise<unknown[]> => {
      const { status, response } = await feed.now({}, { token });
      return [status, response.tokenGeneration, pollMetrics(response, feed.endpoint.tokens.receivers)];
    };
    expect(await countsOf("hr-token-next")).toEqual([200, 2, []]);
    const previous = { name: "PreviousReceiverToken", receiver: "hr", value: 1 };
    expect(await countsOf("hr-token")).toEqual([200, 1, [previous]]);
    const rejecting = { receiver: "hr", tokenGeneration: 1, rejected: 3 };
    expect(pollMetrics(rejecting, feed.endpoint.tokens.receivers)).toEqual([
      { name: "EventRejected", receiver: "hr", value: 3 },
      previous,
    ]);
  });

  it.each([
    ["an unknown receiver", { receiver: "nobody", token: "hr-token" }],
    ["a path that is none", { receiver: "%E0%A4%A", token: "hr-token" }],
    ["a path below", { receiver: "hr/x", token: "hr-token" }],
    ["a receiver whose events are pushed", { receiver: "it" }],
  ])("%s is not found", async (_, options) => {
    expect((await feed.now({}, options)).status).toBe(404);
  });
});

describe("the public keys", () => {
  const keys = (method: string): Promise<EventResponse> =>
    answerReceiver(feed.endpoint, feed.tenant.feed, {
      method,
      path: "/api/v1/events/keys",
      headers: {},
      body: undefined,
    });

  it("are a JWKS that needs no token, with the key that signs first", async () => {
    const { status, headers, body } = await keys("GET");
    expect([status, headers]).toEqual([
      200,
      { "content-type": "application/jwk-set+json", "cache-control": "public, max-age=300" },
    ]);
    const shown = ({ published: { kid, jwk } }: LocalKey) => ({ ...jwk, kid, use: "sig", alg: "ES256" });
    const [key, next] = feed.keys;
    expect(JSON.parse(body ?? "")).toEqual({ keys: [shown(key), shown(next)] });
  });

  it("are read with GET or HEAD", async () => {
    expect(await keys("HEAD")).toMatchObject({ status: 200, body: undefined });
    expect(await keys("POST")).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
  });
});

describe("a feed that is read while it is written", () => {
  const entry = (sequence: string, resource: string): StoredEntry => ({
    feed: "hr",
    sequence,
    resource,
    set: "",
    at: 0,
  });
  const [a1, a2, a3, b4, b5] = [
    entry("1", "/a"),
    entry("2", "/a"),
    entry("3", "/a"),
    entry("4", "/b"),
    entry("5", "/b"),
  ];

  it("gives what the first reading missed before what it saw, and keeps what may have a predecessor for the next poll", () => {
    expect(inOrder([a2], [a1, a2, a3, b4])).toEqual([a1, a2]);
    expect(inOrder([a2, b5], [a1, a2, b4, b5])).toEqual([a1, a2, b4, b5]);
  });
});

describe("the backlog of a receiver", () => {
  it("is measured by number and by the age of the oldest SET, for receivers that poll", async () => {
    await feed.add(2, "hr-2");
    const measured = await observe(feed.tenant.feed, feed.endpoint.receivers);
    expect(measured.map((metrics) => metrics.map(({ name, receiver }) => [name, receiver]))).toEqual([
      [
        ["EventBacklogAge", "hr"],
        ["EventBacklog", "hr"],
      ],
      [
        ["EventBacklogAge", "hr-2"],
        ["EventBacklog", "hr-2"],
      ],
    ]);
    expect(measured.map(([, backlog]) => backlog?.value)).toEqual([0, 2]);
    expect(measured[0]?.[0]?.value).toBe(0);
  });
});
