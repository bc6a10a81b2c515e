// cspell:ignore activ
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../../../lambda/model.ts";
import { ENTERPRISE_USER, GROUP, USER } from "../../../../lambda/scim/schema/index.ts";
import { startServices, type RunningCloud, type RunningService } from "../../../support/lambda/protocol/service.ts";

type Refusal = readonly [status: number, scimType: string];
/** The operations of a PATCH, and the attributes that differ afterwards (null: gone) or the refusal. */
type Case = readonly [name: string, operations: JsonObject[], outcome: JsonObject | Refusal];

const acme = "urn:ietf:params:scim:schemas:extension:acme:2.0:User";
const real = { value: "ann@acme.test", type: "work", primary: true };
const off = { op: "Replace", path: "active", value: "False" };
const isRefusal = (outcome: JsonObject | Refusal): outcome is Refusal => Array.isArray(outcome);

const foreign: Case[] = [
  ["replace", [off, { op: "Replace", path: `${acme}:badge`, value: "2" }], { active: false }],
  ["add of a sub-attribute", [off, { op: "add", path: `${acme}:badge.number`, value: 2 }], { active: false }],
  ["remove", [off, { op: "remove", path: `${acme}:badge` }], { active: false }],
  ["remove of all of it", [off, { op: "remove", path: acme }], { active: false }],
  ["a value filter", [off, { op: "replace", path: `${acme}:badges[type eq "x"].id`, value: "2" }], { active: false }],
  ["a broken value filter", [off, { op: "replace", path: `${acme}:badges[type]`, value: "2" }], [400, "invalidFilter"]],
  ["a misspelt name", [off, { op: "replace", path: "activ", value: "x" }], [400, "invalidPath"]],
  ["one under the core URN", [off, { op: "replace", path: `${USER}:activ`, value: "x" }], [400, "invalidPath"]],
  ["one under the extension", [off, { op: "remove", path: `${ENTERPRISE_USER}:dept` }], [400, "invalidPath"]],
];

const created = (type: string): JsonObject => ({ emails: [real, { type, value: "x@acme.test" }] });
const set = (path: string, value: JsonValue = "x@acme.test"): JsonObject[] => [{ op: "replace", path, value }];
const selections: Case[] = [
  ["a filter on the value", set('emails[value eq "gone@acme.test"].primary', true), [400, "noTarget"]],
  [
    "the same with add",
    [{ op: "add", path: 'emails[value eq "gone@acme.test"].display', value: "G" }],
    [400, "noTarget"],
  ],
  ["an empty type", set('emails[type eq ""].value'), [400, "noTarget"]],
  ["a type and a value", set('emails[type eq "home" and value eq "x"].value'), [400, "noTarget"]],
  ["another operator", set('emails[type ne "work"].value'), [400, "noTarget"]],
  ["a whole element", set('emails[type eq "home"]', { value: "x" }), [400, "noTarget"]],
  ["an element of a primary alone", set('emails[type eq "home"].primary', true), [400, "noTarget"]],
  ["Entra's form", set('emails[type eq "home"].value'), created("home")],
  [
    "Entra's form with Add",
    [{ op: "Add", path: 'emails[type eq "other"].value', value: "x@acme.test" }],
    created("other"),
  ],
  ["a removal", [{ op: "remove", path: 'emails[type eq "home"]' }], {}],
  ["a removal of a sub-attribute", [{ op: "remove", path: 'emails[value eq "gone"].type' }], {}],
  ["a removal of what may not be retained", [{ op: "remove", path: 'phoneNumbers[type eq "fax"]' }], {}],
  ["a removal by value", [{ op: "Remove", path: "emails", value: [{ value: "gone" }] }], {}],
];

