import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../../lambda/model.ts";
import { readPatch } from "../../../lambda/scim/patch/index.ts";
import { applyMembers } from "../../../lambda/scim/patch/members.ts";
import { compileRegistry, ENTERPRISE_USER, GROUP, USER } from "../../../lambda/scim/schema/index.ts";

const { user, group } = compileRegistry("standard");
const iru = compileRegistry("iru");
const PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

const ann: JsonObject = {
  userName: "ann",
  active: true,
  name: { givenName: "Ann", familyName: "Lee" },
  emails: [
    { value: "a@work", type: "work", primary: true },
    { value: "a@home", type: "home" },
  ],
  [ENTERPRISE_USER]: { department: "Sales" },
};

const body = (...operations: JsonObject[]): JsonObject => ({ schemas: [PATCH_OP], Operations: operations });
const work = { value: "a@work", type: "work", primary: true };
const home = { value: "a@home", type: "home" };

const users: [name: string, operations: JsonObject[], changes: JsonObject][] = [
  ["Okta: replaces active without a path", [{ op: "replace", value: { active: false } }], { active: false }],
  ["Entra: capital op and a boolean as text", [{ op: "Replace", path: "active", value: "False" }], { active: false }],
  ["adds a simple attribute", [{ op: "add", path: "title", value: "Boss" }], { title: "Boss" }],
  ["matches names without case", [{ op: "add", path: "TITLE", value: "Boss" }], { title: "Boss" }],
  [
    "replaces a sub-attribute by a dotted path",
    [{ op: "replace", path: "name.givenName", value: "Anna" }],
    { name: { givenName: "Anna", familyName: "Lee" } },
  ],
  [
    "leaves sub-attributes that a complex value does not name",
    [{ op: "replace", path: "name", value: { givenName: "Anna" } }],
    { name: { givenName: "Anna", familyName: "Lee" } },
  ],
  [
    "Entra: dotted keys without a path",
    [{ op: "replace", value: { "name.givenName": "Anna" } }],
    { name: { givenName: "Anna", familyName: "Lee" } },
  ],
  [
    "Entra: URN keys without a path",
    [{ op: "add", value: { [`${ENTERPRISE_USER}:department`]: "IT" } }],
    { [ENTERPRISE_USER]: { department: "IT" } },
  ],
  [
    "replaces through an extension's path",
    [{ op: "replace", path: `${ENTERPRISE_USER}:department`, value: "IT" }],
    { [ENTERPRISE_USER]: { department: "IT" } },
  ],
  [
    "adds the parts of an extension given whole",
    [{ op: "add", value: { [ENTERPRISE_USER]: { costCenter: "7" } } }],
    { [ENTERPRISE_USER]: { department: "Sales", costCenter: "7" } },
  ],
  ["takes the core URN in a path", [{ op: "replace", path: `${USER}:title`, value: "Boss" }], { title: "Boss" }],
  [
    "Entra: manager as a bare string",
    [{ op: "add", path: `${ENTERPRISE_USER}:manager`, value: "m1" }],
    { [ENTERPRISE_USER]: { department: "Sales", manager: { value: "m1" } } },
  ],
  [
    "adds a value to a list",
    [{ op: "add", path: "emails", value: [{ value: "b", type: "other" }] }],
    { emails: [work, home, { value: "b", type: "other" }] },
  ],
  [
    "adds a lone value to a list",
    [{ op: "add", path: "emails", value: { value: "b" } }],
    { emails: [work, home, { value: "b" }] },
  ],
  [
    "adds a value that is there once only",
    [{ op: "add", path: "emails", value: [{ value: "a@home", type: "home" }] }],
    {},
  ],
  [
    "moves primary to an added value",
    [{ op: "add", path: "emails", value: [{ value: "b", type: "other", primary: true }] }],
    { emails: [{ ...work, primary: false }, home, { value: "b", type: "other", primary: true }] },
  ],
  [
    "moves primary through a value filter",
    [{ op: "replace", path: 'emails[type eq "home"].primary', value: true }],
    {
      emails: [
        { ...work, primary: false },
        { ...home, primary: true },
      ],
    },
  ],
  [
    "replaces a sub-attribute through a value filter",
    [{ op: "replace", path: 'emails[type eq "work"].value', value: "b@work" }],
    { emails: [{ ...work, value: "b@work" }, home] },
  ],
  [
    "Entra: makes an element that is missing",
    [{ op: "Add", path: 'phoneNumbers[type eq "mobile"].value', value: "1" }],
    { phoneNumbers: [{ type: "mobile", value: "1" }] },
  ],
  [
    "Entra: makes it on replace too",
    [{ op: "Replace", path: 'phoneNumbers[type eq "mobile"].value', value: "1" }],
    { phoneNumbers: [{ type: "mobile", value: "1" }] },
  ],
  [
    "Entra: filtered keys without a path",
    [{ op: "replace", value: { 'emails[type eq "work"].value': "b@work" } }],
    { emails: [{ ...work, value: "b@work" }, home] },
  ],
  [
    "replaces a whole element through a value filter",
    [{ op: "replace", path: 'emails[type eq "home"]', value: { value: "x", type: "other" } }],
    { emails: [work, { value: "x", type: "other" }] },
  ],
  ["replaces a list", [{ op: "replace", path: "emails", value: [{ value: "x" }] }], { emails: [{ value: "x" }] }],
  ["removes an element by a filter", [{ op: "remove", path: 'emails[type eq "home"]' }], { emails: [work] }],
  [
    "removes elements by a compound filter",
    [{ op: "remove", path: 'emails[type eq "home" and value ew "home"]' }],
    { emails: [work] },
  ],
  [
    "removes a sub-attribute of an element",
    [{ op: "remove", path: 'emails[type eq "work"].primary' }],
    { emails: [{ value: "a@work", type: "work" }, home] },
  ],
  [
    "removes a value by listing it",
    [{ op: "Remove", path: "emails", value: [{ value: "a@home" }] }],
    { emails: [work] },
  ],
  ["removes an attribute that is not there", [{ op: "remove", path: "nickName" }], {}],
  [
    "ignores read-only keys without a path",
    [{ op: "replace", value: { id: "x", meta: {}, groups: [], title: "T" } }],
    { title: "T" },
  ],
  ["ignores unknown keys without a path", [{ op: "replace", value: { shoeSize: 9, title: "T" } }], { title: "T" }],
  ["drops a password", [{ op: "replace", path: "password", value: "secret" }], {}],
  ["ignores schemas", [{ op: "add", path: "schemas", value: [USER] }], {}],
  [
    "applies operations in order",
    [
      { op: "add", path: "title", value: "A" },
      { op: "replace", path: "title", value: "B" },
    ],
    { title: "B" },
  ],
  ["does nothing without operations", [], {}],
];

