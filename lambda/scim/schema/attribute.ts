/** An attribute with its characteristics (RFC 7643 §2.2 and §7). */
export interface Attribute {
  readonly name: string;
  readonly type: "string" | "boolean" | "decimal" | "integer" | "dateTime" | "reference" | "binary" | "complex";
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: "readOnly" | "readWrite" | "immutable" | "writeOnly";
  readonly returned: "always" | "never" | "default" | "request";
  readonly uniqueness: "none" | "server" | "global";
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly Attribute[];
  /** An empty text unassigns the attribute, as null does (RFC 7643 §2.5). This is not a characteristic of RFC 7643. */
  readonly emptyIsUnassigned?: true;
  /**
   * The settings that retain the attribute besides `standard`: every setting, because the service relies on it, or the
   * named set `iru`. This is not a characteristic of RFC 7643: clients do not see it.
   */
  readonly retention?: "always" | "iru";
}

export interface Schema {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
}

const defaults = {
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: "readWrite",
  returned: "default",
  uniqueness: "none",
} as const;

type Optional = Partial<Omit<Attribute, "name" | "type" | "description">>;

export const text = (name: string, description: string, more: Optional = {}): Attribute => ({
  ...defaults,
  name,
  type: "string",
  description,
  ...more,
});

export const flag = (name: string, description: string, more: Optional = {}): Attribute => ({
  ...defaults,
  name,
  type: "boolean",
  description,
  ...more,
});

/** References are case-exact (RFC 7643 §2.3.7). Clients clear them with an empty text, which refers to nothing. */
export const reference = (
  name: string,
  description: string,
  referenceTypes: readonly string[],
  more: Optional = {},
): Attribute => ({
  ...defaults,
  name,
  type: "reference",
  description,
  caseExact: true,
  emptyIsUnassigned: true,
  referenceTypes,
  ...more,
});

export const complex = (
  name: string,
  description: string,
  subAttributes: readonly Attribute[],
  more: Optional = {},
): Attribute => ({
  ...defaults,
  name,
  type: "complex",
  description,
  subAttributes,
  ...more,
});

/** A multi-valued attribute with the default sub-attributes of RFC 7643 §2.4. */
export const values = (
  name: string,
  description: string,
  types: readonly string[],
  value: Attribute = text("value", "The value itself"),
): Attribute =>
  complex(
    name,
    description,
    [
      value,
      text("display", "A name of the value for people to read"),
      text("type", "What the value is for", types.length > 0 ? { canonicalValues: types } : {}),
      flag("primary", "Whether this is the preferred value; true for one at most"),
    ],
    { multiValued: true },
  );
