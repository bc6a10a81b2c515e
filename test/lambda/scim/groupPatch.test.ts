import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../lambda/model.ts";
import { readPatch } from "../../../lambda/scim/patch/index.ts";
import { applyMembers } from "../../../lambda/scim/patch/members.ts";
import { GROUP } from "../../../lambda/scim/schema/index.ts";
import { body, group } from "../../support/lambda/scim/patchFixture.ts";

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
  ["drops a display of all members", [{ op: "replace", path: "members.display", value: "x" }], undefined],
  ["takes members that are bare ids", [{ op: "add", path: "members", value: ["u1"] }], delta(["u1"], [])],
  ["takes a member that is a bare id", [{ op: "add", path: "members", value: "u1" }], delta(["u1"], [])],
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

  it("drops a member's display, if there is the member", () => {
    const { members } = readPatch(group, body({ op: "replace", path: 'members[value eq "u1"].display', value: "x" }));
    const after = (...ids: string[]) => members && applyMembers(members, new Set(ids));
    expect(after("u1", "u2")).toEqual(new Set(["u1", "u2"]));
    expect(() => after("u2")).toThrow(expect.objectContaining({ scimType: "noTarget" }));
    expect(() => after()).toThrow(expect.objectContaining({ scimType: "noTarget" }));
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
    ["members that are numbers", { op: "add", path: "members", value: [1] }, "invalidValue"],
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
