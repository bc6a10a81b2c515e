import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BusyError } from "../../../lambda/directory/errors.ts";
import { answerReceiver } from "../../../lambda/events/endpoint.ts";
import { backlogOf } from "../../../lambda/events/feed.ts";
import { jtiOf } from "../../../lambda/events/set.ts";
import { startFeedEndpoint, type FeedEndpoint } from "../../support/lambda/events/feedEndpoint.ts";

let feed: FeedEndpoint;

beforeAll(async () => {
  feed = await startFeedEndpoint();
});
beforeEach(() => feed.clear());
afterAll(() => feed.close());

describe("polling (RFC 8936)", () => {
  it("§2.3: an answer without SETs has an empty object `sets`", async () => {
    const { status, body, response } = await feed.now();
    expect([status, body]).toEqual([200, { sets: {} }]);
    expect(response.headers).toEqual({ "content-type": "application/json", "cache-control": "no-store" });
  });

  it("§2.3: SETs are given by their jti, the oldest first", async () => {
    const added = await feed.add(3);
    const { jtis, sets, moreAvailable } = await feed.now();
    expect(jtis).toEqual(added);
    expect(moreAvailable).toBeUndefined();
    const { body } = await answerReceiver(feed.endpoint, feed.tenant.feed, {
      method: "GET",
      path: "/api/v1/events/keys",
      headers: {},
      body: undefined,
    });
    const jwks = createLocalJWKSet(JSON.parse(body ?? "") as JSONWebKeySet);
    for (const jti of added) expect((await jwtVerify(sets[jti] ?? "", jwks)).payload.jti).toBe(jti);
  });

  it("§2.4: what is not acknowledged is given again; what is acknowledged is not", async () => {
    const [one = "", two = "", three = ""] = await feed.add(3);
    expect((await feed.now()).jtis).toEqual([one, two, three]);
    expect((await feed.now({ ack: [two] })).jtis).toEqual([one, three]);
    expect((await feed.now({ ack: [one, three, one] })).jtis).toEqual([]);
  });

  it("§2.2: an empty object asks for everything that there is, and `maxEvents` for no more than so many", async () => {
    const added = await feed.add(3);
    expect((await feed.send({})).jtis).toEqual(added);
    const two = await feed.now({ maxEvents: 2 });
    expect([two.jtis, two.moreAvailable]).toEqual([added.slice(0, 2), true]);
    const three = await feed.now({ maxEvents: 3 });
    expect([three.jtis, three.moreAvailable]).toEqual([added, undefined]);
  });

  it("§2.4: `maxEvents` of 0 only acknowledges, at once", async () => {
    const [one = "", two = ""] = await feed.add(2);
    expect((await feed.send({ maxEvents: 0, ack: [one] })).body).toEqual({ sets: {} });
    expect((await feed.now()).jtis).toEqual([two]);
  });

  it("§2.2: without `returnImmediately`, the answer waits for a first SET", async () => {
    const waiting = feed.send({});
    const added = await feed.add(1);
    expect((await waiting).jtis).toEqual(added);
  });

  it("§2.4: the acknowledgement comes first", async () => {
    const added = await feed.add(2);
    expect((await feed.send({ ack: added.slice(0, 1) })).jtis).toEqual(added.slice(1));
  });

  it("§2.4: an unknown jti in `ack` or `setErrs` is no error", async () => {
    const added = await feed.add(1);
    const unknown = [jtiOf("9".repeat(40), "hr"), "", "x", "constructor", jtiOf("1", "hr")];
    const setErrs = Object.fromEntries(unknown.map((jti) => [jti, { err: "invalid_key" }]));
    const { status, jtis, response } = await feed.now({ ack: unknown, setErrs });
    expect([status, jtis, response.rejected]).toEqual([200, added, 0]);
  });

  it("§2.5, §2.6: a SET that the receiver rejects is kept apart with its error, and not given again", async () => {
    const [one = "", two = ""] = await feed.add(2);
    const setErrs = { [one]: { err: "authentication_failed", description: "The signature does not verify." } };
    const answer = await feed.now({ ack: [], setErrs });
    expect([answer.jtis, answer.response.rejected]).toEqual([[two], 1]);
    const again = await feed.now({ setErrs });
    expect([again.jtis, again.response.rejected]).toEqual([[two], 0]);
    expect(await backlogOf(feed.tenant.feed, "hr.1")).toMatchObject({ count: 1 });
  });

  it("ignores members that it does not define", async () => {
    expect((await feed.now({ x: 1 })).status).toBe(200);
  });

  it("gives 100 SETs at most, and at most 1 MB of them, but at least one", async () => {
    const added = await feed.add(101);
    const first = await feed.now({ maxEvents: 5_000 });
    expect([first.jtis, first.moreAvailable]).toEqual([added.slice(0, 100), true]);
    await feed.now({ maxEvents: 0, ack: added });
    const large = await feed.add(5, "hr", 200_000);
    const some = await feed.now();
    expect([some.jtis, some.moreAvailable]).toEqual([large.slice(0, 3), true]);
    expect((await feed.now({ ack: large.slice(0, 3) })).jtis).toEqual(large.slice(3));
  });

  it.each([
    ["no JSON", { raw: "{" }, 400, "The body is not JSON."],
    ["no body", { raw: "" }, 400, "The body is not JSON."],
    ["a list", { raw: "[]" }, 400, "The body must be a JSON object such as {}."],
    ["a negative maxEvents", { raw: '{"maxEvents":-1}' }, 400, '"maxEvents" must be an integer of 0 or more.'],
    ["a fraction as maxEvents", { raw: '{"maxEvents":1.5}' }, 400, '"maxEvents" must be an integer of 0 or more.'],
    [
      "a text as returnImmediately",
      { raw: '{"returnImmediately":"true"}' },
      400,
      '"returnImmediately" must be true or false.',
    ],
    ["a text as ack", { raw: '{"ack":"1"}' }, 400, '"ack" must be a list of the jti of SETs.'],
    ["a number in ack", { raw: '{"ack":[1]}' }, 400, '"ack" must be a list of the jti of SETs.'],
    ["a list as setErrs", { raw: '{"setErrs":[]}' }, 400, '"setErrs" must be an object with an error for each jti.'],
    [
      "an error without err",
      { raw: '{"setErrs":{"1":{}}}' },
      400,
      'Each error in "setErrs" must have a text "err", and may have a text "description".',
    ],
    [
      "more than 1,000 acknowledgements",
      { raw: JSON.stringify({ ack: Array.from({ length: 1_001 }, String) }) },
      400,
      '"ack" and "setErrs" name more than 1000 SETs; send several requests.',
    ],
    [
      "a body of more than 256 kB",
      { raw: JSON.stringify({ ack: ["x".repeat(256_000)] }) },
      413,
      "The body has 256012 bytes; at most 256000 are accepted. Acknowledge in several requests.",
    ],
    ["another type", { raw: "{}", type: "text/plain" }, 415, "The Content-Type must be application/json."],
  ])("§2.6: refuses %s with invalid_request", async (_, options, status, description) => {
    const { body, response } = await feed.send(undefined, options);
    expect([response.status, body]).toEqual([status, { err: "invalid_request", description }]);
    expect(response.headers).toMatchObject({ "content-type": "application/json", "content-language": "en" });
  });

  it("allows POST only", async () => {
    const { status, response } = await feed.send({}, { method: "GET" });
    expect([status, response.headers["allow"]]).toEqual([405, "POST"]);
  });

  it("answers 503 with Retry-After if the table is busy, and 500 without a word of the cause", async () => {
    const failing = (error: Error) =>
      answerReceiver(
        feed.endpoint,
        { ...feed.tenant.feed, client: { send: () => Promise.reject(error) } },
        {
          ...{ method: "POST", path: "/api/v1/events/hr", body: Buffer.from('{"returnImmediately":true}') },
          headers: { authorization: "Bearer hr-token", "content-type": "application/json" },
        },
      );
    expect(await failing(new BusyError(2))).toMatchObject({
      status: 503,
      headers: { "retry-after": "2" },
      body: undefined,
    });
    const broken = new Error("of a person");
    expect(await failing(broken)).toMatchObject({ status: 500, body: undefined, failure: broken });
  });
});
