import { describe, expect, it } from "vitest";
import { createDiscovery } from "../../../lambda/scim/representation/discovery.ts";
import { compileRegistry } from "../../../lambda/scim/schema/index.ts";
import type { Check } from "../../../operations/verify/check.ts";
import {
  accepted,
  KEYS_URL,
  publicKey,
  refused,
  rightEvents,
  type EventWorld,
} from "../../support/operations/events.ts";
import { rightWorld, verify } from "../../support/operations/support.ts";

const poll = (name: string) => ({ name, delivery: "poll" });
const push = (name: string) => ({ name, delivery: { push: `https://${name}.example.com/in` } });

/** The checks of the change events of an otherwise right tenant. */
async function checksOf(
  receivers: readonly object[],
  events: EventWorld | undefined,
  more: object = {},
): Promise<readonly Check[]> {
  const world = rightWorld();
  Object.assign(world, { config: { ...world.config, events: { receivers }, ...more }, events });
  return (await verify(world)).filter(({ id }) => /^(receiver:|event-keys$|security-events$)/.test(id));
}

/** One check, for a tenant with the receivers `hr` and `audit`, which poll. */
async function findingOf(id: string, changes: Partial<EventWorld>): Promise<Check | undefined> {
  const events = { ...rightEvents("hr", "audit"), ...changes };
  return (await checksOf([poll("hr"), poll("audit")], events)).find((check) => check.id === id);
}

const section = "Configuring SCIM settings";

describe("verify of change events", () => {
  it("accepts feeds that answer their own receiver only, published keys, and events that the service lists", async () => {
    const title = (name: string): string => `The receiver ${name} may poll its own feed, and no other`;
    const detail = (other: string): string => `its feed answers its token, and the feed of ${other} refuses it`;
    expect(await checksOf([poll("hr"), poll("audit")], rightEvents("hr", "audit"))).toEqual([
      { id: "receiver:hr", section, title: title("hr"), state: "right", detail: detail("audit") },
      { id: "receiver:audit", section, title: title("audit"), state: "right", detail: detail("hr") },
      {
        ...{ id: "event-keys", section, title: "The public keys of the events are published" },
        ...{ state: "right", detail: `1 key for ES256 at ${KEYS_URL}` },
      },
      {
        ...{ id: "security-events", section, title: "The service lists the events that it sends" },
        ...{ state: "right", detail: "9 event URIs in securityEvents" },
      },
    ]);
  });

  it("polls no other feed if there is only one", async () => {
    const polls: unknown[] = [];
    const events = rightEvents("hr");
    events.poll = (...asked) => {
      polls.push(asked);
      return accepted;
    };
    const [check] = await checksOf([poll("hr"), push("hooks")], events);
    expect(check).toMatchObject({ id: "receiver:hr", state: "right", detail: "its feed answers its token" });
    expect(polls).toEqual([["hr", "hr"]]);
  });

  it("has no line and sends no request without them", async () => {
    expect(await checksOf([], undefined)).toEqual([]);
  });
});

describe("verify of a receiver that polls is wrong if", () => {
  const deploy = 'run "pulumi up --stack acme", then give hr its token of the output eventReceivers';
  const feedOfHr =
    (answer: ReturnType<EventWorld["poll"]>): EventWorld["poll"] =>
    (feed, caller) =>
      feed === "hr" && caller === "hr" ? answer : feed === caller ? accepted : refused;
  const reachable =
    "see that https://scim.example.com/events/hr is reachable; the log of the function events-feed names what failed there";

  it.each<[string, Partial<EventWorld>, string, string]>([
    ["the stack has no token for it", { polling: ["audit"] }, "the stack has no token for it", deploy],
    [
      "its token is refused",
      { poll: feedOfHr({ status: 401, body: { err: "authentication_failed", description: "not valid" } }) },
      "its feed refuses its token: 401: not valid",
      deploy,
    ],
    ["the service fails", { poll: feedOfHr({ status: 500, body: "" }) }, "its feed does not answer: 500", reachable],
    [
      "nothing answers",
      { poll: feedOfHr({ status: undefined, body: "getaddrinfo ENOTFOUND" }) },
      "its feed does not answer: no answer: getaddrinfo ENOTFOUND",
      reachable,
    ],
    [
      "something else answers",
      { poll: feedOfHr({ status: 200, body: "<html>" }) },
      "the answer of its feed has no sets, which RFC 8936 demands",
      "see that https://scim.example.com/events/hr leads to the service of this stack",
    ],
    [
      "its token opens another feed",
      { poll: () => accepted },
      "the feed of audit answers its token too",
      'run "pulumi up --refresh --stack acme", which deploys the function again; until then hr can take the events of audit',
    ],
  ])("%s", async (_name, changes, detail, remedy) => {
    expect(await findingOf("receiver:hr", changes)).toMatchObject({ state: "wrong", detail, remedy });
  });
});

