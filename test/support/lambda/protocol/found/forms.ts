// cspell:ignore givn vlue
import type { JsonValue } from "../../../../../lambda/model.ts";
import { ENTERPRISE_USER, GROUP, USER } from "../../../../../lambda/scim/schema/index.ts";
import {
  acme,
  add,
  change,
  changed,
  merge,
  noPath,
  refused,
  remove,
  replace,
  unchanged,
  work,
  type ChangeCase,
  type Outcome,
} from "./changeCase.ts";

const manager = `${ENTERPRISE_USER}:manager`;
const invalid = (detail: string): Outcome => refused("invalidValue", detail);
const required = (name: string): Outcome => refused("mutability", `${name} is required.`);

/** An empty list where one value belongs: unassigned (RFC 7643 §2.5). */
export const emptyLists: readonly ChangeCase[] = [
  change("a text", [replace("title", [])], changed({ title: null })),
  change("a text that is added", [add("title", [])], unchanged),
  change("a text without a path", [merge({ title: [] })], changed({ title: null })),
  change("a boolean", [replace("active", [])], changed({ active: null })),
  change("externalId", [replace("externalId", [])], changed({ externalId: null })),
  change("an object", [replace("name", [])], changed({ name: null })),
  change("an object without a path", [merge({ name: [] })], changed({ name: null })),
  change("a part of an object", [replace("name.givenName", [])], changed({ name: { familyName: "Lee" } })),
  change("a part in an object", [replace("name", { givenName: [] })], changed({ name: { familyName: "Lee" } })),
  change("displayName", [replace("displayName", "D"), replace("displayName", [])], unchanged),
  change("a reference", [replace("profileUrl", "a"), replace("profileUrl", [])], unchanged),
  change("a manager", [replace(manager, "m"), replace(manager, [])], unchanged),
  change("a manager's value", [replace(manager, "m"), replace(`${manager}.value`, [])], unchanged),
  change("a part of an element", [replace('emails[type eq "work"].type', [])], {
    changed: { emails: [{ value: work.value, primary: true }] },
  }),
  change(
    "a part in an element",
    [replace("emails", [{ value: "a", type: [] }])],
    changed({ emails: [{ value: "a" }] }),
  ),
  change("an element", [replace('emails[type eq "work"]', [])], changed({ emails: null })),
  change("an extension", [replace(ENTERPRISE_USER, [])], changed({ [ENTERPRISE_USER]: null })),
  change("an extension without a path", [merge({ [ENTERPRISE_USER]: [] })], changed({ [ENTERPRISE_USER]: null })),
  change("an extension that is added", [add(ENTERPRISE_USER, [])], unchanged),
  change("a required text", [replace("userName", [])], required("userName")),
  change("a required text without a path", [merge({ userName: [] })], required("userName")),
  change("the core's container, by add", [add(USER, [])], unchanged),
  change(
    "the core's container",
    [replace(USER, [])],
    refused("mutability", `${USER} has attributes that are required; remove single attributes.`),
  ),
  change("a value without a path", [merge([])], invalid("replace without a path needs an object as its value.")),
  change("an element that is a list", [replace("emails", [[]])], invalid("emails[0] must be an object.")),
];

const none = (path: string, name = path): Outcome =>
  invalid(`${path} has none of the sub-attributes of ${name}; name one, or remove the value.`);

/** Objects of nothing but unknown sub-attributes. */
export const unknownParts: readonly ChangeCase[] = [
  change("a name", [replace("name", { givnName: "x" })], none("name")),
  change("a name without a path", [merge({ name: { givnName: "x" } })], none("name")),
  change("a name in a list", [replace("name", [{ givnName: "x" }])], none("name")),
  change("a name as text", [replace("name", '{"givnName":"x"}')], none("name")),
  change("a name under the core URN", [replace(`${USER}:name`, { a: 1, b: 2 })], none(`${USER}:name`, "name")),
  change("a manager", [replace(manager, { vlue: "x" })], none(manager, "manager"), unchanged),
  change(
    "a manager in an extension",
    [merge({ [ENTERPRISE_USER]: { manager: { vlue: "x" } } })],
    none(manager, "manager"),
    unchanged,
  ),
  change("a list", [replace("emails", [{ vlue: "x" }])], none("emails")),
  change("a manager's displayName, which is dropped", [replace(manager, { displayName: "M" })], unchanged),
  change(
    "a name of a part that may not be retained",
    [replace("name", { middleName: "M" })],
    changed({ name: { givenName: "Ann", familyName: "Lee", middleName: "M" } }),
    unchanged,
  ),
  change(
    "one known part",
    [replace("name", { givnName: "x", GIVENNAME: "B" })],
    changed({ name: { givenName: "B", familyName: "Lee" } }),
  ),
  change("an empty object", [replace("name", {})], unchanged),
  change("a name that is added", [add("name", { givnName: "x" })], unchanged),
  change("a list that is added", [add("emails", [{ vlue: "x" }])], unchanged),
];