const home = { value: "h@acme.test", type: "home" };
const lists: Case[] = [
  ["replace with equal elements", set("emails", [home, home]), { emails: [home] }],
  [
    "replace with elements equal but for case",
    set("emails", [home, { ...home, value: "H@acme.test" }]),
    { emails: [{ ...home, value: "H@acme.test" }] },
  ],
  [
    "add of an element without a value, equal but for the primary mark",
    [
      { op: "replace", path: "emails", value: [{ display: "a", primary: true }] },
      {
        op: "add",
        path: "emails",
        value: [
          { type: "x", primary: true },
          { display: "a", primary: false },
        ],
      },
    ],
    {
      emails: [
        { display: "a", primary: false },
        { type: "x", primary: true },
      ],
    },
  ],
  [
    "add of an equal element",
    [{ op: "add", path: "emails", value: [{ ...real, display: "A" }] }],
    { emails: [{ ...real, display: "A" }] },
  ],
  ["a list of one boolean", set("active", ["False"]), { active: false }],
  ["a list of one text", set("title", ["Boss"]), { title: "Boss" }],
  ["a list of one object", set("name", [{ givenName: "A" }]), { name: { givenName: "A" } }],
  ["a list of two", set("title", ["a", "b"]), [400, "invalidValue"]],
  ["JSON as text", [{ op: "replace", value: '{"active":false}' }], { active: false }],
  ["JSON as text, dotted", [{ op: "add", value: ' {"name.givenName":"A"}' }], { name: { givenName: "A" } }],
  ["text that is no JSON", [{ op: "replace", value: "{active}" }], [400, "invalidSyntax"]],
  ["JSON as text with a name twice", [{ op: "replace", value: '{"title":"a","Title":"b"}' }], [400, "invalidSyntax"]],
  ["a key in two cases", [{ op: "replace", value: { title: "a", TITLE: "b" } }], [400, "invalidSyntax"]],
  ["a key under two names", [{ op: "replace", value: { title: "a", [`${USER}:title`]: "b" } }], [400, "invalidSyntax"]],
  ["an empty externalId", set("externalId", ""), { externalId: null }],
  ["an empty manager", set(`${ENTERPRISE_USER}:manager`, ""), {}],
];

const containers: Case[] = [
  ["without a path", [{ op: "replace", value: { [USER]: { active: false } } }], { active: false }],
  ["as the path", set(USER, { active: false, title: "T" }), { active: false, title: "T" }],
  [
    "with a dotted key",
    [{ op: "add", value: { [USER.toUpperCase()]: { "name.givenName": "A" } } }],
    { name: { givenName: "A" } },
  ],
  ["that is no object", [{ op: "replace", value: { [USER]: "x" } }], [400, "invalidValue"]],
  ["removed", [{ op: "remove", path: USER }], [400, "mutability"]],
];

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await startServices();
});
afterAll(() => cloud.close());