describe("verify of a receiver", () => {
  it("does not say whether another feed refuses a token as long as that feed does not answer", async () => {
    const busy = { status: 503, body: "" };
    const poll: EventWorld["poll"] = (feed, caller) => (feed === "audit" ? busy : feed === caller ? accepted : refused);
    expect(await findingOf("receiver:hr", { poll })).toMatchObject({
      state: "unknown",
      detail: "its feed answers its token; the feed of audit neither answers nor refuses it: 503",
      remedy: "verify again as soon as the feed of audit answers",
    });
    expect(await findingOf("receiver:audit", { poll })).toMatchObject({ state: "wrong" });
  });

  it.each([
    [
      "the alarms that tell",
      { alarms: { email: "ops@example.com" } },
      { detail: "no request from here tells; the alarms push-late and push-dead of the stack do" },
    ],
    [
      "how to get alarms",
      {},
      {
        detail: "no request from here tells, and the stack has no alarms, which would",
        remedy: 'pulumi config set --stack acme --path alarms.email, with an address, then "pulumi up --stack acme"',
      },
    ],
  ])("that is pushed to is unknown, with %s", async (_name, more, expected) => {
    const [check] = await checksOf([push("hooks")], rightEvents(), more);
    expect(check).toEqual({
      ...{ id: "receiver:hooks", section, title: "The receiver hooks accepts what is pushed to it", state: "unknown" },
      ...expected,
    });
  });
});

describe("verify of the public keys", () => {
  it("counts those that check a signature of the events", async () => {
    const keys = [publicKey, { ...publicKey, kid: "two" }, { kty: "RSA", kid: "three", n: "n", e: "AQAB" }];
    expect(await findingOf("event-keys", { keys: { status: 200, body: { keys } } })).toMatchObject({
      state: "right",
      detail: `2 keys for ES256 at ${KEYS_URL}`,
    });
  });

  it("is wrong if they cannot be read", async () => {
    expect(await findingOf("event-keys", { keys: { status: 404, body: { message: "Not Found" } } })).toMatchObject({
      state: "wrong",
      detail: "404",
      remedy: `see that ${KEYS_URL} is reachable: without it no receiver can check a signature`,
    });
  });

  const { kid: _, ...nameless } = publicKey;
  it.each([
    ["there is none", { keys: [] }],
    ["the answer is no key set", "<html>"],
    ["none has a kid", { keys: [nameless] }],
    ["none is on P-256", { keys: [{ ...publicKey, crv: "P-384", alg: "ES384" }] }],
    ["none is for ES256", { keys: [{ ...publicKey, alg: "ECDH-ES" }] }],
  ])("is wrong if %s", async (_name, body) => {
    expect(await findingOf("event-keys", { keys: { status: 200, body } })).toMatchObject({
      state: "wrong",
      detail: `${KEYS_URL} has no P-256 key for ES256 with a kid`,
      remedy: 'run "pulumi up --refresh --stack acme"',
    });
  });
});

describe("verify of the listed events", () => {
  it.each([
    ["finds those of the service's own document", true, "right"],
    ["finds none in the document of a service without events", false, "wrong"],
  ])("%s", async (_name, events, state) => {
    const body = createDiscovery(() => compileRegistry("iru"), "https://scim.example.com", events).get(
      "/serviceproviderconfig",
    );
    expect(await findingOf("security-events", { provider: { status: 200, body } })).toMatchObject({ state });
  });
});

describe("verify of the listed events is wrong if", () => {
  const deploy = 'run "pulumi up --refresh --stack acme", which deploys the function and its environment again';

  it.each([
    ["the service lists none", 200, {}, "the ServiceProviderConfig has no securityEvents", deploy],
    [
      "none of them tells a change",
      200,
      { securityEvents: { asyncRequest: "request", eventUris: ["urn:ietf:params:scim:event:misc:asyncresp"] } },
      "securityEvents lists no URI that starts with urn:ietf:params:scim:event:prov:",
      deploy,
    ],
    ["it cannot be read", 401, { detail: "not valid" }, "401: not valid", "correct the connector test first"],
  ])("%s", async (_name, status, body, detail, remedy) => {
    expect(await findingOf("security-events", { provider: { status, body } })).toMatchObject({
      state: "wrong",
      detail,
      remedy,
    });
  });
});
