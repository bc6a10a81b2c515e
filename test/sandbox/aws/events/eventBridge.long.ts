import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Properties } from "../../../../sandbox/engine/provider.ts";
import { allow, startEventLab, type EventLab } from "../../../support/sandbox/aws/eventLab.ts";

const [BUS, RULE, TARGET] = ["eventBus:EventBus", "eventRule:EventRule", "eventTarget:EventTarget"].map(
  (type) => `aws:cloudwatch/${type}`,
) as [string, string, string];
const SHOW = "export const handler = async (event) => { console.log(JSON.stringify(event)); };";

let lab: EventLab;
let client: EventBridgeClient;
let busArn: string;

beforeAll(async () => {
  lab = await startEventLab();
  busArn = String((await lab.create(BUS, { name: "acme-events" })).outputs["arn"]);
  client = new EventBridgeClient(await lab.caller(allow(busArn, "events:PutEvents")));
});
afterAll(() => lab.close());

const entry = (more: Partial<PutEventsRequestEntry> = {}): PutEventsRequestEntry => ({
  ...{
    EventBusName: "acme-events",
    Source: "okta-scim-directory.acme",
    DetailType: "prov:patch",
    Detail: '{"jti":"1"}',
  },
  ...more,
});

/** A function that a rule may invoke. */
async function target(
  rule: { readonly outputs: Properties },
  more: Properties = {},
  isPermitted = true,
): Promise<void> {
  const name = await lab.deploy(SHOW);
  const arn = `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
  const { arn: sourceArn, name: ruleName, eventBusName } = rule.outputs;
  if (isPermitted) {
    const permission = {
      action: "lambda:InvokeFunction",
      function: name,
      principal: "events.amazonaws.com",
      sourceArn,
    };
    await lab.create("aws:lambda/permission:Permission", permission);
  }
  await lab.create(TARGET, { rule: ruleName, ...(eventBusName === undefined ? {} : { eventBusName }), arn, ...more });
}

describe("EventBridge", () => {
  it("keeps the accepted events of a bus; entries fail alone", async () => {
    lab.freedoms = { services: () => ({ failsAlone: (index) => index === 1 }) };
    const Entries = [entry(), entry(), entry({ Detail: "{" }), entry({ DetailType: "" }), entry({ Source: "aws.x" })];
    const answer = await client.send(new PutEventsCommand({ Entries }));
    lab.freedoms = undefined;
    expect(answer.FailedEntryCount).toBe(4);
    expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      ...[undefined, "InternalFailure", "MalformedDetail", "InvalidArgument", "NotAuthorizedForSourceException"],
    ]);
    expect(lab.services.buses.eventsOf("acme-events")).toMatchObject([
      {
        id: answer.Entries?.[0]?.EventId,
        source: "okta-scim-directory.acme",
        "detail-type": "prov:patch",
        detail: { jti: "1" },
      },
    ]);
  });

  it("refuses more than 10 entries and more than 256 kB", async () => {
    const many = Array.from({ length: 11 }, () => entry());
    await expect(client.send(new PutEventsCommand({ Entries: many }))).rejects.toThrow("Entries");
    const Detail = JSON.stringify({ text: "x".repeat(90_000) });
    await expect(
      client.send(new PutEventsCommand({ Entries: [1, 2, 3].map(() => entry({ Detail })) })),
    ).rejects.toThrow("size");
  });

  it("gives an event to the functions whose rule matches it", async () => {
    const eventPattern = JSON.stringify({
      source: [{ prefix: "okta-scim-directory." }],
      "detail-type": ["prov:delete"],
    });
    await target(await lab.create(RULE, { name: "leavers", eventBusName: "acme-events", eventPattern }));
    await client.send(
      new PutEventsCommand({ Entries: [entry(), entry({ DetailType: "prov:delete", Detail: '{"jti":"2"}' })] }),
    );
    await expect
      .poll(() => lab.lines)
      .toContainEqual(expect.objectContaining({ "detail-type": "prov:delete", detail: { jti: "2" } }));
    expect(lab.lines).toHaveLength(1);
  });

  it("invokes the target of a scheduled rule, and only with a permission", async () => {
    const rule = await lab.create(RULE, { name: "observe", scheduleExpression: "rate(5 minutes)" });
    await target(rule);
    await target(rule, {}, false);
    lab.lines.length = 0;
    lab.services.buses.runSchedule("observe");
    await expect.poll(() => lab.lines).toHaveLength(1);
    expect(lab.lines).toMatchObject([
      { source: "aws.events", "detail-type": "Scheduled Event", resources: [rule.outputs["arn"]] },
    ]);
    expect(lab.services.buses.schedules()).toEqual(["observe"]);
  });

  it("replaces the event by the input of a target", async () => {
    const rule = await lab.create(RULE, { name: "input", scheduleExpression: "rate(1 minute)" });
    await target(rule, { input: '{"only":"this"}' });
    lab.lines.length = 0;
    lab.services.buses.runSchedule("input");
    await expect.poll(() => lab.lines).toEqual([{ only: "this" }]);
  });

  it.each([
    ["rate(1 minutes)", "ScheduleExpression is not valid"],
    ["rate(5 minute)", "ScheduleExpression is not valid"],
    ["cron(0 * * * ? *)", "the sandbox runs rate(…) schedules only"],
  ])("refuses the schedule %s", async (scheduleExpression, message) => {
    await expect(lab.create(RULE, { name: "wrong", scheduleExpression })).rejects.toThrow(message);
  });

  it("refuses a schedule on a bus of one's own, and the deletion of a bus or rule in use", async () => {
    const inputs = { name: "late", eventBusName: "acme-events", scheduleExpression: "rate(1 day)" };
    await expect(lab.create(RULE, inputs)).rejects.toThrow("only on the default event bus");
    await expect(lab.handler(BUS).delete("acme-events", {})).rejects.toThrow("it still has rules");
    await expect(lab.handler(RULE).delete("observe", {})).rejects.toThrow("since it has targets");
  });

  it("denies PutEvents to a role that may use another bus only", async () => {
    const other = new EventBridgeClient(await lab.caller(allow(`${busArn}-2`, "events:PutEvents")));
    await expect(other.send(new PutEventsCommand({ Entries: [entry()] }))).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(`perform: events:PutEvents on resource: ${busArn} `) as string,
    });
  });
});
