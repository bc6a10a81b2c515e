import { compileExpression, expressionProblem } from "../rules/expression.ts";
import type { App, Json, MappingProperty, User } from "../model.ts";
import { loginOf, textOf } from "../store.ts";

export const CORE_USER = "urn:ietf:params:scim:schemas:core:2.0:User";
export const ENTERPRISE_USER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
export const GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";

/** The mapping from Okta's profile to the app's that Okta makes when SCIM is switched on: app attribute → expression. */
export const defaultExpressions: Readonly<Record<string, string>> = {
  givenName: "user.firstName",
  familyName: "user.lastName",
  middleName: "user.middleName",
  honorificPrefix: "user.honorificPrefix",
  honorificSuffix: "user.honorificSuffix",
  email: "user.email",
  displayName: `user.displayName != null ? user.displayName : user.firstName + " " + user.lastName`,
  title: "user.title",
  nickName: "user.nickName",
  profileUrl: "user.profileUrl",
  locale: "user.locale",
  preferredLanguage: "user.preferredLanguage",
  timezone: "user.timezone",
  userType: "user.userType",
  employeeNumber: "user.employeeNumber",
  costCenter: "user.costCenter",
  organization: "user.organization",
  division: "user.division",
  department: "user.department",
};

const NAME_PARTS = new Set([
  "givenName",
  "familyName",
  "middleName",
  "honorificPrefix",
  "honorificSuffix",
  "formatted",
]);
const ENTERPRISE_PARTS = new Set(["employeeNumber", "costCenter", "organization", "division", "department"]);
/** App attributes that an administrator's own mapping may name otherwise. */
const ALIASES: Readonly<Record<string, string>> = {
  "name.formatted": "formatted",
  nameFormatted: "formatted",
  firstName: "givenName",
  lastName: "familyName",
};
const NOT_ATTRIBUTES = new Set(["userName", "login", "active", "emailType", "externalId"]);

/** The app's userName for a person, by the app's `userNameTemplate`. */
export function userNameOf(app: App, user: User): string {
  const { credentials } = app.document;
  const holder =
    isObject(credentials) && isObject(credentials["userNameTemplate"]) ? credentials["userNameTemplate"] : {};
  const template = textOf(holder["template"]) || "${source.login}";
  const expression = /^\$\{(.*)\}$/s.exec(template)?.[1] ?? template;
  if (expressionProblem(expression) !== undefined) return loginOf(user);
  const value = compileExpression(expression)({ profile: user.profile, groups: [] });
  return typeof value === "string" && value !== "" ? value + textOf(holder["userSuffix"]) : loginOf(user);
}

/** What Okta says about a person, as far as it says anything: attributes without a value are left out. */
export interface UserAttributes {
  readonly userName: string;
  readonly name: Json;
  readonly emails: readonly Json[];
  readonly enterprise: Json;
  readonly plain: Json;
  readonly externalId: string;
  /** Core and extension attributes that are mapped but have no value now. */
  readonly empty: readonly string[];
}

export function attributesOf(app: App, user: User, mapping: Readonly<Record<string, MappingProperty>>): UserAttributes {
  const name: Json = {};
  const enterprise: Json = {};
  const plain: Json = {};
  const empty: string[] = [];
  let email: unknown = null;
  for (const [property, { expression }] of Object.entries(mapping)) {
    const attribute = ALIASES[property] ?? property;
    if (NOT_ATTRIBUTES.has(attribute)) continue;
    const value = compileExpression(expression)({ profile: user.profile, groups: [] });
    const holder = NAME_PARTS.has(attribute) ? name : ENTERPRISE_PARTS.has(attribute) ? enterprise : plain;
    if (attribute === "email") email = value;
    else if (value === null || value === "") empty.push(attribute);
    else holder[attribute] = value;
  }
  const address = textOf(email);
  const emails = address === "" ? [] : [{ primary: true, value: address, type: "work" }];
  return { userName: userNameOf(app, user), name, emails, enterprise, plain, externalId: user.id, empty };
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The body of `POST /Users`. The password is a placeholder that Okta sends even with password sync off. */
export function newUserBody(attributes: UserAttributes, password: string): Json {
  const { userName, name, emails, enterprise, plain, externalId } = attributes;
  const extended = Object.keys(enterprise).length > 0;
  return {
    schemas: extended ? [CORE_USER, ENTERPRISE_USER] : [CORE_USER],
    userName,
    name,
    ...(emails.length === 0 ? {} : { emails }),
    ...plain,
    ...(extended ? { [ENTERPRISE_USER]: enterprise } : {}),
    externalId,
    groups: [],
    password,
    active: true,
  };
}

/** The body of `PUT /Users/{id}`: what the server just answered with Okta's own values on top. */
export function updatedUserBody(current: Json, attributes: UserAttributes): Json {
  const { userName, name, emails, enterprise, plain, externalId, empty } = attributes;
  const body: Json = { ...current, userName, externalId, active: true, ...plain };
  body["name"] = { ...(isObject(current["name"]) ? current["name"] : {}), ...name };
  if (emails.length > 0) body["emails"] = emails;
  const extension = { ...(isObject(current[ENTERPRISE_USER]) ? current[ENTERPRISE_USER] : {}), ...enterprise };
  for (const attribute of empty) {
    if (ENTERPRISE_PARTS.has(attribute)) delete extension[attribute];
    else if (!NAME_PARTS.has(attribute)) delete body[attribute];
  }
  const schemas = Array.isArray(current["schemas"]) ? current["schemas"].filter((urn) => typeof urn === "string") : [];
  const urns = new Set([...schemas, CORE_USER]);
  if (Object.keys(extension).length > 0) {
    urns.add(ENTERPRISE_USER);
    body[ENTERPRISE_USER] = extension;
  } else {
    urns.delete(ENTERPRISE_USER);
    delete body[ENTERPRISE_USER];
  }
  body["schemas"] = [...urns];
  return body;
}