describe.each(["standard", "iru"] as const)("with attributes=%s", (attributes) => {
  let service: RunningService;
  let count = 0;
  beforeAll(async () => {
    service = await cloud.service(attributes);
  });
  const post = (type: string, body: JsonObject) => service.send("POST", type, { body });
  const user = async (more: JsonObject = {}) => post("/Users", { userName: `u${(count += 1)}`, ...more });
  const names = (prefix: string): string => `${prefix} ${(count += 1)}`;

  it.each([
    ...foreign.map((one) => ["a path under an unknown extension", ...one] as const),
    ...selections.map((one) => ["a filter that matches nothing", ...one] as const),
    ...lists.map((one) => ["a value", ...one] as const),
    ...containers.map((one) => ["the core URN", ...one] as const),
  ])("PATCH, %s: %s", async (_kind, _name, Operations, outcome) => {
    const { id, body: before } = await user({ externalId: "e", emails: [real] });
    const target = `/Users/${id}`;
    const answer = await service.send("PATCH", target, { body: { Operations } });
    const { meta: _, ...after } = (await service.send("GET", target)).body;
    const { meta: __, ...expected } = before;
    if (isRefusal(outcome)) expect(answer).toMatchObject({ status: outcome[0], body: { scimType: outcome[1] } });
    else {
      expect(answer.status).toBe(200);
      for (const [name, value] of Object.entries(outcome)) {
        if (value === null) delete expected[name];
        else expected[name] = value;
      }
    }
    expect(after).toEqual(expected);
  });

  it.each([
    ["equal elements", { emails: [home, home] }, { emails: [home] }],
    ["the core URN", { [USER]: { active: false } }, { active: false }],
    [
      "the core URN beside attributes",
      { title: "T", [USER]: { "name.givenName": "A" } },
      { name: { givenName: "A" }, title: "T" },
    ],
    ["a list of one", { title: ["T"], active: ["True"] }, { title: "T", active: true }],
    ["an empty externalId", { externalId: "" }, { externalId: undefined }],
    ["an empty manager", { [ENTERPRISE_USER]: { manager: { value: "" } } }, { [ENTERPRISE_USER]: undefined }],
    ["a foreign extension", { [acme]: { badge: "2" } }, { [acme]: undefined }],
  ] as [string, JsonObject, Record<string, JsonValue | undefined>][])(
    "POST and PUT of a user with %s",
    async (_name, more, shown) => {
      const made = await user(more);
      expect(made.status).toBe(201);
      const { id } = await user();
      const put = await service.send("PUT", `/Users/${id}`, { body: { userName: `p${(count += 1)}`, ...more } });
      expect(put.status).toBe(200);
      for (const [name, value] of Object.entries(shown)) {
        expect([made.body[name], put.body[name]]).toEqual([value, value]);
      }
    },
  );

  it.each([
    ["a name in two cases", { title: "a", TITLE: "b" }, "invalidSyntax"],
    ["a nested name in two cases", { name: { givenName: "a", GivenName: "b" } }, "invalidSyntax"],
    ["an attribute under two names", { title: "a", [`${USER}:title`]: "b" }, "invalidSyntax"],
    ["a sub-attribute without its element", { "emails.value": "a" }, "invalidValue"],
    ["a value filter as a key", { 'emails[type eq "work"].value': "a" }, "invalidValue"],
  ] as [string, JsonObject, string][])("rejects a user with %s", async (_name, more, scimType) => {
    expect(await user(more)).toMatchObject({ status: 400, body: { scimType } });
  });

  it.each([
    ["hello world", false],
    ["https://a.example/%zz", false],
    ["https://", false],
    ["https://a.example/ü", false],
    ["https://a.example/ann?x=1#y", true],
    ["../people/ann", true],
    ["urn:example:ann", true],
  ])("a reference %s is a URI: %s", async (profileUrl, isUri) => {
    const { status, body } = await user({ profileUrl });
    expect(status).toBe(isUri || attributes === "iru" ? 201 : 400);
    if (status === 400) expect(body["scimType"]).toBe("invalidValue");
    else expect(body["profileUrl"]).toBe(attributes === "iru" ? undefined : profileUrl);
  });

  it.each([
    ["J\u030c", "ǰ"],
    ["T\u0308", "ẗ"],
    ["ΝΙΚΟΣ", "νικοσ"],
    ["ａbc", "abc"],
    ["Straße", "STRASSE"],
  ])("%s and %s are one name: reserved, found and matched by prefix alike", async (one, other) => {
    const suffix = names("");
    for (const [type, name] of [
      ["/Users", "userName"],
      ["/Groups", "displayName"],
    ] as const) {
      expect((await post(type, { [name]: one + suffix })).status).toBe(201);
      expect((await post(type, { [name]: other + suffix })).body["scimType"]).toBe("uniqueness");
      for (const operator of ["eq", "sw", "co", "ew"]) {
        const filter = `${name} ${operator} ${JSON.stringify(other + suffix)}`;
        const found = await service.send("GET", `${type}?${new URLSearchParams({ filter }).toString()}`);
        expect(found.body["totalResults"]).toBe(1);
      }
    }
  });

  it("keeps blanks at the start and the end of a name", async () => {
    const userName = names("blank");
    const statuses = await Promise.all(
      [userName, ` ${userName}`, `${userName} `].map((name) => user({ userName: name })),
    );
    expect(statuses.map(({ status }) => status)).toEqual([201, 201, 201]);
  });

  describe("members", () => {
    const strangers = [{ value: "nobody" }, { value: "00000000-0000-4000-8000-000000000000" }];
    const members = (id: string) => [{ value: id, type: "User" }];

    it.each(["PUT", "PATCH", "PATCH without a path"])(
      "%s rejects a list of unknown members and accepts an empty list",
      async (way) => {
        const { id } = await user();
        const displayName = names("G");
        const group = await post("/Groups", { displayName, members: [id] });
        expect(group.body["members"]).toEqual(members(id));
        const target = `/Groups/${group.id}`;
        const replace = (list: JsonValue) => {
          if (way === "PUT") return service.send("PUT", target, { body: { displayName, members: list } });
          const operation = way === "PATCH" ? { path: "members", value: list } : { value: { members: list } };
          return service.send("PATCH", target, { body: { Operations: [{ op: "replace", ...operation }] } });
        };
        const membersNow = async () => (await service.send("GET", target)).body["members"];
        expect(await replace(strangers)).toMatchObject({ status: 400, body: { scimType: "invalidValue" } });
        expect(await replace(strangers.slice(0, 1))).toMatchObject({ status: 400 });
        expect(await membersNow()).toEqual(members(id));
        expect((await replace([...strangers, { value: id }])).status).toBeLessThan(300);
        expect(await membersNow()).toEqual(members(id));
        expect((await replace([])).status).toBeLessThan(300);
        expect((await membersNow()) ?? []).toEqual([]);
      },
    );

    it("accepts the core URN as a container, and bare ids", async () => {
      const { id } = await user();
      const group = await post("/Groups", { [GROUP]: { displayName: names("G"), members: [id] } });
      expect(group).toMatchObject({ status: 201, body: { members: members(id) } });
      const renamed = names("R");
      const value = { [GROUP]: { displayName: renamed } };
      await service.send("PATCH", `/Groups/${group.id}`, { body: { Operations: [{ op: "replace", value }] } });
      expect((await service.send("GET", `/Groups/${group.id}`)).body).toMatchObject({
        displayName: renamed,
        members: members(id),
      });
    });
  });
});
