import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { feedAddress } from "../../../operations/events/feedAddress.ts";
import { outputTo, type Output } from "../../../operations/events/output.ts";
import { showFeed, type ShowOptions } from "../../../operations/events/showEvents.ts";
import { startTransmitter, type Transmitter } from "../../support/operations/events/transmitter.ts";

const patch = (id: string): object => ({
  sub_id: { format: "scim", uri: `/Users/${id}`, userName: "ada@example.com", externalId: "00u1" },
  events: {
    "urn:ietf:params:scim:event:prov:patch:notice": { attributes: ["active", "name.familyName"], version: 'W/"2"' },
  },
});

let feed: Transmitter;
let lines: string[];
let said: string[];
let stop: AbortController;
beforeEach(async () => {
  feed = await startTransmitter();
  [lines, said, stop] = [[], [], new AbortController()];
});
afterEach(() => feed.close());

const output = {
  print: (line: string) => void lines.push(line),
  written: async () => undefined,
  say: (line: string) => void said.push(line),
};
const run = (more: Partial<ShowOptions> = {}, address = feed.address, to: Output = output): Promise<number> =>
  showFeed(address, { follow: false, acknowledge: true, json: false, ...more }, to, stop.signal);

describe("npm run events", () => {
  it("prints what waits, page by page, and acknowledges a page only after it was printed", async () => {
    for (let n = 0; n < 150; n++) feed.add(patch(String(n)));
    expect(await run()).toBe(0);
    expect(lines).toHaveLength(150);
    expect(lines[0]).toBe("2026-09-21 14:13:20  prov:patch:notice  /Users/0  ada@example.com  active, name.familyName");
    expect(feed.waiting.size).toBe(0);
    expect(feed.polls.map(({ ack, maxEvents }) => [ack.length, maxEvents])).toEqual([
      [0, 100],
      [100, 100],
      [50, 0],
    ]);
  });

  /** A stream that takes some writes, then fails. */
  const failing = (code: string, takes: number): Output => {
    let left = takes;
    const write = (_: unknown, __: unknown, done: (error?: Error) => void): void =>
      (left -= 1) < 0 ? done(Object.assign(new Error(`write ${code}`), { code })) : done();
    return outputTo(new Writable({ decodeStrings: false, write }), output.say);
  };

  it("ends quietly if nobody reads its output any more, and acknowledges nothing of that page", async () => {
    for (let n = 0; n < 150; n++) feed.add(patch(String(n)));
    expect(await run({}, feed.address, failing("EPIPE", 1))).toBe(0);
    expect([feed.waiting.size, said]).toEqual([150, []]);
    // The first page and the end of it were written.
    expect(await run({}, feed.address, failing("EPIPE", 103))).toBe(0);
    expect(feed.waiting.size).toBe(50);
  });

  it("says that its output cannot be written, and acknowledges nothing", async () => {
    feed.add(patch("1"));
    await expect(run({}, feed.address, failing("ENOSPC", 1))).rejects.toThrow(
      "the events cannot be written, and stay in the feed: write ENOSPC",
    );
    expect(feed.waiting.size).toBe(1);
  });

  it("prints the claims as JSON", async () => {
    const jti = feed.add(patch("1"));
    expect(await run({ json: true })).toBe(0);
    expect(JSON.parse(lines[0] ?? "")).toEqual({
      iss: "https://issuer",
      iat: 1_790_000_000,
      jti,
      txn: "t",
      ...patch("1"),
    });
  });

  it("leaves everything in the feed with --no-ack, and says that there is more", async () => {
    for (let n = 0; n < 101; n++) feed.add(patch(String(n)));
    expect(await run({ acknowledge: false })).toBe(0);
    expect(lines).toHaveLength(100);
    expect(feed.waiting.size).toBe(101);
    expect(said).toEqual(["More events wait; these are the oldest 100."]);
  });

  it("follows: waits for events, survives a service that is away, and acknowledges the rest at the end", async () => {
    feed.failures.push(503);
    feed.add(patch("1"));
    const ended = run({ follow: true });
    await expect.poll(() => lines).toHaveLength(1);
    feed.add(patch("2"));
    await expect.poll(() => lines).toHaveLength(2);
    stop.abort();
    expect(await ended).toBe(0);
    expect(feed.waiting.size).toBe(0);
    expect(feed.polls.at(0)?.returnImmediately).toBe(false);
    expect(said).toEqual([expect.stringContaining("answers 503; the next attempt is in 2 seconds")]);
  });

  it.each([
    [
      "a key that is not published",
      { kid: "other" },
      "is signed with the key other, which the tenant does not publish",
    ],
    ["another jti inside", { jti: "forged" }, "has another jti inside: forged"],
  ])("neither prints nor acknowledges an event with %s", async (_what, more, message) => {
    feed.add(patch("1"));
    feed.add(patch("2"), more);
    expect(await run()).toBe(1);
    expect(lines).toHaveLength(1);
    expect([...feed.waiting.keys()]).toEqual(["jti-1"]);
    expect(said.join()).toContain(message);
  });

  it("refuses an event whose claims were changed after it was signed", async () => {
    const jti = feed.add(patch("1"));
    const [head = "", , signature = ""] = (feed.waiting.get(jti) ?? "").split(".");
    const claims = { iss: "https://issuer", iat: 1, jti, ...patch("2") };
    feed.waiting.set(jti, [head, Buffer.from(JSON.stringify(claims)).toString("base64url"), signature].join("."));
    expect(await run()).toBe(1);
    expect(said.join()).toContain(`the signature of the event ${jti} is wrong`);
  });

  it("does not let a value control the terminal", async () => {
    feed.add({ ...patch("1"), sub_id: { uri: "/Users/1", userName: "a\u001b[2Jb" } });
    expect(await run()).toBe(0);
    expect(lines[0]).toContain("a?[2Jb");
  });

  it("says what the service answers", async () => {
    const wrong = { ...feed.address, token: "wrong" };
    await expect(run({}, wrong)).rejects.toThrow("answers 401 (authentication_failed: The token is wrong.)");
    await feed.close();
    await expect(run()).rejects.toThrow("does not answer");
  });
});

describe("the feed of a receiver", () => {
  const outputs = {
    eventIssuer: "https://api/events",
    eventKeys: "https://api/events/keys",
    eventReceivers: { audit: { pollUrl: "https://api/events/audit", token: "t" }, hooks: {} },
  };

  it("is in the stack's outputs", () => {
    expect(feedAddress("acme", outputs, "audit")).toEqual({
      ...{ pollUrl: "https://api/events/audit", token: "t" },
      ...{ keysUrl: "https://api/events/keys", issuer: "https://api/events" },
    });
  });

  it.each([
    [
      {},
      "audit",
      'the stack acme has no change events: set the key events, then deploy it with "pulumi up --stack acme"',
    ],
    [outputs, "other", "the stack acme has no receiver other; its receivers: audit, hooks"],
    [outputs, "hooks", "the events of hooks are pushed to it"],
  ])("is explained if there is none (%#)", (given, receiver, message) => {
    expect(() => feedAddress("acme", given, receiver)).toThrow(message);
  });
});
