import { describe, expect, it } from "vitest";
import type { DynamoDBRecord } from "aws-lambda";
import { AwsError } from "../../../lambda/aws/errors.ts";
import { EntryError, type AwsCall } from "../../../lambda/events/awsCall.ts";
import { detailTypeOf, putEvents } from "../../../lambda/events/bus.ts";
import { kmsSign } from "../../../lambda/events/kms.ts";
import { sendMessages } from "../../../lambda/events/queue.ts";
import type { Claims } from "../../../lambda/events/set.ts";
import { memoryPublisher } from "../../support/lambda/events/publisher.ts";
import { groupImage, record, userImage } from "../../support/lambda/events/records.ts";

const receivers = [
  { name: "hr", id: "1", delivery: "poll", mode: "full" },
  { name: "it", id: "1", delivery: "push", mode: "notice" },
] as const;
const deadline = { remaining: () => 20_000 };

const title = (version: number): DynamoDBRecord =>
  record(
    userImage(version - 1, { userName: "a", title: `${version - 1}` }),
    userImage(version, { userName: "a", title: `${version}` }),
  );
const sequenceOf = ({ dynamodb }: DynamoDBRecord): string => dynamodb?.SequenceNumber ?? "";

describe("a batch of the stream", () => {
  it("is told to every receiver and the bus, the changes of a resource in order", async () => {
    const memory = await memoryPublisher(receivers, true);
    const records = [title(2), title(3), record(undefined, groupImage(1, { displayName: "G" })), title(4)];
    const { response, changes, sets } = await memory.publish(records);
    expect([response, changes, sets]).toEqual([{ batchItemFailures: [] }, 4, 12]);
    expect(memory.feed("hr").map(({ txn }) => txn)).toEqual(["request-2", "request-3", "request-1", "request-4"]);
    const ofUser = memory.queued.filter(({ change }) => change.kind === "User");
    expect(ofUser.map(({ claims }) => claims.txn)).toEqual(["request-2", "request-3", "request-4"]);
    expect(memory.onBus).toHaveLength(4);
  });

  it.each(["sign", "poll", "push", "bus"] as const)(
    "is repeated from the first record that is not delivered everywhere, if the step `%s` fails",
    async (step) => {
      const memory = await memoryPublisher(receivers, true);
      const records = [title(2), title(3), title(4)];
      let calls = 0;
      memory.before = (outlet) => {
        if (outlet === step && (calls += 1) === (step === "sign" ? 3 : 2)) throw new Error("it failed");
      };
      const { response, failure } = await memory.publish(records);
      const first = records.map(sequenceOf)[1] ?? "";
      expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: first }] });
      expect(failure).toEqual(new Error("it failed"));
      // Nothing of a later change of the resource is told before.
      expect(memory.feed("hr").map(({ txn }) => txn)).not.toContain("request-4");
      memory.before = () => undefined;
      await memory.publish(records.slice(1));
      expect(memory.feed("hr").map(({ txn }) => txn)).toEqual(["request-2", "request-3", "request-4"]);
    },
  );

  it("that is repeated as a whole is told with the same jti", async () => {
    const memory = await memoryPublisher(receivers);
    const records = [title(2), title(3)];
    await memory.publish(records);
    const first = memory.feed("hr").map(({ jti, txn }) => [jti, txn]);
    await memory.publish(records);
    expect(memory.feed("hr").map(({ jti, txn }) => [jti, txn])).toEqual(first);
  });

  it("is repeated from the first of several changes that are told as one", async () => {
    const memory = await memoryPublisher(receivers);
    const image = (version: number) =>
      groupImage(
        version,
        { displayName: "G" },
        { mark: { how: "patch", members: "many" }, more: { d: { N: String(version) } } },
      );
    const records = [record(image(1), image(2)), record(image(2), image(3))];
    memory.before = () => {
      throw new Error("it failed");
    };
    const { response } = await memory.publish(records);
    expect(response.batchItemFailures).toEqual([{ itemIdentifier: records.map(sequenceOf)[0] }]);
  });
});

