import type { Attribute, Schema } from "./attribute.ts";
import type { Registry } from "./resourceType.ts";
import { ENTERPRISE_USER, GROUP, enterpriseUserSchema, groupSchema, userSchema } from "./definitions.ts";

export type { Attribute, Schema } from "./attribute.ts";
export type { Registry, ResourceType } from "./resourceType.ts";
export { ENTERPRISE_USER, GROUP, USER } from "./definitions.ts";

export { resolvePath, type Resolved } from "./resolve.ts";

/** What a directory retains: a named set, or attribute paths of `attributePaths()`. */
export type AttributesSetting = "iru" | "standard" | readonly string[];

/** The attributes that docs.iru.com names, and those that Okta's console and assignment rules need. */
const iru = [
  "userName",
  "externalId",
  "name.formatted",
  "name.givenName",
  "name.familyName",
  "displayName",
  "active",
  "emails",
  "title",
  `${ENTERPRISE_USER}:department`,
  "members",
];

/** Without these the directory could not find, deactivate or group anybody. */
const always = new Set(["username", "externalid", "active", "members", "groups", `${GROUP}:displayname`.toLowerCase()]);

interface Defined {
  readonly schema: Schema;
  readonly attribute: Attribute;
  readonly sub?: Attribute;
}

/** Everything that can be retained: what is never returned need not be. */
function* defined(): Generator<Defined> {
  const isOffered = ({ returned }: Attribute): boolean => returned !== "never";
  for (const schema of [userSchema, enterpriseUserSchema, groupSchema]) {
    for (const attribute of schema.attributes.filter(isOffered)) {
      yield { schema, attribute };
      const subs = attribute.multiValued ? [] : (attribute.subAttributes ?? []).filter(isOffered);
      for (const sub of subs) yield { schema, attribute, sub };
    }
  }
}

const local = ({ attribute, sub }: Defined): string => (sub ? `${attribute.name}.${sub.name}` : attribute.name);

function namesOf(one: Defined): string[] {
  const qualified = `${one.schema.id}:${local(one)}`;
  return one.schema.id === ENTERPRISE_USER ? [qualified] : [local(one), qualified];
}

/** Every path that the list form of the setting may name. */
export function attributePaths(): readonly string[] {
  const short = [...defined()].map((one) => namesOf(one)[0] ?? "");
  return [...new Set(["externalId", ...short])];
}

/** The entries of a list that RFC 7643 does not define. */
export function checkAttributes(setting: readonly string[]): string[] {
  const names = new Set(["externalid", ...[...defined()].flatMap(namesOf).map((name) => name.toLowerCase())]);
  return setting.filter((path) => !names.has(path.toLowerCase()));
}

/** The schemas of what a tenant retains. Made once for a process. */
export function compileRegistry(setting: AttributesSetting): Registry {
  const wanted =
    setting === "standard" ? undefined : new Set((setting === "iru" ? iru : setting).map((path) => path.toLowerCase()));
  const keeps = (one: Defined): boolean =>
    wanted === undefined ||
    namesOf(one).some((name) => wanted.has(name.toLowerCase()) || always.has(name.toLowerCase()));
  const retain = (schema: Schema): Schema => ({
    ...schema,
    attributes: schema.attributes.flatMap((attribute): Attribute[] => {
      if (attribute.returned === "never") return [];
      if (keeps({ schema, attribute })) {
        const offered = attribute.subAttributes?.filter((sub) => sub.returned !== "never");
        return [offered ? { ...attribute, subAttributes: offered } : attribute];
      }
      const subAttributes = attribute.multiValued
        ? []
        : (attribute.subAttributes ?? []).filter((sub) => keeps({ schema, attribute, sub }));
      return subAttributes.length > 0 ? [{ ...attribute, subAttributes }] : [];
    }),
  });
  const enterprise = retain(enterpriseUserSchema);
  return {
    user: {
      name: "User",
      endpoint: "/Users",
      schema: retain(userSchema),
      extensions: enterprise.attributes.length > 0 ? [enterprise] : [],
      known: { schema: userSchema, extensions: [enterpriseUserSchema] },
    },
    group: {
      name: "Group",
      endpoint: "/Groups",
      schema: retain(groupSchema),
      extensions: [],
      known: { schema: groupSchema, extensions: [] },
    },
  };
}
