import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../lambda/model.ts";
import { project, readProjection } from "../../../lambda/scim/representation/projection.ts";
import { indexPage, represent } from "../../../lambda/scim/representation/resource.ts";
import { listText, resourceText } from "../../../lambda/scim/representation/text.ts";
import { compileRegistry } from "../../../lambda/scim/schema/index.ts";

const registries = { iru: compileRegistry("iru"), standard: compileRegistry("standard") };
const names = ["id", "displayName", "members", "members.value", "members.type", "members.$ref", "externalId", "meta"];
const baseUrls = ["https://example.com/scim", 'https://example.com/"\\/scim', "https://example.com/00000000-0000"];

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom('"', "\\", '","members":[]', "\ud800", "\u2028", "00000000-0000-0000-0000-000000000000", ""),
);
/** A URL holds no half of a surrogate pair. */
const id = fc.oneof(
  fc.uuid(),
  text.filter((one) => !/\p{Surrogate}/u.test(one)),
);
const memberIds = fc.oneof(fc.array(fc.uuid(), { maxLength: 12 }), fc.array(id, { maxLength: 12 }));
const stored = fc.record({
  id,
  version: text,
  created: fc.constant("2026-01-31T12:00:00.000Z"),
  lastModified: fc.constant("2026-01-31T12:00:00.000Z"),
  attributes: fc.record({ displayName: text, externalId: text }, { requiredKeys: ["displayName"] }),
});
const someNames = fc.subarray(names);

describe("the text of a resource", () => {
  it("is the JSON of its representation, for any members and any projection", () => {
    const members = fc.option(memberIds, { nil: undefined });
    const lists = fc.record({ attributes: someNames, excluded: someNames });
    const setting = fc.constantFrom("iru", "standard");
    fc.assert(
      fc.property(setting, fc.constantFrom(...baseUrls), stored, members, lists, (kept, baseUrl, one, ids, asked) => {
        const type = registries[kept].group;
        const projection = readProjection(type, asked.attributes, asked.excluded);
        const connections = { members: ids };
        const expected = JSON.stringify(project(type, projection, represent(type, baseUrl, one, connections)));
        expect(resourceText({ type, baseUrl, projection, stored: one, connections })).toBe(expected);
      }),
    );
  });

  it("is the same in a list", () => {
    const objects = fc.array(fc.dictionary(fc.string(), text, { noNullPrototype: true }));
    fc.assert(
      fc.property(objects, fc.nat(), (resources: JsonObject[], total) => {
        const head = indexPage(total, 1, resources.length);
        const expected = JSON.stringify({ ...head, Resources: resources });
        expect(
          listText(
            head,
            resources.map((one) => JSON.stringify(one)),
          ),
        ).toBe(expected);
      }),
    );
  });
});