const unassigned: [name: string, operation: JsonObject, gone: string][] = [
  ["removes an attribute", { op: "remove", path: "name" }, "name"],
  ["replaces with null", { op: "replace", path: "name", value: null }, "name"],
  ["replaces with an empty list", { op: "replace", path: "emails", value: [] }, "emails"],
  ["removes a list", { op: "remove", path: "emails" }, "emails"],
  ["removes the last part of an extension", { op: "remove", path: `${ENTERPRISE_USER}:department` }, ENTERPRISE_USER],
  ["removes an extension", { op: "remove", path: ENTERPRISE_USER }, ENTERPRISE_USER],
];

const refused: [name: string, operation: JsonObject, scimType: string][] = [
  ["a path that no schema defines", { op: "replace", path: "shoeSize", value: 9 }, "invalidPath"],
  ["an unknown sub-attribute", { op: "replace", path: "name.shoe", value: "9" }, "invalidPath"],
  ["an empty path", { op: "replace", path: "", value: "9" }, "invalidPath"],
  ["an unclosed value filter", { op: "replace", path: 'emails[type eq "work"', value: "9" }, "invalidPath"],
  ["a value filter on a single value", { op: "replace", path: 'name[givenName eq "x"]', value: "9" }, "invalidPath"],
  ["__proto__", { op: "add", path: "__proto__.polluted", value: "x" }, "invalidPath"],
  ["constructor.prototype", { op: "add", path: "constructor.prototype", value: "x" }, "invalidPath"],
  ["a wrong value filter", { op: "remove", path: "emails[type like 1]" }, "invalidFilter"],
  ["deep parentheses in a path", { op: "remove", path: `emails[${"(".repeat(3000)}]` }, "invalidFilter"],
  [
    "a filter without a match on replace",
    { op: "replace", path: 'emails[type eq "x"]', value: { value: "y" } },
    "noTarget",
  ],
  [
    "a filter that no element can be made from",
    { op: "replace", path: 'emails[value co "zz"].type', value: "y" },
    "noTarget",
  ],
  ["a filter without a match on remove", { op: "remove", path: 'emails[type eq "x"]' }, "noTarget"],
  ["remove without a path", { op: "remove" }, "noTarget"],
  ["remove without a path, with a value", { op: "remove", value: { title: "x" } }, "noTarget"],
  ["a change of id", { op: "replace", path: "id", value: "x" }, "mutability"],
  ["a change of meta", { op: "replace", path: "meta.created", value: "x" }, "mutability"],
  ["a change of groups", { op: "add", path: "groups", value: [{ value: "g" }] }, "mutability"],
  ["removal of a required attribute", { op: "remove", path: "userName" }, "mutability"],
  ["null for a required attribute", { op: "replace", path: "userName", value: null }, "mutability"],
  ["a blank required attribute", { op: "replace", path: "userName", value: " " }, "invalidValue"],
  ["a wrong type", { op: "replace", path: "title", value: 5 }, "invalidValue"],
  ["text for a boolean", { op: "replace", path: "active", value: "maybe" }, "invalidValue"],
  ["an add without a value", { op: "add", path: "title" }, "invalidValue"],
  ["text without a path", { op: "replace", value: "x" }, "invalidValue"],
  [
    "two primaries",
    {
      op: "replace",
      path: "emails",
      value: [
        { value: "a", primary: true },
        { value: "b", primary: true },
      ],
    },
    "invalidValue",
  ],
  ["an unknown op", { op: "move", path: "title", value: "x" }, "invalidSyntax"],
  ["a path that is no text", { op: "add", path: 5, value: "x" }, "invalidSyntax"],
];

