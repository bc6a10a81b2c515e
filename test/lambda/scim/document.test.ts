import { describe, expect, it } from "vitest";
import { readDocument } from "../../../lambda/scim/document/index.ts";
import type { JsonObject, JsonValue } from "../../../lambda/model.ts";
import {
  attributePaths,
  checkAttributes,
  compileRegistry,
  ENTERPRISE_USER,
  USER,
} from "../../../lambda/scim/schema/index.ts";

const standard = compileRegistry("standard");
const iru = compileRegistry("iru");
const user = (body: JsonObject): JsonObject => readDocument(standard.user, body).attributes;

describe("the schema registry", () => {
  it("accepts every path that it offers", () => {
    expect(checkAttributes(attributePaths())).toEqual([]);
  });

  it("offers the paths that a setting may name", () => {
    expect(attributePaths()).toEqual(
      expect.arrayContaining([
        "userName",
        "externalId",
        "name.givenName",
        "emails",
        "members",
        `${ENTERPRISE_USER}:department`,
      ]),
    );
  });

  it("reports unknown attributes and the password", () => {
    expect(checkAttributes(["userName", "shoeSize", "password", "department"])).toEqual([
      "shoeSize",
      "password",
      "department",
    ]);
  });

  it("retains the attributes that Iru uses", () => {
    const names = iru.user.schema.attributes.map(({ name, subAttributes }) =>
      name === "name" ? `name(${subAttributes?.map((sub) => sub.name).join()})` : name,
    );
    expect(names).toEqual([
      "userName",
      "name(formatted,familyName,givenName)",
      "displayName",
      "title",
      "active",
      "emails",
      "groups",
    ]);
    expect(iru.user.extensions.map(({ attributes }) => attributes.map(({ name }) => name))).toEqual([["department"]]);
    expect(iru.group.schema.attributes.map(({ name }) => name)).toEqual(["displayName", "members"]);
  });

  it("always retains the attributes that the directory needs", () => {
    const { user: type, group } = compileRegistry(["title"]);
    expect(type.schema.attributes.map(({ name }) => name)).toEqual(["userName", "title", "active", "groups"]);
    expect(type.extensions).toEqual([]);
    expect(group.schema.attributes.map(({ name }) => name)).toEqual(["displayName", "members"]);
  });

  it("never offers a password nor a member's display", () => {
    expect(standard.user.schema.attributes.map(({ name }) => name)).not.toContain("password");
    const members = standard.group.schema.attributes.find(({ name }) => name === "members");
    expect(members?.subAttributes?.map(({ name }) => name)).toEqual(["value", "$ref", "type"]);
  });
});

const accepted: [name: string, given: JsonObject, stored: JsonObject][] = [
  ["drops unknown attributes and schemas", { schemas: ["urn:x"], shoeSize: 9, "urn:x": { a: 1 } }, {}],
  ["drops the password", { password: "secret" }, {}],
  ["drops read-only attributes", { id: "x", meta: { version: "1" }, groups: [{ value: "g" }] }, {}],
  ["takes names without case", { DISPLAYNAME: "D" }, { displayName: "D" }],
  [
    "takes dotted keys",
    { "name.givenName": "A", "name.familyName": "B" },
    { name: { givenName: "A", familyName: "B" } },
  ],
  ["takes the core URN in keys", { [`${USER}:title`]: "T" }, { title: "T" }],
  [
    "takes an extension's URN in keys",
    { [`${ENTERPRISE_USER}:department`]: "IT" },
    { [ENTERPRISE_USER]: { department: "IT" } },
  ],
  ["takes an extension", { [ENTERPRISE_USER]: { Department: "IT" } }, { [ENTERPRISE_USER]: { department: "IT" } }],
  ["takes null as unassigned", { title: null, name: null, emails: null }, {}],
  ["takes an empty list as unassigned", { emails: [] }, {}],
  ["takes an empty list for a complex attribute as unassigned (RFC 7643 §2.5)", { name: [] }, {}],
  ["takes an empty object as unassigned", { name: {} }, {}],
  ["takes Entra's booleans", { active: "False" }, { active: false }],
  [
    "takes Entra's bare manager",
    { [ENTERPRISE_USER]: { manager: "m" } },
    { [ENTERPRISE_USER]: { manager: { value: "m" } } },
  ],
  [
    "keeps sub-attributes by their canonical name",
    { emails: [{ VALUE: "a", Primary: true, x: 1 }] },
    { emails: [{ value: "a", primary: true }] },
  ],
];

