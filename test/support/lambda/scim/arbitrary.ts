import fc from "fast-check";
import type { JsonObject, JsonValue } from "../../../../lambda/model.ts";
import { commonAttributes } from "../../../../lambda/scim/schema/definitions.ts";
import type { Attribute, ResourceType } from "../../../../lambda/scim/schema/index.ts";

/** Few words, so that random filters and random documents often match. Some differ only in case or Unicode form. */
export const word = fc.constantFrom("a", "A", "b", "ab", "Work", "work", "home", "é", "E\u0301", 'q"\\', "");
const instant = fc.constantFrom("2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", "2027-05-05T10:00:00.5Z");

/** A value that one of an attribute's values may be. */
export function valueOf(attribute: Attribute): fc.Arbitrary<JsonValue> {
  switch (attribute.type) {
    case "boolean":
      return fc.boolean();
    case "dateTime":
      return instant;
    case "reference":
      return fc.constantFrom("https://a.example", "https://A.example", "../Users/1", "");
    case "binary":
      return fc.constantFrom("TWFu", "twfu", "AA==");
    case "integer":
    case "decimal":
      return fc.integer();
    case "complex":
      return recordOf((attribute.subAttributes ?? []).filter(({ mutability }) => mutability !== "readOnly"));
    default:
      return word;
  }
}

function recordOf(attributes: readonly Attribute[]): fc.Arbitrary<JsonObject> {
  const model = Object.fromEntries(attributes.map((attribute) => [attribute.name, listOrOne(attribute)]));
  return fc.record(model, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;
}

function listOrOne(attribute: Attribute): fc.Arbitrary<JsonValue> {
  return attribute.multiValued ? fc.array(valueOf(attribute), { maxLength: 3 }) : valueOf(attribute);
}

/** A document in a client's form, with attributes that are neither read-only nor members. */
export function documentOf(type: ResourceType): fc.Arbitrary<JsonObject> {
  const writable = (attributes: readonly Attribute[]): readonly Attribute[] =>
    attributes.filter(({ mutability, name }) => mutability !== "readOnly" && name !== "members");
  const core = recordOf(writable([...externalId, ...type.schema.attributes]));
  const required = type.schema.attributes
    .filter((attribute) => attribute.required)
    .map(({ name }) => [name, "someone"]);
  const extensions = type.extensions.map(({ id, attributes }) =>
    fc
      .option(recordOf(writable(attributes)), { nil: undefined })
      .map((value): JsonObject => (value ? { [id]: value } : {})),
  );
  return fc
    .tuple(core, fc.tuple(...extensions))
    .map(
      ([document, parts]): JsonObject =>
        Object.assign({}, document, ...parts, Object.fromEntries(required)) as JsonObject,
    );
}

const externalId = commonAttributes.filter(({ name }) => name === "externalId");

/** Every path that names an attribute or a sub-attribute, as `resolvePath` reads it. */
export function pathsOf(
  type: ResourceType,
): { readonly path: string; readonly attribute: Attribute; readonly sub?: Attribute }[] {
  const core = { id: type.schema.id, attributes: [...externalId, ...type.schema.attributes] };
  return [core, ...type.extensions].flatMap(({ id, attributes }) => {
    const prefix = id === type.schema.id ? "" : `${id}:`;
    return attributes.flatMap((attribute) => [
      { path: prefix + attribute.name, attribute },
      ...(attribute.subAttributes ?? []).map((sub) => ({
        path: `${prefix}${attribute.name}.${sub.name}`,
        attribute,
        sub,
      })),
    ]);
  });
}

const anything = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
/** In the form of RFC 7644 and of Entra. */
export const op = fc.constantFrom("add", "replace", "remove", "Add", "Replace", "Remove");

/** Mostly valid operations: paths of the schema, with and without value filters, and matching kinds of values. */
export function operationsOf(type: ResourceType): fc.Arbitrary<JsonObject[]> {
  const targeted = pathsOf(type).flatMap(({ path, attribute, sub }) => {
    const value = valueOf(sub ?? attribute);
    const list = attribute.multiValued && !sub ? fc.oneof(value, fc.array(value, { maxLength: 3 })) : value;
    const filtered = fc
      .constantFrom(
        'type eq "work"',
        'value eq "a"',
        "primary eq true",
        "not (type pr)",
        'type eq ""',
        'type eq "home" and display eq "a"',
      )
      .map((filter) => `${attribute.name}[${filter}]${sub ? `.${sub.name}` : ""}`);
    const at = attribute.multiValued ? fc.oneof(fc.constant(path), filtered) : fc.constant(path);
    const given = fc.oneof({ weight: 6, arbitrary: list }, { weight: 1, arbitrary: anything });
    return [
      fc.record({ op, path: at, value: given }),
      fc.record({ op: fc.constantFrom("add", "replace"), value: fc.record({ [path]: given }) }),
      fc.record({ op: fc.constant("remove"), path: at }),
    ];
  });
  return fc.array(fc.oneof(...targeted), { minLength: 1, maxLength: 5 });
}