describe("a PATCH of a user", () => {
  it.each(users)("%s", (_name, operations, changes) => {
    expect(readPatch(user, body(...operations)).apply(ann)).toEqual({ ...ann, ...changes });
  });

  it.each(unassigned)("%s", (_name, operation, gone) => {
    const { [gone]: _, ...rest } = ann;
    expect(readPatch(user, body(operation)).apply(ann)).toEqual(rest);
  });

  it.each(refused)("rejects %s", (_name, operation, scimType) => {
    const run = (): unknown => readPatch(user, body(operation)).apply(ann);
    expect(run).toThrow(expect.objectContaining({ status: 400, scimType }));
  });

  it("leaves the document as it was when a later operation fails", () => {
    const before = structuredClone(ann);
    const patch = readPatch(
      user,
      body({ op: "replace", path: "title", value: "T" }, { op: "remove", path: 'emails[type eq "x"]' }),
    );
    expect(() => patch.apply(ann)).toThrow();
    expect(ann).toEqual(before);
  });

  it("accepts and drops what RFC 7643 defines and the tenant does not retain", () => {
    const patch = readPatch(
      iru.user,
      body(
        { op: "replace", path: "nickName", value: "N" },
        { op: "add", path: 'phoneNumbers[type eq "work"].value', value: "1" },
        { op: "add", path: "name.middleName", value: "M" },
        { op: "replace", path: `${ENTERPRISE_USER}:manager`, value: "m" },
      ),
    );
    expect(patch.apply(ann)).toEqual(ann);
  });

  it("never touches a prototype through keys of a value", () => {
    const value = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"__proto__.polluted":1}',
    ) as JsonValue;
    expect(readPatch(user, body({ op: "add", value })).apply(ann)).toEqual(ann);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  it.each([
    ["no object", []],
    ["no operations", { schemas: [PATCH_OP] }],
    ["a wrong schema", { schemas: [USER], Operations: [] }],
    ["an operation that is no object", { schemas: [PATCH_OP], Operations: [1] }],
  ] as [string, JsonValue][])("rejects a body with %s", (_name, wrong) => {
    expect(() => readPatch(user, wrong)).toThrow(expect.objectContaining({ scimType: "invalidSyntax" }));
  });

  it("rejects more than 1,000 operations", () => {
    const many = Array.from({ length: 1001 }, () => ({ op: "add", path: "title", value: "x" }));
    expect(() => readPatch(user, body(...many))).toThrow(expect.objectContaining({ scimType: "invalidValue" }));
  });
});

const delta = (add: string[], remove: string[]): object => ({
  kind: "delta",
  add: new Set(add),
  remove: new Set(remove),
});
const replaceWith = (...members: string[]): object => ({ kind: "replace", members: new Set(members) });

