import type { SQSRecord } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { isPublicAddress } from "../../../lambda/events/addresses.ts";
import { push, type Attempt } from "../../../lambda/events/push.ts";
import { queueGroup } from "../../../lambda/events/queue.ts";
import { createTargets, type FindTarget } from "../../../lambda/events/targets.ts";
import { answerOf, transmit, TransmitError, type Answer } from "../../../lambda/events/transmit.ts";

let serial = 0;

const message = (resource: string, body: string, receives = 1): SQSRecord => ({
  messageId: `m${(serial += 1)}`,
  receiptHandle: `r-${body}`,
  body,
  attributes: {
    ...{
      ApproximateReceiveCount: String(receives),
      SentTimestamp: "0",
      SenderId: "s",
      ApproximateFirstReceiveTimestamp: "0",
    },
    MessageGroupId: queueGroup("hr.1", resource),
  },
  ...{ messageAttributes: {}, md5OfBody: "", eventSource: "aws:sqs", eventSourceARN: "", awsRegion: "us-east-1" },
});

const accepted: Answer = { status: 202, retryAfter: undefined, err: undefined };

interface PushOptions {
  readonly remaining?: number;
  readonly find?: FindTarget;
}

/** Pushes to a receiver that answers each SET so. */
async function pushTo(
  answers: Readonly<Record<string, Answer | Error>>,
  records: readonly SQSRecord[],
  { remaining = 60_000, find = async () => ({ url: "https://hr.example.com/events" }) }: PushOptions = {},
): Promise<{ left: string[]; sent: string[]; hidden: [string, number][]; attempts: readonly Attempt[] }> {
  const [sent, hidden]: [string[], [string, number][]] = [[], []];
  const { response, attempts } = await push(
    {
      deadline: { remaining: () => remaining },
      findTarget: find,
      async transmit(_, set) {
        sent.push(set);
        const answer = answers[set] ?? accepted;
        if (answer instanceof Error) throw answer;
        return answer;
      },
      async hide(handle, seconds) {
        hidden.push([handle, seconds]);
      },
    },
    records,
  );
  const bodies = new Map(records.map(({ messageId, body }) => [messageId, body]));
  const left = response.batchItemFailures.map(({ itemIdentifier }) => bodies.get(itemIdentifier) ?? "");
  return { left, sent, hidden, attempts };
}

describe("pushing (RFC 8935)", () => {
  it("§2.2: 202 is the end of a delivery", async () => {
    const { left, sent, attempts } = await pushTo({}, [message("a", "a1"), message("b", "b1")]);
    expect([left, sent]).toEqual([[], ["a1", "b1"]]);
    expect(attempts).toEqual([
      { receiver: "hr", outcome: "delivered", status: 202 },
      { receiver: "hr", outcome: "delivered", status: 202 },
    ]);
  });

  it.each([200, 204, 301, 400, 401, 404, 429, 500, 503])(
    "§2.2: %i is not, so the SET is sent again",
    async (status) => {
      const { left, hidden } = await pushTo({ a1: { ...accepted, status } }, [message("a", "a1")]);
      expect([left, hidden]).toEqual([["a1"], [["r-a1", 2]]]);
    },
  );

  it("waits twice as long after each attempt, for an hour at most, or as long as Retry-After says", async () => {
    const failed = { ...accepted, status: 503 };
    const waited = async (receives: number, retryAfter?: number): Promise<number | undefined> =>
      (await pushTo({ a1: { ...failed, retryAfter } }, [message("a", "a1", receives)])).hidden[0]?.[1];
    expect([await waited(1), await waited(5), await waited(12), await waited(280)]).toEqual([2, 32, 3_600, 3_600]);
    expect([await waited(1, 120), await waited(9, 5), await waited(9, 0)]).toEqual([120, 5, 1]);
  });

  it("keeps the order of each resource: what follows a failure is not sent, and waits as long", async () => {
    const records = [message("a", "a1"), message("b", "b1"), message("a", "a2", 3), message("a", "a3")];
    const { left, sent, hidden, attempts } = await pushTo({ a1: new TransmitError("no answer") }, records);
    expect([left, sent]).toEqual([
      ["a1", "a2", "a3"],
      ["a1", "b1"],
    ]);
    expect(hidden).toEqual([
      ["r-a1", 2],
      ["r-a2", 2],
      ["r-a3", 2],
    ]);
    expect(attempts.map(({ outcome }) => outcome)).toEqual(["unanswered", "later", "later", "delivered"]);
  });

  it("begins nothing that it has no time for", async () => {
    const { left, sent } = await pushTo({}, [message("a", "a1")], { remaining: 11_000 });
    expect([left, sent]).toEqual([["a1"], []]);
  });

  it("drops SETs of a receiver that is not configured any more", async () => {
    const { left, attempts } = await pushTo({}, [message("a", "a1")], { find: async () => undefined });
    expect([left, attempts]).toEqual([[], [{ receiver: "hr", outcome: "gone" }]]);
  });

  it("drops SETs that wait for a receiver that was removed and added again, because it began with an empty queue", async () => {
    const call = async (): Promise<unknown> => ({
      Parameter: { Value: '{"hr.2":{"url":"https://other.example.com/"}}' },
    });
    const { left, sent, attempts } = await pushTo({}, [message("a", "a1")], { find: createTargets(call, "targets") });
    expect([left, sent, attempts]).toEqual([[], [], [{ receiver: "hr", outcome: "gone" }]]);
  });

  it("§2.3: reads the code of a 400, and Retry-After as seconds or as a date", () => {
    expect(answerOf(400, {}, '{"err":"invalid_key","description":"…"}')).toEqual({
      ...accepted,
      status: 400,
      err: "invalid_key",
    });
    expect(answerOf(400, {}, "<html>").err).toBeUndefined();
    expect(answerOf(503, { "retry-after": "7" }, "").retryAfter).toBe(7);
    expect(answerOf(503, { "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" }, "").retryAfter).toBe(0);
    expect(answerOf(503, { "retry-after": "soon" }, "").retryAfter).toBeUndefined();
  });
});

