import { describe, expect, it } from "vitest";
import { runProgram } from "../../support/components/registrations.ts";
import { declare, difference } from "../../support/components/scimDirectory/aws.ts";
import { eventInputs, everyOutlet, publishedKey } from "../../support/components/scimDirectory/eventInputs.ts";
import { defaultBaseUrl, functionInputs, tokenHashes } from "../../support/components/scimDirectory/resourceInputs.ts";

const poll = (name: string) => ({ name, delivery: "poll" });
const typesOf = (declared: object): string[] => Object.keys(declared).sort();

describe("change events as resources", () => {
  it("have exactly these inputs with a receiver of poll, one of push, and a bus", async () => {
    const plain = await declare({});
    const { declared, all } = await declare({ events: everyOutlet });
    expect(difference(plain.declared, declared)).toStrictEqual(eventInputs);
    const table = all.find(({ name }) => name === "acme-feed");
    expect(table).toMatchObject({ protect: true, retainOnDelete: true });
  });

  it("do not exist without receivers and bus", async () => {
    const plain = await declare({});
    for (const events of [{}, { receivers: [], eventBus: false }]) {
      expect((await declare({ events })).declared).toStrictEqual(plain.declared);
    }
    // Pulumi warns of an output without a value, so there is none.
    expect(Object.keys((await runProgram({})).outputs)).toEqual([
      ...["scimBaseUrl", "scimToken", "scimAuthorization"],
      ...["oktaAppId", "assignmentGroupId", "pushGroups", "connection", "nextSteps"],
    ]);
  });

  it("have no queue without a receiver of push, and no observer without a receiver of poll", async () => {
    const all = Object.keys(eventInputs);
    const bus = await declare({ events: { eventBus: true } });
    const without = (pattern: RegExp): string[] => all.filter((name) => !pattern.test(name)).sort();
    const plain = await declare({});
    expect(typesOf(difference(plain.declared, bus.declared))).toEqual(without(/push|observe|receiver-/));
    const polled = await declare({ events: { receivers: [poll("hr")] } });
    expect(typesOf(difference(plain.declared, polled.declared))).toEqual(without(/push|EventBus|-crm/));
  });

  it("hand over addresses, and tokens as one secret", async () => {
    const { outputs, secretOutputs } = await runProgram({ events: everyOutlet });
    expect(outputs).toMatchObject({
      eventIssuer: "https://api.example.com/api/v1/events",
      eventKeys: "https://api.example.com/api/v1/events/keys",
    });
    expect(outputs["eventReceivers"]).toEqual({
      hr: { pollUrl: "https://api.example.com/api/v1/events/hr", token: "t0ken-of-acme-receiver-hr-1" },
      crm: {},
    });
    expect([...secretOutputs].sort()).toEqual(["eventReceivers", "scimAuthorization", "scimToken"]);
  });

  it("let a receiver read that is a reader too, and rotate its token with the others", async () => {
    const { declared } = await declare({ events: { receivers: [poll("hr")] }, readers: ["hr"], tokenGeneration: 2 });
    // The id of its feed has no generation: a rotation keeps what waits.
    expect(Object.keys(declared).filter((one) => one.startsWith("RandomId "))).toEqual([
      "RandomId acme-receiver-hr-poll",
    ]);
    const { environment } = declared["Function acme-function"] as { environment: { variables: object } };
    const { variables } = declared["Function acme-events-feed"]?.["environment"] as {
      variables: Record<string, object>;
    };
    const hashes = (
      environment.variables as { TOKEN_HASHES: { generation: number; sha256: string; reader?: string }[] }
    ).TOKEN_HASHES;
    expect(hashes.map(({ generation, reader }) => [generation, reader])).toEqual([
      [2, undefined],
      [1, undefined],
      [2, "hr"],
      [1, "hr"],
      [2, "hr"],
      [1, "hr"],
    ]);
    expect(variables["RECEIVER_TOKEN_HASHES"]).toEqual(
      hashes.slice(4).map(({ generation, sha256 }) => ({ generation, sha256, name: "hr" })),
    );
    const alone = await declare({ events: { receivers: [poll("hr")] } });
    expect(alone.declared["Function acme-function"]).toStrictEqual(
      functionInputs(defaultBaseUrl, [tokenHashes[1]], { EVENTS: "1" }),
    );
  });

  it("publish the key that signs, the one before, and the next one if it is announced", async () => {
    const keysOf = async (signingKey: object): Promise<unknown> => {
      const { declared } = await declare({ events: { eventBus: true, signingKey } });
      const generations = Object.keys(declared).filter((name) => name.startsWith("Key "));
      const feed = declared["Function acme-events-feed"]?.["environment"] as { variables: Record<string, unknown> };
      const policy = JSON.stringify(declared["RolePolicy acme-events-publish"]);
      return [generations, feed.variables["SIGNING_KEYS"], /arn:acme-events-signing-\d+/.exec(policy)?.[0]];
    };
    const [signs, published] = [publishedKey(true), publishedKey(false)];
    const named = (...numbers: number[]): string[] => numbers.map((number) => `Key acme-events-signing-${number}`);
    expect(await keysOf({ announceNext: true })).toEqual([
      named(1, 2),
      [signs, published],
      "arn:acme-events-signing-1",
    ]);
    expect(await keysOf({ generation: 2 })).toEqual([named(2, 1), [signs, published], "arn:acme-events-signing-2"]);
    expect(await keysOf({ generation: 3, announceNext: true })).toEqual([
      named(3, 2, 4),
      [signs, published, published],
      "arn:acme-events-signing-3",
    ]);
  });

  it("have alarms on events that do not arrive, and graphs", async () => {
    const plain = await declare({ events: everyOutlet });
    const { declared } = await declare({ events: everyOutlet, alarms: { topicArn: "arn:aws:sns:x:1:ops" } });
    const rows = Object.entries(difference(plain.declared, declared))
      .filter(([name]) => /MetricAlarm .*(events|push|-hr)/.test(name))
      .map(([name, alarm]) => [
        name.split(" ")[1],
        ...["namespace", "metricName", "dimensions", "threshold", "evaluationPeriods"].map((key) => alarm[key]),
      ]);
    expect(rows.sort()).toEqual([
      [
        "acme-backlog-hr",
        "OktaScimDirectory",
        "EventBacklogAge",
        { FunctionName: "acme-events-observe", Receiver: "hr" },
        86400,
        1,
      ],
      [
        "acme-events-failed",
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        { QueueName: "acme-events-failed" },
        1,
        1,
      ],
      ["acme-events-feed-errors", "AWS/Lambda", "Errors", { FunctionName: "acme-events-feed" }, 1, 1],
      ["acme-events-late", "AWS/Lambda", "IteratorAge", { FunctionName: "acme-events-publish" }, 600000, 2],
      ["acme-events-observe-errors", "AWS/Lambda", "Errors", { FunctionName: "acme-events-observe" }, 1, 1],
      ["acme-events-publish-errors", "AWS/Lambda", "Errors", { FunctionName: "acme-events-publish" }, 1, 1],
      ["acme-events-push-errors", "AWS/Lambda", "Errors", { FunctionName: "acme-events-push" }, 1, 1],
      ["acme-push-dead", "AWS/SQS", "ApproximateNumberOfMessagesVisible", { QueueName: "acme-push-dead" }, 1, 1],
      ["acme-push-late", "AWS/SQS", "ApproximateAgeOfOldestMessage", { QueueName: "acme-push" }, 86400, 1],
      [
        "acme-rejected-hr",
        "OktaScimDirectory",
        "EventRejected",
        { FunctionName: "acme-events-feed", Receiver: "hr" },
        1,
        1,
      ],
    ]);
    const body = declared["Dashboard acme"]?.["dashboardBody"] as { widgets: { properties: { title: string } }[] };
    expect(
      body.widgets.map(({ properties }) => properties.title).filter((title) => title.startsWith("Change")),
    ).toEqual([
      "Change events: milliseconds until published, failed functions",
      "Change events: seconds that the oldest waits for its receiver",
      "Change events: waiting, rejected, not delivered",
      "Change events: capacity units of the feed",
    ]);
  });
});