const rejected: [name: string, given: JsonObject, path: string][] = [
  ["a number for text", { title: 5 }, "title"],
  ["text for a boolean", { active: "maybe" }, "active"],
  ["text for a complex attribute", { name: "Ann" }, "name"],
  ["a list for a complex attribute", { name: [{}, {}] }, "name"],
  ["an object for a list", { emails: { value: "a" } }, "emails"],
  ["text in a list of objects", { emails: ["a"] }, "emails[0]"],
  ["a number in a sub-attribute", { emails: [{ value: "a" }, { value: 5 }] }, "emails[1].value"],
  [
    "two primary values",
    {
      emails: [
        { value: "a", primary: true },
        { value: "b", primary: true },
      ],
    },
    "emails",
  ],
  ["text beyond 4,096 characters", { title: "x".repeat(4097) }, "title"],
  ["a displayName beyond 512 characters", { displayName: "x".repeat(513) }, "displayName"],
  ["more than 1,000 values", { emails: Array.from({ length: 1001 }, (_, i) => ({ value: `${i}` })) }, "emails"],
  ["text for an extension", { [ENTERPRISE_USER]: "x" }, ENTERPRISE_USER],
];

describe("a document", () => {
  it.each(accepted)("%s", (_name, given, stored) => {
    expect(user({ userName: "ann", ...given })).toEqual({ userName: "ann", ...stored });
  });

  it.each(rejected)("rejects %s and names the path", (_name, given, path) => {
    const run = (): unknown => user({ userName: "ann", ...given });
    expect(run).toThrow(expect.objectContaining({ status: 400, scimType: "invalidValue" }));
    expect(run).toThrow(path);
  });

  it.each([[{}], [{ userName: "" }], [{ userName: "  " }], [{ userName: null }]])(
    "rejects %j: userName is required",
    (given) => {
      expect(() => user(given)).toThrow(expect.objectContaining({ scimType: "invalidValue" }));
    },
  );

  it("rejects a body that is no object", () => {
    expect(() => readDocument(standard.user, [])).toThrow(expect.objectContaining({ scimType: "invalidSyntax" }));
  });

  it("never walks a prototype", () => {
    const hostile = JSON.parse(
      '{"userName":"a","__proto__":{"x":1},"constructor":{"x":1},"__proto__.x":1,"name":{"__proto__":{"x":1}}}',
    ) as JsonValue;
    expect(readDocument(standard.user, hostile).attributes).toEqual({ userName: "a" });
    expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
  });

  it("drops attributes that the tenant does not retain without validating them", () => {
    const given = {
      userName: "a",
      nickName: 5,
      name: { givenName: "A", middleName: "M" },
      [ENTERPRISE_USER]: { costCenter: "1" },
    };
    expect(readDocument(iru.user, given).attributes).toEqual({ userName: "a", name: { givenName: "A" } });
  });

  it("reads members separately, with or without their type", () => {
    const given = {
      displayName: "G",
      members: [
        { value: "u1", display: "x" },
        { value: "u2", type: "User", $ref: null },
      ],
    };
    expect(readDocument(standard.group, given)).toEqual({
      attributes: { displayName: "G" },
      members: new Set(["u1", "u2"]),
    });
  });

  it("distinguishes absent members from an empty list", () => {
    expect(readDocument(standard.group, { displayName: "G" }).members).toBeUndefined();
    expect(readDocument(standard.group, { displayName: "G", members: [] }).members).toEqual(new Set());
  });
});
