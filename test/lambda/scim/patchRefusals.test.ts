import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../../lambda/model.ts";
import { readPatch } from "../../../lambda/scim/patch/index.ts";
import { USER } from "../../../lambda/scim/schema/index.ts";
import { ann, body, PATCH_OP, user } from "../../support/lambda/scim/patchFixture.ts";

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
  it.each(refused)("rejects %s", (_name, operation, scimType) => {
    const run = (): unknown => readPatch(user, body(operation)).apply(ann);
    expect(run).toThrow(expect.objectContaining({ status: 400, scimType }));
  });

  it("leaves the document as it was when a later operation fails", () => {
    const before = structuredClone(ann);
    const patch = readPatch(
      user,
      body({ op: "replace", path: "title", value: "T" }, { op: "remove", path: "userName" }),
    );
    expect(() => patch.apply(ann)).toThrow();
    expect(ann).toEqual(before);
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