const memberships: [name: string, operations: JsonObject[], expected: object | undefined][] = [
  ["Okta: adds members", [{ op: "add", path: "members", value: [{ value: "u1", display: "a" }] }], delta(["u1"], [])],
  ["Okta: removes a member by its value", [{ op: "remove", path: 'members[value eq "u1"]' }], delta([], ["u1"])],
  [
    "removes several by or",
    [{ op: "remove", path: 'members[value eq "u1" or value eq "u2"]' }],
    delta([], ["u1", "u2"]),
  ],
  [
    "Okta: replaces members on a full push",
    [{ op: "replace", path: "members", value: [{ value: "u1" }] }],
    replaceWith("u1"),
  ],
  ["Okta: empties on Push Now", [{ op: "replace", path: "members", value: [] }], replaceWith()],
  [
    "Entra: removes by a list with $ref null",
    [{ op: "Remove", path: "members", value: [{ $ref: null, value: "u1" }] }],
    delta([], ["u1"]),
  ],
  ["does not empty a group by an empty list to remove", [{ op: "remove", path: "members", value: [] }], undefined],
  ["removes all without a filter or a value", [{ op: "remove", path: "members" }], replaceWith()],
  ["takes members without a path", [{ op: "add", value: { members: [{ value: "u1" }] } }], delta(["u1"], [])],
  [
    "lets the last operation win",
    [
      { op: "add", path: "members", value: [{ value: "u1" }] },
      { op: "remove", path: 'members[value eq "u1"]' },
    ],
    delta([], ["u1"]),
  ],
  [
    "adds to a replacement",
    [
      { op: "replace", path: "members", value: [{ value: "u1" }] },
      { op: "add", path: "members", value: [{ value: "u2" }] },
    ],
    replaceWith("u1", "u2"),
  ],
  ["does nothing to members that it does not name", [{ op: "replace", value: { displayName: "N" } }], undefined],
  ["drops a member's display", [{ op: "replace", path: 'members[value eq "u1"].display', value: "x" }], undefined],
  ["takes the URN", [{ op: "add", path: `${GROUP}:members`, value: { value: "u1" } }], delta(["u1"], [])],
];

describe("a PATCH of a group", () => {
  it.each(memberships)("%s", (_name, operations, expected) => {
    expect(readPatch(group, body(...operations)).members).toEqual(expected);
  });

  it("renames as Okta does, with an id that is ignored", () => {
    const patch = readPatch(group, body({ op: "replace", value: { id: "g1", displayName: "New" } }));
    expect(patch.apply({ displayName: "Old" })).toEqual({ displayName: "New" });
    expect(patch.members).toBeUndefined();
  });

  it("edits by any other filter", () => {
    const { members } = readPatch(group, body({ op: "remove", path: 'members[value sw "a"]' }));
    expect(members?.kind).toBe("edit");
    expect(members && applyMembers(members, new Set(["a1", "b1"]))).toEqual(new Set(["b1"]));
  });

  it("edits after a delta in order", () => {
    const { members } = readPatch(
      group,
      body(
        { op: "add", path: "members", value: [{ value: "a2" }, { value: "b2" }] },
        { op: "remove", path: 'members[value sw "a"]' },
      ),
    );
    expect(members && applyMembers(members, new Set(["a1", "b1"]))).toEqual(new Set(["b1", "b2"]));
  });

  it("rejects the replacement of a member that is not there", () => {
    const { members } = readPatch(group, body({ op: "replace", path: 'members[value eq "x"]', value: { value: "y" } }));
    expect(() => members && applyMembers(members, new Set(["a"]))).toThrow(
      expect.objectContaining({ scimType: "noTarget" }),
    );
  });

  it.each([
    ["a member without value", { op: "add", path: "members", value: [{ display: "x" }] }, "invalidValue"],
    ["members that are text", { op: "add", path: "members", value: ["u1"] }, "invalidValue"],
    [
      "a change of a member's value",
      { op: "replace", path: 'members[value eq "u1"].value', value: "u2" },
      "mutability",
    ],
    ["a value path without a filter", { op: "remove", path: "members[]" }, "invalidFilter"],
    ["removal of the displayName", { op: "remove", path: "displayName" }, "mutability"],
  ] as [string, JsonObject, string][])("rejects %s", (_name, operation, scimType) => {
    const run = (): unknown => readPatch(group, body(operation)).apply({ displayName: "G" });
    expect(run).toThrow(expect.objectContaining({ status: 400, scimType }));
  });
});
