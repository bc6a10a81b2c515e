import type { JsonObject } from "../../../../../lambda/model.ts";
import { ENTERPRISE_USER, GROUP, USER } from "../../../../../lambda/scim/schema/index.ts";
import { acme } from "./changeCase.ts";
import { error } from "./error.ts";
import { noUris, uris } from "./uris.ts";

/** The parts of a document beside `userName`, and what the resource shows of them under each setting. */
export interface AcceptedDocument {
  readonly name: string;
  readonly sent: JsonObject;
  readonly standard: JsonObject;
  readonly iru: JsonObject;
}

const home = { value: "h@acme.test", type: "home" };
const manager = { value: "m" };

const accept = (name: string, sent: JsonObject, standard: JsonObject, iru = standard): AcceptedDocument => ({
  name,
  sent,
  standard,
  iru,
});
/** A document of which a tenant with the attributes `iru` retains nothing. */
const full = (name: string, sent: JsonObject, standard: JsonObject): AcceptedDocument =>
  accept(name, sent, standard, {});

export const acceptedDocuments: readonly AcceptedDocument[] = [
  accept("equal elements", { emails: [home, home] }, { emails: [home] }),
  accept(
    "elements equal but for case",
    { emails: [home, { value: "H@acme.test", type: "Home" }] },
    {
      emails: [{ value: "H@acme.test", type: "Home" }],
    },
  ),
  accept(
    "elements of two types",
    { emails: [home, { ...home, type: "other" }] },
    {
      emails: [home, { ...home, type: "other" }],
    },
  ),
  accept(
    "equal elements of which one is primary",
    { emails: [{ ...home, primary: true }, home] },
    {
      emails: [{ ...home, primary: true }],
    },
  ),
  full("equal addresses", { addresses: [{ country: "DE" }, { country: "de" }] }, { addresses: [{ country: "de" }] }),
  full("equal roles", { roles: [{ value: "a" }, { value: "A" }] }, { roles: [{ value: "A" }] }),
  full(
    "photos whose addresses differ in case",
    { photos: [{ value: "https://a.test/A" }, { value: "https://a.test/a" }] },
    { photos: [{ value: "https://a.test/A" }, { value: "https://a.test/a" }] },
  ),
  full(
    "certificates that differ in case",
    { x509Certificates: [{ value: "TWFu" }, { value: "twfu" }, { value: "TWFu" }] },
    { x509Certificates: [{ value: "TWFu" }, { value: "twfu" }] },
  ),
  accept("the core URN", { [USER]: { active: false } }, { active: false }),
  accept("the core URN in capitals", { [USER.toUpperCase()]: { TITLE: "T" } }, { title: "T" }),
  accept(
    "the core URN beside attributes",
    { title: "T", [USER]: { "name.givenName": "A" } },
    { title: "T", name: { givenName: "A" } },
  ),
  accept("the core URN in itself", { [USER]: { [USER]: { title: "T" } } }, { title: "T" }),
  accept("the core URN with full names", { [USER]: { [`${USER}:title`]: "T" } }, { title: "T" }),
  accept(
    "the extension within the core URN",
    { [USER]: { [ENTERPRISE_USER]: { department: "IT" } } },
    { [ENTERPRISE_USER]: { department: "IT" } },
  ),
  accept(
    "the extension with full names",
    { [ENTERPRISE_USER]: { [`${ENTERPRISE_USER}:department`]: "IT" } },
    { [ENTERPRISE_USER]: { department: "IT" } },
  ),
  accept(
    "the extension in a list of one",
    { [ENTERPRISE_USER]: [{ department: "IT" }] },
    {
      [ENTERPRISE_USER]: { department: "IT" },
    },
  ),
  accept("the extension of null", { [ENTERPRISE_USER]: null }, {}),
  accept("the schema of groups", { [GROUP]: { displayName: "D" } }, {}),
  accept("a foreign extension", { [acme]: { badge: "2" }, [`${acme}:badge.number`]: 2, schemas: [USER, acme] }, {}),
  accept("a foreign web address", { "https://acme.test/User": { badge: "2" } }, {}),
  accept(
    "lists of one",
    { title: ["T"], active: ["True"], name: [{ givenName: ["A"] }] },
    {
      title: "T",
      active: true,
      name: { givenName: "A" },
    },
  ),
  accept("a list of null", { title: [null], name: [null] }, {}),
  accept("an empty externalId", { externalId: "" }, {}),
  accept("an externalId of blanks", { externalId: " " }, { externalId: " " }),
  accept("an empty manager", { [ENTERPRISE_USER]: { manager: "" } }, {}),
  accept("a manager with an empty value", { [ENTERPRISE_USER]: { manager: { value: "", displayName: "M" } } }, {}),
  full("a manager in a list", { [ENTERPRISE_USER]: { manager: ["m"] } }, { [ENTERPRISE_USER]: { manager } }),
  full("a reference", { profileUrl: "https://a.example/ann?x=1#y" }, { profileUrl: "https://a.example/ann?x=1#y" }),
  full("a relative reference", { profileUrl: "../people/ann" }, { profileUrl: "../people/ann" }),
  full("a name as a reference", { profileUrl: "urn:example:ann" }, { profileUrl: "urn:example:ann" }),
  full("a reference to another host", { profileUrl: "//a.example/x" }, { profileUrl: "//a.example/x" }),
  ...uris.map((profileUrl) => full(`the reference ${profileUrl}`, { profileUrl }, { profileUrl })),
  full("an address in IPv6", { profileUrl: "http://[::1]:80/x" }, { profileUrl: "http://[::1]:80/x" }),
  full(
    "a percent-encoded letter",
    { profileUrl: "HTTPS://A.example/%C3%BC" },
    {
      profileUrl: "HTTPS://A.example/%C3%BC",
    },
  ),
  accept("an empty reference", { profileUrl: "", photos: [{ value: "" }] }, {}),
  full(
    "references everywhere",
    { photos: [{ value: "/ann.png" }], [ENTERPRISE_USER]: { manager: { value: "m", $ref: "../Users/m" } } },
    { photos: [{ value: "/ann.png" }], [ENTERPRISE_USER]: { manager: { value: "m", $ref: "../Users/m" } } },
  ),
  accept("read-only attributes", { id: "x", meta: { version: "x" }, groups: [{ value: "g" }] }, {}),
  accept(
    "a prototype",
    JSON.parse('{"__proto__":{"title":"x"},"name":{"__proto__":{"givenName":"x"}}}') as JsonObject,
    {},
  ),
];

