import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDocument } from "../../../lambda/scim/document/index.ts";
import { bindFilter, matches, parseFilter, type Syntax } from "../../../lambda/scim/filter/index.ts";
import { operators, type Literal, type Operator } from "../../../lambda/scim/filter/syntax.ts";
import type { JsonObject, JsonValue } from "../../../lambda/model.ts";
import { compileRegistry, ENTERPRISE_USER, type Attribute } from "../../../lambda/scim/schema/index.ts";
import { documentOf, pathsOf, valueOf, word } from "../../support/lambda/scim/arbitrary.ts";

const { user } = compileRegistry("standard");

/** A filter in a client's form, with all necessary parentheses and maybe some others. */
function print(filter: Syntax, extra: boolean): string {
  const inner = (operand: Syntax): string =>
    operand.kind === "and" || operand.kind === "or" || extra ? `(${print(operand, extra)})` : print(operand, extra);
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.operands.map(inner).join(extra ? `  ${filter.kind.toUpperCase()} ` : ` ${filter.kind} `);
    case "not":
      return `not (${print(filter.operand, extra)})`;
    case "present":
      return `${filter.path} pr`;
    case "compare":
      return `${filter.path} ${extra ? filter.operator.toUpperCase() : filter.operator} ${JSON.stringify(filter.value)}`;
    case "valuePath":
      return `${filter.path}[${print(filter.filter, extra)}]`;
  }
}

/** Filters over these leaves; an `and` in an `and` is the same list, so neighbours differ in kind. */
function nested(leaf: fc.Arbitrary<Syntax>, depth: number): fc.Arbitrary<Syntax> {
  if (depth === 0) return leaf;
  const deeper = nested(leaf, depth - 1);
  const chain = (kind: "and" | "or"): fc.Arbitrary<Syntax> =>
    fc.array(deeper, { minLength: 2, maxLength: 3 }).map((operands) => ({ kind, operands }));
  const negated = deeper.map((operand): Syntax => ({ kind: "not", operand }));
  return fc.oneof({ weight: 2, arbitrary: leaf }, chain("and"), chain("or"), negated);
}

const literal: fc.Arbitrary<Literal> = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
);
const anyLeaf: fc.Arbitrary<Syntax> = fc.oneof(
  fc.record({ kind: fc.constant("present" as const), path: fc.constantFrom("a", "a.b-c", "$ref", "urn:x:2.0:Y:z.w") }),
  fc.record({
    kind: fc.constant("compare" as const),
    path: fc.constantFrom("userName", "not", "and", "emails.value"),
    operator: fc.constantFrom(...operators),
    value: literal,
  }),
);
const withValuePath = fc.oneof(
  anyLeaf,
  nested(anyLeaf, 1).map((filter): Syntax => ({ kind: "valuePath", path: "emails", filter })),
);

/** A comparison that the attribute's type allows. */
function comparison(path: string, attribute: Attribute): fc.Arbitrary<Syntax> {
  const ordered = ["eq", "ne", "gt", "ge", "lt", "le"] as const;
  const allowed: readonly Operator[] =
    attribute.type === "boolean" || attribute.type === "binary"
      ? ["eq", "ne"]
      : attribute.type === "dateTime"
        ? ordered
        : operators;
  const value = attribute.type === "string" || attribute.type === "reference" ? word : valueOf(attribute);
  return fc.oneof(
    fc.constant({ kind: "present" as const, path }),
    fc.record({
      kind: fc.constant("compare" as const),
      path: fc.constant(path),
      operator: fc.constantFrom(...allowed),
      value: value as fc.Arbitrary<Literal>,
    }),
    fc
      .constantFrom("eq" as const, "ne" as const)
      .map((operator): Syntax => ({ kind: "compare", path, operator, value: null })),
  );
}

const paths = pathsOf(user).filter(({ attribute }) => !["password", "groups"].includes(attribute.name));
const simple = paths
  .filter(({ attribute, sub }) => (sub ?? attribute).type !== "complex")
  .map(({ path, attribute, sub }) => comparison(path, sub ?? attribute));
const inElements = paths
  .filter(({ attribute, sub }) => attribute.multiValued && !sub)
  .map(({ path, attribute }) => {
    const leaves = (attribute.subAttributes ?? []).map((sub) => comparison(sub.name, sub));
    return nested(fc.oneof(...leaves), 1).map((filter): Syntax => ({ kind: "valuePath", path, filter }));
  });
