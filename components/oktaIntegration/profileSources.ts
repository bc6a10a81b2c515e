import { ENTERPRISE_USER, compileRegistry, type AttributesSetting } from "../../lambda/scim/schema/index.ts";

/** The app profile property and Okta user expression that fill an attribute of a custom SCIM app. */
interface Source {
  readonly property: string;
  readonly expression: string;
}

/**
 * The source of each attribute that the schema registry defines for people, or the reason why Okta's mapping has none.
 * A test fails for an attribute that is missing here.
 */
export const profileSources: Readonly<Record<string, Source | { readonly none: string }>> = {
  userName: { none: "the app's userName template makes it" },
  externalId: { none: "Okta sends its own user id" },
  active: { none: "Okta sends it with assignment and deactivation" },
  name: { none: "Okta maps its parts" },
  "name.formatted": { none: "Okta makes it from the given and the family name" },
  "name.givenName": { property: "givenName", expression: "user.firstName" },
  "name.familyName": { property: "familyName", expression: "user.lastName" },
  "name.middleName": { property: "middleName", expression: "user.middleName" },
  "name.honorificPrefix": { property: "honorificPrefix", expression: "user.honorificPrefix" },
  "name.honorificSuffix": { property: "honorificSuffix", expression: "user.honorificSuffix" },
  displayName: { property: "displayName", expression: "user.displayName" },
  nickName: { property: "nickName", expression: "user.nickName" },
  profileUrl: { property: "profileUrl", expression: "user.profileUrl" },
  title: { property: "title", expression: "user.title" },
  userType: { property: "userType", expression: "user.userType" },
  preferredLanguage: { property: "preferredLanguage", expression: "user.preferredLanguage" },
  locale: { property: "locale", expression: "user.locale" },
  timezone: { property: "timezone", expression: "user.timezone" },
  emails: { property: "email", expression: "user.email" },
  phoneNumbers: { property: "primaryPhone", expression: "user.primaryPhone" },
  [`${ENTERPRISE_USER}:employeeNumber`]: { property: "employeeNumber", expression: "user.employeeNumber" },
  [`${ENTERPRISE_USER}:costCenter`]: { property: "costCenter", expression: "user.costCenter" },
  [`${ENTERPRISE_USER}:organization`]: { property: "organization", expression: "user.organization" },
  [`${ENTERPRISE_USER}:division`]: { property: "division", expression: "user.division" },
  [`${ENTERPRISE_USER}:department`]: { property: "department", expression: "user.department" },
  [`${ENTERPRISE_USER}:manager`]: { none: "Okta maps its parts" },
  [`${ENTERPRISE_USER}:manager.value`]: { property: "managerValue", expression: "user.managerId" },
  [`${ENTERPRISE_USER}:manager.$ref`]: { none: "the directory makes it from the manager's id" },
  addresses: { none: "Okta's profile has the parts of one address, which a custom app maps one by one" },
  groups: { none: "read-only: memberships come with the pushed groups" },
  ims: { none: "Okta's profile has no such attribute" },
  photos: { none: "Okta's profile has no such attribute" },
  entitlements: { none: "Okta's profile has no such attribute" },
  roles: { none: "Okta's profile has no such attribute" },
  x509Certificates: { none: "Okta's profile has no such attribute" },
};

export interface MappingRow {
  /** Property of the app's profile. */
  readonly id: string;
  /** Okta expression over the user's profile. */
  readonly expression: string;
  /** `PUSH` sends the property on create and update; Okta's default sends it on create only. */
  readonly pushStatus: "PUSH";
}

/** The rows of Okta's profile mapping for the retained attributes, in the order of the schema. */
export function mappingRows(attributes: AttributesSetting): MappingRow[] {
  const { user } = compileRegistry(attributes);
  const paths = [user.schema, ...user.extensions].flatMap((schema) =>
    schema.attributes.flatMap((attribute) => {
      const path = schema.id === ENTERPRISE_USER ? `${ENTERPRISE_USER}:${attribute.name}` : attribute.name;
      const subs = (attribute.multiValued ? [] : (attribute.subAttributes ?? [])).map((sub) => `${path}.${sub.name}`);
      return [path, ...subs];
    }),
  );
  return paths.flatMap((path) => {
    const source = profileSources[path];
    if (source === undefined || "none" in source) return [];
    return [{ id: source.property, expression: source.expression, pushStatus: "PUSH" }];
  });
}