/** A service that answers each call in turn; the last answer counts for all that follow. */
function service(...answers: readonly (object | Error)[]): {
  readonly call: AwsCall;
  readonly calls: [string, unknown][];
} {
  const calls: [string, unknown][] = [];
  return {
    calls,
    async call(operation, input) {
      calls.push([operation, input]);
      const answer = answers[Math.min(calls.length, answers.length) - 1];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
}
const throttled = new AwsError({ name: "ThrottlingException", message: "slow down", status: 400 });
const denied = new AwsError({ name: "AccessDeniedException", message: "no", status: 400 });

describe("the key", () => {
  it("signs the SHA-256 of a message, and is asked again when it is throttled", async () => {
    const { call, calls } = service(throttled, throttled, { Signature: Buffer.from("der").toString("base64") });
    expect(Buffer.from(await kmsSign(call, "arn:key", deadline)(Buffer.from("message"))).toString()).toBe("der");
    expect(calls).toHaveLength(3);
    expect(calls[0]).toEqual([
      "Sign",
      {
        KeyId: "arn:key",
        Message: "q1MKE+RZFJgrefm34/uplM/R8/si9xzqGvvwK0YMbR0=",
        MessageType: "DIGEST",
        SigningAlgorithm: "ECDSA_SHA_256",
      },
    ]);
  });

  it("is not asked again when the policy refuses", async () => {
    const { call, calls } = service(denied);
    await expect(kmsSign(call, "arn:key", deadline)(Buffer.from("m"))).rejects.toThrow(denied);
    expect(calls).toHaveLength(1);
  });
});

const claims = (jti: string, more: Partial<Claims> = {}): Claims => ({
  ...{
    iss: "i",
    iat: 1,
    jti,
    aud: "a",
    txn: "t",
    sub_id: {},
    events: { "urn:ietf:params:scim:event:prov:patch:full": {} },
  },
  ...more,
});

describe("the event bus", () => {
  const bus = { name: "acme-events", source: "okta-scim-directory.acme" };
  const jtis = (call: [string, unknown] | undefined): string[] =>
    (call?.[1] as { Entries: { Detail: string }[] }).Entries.map(({ Detail }) => (JSON.parse(Detail) as Claims).jti);

  it("gets one entry a SET, ten in a request, and only those again that failed", async () => {
    const done = { EventId: "1" };
    const { call, calls } = service(
      {
        FailedEntryCount: 1,
        Entries: [done, { ErrorCode: "ThrottlingException" }, ...Array.from({ length: 8 }, () => done)],
      },
      { FailedEntryCount: 0, Entries: [done] },
    );
    await putEvents(
      call,
      bus,
      Array.from({ length: 11 }, (_, at) => claims(`${at}`)),
      deadline,
    );
    expect(calls.map(jtis).map((list) => list.length)).toEqual([10, 1, 1]);
    expect(calls.flatMap(jtis).filter((jti) => jti === "1")).toHaveLength(2);
    expect((calls[0]?.[1] as { Entries: object[] }).Entries[0]).toMatchObject({
      EventBusName: "acme-events",
      Source: "okta-scim-directory.acme",
      DetailType: "prov:patch",
    });
  });

  it("that refuses an entry for good fails the batch", async () => {
    const { call } = service({ FailedEntryCount: 1, Entries: [{ ErrorCode: "NotAuthorizedForSourceException" }] });
    await expect(putEvents(call, bus, [claims("1")], deadline)).rejects.toThrow(EntryError);
  });

  it("gets at most 256 kB in a request", async () => {
    const { call, calls } = service({ Entries: [{ EventId: "1" }] });
    await putEvents(
      call,
      bus,
      Array.from({ length: 3 }, (_, at) => claims(`${at}`, { txn: "x".repeat(130_000) })),
      deadline,
    );
    expect(calls).toHaveLength(3);
  });

  it("names deactivation and activation in the detail type, by which rules select them", () => {
    const prefix = "urn:ietf:params:scim:event:prov:";
    const typeOf = (...names: string[]): string =>
      detailTypeOf(claims("1", { events: Object.fromEntries(names.map((name) => [prefix + name, {}])) }));
    expect([typeOf("create:notice"), typeOf("put:full"), typeOf("delete")]).toEqual([
      "prov:create",
      "prov:put",
      "prov:delete",
    ]);
    expect([typeOf("patch:full", "deactivate"), typeOf("put:notice", "activate")]).toEqual([
      "prov:deactivate",
      "prov:activate",
    ]);
  });
});

describe("the queue", () => {
  const entries = Array.from({ length: 12 }, (_, at) => ({ group: `hr/${at}`, jti: `${at}`, set: `set-${at}` }));

  it("gets ten messages in a request, and only those again that failed", async () => {
    const { call, calls } = service(
      { Failed: [{ Id: "3", SenderFault: false, Code: "InternalError" }] },
      { Successful: [] },
    );
    await sendMessages(call, "https://queue", entries, deadline);
    const sent = calls.map(([, input]) => (input as { Entries: { MessageDeduplicationId: string }[] }).Entries);
    expect(sent.map((one) => one.length).sort()).toEqual([1, 10, 2].sort());
    expect(sent.flat().filter(({ MessageDeduplicationId }) => MessageDeduplicationId === "3")).toHaveLength(2);
    expect(sent[0]?.[0]).toEqual({
      Id: "0",
      MessageBody: "set-0",
      MessageGroupId: "hr/0",
      MessageDeduplicationId: "0",
    });
  });

  it("that refuses a message for good fails the batch", async () => {
    const { call } = service({ Failed: [{ Id: "0", SenderFault: true, Code: "InvalidMessageContents" }] });
    await expect(sendMessages(call, "https://queue", entries.slice(0, 1), deadline)).rejects.toThrow(EntryError);
  });
});