/** The refusal of a key under the URN of the schema of groups. */
const ofGroups = (key = GROUP): Outcome => invalid(`${GROUP} is not a schema of User; leave ${key} out.`);

/** The URN of a schema that users do not have. */
export const misplaced: readonly ChangeCase[] = [
  change("a container", [merge({ [GROUP]: { displayName: "D" } })], ofGroups()),
  change(
    "a container that is added",
    [{ op: "add", value: { title: "T", [GROUP]: { displayName: "D" } } }],
    ofGroups(),
  ),
  change("an empty container", [merge({ [GROUP]: {} })], ofGroups()),
  change("a full name", [merge({ [`${GROUP}:displayName`]: "D" })], ofGroups(`${GROUP}:displayName`)),
  change(
    "a full name in capitals",
    [merge({ [`${GROUP}:MEMBERS`.toUpperCase()]: ["a"] })],
    ofGroups(`${GROUP}:MEMBERS`.toUpperCase()),
  ),
  change(
    "a filtered name",
    [merge({ [`${GROUP}:members[value eq "a"]`]: {} })],
    ofGroups(`${GROUP}:members[value eq "a"]`),
  ),
  change("a container in text", [merge(JSON.stringify({ [GROUP]: { displayName: "D" } }))], ofGroups()),
  change("a path", [replace(GROUP, { displayName: "D" })], noPath(GROUP)),
  change("a path of a full name", [add(`${GROUP}:displayName`, "D")], noPath(`${GROUP}:displayName`)),
  change("a path that is removed", [remove(`${GROUP}:members`)], noPath(`${GROUP}:members`)),
  change("a schema that only starts like it", [merge({ [`${GROUP}Extra`]: { displayName: "D" } })], unchanged),
];

const unclosed = refused("invalidFilter", "The filter has an unclosed string at position 9.");

/** Paths and values in forms that differ from the standard, and values that create nothing. */
export const forms: readonly ChangeCase[] = [
  ...[" title", "title ", "\n title\t", ` ${USER}:title `].map((path) =>
    change(`the path ${JSON.stringify(path)}`, [replace(path, "T")], changed({ title: "T" })),
  ),
  change("blanks around a value filter", [replace(' emails[type eq "work"].value ', "b")], {
    changed: { emails: [{ ...work, value: "b" }] },
  }),
  change("blanks around the path of a removal", [remove(" title ")], changed({ title: null })),
  change("blanks within a path", [replace("na me", "T")], noPath("na me")),
  change("a path of blanks", [replace("  ", "T")], noPath("")),
  ...(['{"title":"T"}', ' {"title":"T"} ', '[{"title":"T"}]'] as JsonValue[]).map((value) =>
    change(`a list of the text ${JSON.stringify(value)}`, [merge([value])], changed({ title: "T" })),
  ),
  change("a list of a text for an extension", [replace(ENTERPRISE_USER, ['{"department":"IT"}'])], {
    changed: { [ENTERPRISE_USER]: { department: "IT" } },
  }),
  change(
    "a list of two texts",
    [merge(['{"title":"T"}', '{"title":"T"}'])],
    invalid("replace without a path needs an object as its value."),
  ),
  change(
    "a list of no JSON",
    [merge(["{title}"])],
    refused("invalidSyntax", "Operations[0].value is text that is not valid JSON."),
  ),
  ...(["", [""], null, []] as JsonValue[]).flatMap((value) => [
    change(`${JSON.stringify(value)} for a new element`, [replace('emails[type eq "home"].value', value)], unchanged),
    change(`${JSON.stringify(value)} added to a new element`, [add('emails[type eq "home"].value', value)], unchanged),
    change(
      `${JSON.stringify(value)} for a primary element`,
      [replace('emails[type eq "home" and primary eq true].value', value)],
      unchanged,
    ),
    change(
      `${JSON.stringify(value)} for a new element as a key`,
      [merge({ 'emails[type eq "home"].display': value })],
      unchanged,
    ),
  ]),
  change(
    "an empty value in a new element",
    [add('emails[type eq "home"]', { value: "" })],
    refused("noTarget", 'emails[type eq "home"] matches no value of the resource.'),
  ),
  change(
    "an empty text for an element that exists",
    [replace('emails[type eq "work"].value', "")],
    changed({ emails: [{ ...work, value: "" }] }),
  ),
  change(
    "an empty value and then a text",
    [replace('emails[type eq "home"].value', ""), replace('emails[type eq "home"].value', "h")],
    changed({ emails: [work, { type: "home", value: "h" }] }),
  ),
  change("an open quote under an unknown URN", [remove(`${acme}:badges[type eq "x].id`)], unclosed),
  change("an open quote under a known URN", [remove(`${USER}:emails[type eq "x].value`)], unclosed),
];
