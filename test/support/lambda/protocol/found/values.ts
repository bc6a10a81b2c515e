import type { JsonValue } from "../../../../../lambda/model.ts";
import { ENTERPRISE_USER, USER } from "../../../../../lambda/scim/schema/index.ts";
import { add, change, changed, merge, refused, replace, unchanged, work, type ChangeCase } from "./changeCase.ts";

const home = { value: "h@acme.test", type: "home" };
const manager = `${ENTERPRISE_USER}:manager`;
const boss = changed({ [ENTERPRISE_USER]: { department: "Sales", manager: { value: "m" } } });
/** A change of the manager, which a tenant with the attributes `iru` does not retain. */
const managed = (name: string, operations: JsonValue): ChangeCase => change(name, operations, boss, unchanged);
const invalid = (detail: string) => refused("invalidValue", detail);
const twice = (name: string, what = "The body") =>
  refused(
    "invalidSyntax",
    `${what} has an object with the name "${name}" twice. Names are compared without case; send one of them.`,
  );

/** Elements that are equal are one (RFC 7643 §2.4). */
export const equalElements: readonly ChangeCase[] = [
  change("replace with the same twice", [replace("emails", [home, home])], changed({ emails: [home] })),
  change(
    "replace with one in another case",
    [replace("emails", [home, { value: "H@ACME.test", type: "HOME" }])],
    changed({ emails: [{ value: "H@ACME.test", type: "HOME" }] }),
  ),
  change(
    "replace with one in full width",
    [replace("emails", [home, { value: "ｈ@acme.test", type: "home", display: "H" }])],
    changed({ emails: [{ value: "ｈ@acme.test", type: "home", display: "H" }] }),
  ),
  change(
    "replace with another type",
    [replace("emails", [home, { ...home, type: "other" }])],
    changed({ emails: [home, { ...home, type: "other" }] }),
  ),
  change(
    "replace with and without a type",
    [replace("emails", [home, { value: home.value }])],
    changed({ emails: [home, { value: home.value }] }),
  ),
  change(
    "replace with the same twice, one of them primary",
    [replace("emails", [{ ...home, primary: true }, home])],
    changed({ emails: [{ ...home, primary: true }] }),
  ),
  change("replace without a path", [merge({ emails: [home, home] })], changed({ emails: [home] })),
  change("add of one that is there", [add("emails", [{ ...work, display: "A" }])], {
    changed: { emails: [{ ...work, display: "A" }] },
  }),
  change("add of the same twice", [add("emails", [home, home])], changed({ emails: [work, home] })),
  change(
    "a change that makes two equal",
    [add("emails", home), replace('emails[type eq "home"]', { value: "ANN@acme.test", type: "Work" })],
    changed({ emails: [{ ...work, value: "ANN@acme.test", type: "Work" }] }),
  ),
  change(
    "add of an element without a value, equal but for the primary mark",
    [
      replace("emails", [{ display: "a", primary: true }]),
      add("emails", [
        { type: "x", primary: true },
        { display: "a", primary: false },
      ]),
    ],
    changed({
      emails: [
        { display: "a", primary: false },
        { type: "x", primary: true },
      ],
    }),
  ),
];

/** A list of one where one value belongs. */
export const listsOfOne: readonly ChangeCase[] = [
  change("a boolean", [replace("active", ["False"])], changed({ active: false })),
  change("a text", [replace("title", ["Head"])], changed({ title: "Head" })),
  change(
    "an object",
    [replace("name", [{ givenName: "B" }])],
    changed({ name: { givenName: "B", familyName: "Lee" } }),
  ),
  change(
    "a sub-attribute",
    [replace("name.givenName", ["B"])],
    changed({ name: { givenName: "B", familyName: "Lee" } }),
  ),
  managed("a manager", [replace(manager, [{ value: "m" }])]),
  managed("a manager's id", [add(manager, ["m"])]),
  change(
    "a sub-attribute of an element",
    [replace('emails[type eq "work"].value', ["b@acme.test"])],
    changed({ emails: [{ ...work, value: "b@acme.test" }] }),
  ),
  managed("an extension", [replace(ENTERPRISE_USER, [{ manager: "m" }])]),
  managed("an extension without a path", [merge({ [ENTERPRISE_USER]: [{ manager: ["m"] }] })]),
  change("a value without a path", [merge([{ title: ["Head"] }])], changed({ title: "Head" })),
  change("null", [replace("title", [null])], changed({ title: null })),
  change("null that is added", [add("title", [null])], unchanged),
  change("null that is added to an element", [add('emails[type eq "work"]', [null])], unchanged),
  change("null that is added to a part of an element", [add('emails[type eq "work"].value', [null])], unchanged),
  change("two texts", [replace("title", ["a", "b"])], invalid("title must be a string.")),
  change("no text", [replace("title", [])], changed({ title: null })),
  change("a list in a list", [replace("title", [["a"]])], invalid("title must be a string.")),
  change("two booleans", [replace("active", [true, true])], invalid("active must be true or false.")),
  change("two objects", [replace("name", [{}, {}])], invalid("name must be an object.")),
  change(
    "two values without a path",
    [merge([{ title: "a" }, { title: "b" }])],
    invalid("replace without a path needs an object as its value."),
  ),
];

