import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDocument } from "../../../lambda/scim/document/index.ts";
import { ScimError } from "../../../lambda/scim/error.ts";
import type { JsonObject, JsonValue } from "../../../lambda/model.ts";
import { readPatch } from "../../../lambda/scim/patch/index.ts";
import { applyMembers } from "../../../lambda/scim/patch/members.ts";
import { compileRegistry, type ResourceType } from "../../../lambda/scim/schema/index.ts";
import { documentOf, operationsOf, op, pathsOf, valueOf } from "../../support/lambda/scim/arbitrary.ts";

const standard = compileRegistry("standard");
const iru = compileRegistry("iru");

/** The document as the directory would hold it. */
function stored(type: ResourceType, sent: JsonObject): JsonObject {
  try {
    return readDocument(type, sent).attributes;
  } catch (error) {
    if (error instanceof ScimError) return fc.pre(false) as never;
    throw error;
  }
}

/** The changed document, or the error; only a `ScimError` of 400 may be thrown. */
function patched(type: ResourceType, before: JsonObject, Operations: JsonObject[]): JsonObject | ScimError {
  try {
    return readPatch(type, { Operations }).apply(before);
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    expect(error.status).toBe(400);
    return error;
  }
}

/** Whether it contains null, an empty list or an empty object at any depth. */
function holdsNothing(value: JsonValue): boolean {
  if (value === null) return true;
  if (typeof value !== "object") return false;
  const parts = Object.values(value);
  return parts.length === 0 || parts.some(holdsNothing);
}

describe.each([
  ["users of a tenant that retains everything", standard.user],
  ["users of a tenant that retains a little", iru.user],
  ["groups", standard.group],
])("random PATCHes of %s", (_name, type) => {
  const cases = fc.tuple(documentOf(type), operationsOf(type));

  it("never change the original document", () => {
    fc.assert(
      fc.property(cases, ([sent, operations]) => {
        const before = stored(type, sent);
        const copy = structuredClone(before);
        patched(type, before, operations);
        expect(before).toEqual(copy);
      }),
      { numRuns: 300 },
    );
  });

  it("keep the schema's rules: the result would be accepted as a document", () => {
    let changes = 0;
    fc.assert(
      fc.property(cases, ([sent, operations]) => {
        const before = stored(type, sent);
        const after = patched(type, before, operations);
        if (after instanceof ScimError) return;
        if (JSON.stringify(after) !== JSON.stringify(before)) changes += 1;
        expect(stored(type, after)).toEqual(after);
        expect(holdsNothing(after)).toBe(false);
      }),
      { numRuns: 1000 },
    );
    expect(changes).toBeGreaterThan(30);
  });

  it("are rejected because of one wrong operation at the end", () => {
    fc.assert(
      fc.property(cases, ([sent, operations]) => {
        const before = stored(type, sent);
        const wrong = { op: "remove", path: type.name === "User" ? "userName" : "displayName" };
        expect(patched(type, before, [...operations, wrong])).toBeInstanceOf(ScimError);
      }),
      { numRuns: 100 },
    );
  });

  it("change nothing when they are repeated, as long as they only add or replace whole attributes", () => {
    const whole = pathsOf(type)
      .filter(({ sub }) => !sub)
      .map(({ path, attribute }) =>
        fc.record({ op: fc.constantFrom("add", "replace"), path: fc.constant(path), value: valueOf(attribute) }),
      );
    fc.assert(
      fc.property(documentOf(type), fc.oneof(...whole), (sent, operation) => {
        const once = patched(type, stored(type, sent), [operation]);
        if (once instanceof ScimError) return;
        expect(patched(type, once, [operation])).toEqual(once);
      }),
      { numRuns: 300 },
    );
  });
});

describe.each([
  ["users", standard.user],
  ["users of a tenant that retains a little", iru.user],
  ["groups", standard.group],
])("random removals from %s", (_name, type) => {
  const removals = operationsOf(type).map((operations) =>
    operations.flatMap((operation) => {
      const { path, value } = operation;
      if (path === undefined) return [];
      return [value === undefined ? { op: "remove", path } : { op: "Remove", path, value }];
    }),
  );

  it("have the same result if they are done twice", () => {
    let changes = 0;
    fc.assert(
      fc.property(documentOf(type), removals, (sent, operations) => {
        const before = stored(type, sent);
        for (const operation of operations) {
          const once = patched(type, before, [operation]);
          if (once instanceof ScimError) continue;
          if (JSON.stringify(once) !== JSON.stringify(before)) changes += 1;
          expect(patched(type, once, [operation])).toEqual(once);
          expect(patched(type, before, [operation, operation])).toEqual(once);
        }
      }),
      { numRuns: 600 },
    );
    expect(changes).toBeGreaterThan(10);
  });

  // One removal can make another match, so a list of removals may remove more the second time.
  it("never fail if they are repeated", () => {
    fc.assert(
      fc.property(documentOf(type), removals, (sent, operations) => {
        const once = patched(type, stored(type, sent), operations);
        if (once instanceof ScimError) return;
        expect(patched(type, once, operations)).not.toBeInstanceOf(ScimError);
      }),
      { numRuns: 300 },
    );
  });
});

describe("random changes of members", () => {
  const id = fc.constantFrom("a", "b", "c", "d");
  const list = fc.array(id, { maxLength: 3 }).map((ids) => ids.map((value) => ({ value })));
  const change = fc.oneof(
    fc.record({ op, path: fc.constant("members"), value: list }),
    fc.record({ op: fc.constant("remove"), path: id.map((value) => `members[value eq "${value}"]`) }),
    fc.record({ op: fc.constant("remove"), path: id.map((value) => `members[value gt "${value}"]`) }),
    fc.record({ op: fc.constant("add"), path: fc.constant("members"), value: id.map((value) => ({ value })) }),
    fc.constant({ op: "remove", path: "members" }),
  ) as fc.Arbitrary<JsonObject>;

  it("remove the same members if they are done twice", () => {
    const removal = change.filter(({ op: name }) => name === "remove" || name === "Remove");
    fc.assert(
      fc.property(removal, fc.uniqueArray(id), (operation, ids) => {
        const { members } = readPatch(standard.group, { Operations: [operation] });
        const once = members ? applyMembers(members, new Set(ids)) : new Set(ids);
        expect(members ? applyMembers(members, once) : once).toEqual(once);
      }),
      { numRuns: 300 },
    );
  });

  it("fold into one change with the same result as doing them one by one", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), fc.uniqueArray(id), (operations, ids) => {
        const start: ReadonlySet<string> = new Set(ids);
        const apply = (members: ReadonlySet<string>, Operations: JsonObject[]): ReadonlySet<string> => {
          const folded = readPatch(standard.group, { Operations }).members;
          return folded ? applyMembers(folded, members) : members;
        };
        const oneByOne = operations.reduce((members, operation) => apply(members, [operation]), start);
        expect([...apply(start, operations)].toSorted()).toEqual([...oneByOne].toSorted());
        expect([...start]).toEqual(ids);
      }),
      { numRuns: 1000 },
    );
  });
});