/** A document that is refused, if the tenant retains the attribute, and the body of the refusal. */
export interface RefusedDocument {
  readonly name: string;
  readonly sent: JsonObject;
  readonly body: JsonObject;
  /** Whether a tenant with the attributes `iru` drops the attribute, and accepts the document. */
  readonly isDropped: boolean;
}

const refuse = (name: string, sent: JsonObject, scimType: string, detail: string): RefusedDocument => ({
  name,
  sent,
  body: error(400, detail, scimType),
  isDropped: false,
});
const reference = (path: string, sent: JsonObject): RefusedDocument => ({
  name: `a bad ${path}: ${JSON.stringify(sent)}`,
  sent,
  body: error(
    400,
    `${path} must be an absolute or relative URI, such as "https://example.com/ann". Percent-encode any other character.`,
    "invalidValue",
  ),
  isDropped: true,
});
const twice = (name: string): string =>
  `The body has an object with the name "${name}" twice. Names are compared without case; send one of them.`;
const underTwoNames = (path: string): string => `${path} is given twice, under two names; send one of them.`;

export const refusedDocuments: readonly RefusedDocument[] = [
  refuse("a name in two cases", { title: "a", TITLE: "b" }, "invalidSyntax", twice("TITLE")),
  refuse(
    "a nested name in two cases",
    { name: { givenName: "a", GivenName: "b" } },
    "invalidSyntax",
    twice("GivenName"),
  ),
  refuse("an unknown name in two cases", { x: { y: [{ z: 1, Z: 2 }] } }, "invalidSyntax", twice("Z")),
  refuse(
    "an attribute under two names",
    { title: "a", [`${USER}:title`]: "b" },
    "invalidSyntax",
    underTwoNames(`${USER}:title`),
  ),
  refuse(
    "an attribute in two containers",
    { title: "a", [USER]: { title: "b" } },
    "invalidSyntax",
    underTwoNames(`${USER}:title`),
  ),
  refuse(
    "an attribute of the extension in two places",
    { [ENTERPRISE_USER]: { department: "a" }, [`${ENTERPRISE_USER}:department`]: "b" },
    "invalidSyntax",
    underTwoNames(`${ENTERPRISE_USER}:department`),
  ),
  refuse("the core URN as a text", { [USER]: "x" }, "invalidValue", `${USER} must be an object.`),
  refuse(
    "the extension as a list of two",
    { [ENTERPRISE_USER]: [{}, {}] },
    "invalidValue",
    `${ENTERPRISE_USER} must be an object.`,
  ),
  refuse(
    "a sub-attribute without its element",
    { "emails.value": "a" },
    "invalidValue",
    "emails.value names no element; send emails as an array of objects.",
  ),
  refuse(
    "a value filter as a key",
    { 'emails[type eq "work"].value': "a" },
    "invalidValue",
    "emails has a value filter, which only a PATCH takes; send it as an array of objects.",
  ),
  refuse("a list of two", { title: ["a", "b"] }, "invalidValue", "title must be a string."),
  refuse("a boolean in words", { active: "yes" }, "invalidValue", "active must be true or false."),
  refuse("a boolean as a number", { active: 1 }, "invalidValue", "active must be true or false."),
  refuse(
    "two primary elements",
    {
      emails: [
        { ...home, primary: true },
        { value: "x", primary: "True" },
      ],
    },
    "invalidValue",
    "emails has more than one primary value.",
  ),
  ...noUris.map((profileUrl) => reference("profileUrl", { profileUrl })),
  reference("photos[0].value", { photos: [{ value: "not a URI" }] }),
  reference("photos[1].value", { photos: [{ value: "https://a.example" }, { value: "a b" }] }),
  reference(`${ENTERPRISE_USER}:manager.$ref`, { [ENTERPRISE_USER]: { manager: { value: "m", $ref: "the boss" } } }),
];