/** JSON in a text. */
export const texts: readonly ChangeCase[] = [
  change("an object", [merge('{"active":false}')], changed({ active: false })),
  change("Entra's operation", [{ op: "Replace", value: '{"active":"False"}' }], changed({ active: false })),
  change("blanks around it", [merge(' \n{"title":"Head"} ')], changed({ title: "Head" })),
  change("dotted keys", [add("name", {}), { op: "add", value: '{"name.givenName":"B"}' }], {
    changed: { name: { givenName: "B", familyName: "Lee" } },
  }),
  managed("URNs", [merge(JSON.stringify({ [manager]: "m" }))]),
  change("a list of one", [merge('[{"title":"Head"}]')], changed({ title: "Head" })),
  managed("an extension", [replace(ENTERPRISE_USER, '{"manager":"m"}')]),
  managed("an extension without a path", [merge({ [ENTERPRISE_USER]: '{"manager":{"value":"m"}}' })]),
  change("the value of a complex attribute", [replace("name", '{"givenName":"B"}')], {
    changed: { name: { givenName: "B", familyName: "Lee" } },
  }),
  change("the value of a list", [add("emails", '[{"value":"h@acme.test","type":"home"}]')], {
    changed: { emails: [work, home] },
  }),
  change("a text attribute keeps its text", [replace("title", '{"a":1}')], changed({ title: '{"a":1}' })),
  change(
    "no JSON",
    [merge("{active}")],
    refused("invalidSyntax", "Operations[0].value is text that is not valid JSON."),
  ),
  change("no object", [merge("active")], invalid("replace without a path needs an object as its value.")),
  change("a number", [merge("7")], invalid("replace without a path needs an object as its value.")),
  change("an empty text", [merge("")], invalid("replace without a path needs an object as its value.")),
  change("no JSON for a complex attribute", [replace("name", "{givenName}")], invalid("name must be an object.")),
  change("a name twice", [merge('{"title":"a","Title":"b"}')], twice("Title", "Operations[0].value")),
  change("a name twice in an extension", [replace(ENTERPRISE_USER, '{"a":1,"A":2}')], twice("A", ENTERPRISE_USER)),
  change(
    "deep nesting",
    [merge(`{"title":${"[".repeat(40)}${"]".repeat(40)}}`)],
    refused("invalidSyntax", "Operations[0].value nests deeper than 32 levels."),
  ),
];

/** One attribute that is named twice. */
export const twiceNamed: readonly ChangeCase[] = [
  change("a key in two cases", [merge({ title: "a", TITLE: "b" })], twice("TITLE")),
  change(
    "an operation's key in two cases",
    [{ op: "replace", path: "title", Path: "title", value: "a" }],
    twice("Path"),
  ),
  change("a nested key in two cases", [replace("emails", [{ value: "a", VALUE: "b" }])], twice("VALUE")),
  change(
    "a key with and without the core URN",
    [merge({ title: "a", [`${USER}:title`]: "b" })],
    refused("invalidSyntax", `${USER}:title is given twice, under two names; send one of them.`),
  ),
  change(
    "a key at the top and in the core's container",
    [merge({ title: "a", [USER]: { Title: "b" } })],
    refused("invalidSyntax", `${USER}:Title is given twice, under two names; send one of them.`),
  ),
  change(
    "a dotted key and its object",
    [merge({ "name.givenName": "a", name: { GIVENNAME: "b" } })],
    refused("invalidSyntax", "name is given twice, under two names; send one of them."),
  ),
  change("two parts of one object", [merge({ "name.givenName": "a", name: { familyName: "b" } })], {
    changed: { name: { givenName: "a", familyName: "b" } },
  }),
  change("two operations", [replace("title", "a"), replace("TITLE", "b")], changed({ title: "b" })),
];

