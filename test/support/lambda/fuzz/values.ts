import fc from "fast-check";
import type { JsonObject, JsonValue } from "../../../../lambda/model.ts";
import { compileRegistry, ENTERPRISE_USER, USER } from "../../../../lambda/scim/schema/index.ts";
import { pathsOf } from "../scim/arbitrary.ts";

export const registry = compileRegistry("standard");
const paths = [registry.user, registry.group].flatMap((type) => pathsOf(type).map(({ path }) => path));

/** Texts that have broken SCIM servers, and some that break parsers. */
const hostile = fc.constantFrom(
  ...["__proto__", "constructor", "prototype", "toString", "__proto__.polluted", "constructor.prototype.polluted"],
  ...[
    "\u0000",
    "\ud800",
    "\udfff\ud83d",
    "\u202e",
    "\ufeff",
    "é\u0301",
    "💥".repeat(50),
    "x".repeat(5000),
    "x".repeat(600),
  ],
  ...[
    '"',
    "\\",
    "'",
    "''; DROP TABLE",
    "${7*7}",
    "{{7*7}}",
    "%00",
    "%zz",
    "../..",
    "bulkId:a",
    "bulkId:",
    "null",
    "true",
    "True",
  ],
  ...["{u}", "{v}", "{g}", "-1", "0", "1e999", "9007199254740993", "NaN", "*", 'W/"1"', "2026-01-01T00:00:00Z", ""],
);
export const text = fc.oneof({ weight: 3, arbitrary: hostile }, fc.string({ unit: "binary", maxLength: 30 }));
export const attributePath = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...paths, "id", "meta.created", USER, ENTERPRISE_USER) },
  text,
);

export const json = fc.letrec<{ value: JsonValue; list: JsonValue[]; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    text,
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    tie("list"),
    tie("object"),
  ),
  list: fc.array(tie("value"), { maxLength: 4 }),
  object: fc.dictionary(
    fc.oneof(fc.constantFrom("value", "type", "primary", "$ref", "schemas", ...paths), text),
    tie("value"),
    {
      maxKeys: 4,
      noNullPrototype: true,
    },
  ),
})).value;

const operator = fc.constantFrom("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr", "EQ", "xx", "");
export const condition = fc
  .tuple(
    attributePath,
    operator,
    fc.oneof(
      text.map((value) => JSON.stringify(value)),
      fc.constantFrom("true", "null", "5", "x", '"'),
    ),
  )
  .map(([path, op, value]) => (op === "pr" ? `${path} pr` : `${path} ${op} ${value}`));
export const filter = fc.letrec<{ filter: string }>((tie) => ({
  filter: fc.oneof(
    { depthSize: "small" },
    condition,
    fc.tuple(tie("filter"), fc.constantFrom(" and ", " or ", " "), tie("filter")).map((parts) => parts.join("")),
    tie("filter").map((inner) => `not (${inner})`),
    tie("filter").map((inner) => `(${inner})`),
    condition.map((inner) => `emails[${inner}]`),
    condition.map((inner) => `members[${inner}].value`),
    fc.integer({ min: 1, max: 3000 }).map((length) => "(".repeat(length)),
    fc.integer({ min: 1, max: 400 }).map((length) => Array.from({ length }, () => "title pr").join(" or ")),
    text,
  ),
})).filter;
