import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pushAddressFaults } from "../../../components/config/pushAddress.ts";
import { checkTenantConfig } from "../../../components/config/tenant.ts";
import { isPublicAddress } from "../../../lambda/events/addresses.ts";

const check = (events: unknown, more: Record<string, unknown> = {}) =>
  checkTenantConfig(
    Object.fromEntries(
      Object.entries({ tenant: "acme", events, ...more }).map(([key, value]): [string, string] => [
        `okta-scim-directory:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
    "acme",
  );
const receiver = (more: object): object => ({ receivers: [{ name: "hr", delivery: "poll", ...more }] });
const pushTo = (push: unknown, more: object = {}): object => receiver({ delivery: { push, ...more } });
const problemsOf = (events: unknown): string[] =>
  check(events)
    .problems.map(({ path, wrong }) => `${path}: ${wrong}`)
    .sort();

describe("events", () => {
  it("are off without receivers and bus, and otherwise complete", () => {
    for (const off of [{}, { receivers: [] }, { eventBus: false }]) {
      expect(check(off)).toMatchObject({ problems: [], config: { events: undefined } });
    }
    const push = { push: "https://events.example.com:8443/scim?tenant=acme", authorization: "Bearer abc" };
    const { config, problems } = check({
      receivers: [
        { name: "hr", delivery: "poll" },
        { name: "crm", delivery: push, mode: "full" },
      ],
    });
    expect(problems).toEqual([]);
    expect(config?.events).toEqual({
      receivers: [
        { name: "hr", delivery: { kind: "poll" }, mode: "notice" },
        { name: "crm", delivery: { kind: "push", url: push.push, authorization: "Bearer abc" }, mode: "full" },
      ],
      eventBus: false,
      signingKey: { generation: 1, announceNext: false },
    });
    expect(check({ eventBus: true }).config?.events).toMatchObject({ receivers: [], eventBus: true });
  });

  it("are refused with every problem at once", () => {
    const twice = { name: "hr", delivery: "poll" };
    const events = {
      receivers: [
        { name: "HR", delivery: "poll" },
        twice,
        { ...twice, mode: "loud" },
        { name: "okta", delivery: "push" },
        { name: "keys", delivery: {} },
        { name: "bus", delivery: { push: "http://a.example.com" } },
        { delivery: "poll" },
      ],
      eventBus: "yes",
      signingKey: { generation: 0, announceNext: 1 },
    };
    expect(problemsOf(events)).toEqual([
      "events.eventBus: is not true or false",
      "events.receivers[0].name: has the wrong form",
      "events.receivers[2].mode: is not one of the allowed values",
      "events.receivers[2].name: is hr, which is entry 1 too",
      "events.receivers[3].delivery: is not an object",
      "events.receivers[3].name: is the name of Okta, which has the main token",
      "events.receivers[4].delivery: is neither poll nor {push}",
      "events.receivers[4].name: is a word with another meaning: keys, bus",
      "events.receivers[5].delivery.push: is not https",
      "events.receivers[5].name: is a word with another meaning: keys, bus",
      "events.receivers[6].name: is missing",
      "events.signingKey.announceNext: is not true or false",
      "events.signingKey.generation: is too small (at least 1)",
    ]);
  });

  it("name what is allowed and the command that corrects it, without the value of a secret", () => {
    const [wrong] = check(pushTo("https://events.example.com", { authorization: "Bearer s3cret\r\nX: y" })).problems;
    expect(wrong).toEqual({
      path: "events.receivers[0].delivery.authorization",
      wrong: "has the wrong form",
      allowed: "at most 1000 visible ASCII characters, such as Bearer and a token, encrypted in the stack's file",
      fix: "pulumi config set --stack acme --secret --path 'events.receivers[0].delivery.authorization'",
    });
  });

  it("are refused with every problem, also beside an unknown key", () => {
    const receivers = [
      { name: "hr", delivery: { push: "http://hr.example.com/", auth: "x" }, mode: "loud", colour: "red" },
      { name: "hr", delivery: "poll" },
    ];
    expect(problemsOf({ receivers, bus: true, signingKey: { generation: 0, next: true } }).sort()).toEqual([
      "events.receivers[0].delivery.push: is not https",
      "events.receivers[0].delivery: has the unknown key auth",
      "events.receivers[0].mode: is not one of the allowed values",
      "events.receivers[0]: has the unknown key colour",
      "events.receivers[1].name: is hr, which is entry 0 too",
      "events.signingKey.generation: is too small (at least 1)",
      "events.signingKey: has the unknown key next",
      "events: has the unknown key bus",
    ]);
  });

  it("have at most 8 receivers, and no more addresses than one parameter holds", () => {
    const many = (count: number, length: number) => ({
      receivers: Array.from({ length: count }, (_, index) => ({
        name: `r${index}`,
        delivery: { push: `https://events.example.com/${"x".repeat(length)}` },
      })),
    });
    expect(problemsOf(many(8, 100))).toEqual([]);
    expect(problemsOf(many(9, 100))).toEqual(["events.receivers: has too many entries (at most 8)"]);
    expect(problemsOf(many(5, 900))).toEqual([
      expect.stringMatching(/^events\.receivers: has push addresses and authorizations of 4\d{3} bytes together$/),
    ]);
  });

  it("fit into the functions' environments together with the readers, or are refused", () => {
    const names = (prefix: string, many: number): string[] =>
      Array.from({ length: many }, (_, index) => `${prefix}-long-name-${index}`);
    const poll = (many: number) => ({
      receivers: names("receiver", many).map((name) => ({ name, delivery: "poll" })),
    });
    expect(check(poll(8), { tokenGeneration: 2 }).problems).toEqual([]);
    expect(check(poll(4), { tokenGeneration: 2, readers: names("reader", 4) }).problems).toEqual([]);
    expect(check(poll(8), { tokenGeneration: 2, readers: names("reader", 8) }).problems).toEqual([
      {
        path: "readers",
        wrong: expect.stringMatching(
          /^the hashes of the tokens of 8 readers and 8 receivers do not fit into the environment of a function \(\d{4} bytes\)$/,
        ) as string,
        allowed: "at most 3676 bytes: fewer or shorter names, or fewer attributes",
        fix: "pulumi config rm --stack acme --path 'readers[7]'",
      },
    ]);
  });

  it.each([
    "https://localhost/x",
    "https://localhost./x",
    "https://hr.localhost",
    "https://intranet",
    "https://hr.local",
    "https://ip-10-0-0-1.ec2.internal",
    "https://127.0.0.1",
    "https://127.1",
    "https://2130706433",
    "https://0x7f000001",
    "https://0177.0.0.1",
    "https://10.1.2.3",
    "https://172.31.255.255",
    "https://192.168.0.1",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1",
    "https://0.0.0.0",
    "https://224.0.0.1",
    "https://255.255.255.255",
    "https://[::1]",
    "https://[::]",
    "https://[::ffff:10.0.0.1]",
    "https://[fd00::1]",
    "https://[fe80::1]",
    "https://[64:ff9b::a00:1]",
    "https://[2002:a00:1::]",
    "https://[fd00:ec2::254]",
  ])("do not go to %s", (url) => {
    expect(problemsOf(pushTo(url))).toEqual([
      "events.receivers[0].delivery.push: has a host that is not on the public Internet",
    ]);
  });

  it("go to the addresses to which the function connects, and no others", () => {
    const address = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.ipV6().map((text) => text.replace(/^[^:]*/, "2001")),
    );
    fc.assert(
      fc.property(address, (text) => {
        const url = `https://${text.includes(":") ? `[${text}]` : text}`;
        expect([text, pushAddressFaults(url).length === 0]).toEqual([text, isPublicAddress(text)]);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    "https://events.example.com",
    "https://a.b.example.co.uk:444/x?y=z",
    "https://93.184.215.14/x",
    "https://172.32.0.1",
    "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/x",
  ])("may go to %s", (url) => {
    expect(problemsOf(pushTo(url))).toEqual([]);
  });

  it.each([
    ["events.example.com", "is not a URL"],
    ["http://events.example.com", "is not https"],
    ["ftp://events.example.com", "is not https"],
    ["https://user:s3cret@events.example.com", "has a user or a password; set authorization instead"],
    ["https://events.example.com/#x", "has a fragment, which is never sent"],
    [`https://events.example.com/${"x".repeat(1000)}`, "is too long (at most 1000 characters)"],
  ])("do not take the address %s", (url, wrong) => {
    expect(problemsOf(pushTo(url))).toEqual([`events.receivers[0].delivery.push: ${wrong}`]);
    expect(JSON.stringify(check(pushTo(url)).problems)).not.toContain("s3cret");
  });

  it("concern only a directory on AWS", () => {
    const endpoint = { kind: "external", baseUrl: "https://scim.example.com/v1", token: "t" };
    expect(check({ eventBus: true }, { endpoint }).problems).toMatchObject([
      { path: "events", fix: "pulumi config rm --stack acme events" },
    ]);
    expect(check({}, { endpoint }).problems).toEqual([]);
  });
});
