import { ENTERPRISE_USER, compileRegistry, type AttributesSetting } from "../../lambda/scim/schema/index.ts";

/** The app profile property and Okta user expression that fill each SCIM attribute of a custom SCIM app. */
const sources: Readonly<Record<string, { readonly property: string; readonly expression: string }>> = {
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
  [`${ENTERPRISE_USER}:manager.value`]: { property: "managerValue", expression: "user.managerId" },
};

export interface MappingRow {
  /** Property of the app's profile. */
  readonly id: string;
  /** Okta expression over the user's profile. */
  readonly expression: string;
  /** `PUSH` sends it on create and update; Okta's default would send it on create alone. */
  readonly pushStatus: "PUSH";
}

/** The rows of Okta's profile mapping for what the directory retains, in the order of the schema. */
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
    const source = sources[path];
    return source === undefined ? [] : [{ id: source.property, expression: source.expression, pushStatus: "PUSH" }];
  });
}