describe("the address of a receiver", () => {
  it.each([
    "http://hr.example.com/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://169.254.169.254/",
    "https://localhost/",
  ])("%s is not asked", async (url) => {
    await expect(transmit({ url }, "set")).rejects.toThrow(TransmitError);
  });

  it.each([
    ...[
      "0.0.0.0",
      "10.1.2.3",
      "100.64.0.1",
      "127.0.0.1",
      "169.254.169.254",
      "172.16.0.1",
      "172.31.255.255",
      "192.168.1.1",
    ],
    ...["192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "255.255.255.255", "not an address", ""],
    ...["017.0.0.1", "134744072", "2001:10::1", "2001::1", "3fff::1", "4000::1", "::8.8.8.8"],
    ...[
      "::",
      "::1",
      "::ffff:10.0.0.1",
      "64:ff9b::a00:1",
      "fe80::1",
      "fc00::1",
      "fd12::1",
      "ff02::1",
      "2001:db8::1",
      "2002:a00:1::",
    ],
  ])("%s is not public", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each([
    ...["1.1.1.1", "172.15.0.1", "172.32.0.1", "192.0.1.1", "192.31.196.1", "192.52.193.1", "192.175.48.7"],
    ...["2606:4700::1111", "2a00:1450::1", "2620:4f:8000::1"],
  ])("%s is public", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it("is read from the parameter every 5 minutes, and again for a receiver that is new", async () => {
    const asked: [string, object][] = [];
    let value = '{"hr.1":{"url":"https://hr.example.com/","authorization":"Bearer s"}}';
    const find = createTargets(async (operation, input) => {
      asked.push([operation, input]);
      return { Parameter: { Value: value } };
    }, "/acme/receivers");
    const deadline = { remaining: () => 5_000 };
    expect(await find("hr.1", deadline)).toEqual({ url: "https://hr.example.com/", authorization: "Bearer s" });
    await find("hr.1", deadline);
    expect(asked).toEqual([["GetParameter", { Name: "/acme/receivers", WithDecryption: true }]]);
    value = '{"it.1":{"url":"https://it.example.com/"}}';
    expect(await find("it.1", deadline)).toEqual({ url: "https://it.example.com/" });
    expect(await find("hr.1", deadline)).toBeUndefined();
    value = "secret";
    await expect(find("x", deadline)).rejects.toThrow("the parameter with the receivers' addresses is not JSON");
  });
});
