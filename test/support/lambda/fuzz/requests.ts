import fc from "fast-check";
import type { JsonObject, JsonValue } from "../../../../lambda/model.ts";
import { GROUP } from "../../../../lambda/scim/schema/index.ts";
import { documentOf, operationsOf } from "../scim/arbitrary.ts";
import { attributePath, condition, filter, json, registry, text } from "./values.ts";

/**
 * A request as it reaches the gateway. In its texts, `{u}`, `{v}` and `{g}` stand for the ids of two users and a group.
 */
export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

const parameter = fc.oneof(
  fc.tuple(fc.constantFrom("filter", "Filter"), filter),
  fc.tuple(
    fc.constantFrom("attributes", "excludedAttributes"),
    fc.array(attributePath, { maxLength: 3 }).map((list) => list.join(",")),
  ),
  fc.tuple(fc.constantFrom("startIndex", "count", "cursor", "sortOrder"), text),
  fc.tuple(fc.constantFrom("count", "startIndex"), fc.integer({ min: -5, max: 300 }).map(String)),
  fc.tuple(fc.constant("sortBy"), attributePath),
  fc.tuple(fc.constant("cursor"), fc.constant("")),
  fc.tuple(text, text),
);
const encoded = (value: string): string => new URLSearchParams([["", value]]).toString().slice(1);
const query = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .array(parameter, { maxLength: 3 })
      .map((list) => list.map(([n, v]) => `${encoded(n)}=${encoded(v)}`).join("&")),
  },
  fc.string({ maxLength: 40 }),
);

const document = fc.oneof(documentOf(registry.user), documentOf(registry.group));
/** A valid document or message with one part replaced. */
const mutated = (whole: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> =>
  fc
    .tuple(whole, fc.option(fc.tuple(fc.nat(), attributePath, json)), fc.boolean())
    .map(([object, change, isReplaced]) => {
      if (!change) return object;
      const [at, added, value] = change;
      const names = Object.keys(object);
      const name = isReplaced && names.length > 0 ? (names[at % names.length] ?? added) : added;
      return Object.fromEntries([...Object.entries(object), [name, value]]);
    });
const members = fc
  .array(fc.constantFrom("{u}", "{v}", "nobody", "bulkId:a"), { maxLength: 4 })
  .map((ids) => ids.map((value) => ({ value })));
const userBody = mutated(fc.tuple(documentOf(registry.user), text).map(([body, userName]) => ({ ...body, userName })));
const groupBody = mutated(
  fc.tuple(text, members).map(([displayName, list]) => ({ schemas: [GROUP], displayName, members: list })),
);
const memberOperation = fc.record({
  op: fc.constantFrom("add", "remove", "replace"),
  path: fc.constant("members"),
  value: members,
});
const freeOperation = fc.record({
  op: text,
  path: fc.oneof(
    attributePath,
    condition.map((inner) => `emails[${inner}]`),
  ),
  value: json,
});
const patchBody = mutated(
  fc
    .tuple(
      operationsOf(registry.user),
      operationsOf(registry.group),
      fc.array(fc.oneof(memberOperation, freeOperation), { maxLength: 3 }),
    )
    .map((parts) => ({ Operations: parts.flat() })),
);
const searchBody = mutated(
  fc.record(
    { filter, count: fc.oneof(fc.integer(), text), startIndex: json, sortBy: attributePath, cursor: text },
    { requiredKeys: [] },
  ),
);
const bulkOperation = mutated(
  fc.record(
    {
      method: fc.constantFrom("POST", "PUT", "PATCH", "DELETE", "GET"),
      path: fc.constantFrom("/Users", "/Groups", "/Users/{v}", "/Users/bulkId:a", "/Groups/{g}", "/Bulk", "Users"),
      bulkId: fc.constantFrom("a", "b", "c"),
      data: fc.oneof(userBody, groupBody, patchBody),
      version: text,
    },
    { requiredKeys: ["method", "path"] },
  ),
);
const bulkBody = mutated(
  fc.record(
    { Operations: fc.array(bulkOperation, { maxLength: 5 }), failOnErrors: fc.integer({ min: 0, max: 3 }) },
    { requiredKeys: ["Operations"] },
  ),
);

const asJson = (body: fc.Arbitrary<JsonValue>): fc.Arbitrary<string> => body.map((value) => JSON.stringify(value));
const rawBody = fc.oneof(
  asJson(json),
  asJson(document),
  fc.uint8Array({ maxLength: 60 }),
  fc.string({ maxLength: 40 }),
  fc.integer({ min: 1, max: 20_000 }).map((depth) => "[".repeat(depth) + "]".repeat(depth)),
  fc.integer({ min: 1, max: 20_000 }).map((depth) => '{"name":'.repeat(depth)),
  fc.constantFrom(
    '{"userName":"a","userName":"b"}',
    '{"__proto__":{"polluted":true},"userName":"p"}',
    '{"active":1e999,"userName":"n"}',
  ),
);

const encodedSegment = text.map((value) => encodeURIComponent(Buffer.from(value).toString()));
const weird = fc.oneof(
  fc
    .array(fc.oneof(encodedSegment, fc.string({ maxLength: 12 })), { maxLength: 4 })
    .map((parts) => `/${parts.join("/")}`),
  fc.constantFrom(
    "",
    "/",
    "//",
    "/Users/",
    "/Users/%zz",
    "/Users/%",
    "/.search",
    "/Me",
    "/Schemas",
    "/v2/Users",
    "/v3/Users",
    "/Users/{u}/x",
  ),
);

/** Each target with its usual bodies, and sometimes another body. */
const target = fc.oneof(
  fc.tuple(fc.constant("/Users"), fc.constantFrom("POST", "GET"), asJson(userBody)),
  fc.tuple(fc.constant("/Groups"), fc.constantFrom("POST", "GET"), asJson(groupBody)),
  fc.tuple(fc.constantFrom("/Users/{u}", "/Users/{v}"), fc.constant("PUT"), asJson(userBody)),
  fc.tuple(fc.constant("/Groups/{g}"), fc.constant("PUT"), asJson(groupBody)),
  fc.tuple(fc.constantFrom("/Users/{u}", "/Groups/{g}"), fc.constant("PATCH"), asJson(patchBody)),
  fc.tuple(
    fc.constantFrom("/Users/{v}", "/Groups/{g}", "/Users/{u}"),
    fc.constantFrom("GET", "HEAD", "DELETE"),
    fc.constant(undefined),
  ),
  fc.tuple(fc.constantFrom("/.search", "/Users/.search", "/Groups/.search"), fc.constant("POST"), asJson(searchBody)),
  fc.tuple(fc.constant("/Bulk"), fc.constant("POST"), asJson(bulkBody)),
  fc.tuple(weird, fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE"), rawBody),
  fc.tuple(
    fc.constantFrom("/Users", "/Users/{u}", "/Groups/{g}", "/Bulk"),
    fc.constantFrom("POST", "PUT", "PATCH"),
    rawBody,
  ),
);

const headers = fc.record(
  {
    "content-type": fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom("application/scim+json", "application/json; charset=utf-8") },
      text,
    ),
    "if-match": text,
    "if-none-match": text,
    accept: text,
    authorization: fc.oneof({ weight: 9, arbitrary: fc.constant("Bearer {token}") }, text),
  },
  { requiredKeys: ["authorization"] },
);

export const fuzzRequest: fc.Arbitrary<FuzzRequest> = fc
  .tuple(target, fc.oneof({ weight: 2, arbitrary: fc.constant("") }, query), headers)
  .map(([[path, method, body], queryText, sent]) => ({ method, path, query: queryText, headers: sent, body }));
