import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../../lambda/model.ts";
import { readPatch } from "../../../lambda/scim/patch/index.ts";
import { compileRegistry, ENTERPRISE_USER, USER } from "../../../lambda/scim/schema/index.ts";
import { ann, body, home, user, work } from "../../support/lambda/scim/patchFixture.ts";

const iru = compileRegistry("iru");

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
  ["removes through a filter without a match", [{ op: "remove", path: 'emails[type eq "x"]' }], {}],
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

describe("a PATCH of a user", () => {
  it.each(users)("%s", (_name, operations, changes) => {
    expect(readPatch(user, body(...operations)).apply(ann)).toEqual({ ...ann, ...changes });
  });

  it.each(unassigned)("%s", (_name, operation, gone) => {
    const { [gone]: _, ...rest } = ann;
    expect(readPatch(user, body(operation)).apply(ann)).toEqual(rest);
  });

  it("accepts and drops attributes that RFC 7643 defines and the tenant does not retain", () => {
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

  it("never changes a prototype through keys of a value", () => {
    const value = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"__proto__.polluted":1}',
    ) as JsonValue;
    expect(readPatch(user, body({ op: "add", value })).apply(ann)).toEqual(ann);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });
});