/** An empty text or object that unassigns, and values that hold nothing. */
export const empty: readonly ChangeCase[] = [
  change("externalId", [replace("externalId", "")], changed({ externalId: null })),
  change("externalId that is added", [add("externalId", "")], changed({ externalId: null })),
  change("externalId of blanks", [replace("externalId", " ")], changed({ externalId: " " })),
  change("a manager", [replace(manager, "m"), replace(manager, "")], unchanged),
  change("a manager's value", [replace(manager, "m"), replace(`${manager}.value`, "")], unchanged),
  change("a manager's value in an object", [add(manager, { value: "", displayName: "M" })], unchanged),
  change("a manager of null", [replace(manager, "m"), replace(manager, null)], unchanged),
  change("a title stays a text", [replace("title", "")], changed({ title: "" })),
  change("a list", [replace("emails", [])], changed({ emails: null })),
  change("a list of empty elements", [replace("emails", [{}, null])], changed({ emails: null })),
  change(
    "a list of unknown parts alone",
    [replace("emails", [{ address: "x" }])],
    invalid("emails has none of the sub-attributes of emails; name one, or remove the value."),
  ),
  change(
    "an element of unknown parts alone",
    [replace('emails[type eq "work"]', { address: "x" })],
    invalid('emails[type eq "work"] has none of the sub-attributes of emails; name one, or remove the value.'),
  ),
  change("an element of one known part", [replace('emails[type eq "work"]', { address: "x", value: "b" })], {
    changed: { emails: [{ value: "b" }] },
  }),
  change("an extension", [replace(ENTERPRISE_USER, {})], unchanged),
  change("an extension of null", [replace(ENTERPRISE_USER, null)], changed({ [ENTERPRISE_USER]: null })),
];

/** The URN of a schema as a container. */
export const containers: readonly ChangeCase[] = [
  change("without a path", [merge({ [USER]: { active: false } })], changed({ active: false })),
  change("without a path, by add", [{ op: "add", value: { [USER]: { active: "False" } } }], changed({ active: false })),
  change("as the path", [replace(USER, { active: false, title: "T" })], changed({ active: false, title: "T" })),
  change("in capitals", [merge({ [USER.toUpperCase()]: { TITLE: "T" } })], changed({ title: "T" })),
  change("with a dotted key", [merge({ [USER]: { "name.givenName": "B" } })], {
    changed: { name: { givenName: "B", familyName: "Lee" } },
  }),
  change("with a filtered key", [merge({ [USER]: { 'emails[type eq "work"].value': "b" } })], {
    changed: { emails: [{ ...work, value: "b" }] },
  }),
  change("in itself", [merge({ [USER]: { [USER]: { title: "T" } } })], changed({ title: "T" })),
  change("with full names", [merge({ [USER]: { [`${USER}:title`]: "T" } })], changed({ title: "T" })),
  change(
    "with the extension inside",
    [merge({ [USER]: { title: "T", [ENTERPRISE_USER]: { department: "IT" } } })],
    changed({ title: "T", [ENTERPRISE_USER]: { department: "IT" } }),
  ),
  managed("the extension with full names", [merge({ [ENTERPRISE_USER]: { [manager]: "m" } })]),
  managed("the extension in the core's path", [replace(USER, { [`${manager}.value`]: "m" })]),
  change("that is null, by add", [{ op: "add", value: { [USER]: null } }], unchanged),
  change("that is a text", [merge({ [USER]: "x" })], invalid(`${USER} must be an object.`)),
  change("that is a list of two", [merge({ [USER]: [{}, {}] })], invalid(`${USER} must be an object.`)),
  change(
    "removed",
    [{ op: "remove", path: USER }],
    refused("mutability", `${USER} has attributes that are required; remove single attributes.`),
  ),
  change(
    "replaced by null",
    [merge({ [USER]: null })],
    refused("mutability", `${USER} has attributes that are required; remove single attributes.`),
  ),
];
