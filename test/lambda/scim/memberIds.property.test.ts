import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../../lambda/model.ts";
import { coerceSingle, memberIds } from "../../../lambda/scim/document/coerce.ts";
import { compileRegistry } from "../../../lambda/scim/schema/index.ts";
import { findAttribute } from "../../../lambda/scim/schema/resolve.ts";

const text = fc.oneof(
  fc.uuid(),
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.constantFrom("", "\ud800", "é", "x".repeat(500), "x".repeat(501), "x".repeat(4_097)),
);
const part = fc.oneof({ arbitrary: text, weight: 6 }, fc.constantFrom<JsonValue>(null, 5, true, [], ["a"], {}));
const element = fc.oneof(
  fc.record({ value: text, display: text }, { requiredKeys: ["value"] }),
  fc.record({ value: part, display: part, type: part, $ref: part, Value: part }, { requiredKeys: [] }),
  fc.constantFrom<JsonValue>(null, "an-id", 5, []),
);

/** The result of a reading: the value, or the message of the error. */
function outcome<T>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    return String(error);
  }
}

describe("the ids of members", () => {
  it.each(["iru", "standard"] as const)(
    "are those that the schema reads in each element, with its errors: %s",
    (kept) => {
      const attribute = findAttribute(compileRegistry(kept).group.schema.attributes, "members");
      if (attribute === undefined) throw new Error("a group without members");
      const bySchema = (item: JsonValue): string[] => {
        if (item === null) return [];
        const read = coerceSingle(attribute, item, "members[0]");
        const id = read !== null && typeof read === "object" && !Array.isArray(read) ? read["value"] : undefined;
        return typeof id === "string" && id !== "" ? [id] : [];
      };
      fc.assert(
        fc.property(element, (item) => {
          const expected = outcome(() => bySchema(item));
          const ids = outcome(() => [...memberIds(attribute, [item], "members")]);
          if (Array.isArray(expected) && expected.length === 0 && item !== null) expect(ids).toContain("is missing");
          else expect(ids).toEqual(expected);
        }),
        { numRuns: 500 },
      );
    },
  );
});
