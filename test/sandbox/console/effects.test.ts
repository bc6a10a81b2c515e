import { describe, expect, it } from "vitest";
import { checkTenantConfig, type TenantConfig } from "../../../components/config/tenant.ts";
import { effectsOf, type Situation } from "../../../sandbox/console/effects.ts";
import { asOne } from "../../../sandbox/console/question.ts";

const external = (baseUrl: string): string =>
  JSON.stringify({ kind: "external", baseUrl, token: "abcdefghijklmnopqrstuvwxyz0123456789" });
const deployed = {
  tenant: "dev",
  connection: "ready",
  stage: "development",
  pushGroups: `["Developers","Designers"]`,
};
function configured(values: Readonly<Record<string, string>>): TenantConfig {
  const all = Object.entries({ ...deployed, ...values });
  const { config, problems } = checkTenantConfig(
    Object.fromEntries(all.map(([key, value]) => [`okta-scim-directory:${key}`, value])),
  );
  if (config === undefined) throw new Error(JSON.stringify(problems));
  return config;
}
const now: Situation = {
  people: 13,
  pushed: [
    { id: "00gDev", names: ["Developers"] },
    { id: "00gDes", names: ["Designers", "Design"] },
  ],
};
type Values = Readonly<Record<string, string>>;
const told = (after: Values, before: Values = {}, situation = now) =>
  effectsOf(configured(before), configured({ ...before, ...after }), situation);

describe("a deployment asks about", () => {
  it.each<readonly [string, Values, Values, readonly RegExp[]]>([
    [
      "connection: pending, with the people and the groups",
      { connection: "pending" },
      {},
      [/deactivates 13 people/, /Developers and Designers are deleted/, /Nobody’s account in Okta is deleted/],
    ],
    [
      "an entry that goes, with its rule",
      { pushGroups: `["Developers"]` },
      {},
      [/ends the push of Designers\. In the directory Designers is deleted\./, /new members do not get it/],
    ],
    [
      "all entries that go",
      { pushGroups: "[]" },
      {},
      [/ends the push of Developers and Designers\. In the directory Developers and Designers are deleted/],
    ],
    [
      "an entry that goes and keeps its group in the directory",
      { pushGroups: `["Developers"]` },
      { pushGroups: `["Developers",{"name":"Designers","keepTargetOnDelete":true}]` },
      [/In the directory Designers stays \(keepTargetOnDelete\)/],
    ],
    [
      "a group that the stack created, which goes from Okta too",
      { pushGroups: `["Developers"]` },
      { pushGroups: `["Developers",{"name":"Designers","create":true}]` },
      [/The stack created Designers in Okta and deletes the group there too/],
    ],
    ["groupRules: none", { groupRules: "none" }, {}, [/deletes the rules/, /People who have the app keep it/]],
    ["another assignmentGroup", { assignmentGroup: "staff" }, {}, [/renames the assignment group/, /13 people stay/]],
    [
      "another tenant",
      { tenant: "dev2" },
      {},
      [/tenant is dev2 instead of dev\./, /stops there and deletes nothing/, /with every user and group in it/],
    ],
    [
      "another tenant that is not connected",
      { tenant: "dev2", connection: "pending" },
      {},
      [/deletes the app and the directory of today.*deactivates 13 people/],
    ],
    [
      "an external endpoint",
      { endpoint: external("https://scim.example.com/v2") },
      {},
      [/endpoint\.kind is external instead of managed/, /deletes nothing/],
    ],
    [
      "another external endpoint",
      { endpoint: external("https://other.example.com/v2") },
      { endpoint: external("https://scim.example.com/v2") },
      [/https:\/\/other\.example\.com\/v2 instead of https:\/\/scim\.example\.com\/v2/],
    ],
    ["another kind of app", { app: `{"template":"scim2headerauth"}` }, {}, [/app\.template is scim2headerauth/]],
    ["a reader that goes", { readers: "[]" }, { readers: `["hr-portal"]` }, [/token of hr-portal ends/]],
    [
      "a receiver that goes",
      { events: "{}" },
      { events: `{"receivers":[{"name":"audit","delivery":"poll"}]}` },
      [/queue of audit is deleted/],
    ],
  ])("%s", (_name, after, before, texts) => {
    const questions = told(after, before);
    expect(questions).toHaveLength(1);
    for (const text of texts) expect(questions[0]?.text).toMatch(text);
    expect(questions[0]?.text).not.toMatch(/undefined|\[object/);
  });

  it.each<readonly [string, Values, Values]>([
    ["nothing", {}, {}],
    ["an entry that comes", { pushGroups: `["Developers","Designers","Finance"]` }, {}],
    ["an entry that a pattern replaces", { pushGroups: `["Developers",{"startsWith":"des"}]` }, {}],
    ["an entry with the new name of its group", { pushGroups: `["Developers","Design"]` }, {}],
    ["an entry by its id", { pushGroups: `["Designers",{"id":"00gDev"}]` }, {}],
    ["connection: ready", { connection: "ready" }, { connection: "pending" }],
    ["an entry that goes before the connection", { pushGroups: "[]" }, { connection: "pending" }],
    ["another throttle", { throttle: `{"ratePerSecond":7}` }, {}],
    ["a reader that comes", { readers: `["hr-portal"]` }, {}],
  ])("not about %s", (_name, after, before) => {
    expect(told(after, before)).toEqual([]);
  });

  it("one person in the singular, and nobody in words", () => {
    const text = (people: number) => told({ connection: "pending" }, {}, { people, pushed: [] })[0]?.text;
    expect(text(1)).toContain("deactivates one person in the directory");
    expect(text(0)).toContain("Nobody is provisioned at the moment.");
    expect(text(12_345)).toContain("deactivates 12,345 people");
  });

  it("at most ten groups by name", () => {
    const pushed = Array.from({ length: 12 }, (_, index) => ({ id: `00g${index}`, names: [`Group ${index}`] }));
    expect(told({ pushGroups: "[]" }, {}, { people: 0, pushed })[0]?.title).toBe(
      `Stop pushing ${pushed
        .slice(0, 10)
        .map(({ names }) => names[0])
        .join(", ")} and 2 more?`,
    );
  });

  it("several changes at once, in one question", () => {
    const all = told({ pushGroups: `["Developers"]`, groupRules: "none" });
    expect(asOne(all)).toEqual({
      title: "Deploy all these changes?",
      text: all.map(({ text }) => text).join(" "),
      verb: "Deploy",
    });
    expect(asOne([])).toBeUndefined();
  });
});
