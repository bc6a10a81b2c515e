import type { JsonObject } from "../../../../../lambda/model.ts";
import { ENTERPRISE_USER, GROUP, USER } from "../../../../../lambda/scim/schema/index.ts";
import { acme } from "./changeCase.ts";
import { uris } from "./uris.ts";

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
  accept("a schema that only starts like that of groups", { [`${GROUP}s`]: { displayName: "D" } }, {}),
  accept(
    "empty lists for single values",
    { active: [], externalId: [], name: [], displayName: [], title: [], profileUrl: [], [USER]: [] },
    {},
  ),
  accept("empty lists in an extension", { [ENTERPRISE_USER]: { department: [], manager: [], division: [] } }, {}),
  accept("an empty list for an extension", { [ENTERPRISE_USER]: [], [`${ENTERPRISE_USER}:manager.value`]: [] }, {}),
  accept(
    "empty lists within values",
    { name: { givenName: [] }, emails: [{ value: "a", type: [], primary: [] }] },
    { emails: [{ value: "a" }] },
  ),
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