const validFilter = nested(fc.oneof(...simple, ...inElements), 2);

/** A naive reading of RFC 7644 §3.4.2.2: every filter is a question about the list of values that a path names. */
function reference(filter: Syntax, item: JsonObject, attributeOf: (path: string) => Attribute): boolean {
  switch (filter.kind) {
    case "and":
      return filter.operands.every((operand) => reference(operand, item, attributeOf));
    case "or":
      return !filter.operands.every((operand) => !reference(operand, item, attributeOf));
    case "not":
      return !reference(filter.operand, item, attributeOf);
    case "present":
      return pick(item, filter.path).some((value) => value !== "");
    case "valuePath": {
      const subs = attributeOf(filter.path).subAttributes ?? [];
      const subOf = (name: string): Attribute => subs.find((sub) => sub.name === name) ?? raise(name);
      return pick(item, filter.path).some((element) => reference(filter.filter, element as JsonObject, subOf));
    }
    case "compare": {
      const { path, operator, value } = filter;
      if (value === null) {
        return (operator === "ne") === reference({ kind: "present", path }, item, attributeOf);
      }
      const attribute = attributeOf(path);
      const values = pick(item, path).map((one) => normal(attribute, one));
      const wanted = normal(attribute, value);
      if (operator === "ne") return values.length === 0 || values.some((one) => one !== wanted);
      return values.some((one) => compare(operator, one, wanted));
    }
  }
}

function raise(name: string): never {
  throw new Error(`no attribute ${name}`);
}

/** Splits off a URN by its last colon, then goes down name by name, into every element of a list. */
function pick(item: JsonObject, path: string): JsonValue[] {
  const extension = path.startsWith(ENTERPRISE_USER) ? [ENTERPRISE_USER] : [];
  const names = [...extension, ...path.slice(path.lastIndexOf(":") + 1).split(".")];
  let values: JsonValue[] = [item];
  for (const name of names) {
    values = values.flatMap((value) => {
      const next = (value as JsonObject)[name];
      return next === undefined ? [] : Array.isArray(next) ? next : [next];
    });
  }
  return values;
}

function normal(attribute: Attribute, value: JsonValue): string | number | boolean {
  if (attribute.type === "dateTime" && typeof value === "string") return new Date(value).getTime();
  if (typeof value === "string" && attribute.type !== "binary" && !attribute.caseExact) {
    return value.normalize("NFC").toLowerCase();
  }
  return value as string | number | boolean;
}

function compare(operator: Operator, left: string | number | boolean, right: string | number | boolean): boolean {
  switch (operator) {
    case "eq":
    case "ne":
      return left === right;
    case "co":
      return String(left).indexOf(String(right)) >= 0;
    case "sw":
      return String(left).slice(0, String(right).length) === right;
    case "ew":
      return right === "" || String(left).slice(-String(right).length) === right;
    case "gt":
      return left > right;
    case "ge":
      return !(left < right);
    case "lt":
      return left < right;
    case "le":
      return !(left > right);
  }
}

describe("a random filter", () => {
  it("is parsed back from its printed form", () => {
    fc.assert(
      fc.property(nested(withValuePath, 3), fc.boolean(), (filter, extra) => {
        const text = print(filter, extra);
        fc.pre(text.length <= 4096);
        const parsed = parseFilter(text);
        expect(parsed).toEqual(filter);
        expect(print(parsed, extra)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it("is evaluated as a naive reading of the RFC evaluates it", () => {
    const attributeOf = (path: string): Attribute => {
      const found = paths.find((candidate) => candidate.path === path);
      return found ? (found.sub ?? found.attribute) : raise(path);
    };
    let matched = 0;
    fc.assert(
      fc.property(validFilter, documentOf(user), (filter, document) => {
        const sent = Object.fromEntries(Object.entries(document).map(([name, value]) => [name, onePrimary(value)]));
        const { attributes } = readDocument(user, sent);
        const found = matches(bindFilter(user, parseFilter(print(filter, false))), attributes);
        if (found) matched += 1;
        expect(found).toBe(reference(filter, attributes, attributeOf));
      }),
      { numRuns: 2000 },
    );
    expect(matched).toBeGreaterThan(200);
    expect(matched).toBeLessThan(1800);
  });
});

/** A list with one primary value at most, as a document must have it. */
function onePrimary(value: JsonValue): JsonValue {
  if (!Array.isArray(value)) return value;
  return value.map((item, index) => (index === 0 ? item : { ...(item as JsonObject), primary: false }));
}
