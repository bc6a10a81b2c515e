import { compileExpression, expressionProblem, type Scope, type Value } from "../rules/expression.ts";
import type { App, Json, MappingProperty, User } from "../org/model.ts";
import { isRecord } from "../../../operations/live/isRecord.ts";
import { loginOf, textOf } from "../org/store.ts";

const CORE_USER = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE_USER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

const NAME_PARTS = new Set([
  "givenName",
  "familyName",
  "middleName",
  "honorificPrefix",
  "honorificSuffix",
  "formatted",
]);
const ENTERPRISE_PARTS = new Set(["employeeNumber", "costCenter", "organization", "division", "department"]);
const ADDRESS_PARTS = new Set(["streetAddress", "locality", "region", "postalCode", "country"]);
/** Profile properties that become part of a complex attribute. */
const COMPLEX_PARTS = new Set([
  ...ADDRESS_PARTS,
  "addressType",
  "email",
  "emailType",
  "primaryPhone",
  "primaryPhoneType",
  "managerValue",
  "managerDisplayName",
]);

/** The app's userName for a person, by the app's `userNameTemplate`. */
export function userNameOf(app: App, user: User): string {
  const { credentials } = app.document;
  const holder =
    isRecord(credentials) && isRecord(credentials["userNameTemplate"]) ? credentials["userNameTemplate"] : {};
  const template = textOf(holder["template"]) || "${source.login}";
  const expression = /^\$\{(.*)\}$/s.exec(template)?.[1] ?? template;
  if (expressionProblem(expression) !== undefined) return loginOf(user);
  const value = compileExpression(expression)(scopeOf(user));
  return typeof value === "string" && value !== "" ? value + textOf(holder["userSuffix"]) : loginOf(user);
}

const scopeOf = ({ id, status, profile }: User): Scope => ({
  profile,
  internal: { id, status },
  groups: [],
});

/** A person's values in Okta. */
export interface UserAttributes {
  readonly userName: string;
  readonly externalId: string;
  /** Sub-attributes of `name`. */
  readonly name: Json;
  /** The other core attributes. */
  readonly core: Json;
  /** Attributes of extensions, by URN. */
  readonly extensions: Readonly<Record<string, Json>>;
  /** Mapped attributes without a value now: they are left out. */
  readonly empty: { readonly core: readonly string[]; readonly extensions: readonly (readonly [string, string])[] };
}

export function attributesOf(app: App, user: User, mapping: Readonly<Record<string, MappingProperty>>): UserAttributes {
  const scope = scopeOf(user);
  const parts = new Map<string, Value>();
  const name: Json = {};
  const core: Json = {};
  const extensions: Record<string, Json> = {};
  const emptyCore: string[] = [];
  const emptyExtensions: (readonly [string, string])[] = [];
  const place = (urn: string | undefined, attribute: string, value: Value): void => {
    const absent = value === null || value === "";
    if (urn === undefined && absent) emptyCore.push(attribute);
    else if (urn === undefined) core[attribute] = value;
    else if (absent) emptyExtensions.push([urn, attribute]);
    else extensions[urn] = { ...extensions[urn], [attribute]: value };
  };
  for (const [property, { expression }] of Object.entries(mapping)) {
    const value = compileExpression(expression)(scope);
    const custom = app.customAttributes.get(property);
    if (custom !== undefined) place(custom.externalNamespace, custom.externalName, value);
    else if (COMPLEX_PARTS.has(property)) parts.set(property, value);
    else if (!NAME_PARTS.has(property))
      place(ENTERPRISE_PARTS.has(property) ? ENTERPRISE_USER : undefined, property, value);
    else if (value !== null && value !== "") name[property] = value;
  }
  if (parts.has("email")) place(undefined, "emails", typed(parts, "email", "emailType"));
  if (parts.has("primaryPhone")) place(undefined, "phoneNumbers", typed(parts, "primaryPhone", "primaryPhoneType"));
  if ([...ADDRESS_PARTS].some((part) => parts.has(part))) place(undefined, "addresses", addressOf(parts));
  if (parts.has("managerValue") || parts.has("managerDisplayName")) place(ENTERPRISE_USER, "manager", managerOf(parts));
  return {
    userName: userNameOf(app, user),
    externalId: user.id,
    name,
    core,
    extensions,
    empty: { core: emptyCore, extensions: emptyExtensions },
  };
}

const filled = (value: Value | undefined): string => (typeof value === "string" ? value : "");

/** The only element of a multi-valued attribute that Okta sends. */
function typed(parts: ReadonlyMap<string, Value>, property: string, typeProperty: string): Value {
  const value = filled(parts.get(property));
  return value === "" ? null : [{ primary: true, value, type: filled(parts.get(typeProperty)) || "work" }];
}

function addressOf(parts: ReadonlyMap<string, Value>): Value {
  const entries = [...ADDRESS_PARTS].flatMap((part): [string, Value][] => {
    const value = filled(parts.get(part));
    return value === "" ? [] : [[part, value]];
  });
  if (entries.length === 0) return null;
  return [{ primary: true, type: filled(parts.get("addressType")) || "work", ...Object.fromEntries(entries) }];
}

function managerOf(parts: ReadonlyMap<string, Value>): Value {
  const value = filled(parts.get("managerValue"));
  const displayName = filled(parts.get("managerDisplayName"));
  if (value === "" && displayName === "") return null;
  return { ...(value === "" ? {} : { value }), ...(displayName === "" ? {} : { displayName }) };
}

/** The body of `POST /Users`. The password is a placeholder that Okta sends even with password sync off. */
export function newUserBody(attributes: UserAttributes, password: string): Json {
  const { userName, name, core, extensions, externalId } = attributes;
  return {
    schemas: [CORE_USER, ...Object.keys(extensions)],
    userName,
    name,
    ...core,
    ...extensions,
    externalId,
    groups: [],
    password,
    active: true,
  };
}

/** The body of `PUT /Users/{id}`: the server's own last answer with Okta's values merged in. */
export function updatedUserBody(current: Json, attributes: UserAttributes): Json {
  const { userName, name, core, extensions, externalId, empty } = attributes;
  const body: Json = { ...current, userName, externalId, active: true, ...core };
  body["name"] = { ...(isRecord(current["name"]) ? current["name"] : {}), ...name };
  for (const attribute of empty.core) delete body[attribute];
  const schemas = Array.isArray(current["schemas"]) ? current["schemas"].filter((urn) => typeof urn === "string") : [];
  const urns = new Set([...schemas, CORE_USER]);
  for (const urn of new Set([...Object.keys(extensions), ...empty.extensions.map(([one]) => one)])) {
    const extension: Json = { ...(isRecord(current[urn]) ? current[urn] : {}), ...extensions[urn] };
    for (const [one, attribute] of empty.extensions) if (one === urn) delete extension[attribute];
    const isEmpty = Object.keys(extension).length === 0;
    if (isEmpty) urns.delete(urn);
    else urns.add(urn);
    if (isEmpty) delete body[urn];
    else body[urn] = extension;
  }
  body["schemas"] = [...urns];
  return body;
}
