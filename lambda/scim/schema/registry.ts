import type { Attribute, Schema } from "./attribute.ts";
import { ENTERPRISE_USER, enterpriseUserSchema, groupSchema, userSchema } from "./definitions.ts";
import type { Registry } from "./resourceType.ts";

/** The attributes that a directory retains: a named set, or attribute paths of `attributePaths()`. */
export type AttributesSetting = "iru" | "standard" | readonly string[];

interface Defined {
  readonly schema: Schema;
  readonly attribute: Attribute;
  readonly sub?: Attribute;
}

const isOffered = ({ returned }: Attribute): boolean => returned !== "never";

/** Everything that can be retained. An attribute that is never returned need not be. */
function* allDefined(): Generator<Defined> {
  for (const schema of [userSchema, enterpriseUserSchema, groupSchema]) {
    for (const attribute of schema.attributes.filter(isOffered)) {
      yield { schema, attribute };
      const subs = attribute.multiValued ? [] : (attribute.subAttributes ?? []).filter(isOffered);
      for (const sub of subs) yield { schema, attribute, sub };
    }
  }
}

/** The names that the list form of the setting may use for an attribute, the preferred one first. */
function namesOf({ schema, attribute, sub }: Defined): readonly [string, ...string[]] {
  const local = sub ? `${attribute.name}.${sub.name}` : attribute.name;
  const qualified = `${schema.id}:${local}`;
  return schema.id === ENTERPRISE_USER ? [qualified] : [local, qualified];
}

/** Every path that the list form of the setting may name. */
export function attributePaths(): readonly string[] {
  const preferred = [...allDefined()].map((one) => namesOf(one)[0]);
  return [...new Set(["externalId", ...preferred])];
}

/** The entries of a list that RFC 7643 does not define. */
export function checkAttributes(setting: readonly string[]): string[] {
  const names = new Set(["externalid", ...[...allDefined()].flatMap(namesOf).map((name) => name.toLowerCase())]);
  return setting.filter((path) => !names.has(path.toLowerCase()));
}

/** Whether a setting retains an attribute as a whole. */
function retention(setting: AttributesSetting): (one: Defined) => boolean {
  if (setting === "standard") return () => true;
  const of = ({ attribute, sub }: Defined) => (sub ?? attribute).retention;
  if (setting === "iru") return (one) => of(one) !== undefined;
  const listed = new Set(setting.map((path) => path.toLowerCase()));
  return (one) => of(one) === "always" || namesOf(one).some((name) => listed.has(name.toLowerCase()));
}

/** The schema with the attributes that `keeps` accepts, whole or as single sub-attributes. */
function retain(schema: Schema, keeps: (one: Defined) => boolean): Schema {
  return {
    ...schema,
    attributes: schema.attributes.filter(isOffered).flatMap((attribute): Attribute[] => {
      const offered = attribute.subAttributes?.filter(isOffered);
      if (keeps({ schema, attribute })) return [offered ? { ...attribute, subAttributes: offered } : attribute];
      if (attribute.multiValued) return [];
      const subAttributes = (offered ?? []).filter((sub) => keeps({ schema, attribute, sub }));
      return subAttributes.length > 0 ? [{ ...attribute, subAttributes }] : [];
    }),
  };
}

/** The schemas with the attributes that a tenant retains. Made once for a process. */
export function compileRegistry(setting: AttributesSetting): Registry {
  const keeps = retention(setting);
  const enterprise = retain(enterpriseUserSchema, keeps);
  return {
    user: {
      name: "User",
      endpoint: "/Users",
      schema: retain(userSchema, keeps),
      extensions: enterprise.attributes.length > 0 ? [enterprise] : [],
      known: { schema: userSchema, extensions: [enterpriseUserSchema] },
    },
    group: {
      name: "Group",
      endpoint: "/Groups",
      schema: retain(groupSchema, keeps),
      extensions: [],
      known: { schema: groupSchema, extensions: [] },
    },
  };
}
