import type { JsonObject, JsonValue } from "../../lambda/scim/json.ts";
import { ENTERPRISE_USER, GROUP, USER } from "../../lambda/scim/schema/index.ts";

/** The user that every PATCH starts from, beside its userName. */
export const ann: JsonObject = {
  externalId: "00u1",
  active: true,
  title: "Tour Guide",
  name: { givenName: "Ann", familyName: "Lee" },
  emails: [
    { value: "ann@work.example", type: "work", primary: true },
    { value: "ann@home.example", type: "home" },
  ],
  [ENTERPRISE_USER]: { department: "Sales", costCenter: "7" },
};
const [work, home] = [
  { value: "ann@work.example", type: "work", primary: true },
  { value: "ann@home.example", type: "home" },
];

/** What is different afterwards (undefined: gone), or the status and scimType of the refusal; then nothing is different. */
export type Outcome = Readonly<Record<string, JsonValue | undefined>> | readonly [status: number, scimType?: string];
export type Case = readonly [from: string, name: string, operations: JsonValue, outcome: Outcome];

/** learn.microsoft.com, "Known issues and resolutions with SCIM 2.0 protocol compliance", the requests as printed there. */
const entraKnownIssues: Case[] = [
  ["Entra", "disable, without the flag", [{ op: "Replace", path: "active", value: "False" }], { active: false }],
  ["Entra", "disable, with the flag", [{ op: "replace", path: "active", value: false }], { active: false }],
  ["Entra", "add a string, without the flag", [{ op: "Add", path: "nickName", value: "Babs" }], { nickName: "Babs" }],
  ["Entra", "add a string, with the flag", [{ op: "add", path: "nickName", value: "Babs" }], { nickName: "Babs" }],
  [
    "Entra",
    "replace several, without the flag",
    [
      { op: "Replace", path: "displayName", value: "Pvlo" },
      { op: "Replace", path: 'emails[type eq "work"].value', value: "TestBcwqnm@test.microsoft.com" },
      { op: "Replace", path: "name.givenName", value: "Gtfd" },
      { op: "Replace", path: "name.familyName", value: "Pkqf" },
      { op: "Replace", path: "externalId", value: "Eqpj" },
      { op: "Replace", path: `${ENTERPRISE_USER}:employeeNumber`, value: "Eqpj" },
    ],
    {
      displayName: "Pvlo",
      emails: [{ ...work, value: "TestBcwqnm@test.microsoft.com" }, home],
      name: { givenName: "Gtfd", familyName: "Pkqf" },
      externalId: "Eqpj",
      [ENTERPRISE_USER]: { department: "Sales", costCenter: "7", employeeNumber: "Eqpj" },
    },
  ],
  [
    "Entra",
    "replace several, with the flag",
    [
      { op: "replace", path: 'emails[type eq "work"].value', value: "TestMhvaes@test.microsoft.com" },
      {
        op: "replace",
        value: {
          displayName: "Bjfe",
          "name.givenName": "Kkom",
          "name.familyName": "Unua",
          [`${ENTERPRISE_USER}:employeeNumber`]: "Aklq",
        },
      },
    ],
    {
      displayName: "Bjfe",
      emails: [{ ...work, value: "TestMhvaes@test.microsoft.com" }, home],
      name: { givenName: "Kkom", familyName: "Unua" },
      [ENTERPRISE_USER]: { department: "Sales", costCenter: "7", employeeNumber: "Aklq" },
    },
  ],
];

/** learn.microsoft.com, "Develop and plan provisioning for a SCIM endpoint", and what Entra's validator sends. */
const entra: Case[] = [
  [
    "Entra",
    "make the element that is missing",
    [{ op: "Add", path: 'phoneNumbers[type eq "mobile"].value', value: "1" }],
    { phoneNumbers: [{ type: "mobile", value: "1" }] },
  ],
  [
    "Entra",
    "make an element beside others",
    [{ op: "Add", path: 'emails[type eq "other"].value', value: "x@other.example" }],
    { emails: [work, home, { type: "other", value: "x@other.example" }] },
  ],
  [
    "Entra",
    "manager as a bare string",
    [{ op: "Add", path: `${ENTERPRISE_USER}:manager`, value: "m1" }],
    { [ENTERPRISE_USER]: { department: "Sales", costCenter: "7", manager: { value: "m1" } } },
  ],
  [
    "Entra",
    "manager by its value",
    [{ op: "Add", path: `${ENTERPRISE_USER}:manager.value`, value: "m1" }],
    { [ENTERPRISE_USER]: { department: "Sales", costCenter: "7", manager: { value: "m1" } } },
  ],
  ["Entra", "no operations", [], {}],
  [
    "Entra",
    "a filtered key without a path",
    [{ op: "Replace", value: { 'emails[type eq "work"].value': "b@work.example" } }],
    { emails: [{ ...work, value: "b@work.example" }, home] },
  ],
  [
    "Entra",
    "roles with a boolean as text",
    [{ op: "Add", path: "roles", value: [{ value: "admin", primary: "True" }] }],
    { roles: [{ value: "admin", primary: true }] },
  ],
];

/** developer.okta.com, "SCIM 2.0 protocol reference": activation and deactivation; the org's own group and user habits. */
const okta: Case[] = [
  ["Okta", "deactivate", [{ op: "replace", value: { active: false } }], { active: false }],
  [
    "Okta",
    "a password that is synchronized",
    [{ op: "replace", value: { password: "t1meMa$heen", active: true } }],
    {},
  ],
  [
    "Okta",
    "read-only values that come back",
    [{ op: "replace", value: { id: "x", meta: {}, groups: [], title: "T" } }],
    { title: "T" },
  ],
];

const rfc: Case[] = [
  ["RFC 7644 §3.5.2.1", "add a simple attribute", [{ op: "add", path: "nickName", value: "N" }], { nickName: "N" }],
  ["RFC 7644 §3.5.2.1", "add replaces a single value", [{ op: "add", path: "title", value: "T" }], { title: "T" }],
  [
    "RFC 7644 §3.5.2.1",
    "add without a path",
    [
      {
        op: "add",
        value: { emails: [{ value: "babs@jensen.org", type: "other" }], nickName: "Babs" },
      },
    ],
    { emails: [work, home, { value: "babs@jensen.org", type: "other" }], nickName: "Babs" },
  ],
  ["RFC 7644 §3.5.2.1", "add a value that is there", [{ op: "add", path: "emails", value: [home] }], {}],
  [
    "RFC 7644 §3.5.2.1",
    "add parts of a complex attribute",
    [{ op: "add", path: "name", value: { middleName: "M" } }],
    { name: { givenName: "Ann", familyName: "Lee", middleName: "M" } },
  ],
  [
    "RFC 7644 §3.5.2",
    "primary moves to what is added",
    [{ op: "add", path: "emails", value: { value: "p", primary: true } }],
    { emails: [{ ...work, primary: false }, home, { value: "p", primary: true }] },
  ],
  [
    "RFC 7644 §3.5.2",
    "primary moves through a filter",
    [{ op: "replace", path: 'emails[type eq "home"].primary', value: true }],
    {
      emails: [
        { ...work, primary: false },
        { ...home, primary: true },
      ],
    },
  ],
  ["RFC 7644 §3.5.2.2", "remove a simple attribute", [{ op: "remove", path: "title" }], { title: undefined }],
  ["RFC 7644 §3.5.2.2", "remove what is not there", [{ op: "remove", path: "nickName" }], {}],
  ["RFC 7644 §3.5.2.2", "remove a list", [{ op: "remove", path: "emails" }], { emails: undefined }],
  [
    "RFC 7644 §3.5.2.2",
    "remove by a compound filter",
    [{ op: "remove", path: 'emails[type eq "work" and value ew "example"]' }],
    { emails: [home] },
  ],
  [
    "RFC 7644 §3.5.2.2",
    "remove a sub-attribute",
    [{ op: "remove", path: "name.givenName" }],
    { name: { familyName: "Lee" } },
  ],
  [
    "RFC 7644 §3.5.2.2",
    "remove a sub-attribute of an element",
    [{ op: "remove", path: 'emails[type eq "work"].primary' }],
    { emails: [{ value: "ann@work.example", type: "work" }, home] },
  ],
  [
    "RFC 7644 §3.5.2.2",
    "remove all elements one by one",
    [
      { op: "remove", path: 'emails[type eq "work"]' },
      { op: "remove", path: 'emails[type eq "home"]' },
    ],
    { emails: undefined },
  ],
  ["RFC 7644 §3.5.2.2", "remove without a path", [{ op: "remove" }], [400, "noTarget"]],
  [
    "RFC 7644 §3.5.2.2",
    "remove by a filter that matches nothing",
    [{ op: "remove", path: 'emails[type eq "other"]' }],
    [400, "noTarget"],
  ],
  ["RFC 7644 §3.5.2.2", "remove what is required", [{ op: "remove", path: "userName" }], [400, "mutability"]],
  [
    "RFC 7644 §3.5.2.3",
    "replace a list",
    [{ op: "replace", path: "emails", value: [{ value: "x" }] }],
    { emails: [{ value: "x" }] },
  ],
  ["RFC 7644 §3.5.2.3", "replace by nothing", [{ op: "replace", path: "emails", value: [] }], { emails: undefined }],
  ["RFC 7643 §2.5", "null in an element that is not there", [{ op: "replace", path: "ims.type", value: null }], {}],
  ["RFC 7643 §2.5", "replace by null", [{ op: "replace", path: "title", value: null }], { title: undefined }],
  [
    "RFC 7644 §3.5.2.3",
    "replace an element",
    [{ op: "replace", path: 'emails[type eq "home"]', value: { type: "other", value: "o" } }],
    { emails: [work, { type: "other", value: "o" }] },
  ],
  [
    "RFC 7644 §3.5.2.3",
    "replace a sub-attribute of every element",
    [{ op: "replace", path: "emails.type", value: "other" }],
    {
      emails: [
        { ...work, type: "other" },
        { ...home, type: "other" },
      ],
    },
  ],
  [
    "RFC 7644 §3.5.2.3",
    "replace an element that is not there",
    [{ op: "replace", path: 'emails[value co "nobody"]', value: { value: "x" } }],
    [400, "noTarget"],
  ],
  [
    "RFC 7644 §3.5.2.3",
    "replace the parts of an extension",
    [{ op: "replace", value: { [ENTERPRISE_USER]: { department: "IT" } } }],
    { [ENTERPRISE_USER]: { department: "IT", costCenter: "7" } },
  ],
  [
    "RFC 7644 §3.10",
    "the core URN in a path",
    [{ op: "replace", path: `${USER}:name.givenName`, value: "Anna" }],
    { name: { givenName: "Anna", familyName: "Lee" } },
  ],
  [
    "RFC 7644 §3.10",
    "a URN with a value filter",
    [{ op: "replace", path: `${USER}:emails[type eq "home"].value`, value: "h" }],
    { emails: [work, { ...home, value: "h" }] },
  ],
  ["RFC 7643 §3.3", "remove an extension", [{ op: "remove", path: ENTERPRISE_USER }], { [ENTERPRISE_USER]: undefined }],
  [
    "RFC 7643 §2.1",
    "names without case",
    [{ op: "REPLACE", path: "NAME.GIVENNAME", value: "A" }],
    { name: { givenName: "A", familyName: "Lee" } },
  ],
  ["RFC 7643 §2.2", "a read-only attribute", [{ op: "replace", path: "id", value: "x" }], [400, "mutability"]],
  [
    "RFC 7643 §2.2",
    "a read-only sub-attribute",
    [{ op: "add", path: "meta.version", value: "x" }],
    [400, "mutability"],
  ],
  ["RFC 7643 §4.1.2", "a user's groups", [{ op: "add", path: "groups", value: [{ value: "g" }] }], [400, "mutability"]],
  [
    "RFC 7644 §3.5.2",
    "all or nothing",
    [
      { op: "replace", path: "title", value: "T" },
      { op: "remove", path: 'emails[type eq "other"]' },
    ],
    [400, "noTarget"],
  ],
  [
    "RFC 7644 §3.5.2",
    "operations in order",
    [
      { op: "add", path: "nickName", value: "1" },
      { op: "replace", path: "nickName", value: "2" },
      { op: "remove", path: "title" },
      { op: "add", path: "title", value: "3" },
    ],
    { nickName: "2", title: "3" },
  ],
  ["RFC 7644 §3.12", "a path of no schema", [{ op: "add", path: "shoeSize", value: "9" }], [400, "invalidPath"]],
];

const hostile: Case[] = [
  ["hostile", "a broken path", [{ op: "replace", path: 'emails[type eq "work"', value: "x" }], [400, "invalidPath"]],
  ["hostile", "a broken filter", [{ op: "replace", path: "emails[type]", value: {} }], [400, "invalidFilter"]],
  ["hostile", "a filter on a single value", [{ op: "remove", path: 'name[givenName eq "Ann"]' }], [400, "invalidPath"]],
  ["hostile", "an unknown operation", [{ op: "move", path: "title", value: "x" }], [400, "invalidSyntax"]],
  ["hostile", "operations that are none", ["remove"], [400, "invalidSyntax"]],
  ["hostile", "operations in an object", { op: "remove", path: "title" }, [400, "invalidSyntax"]],
  ["hostile", "no value", [{ op: "add", path: "title" }], [400, "invalidValue"]],
  ["hostile", "text without a path", [{ op: "add", value: "title" }], [400, "invalidValue"]],
  ["hostile", "a number for text", [{ op: "replace", path: "title", value: 7 }], [400, "invalidValue"]],
  ["hostile", "text for a boolean", [{ op: "replace", path: "active", value: "no" }], [400, "invalidValue"]],
  ["hostile", "text for a list of objects", [{ op: "add", path: "emails", value: ["a@b"] }], [400, "invalidValue"]],
  ["hostile", "a blank userName", [{ op: "replace", path: "userName", value: " " }], [400, "invalidValue"]],
  ["hostile", "half a surrogate pair", [{ op: "replace", path: "title", value: "\ud800" }], [400, "invalidValue"]],
  [
    "hostile",
    "a title of 4,097 characters",
    [{ op: "replace", path: "title", value: "x".repeat(4097) }],
    [400, "invalidValue"],
  ],
  [
    "hostile",
    "two primary values",
    [
      {
        op: "add",
        path: "emails",
        value: [
          { value: "1", primary: true },
          { value: "2", primary: true },
        ],
      },
    ],
    [400, "invalidValue"],
  ],
  [
    "hostile",
    "1,001 operations",
    Array.from({ length: 1001 }, () => ({ op: "remove", path: "nickName" })),
    [400, "invalidValue"],
  ],
  [
    "hostile",
    "101 value filters",
    Array.from({ length: 101 }, () => ({ op: "add", path: 'emails[type eq "work"].display', value: "x" })),
    [400, "invalidValue"],
  ],
  ["hostile", "__proto__ in a path", [{ op: "add", path: "__proto__.admin", value: "x" }], [400, "invalidPath"]],
  [
    "hostile",
    "constructor in a path",
    [{ op: "add", path: "constructor.prototype.admin", value: "x" }],
    [400, "invalidPath"],
  ],
  [
    "hostile",
    "a prototype in a key",
    [{ op: "add", value: JSON.parse('{"__proto__":{"admin":"x"},"name":{"__proto__":{"admin":"x"}}}') as JsonValue }],
    {},
  ],
  ["hostile", "not base64", [{ op: "add", path: "x509Certificates", value: [{ value: "{}" }] }], [400, "invalidValue"]],
];

export const userPatches: readonly Case[] = [...entraKnownIssues, ...entra, ...okta, ...rfc, ...hostile];

/** PATCHes of a group with the first two of four people; `{n}` stands for a person's id. `members` are indexes. */
export const groupPatches: readonly Case[] = [
  [
    "Entra",
    "remove a member, without the flag",
    [{ op: "Remove", path: "members", value: [{ value: "{0}" }] }],
    { members: [1] },
  ],
  [
    "Entra",
    "remove a member with a null $ref",
    [{ op: "Remove", path: "members", value: [{ $ref: null, value: "{0}" }] }],
    { members: [1] },
  ],
  ["Entra", "remove a member, with the flag", [{ op: "remove", path: 'members[value eq "{0}"]' }], { members: [1] }],
  [
    "Entra",
    "add a member",
    [{ op: "Add", path: "members", value: [{ $ref: null, value: "{2}" }] }],
    { members: [0, 1, 2] },
  ],
  ["Entra", "remove an empty list", [{ op: "Remove", path: "members", value: [] }], {}],
  [
    "Okta",
    "rename, with the id",
    [{ op: "replace", value: { id: "{group}", displayName: "Renamed" } }],
    { displayName: "Renamed" },
  ],
  [
    "Okta",
    "remove and add members in one push",
    [
      { op: "remove", path: 'members[value eq "{0}"]' },
      { op: "add", path: "members", value: [{ value: "{2}", display: "c@example.com" }] },
    ],
    { members: [1, 2] },
  ],
  [
    "Okta",
    "replace all on Push Now",
    [{ op: "replace", path: "members", value: [{ value: "{3}", display: "d" }] }],
    { members: [3] },
  ],
  ["Okta", "replace by nobody on Push Now", [{ op: "replace", path: "members", value: [] }], { members: [] }],
  ["retry", "add who is there", [{ op: "add", path: "members", value: [{ value: "{0}" }] }], {}],
  ["retry", "remove who is not there", [{ op: "remove", path: 'members[value eq "{3}"]' }], {}],
  [
    "push",
    "a stranger among known people",
    [{ op: "add", path: "members", value: [{ value: "00u-unknown" }, { value: "{2}" }] }],
    { members: [0, 1, 2] },
  ],
  ["push", "members without a path", [{ op: "add", value: { members: [{ value: "{2}" }] } }], { members: [0, 1, 2] }],
  ["RFC 7644 §3.5.2.2", "remove all", [{ op: "remove", path: "members" }], { members: [] }],
  [
    "RFC 7644 §3.5.2.2",
    "remove several by or",
    [{ op: "remove", path: 'members[value eq "{0}" or value eq "{1}"]' }],
    { members: [] },
  ],
  ["RFC 7644 §3.5.2.2", "remove by the type", [{ op: "remove", path: 'members[type eq "User"]' }], { members: [] }],
  ["RFC 7644 §3.5.2.2", "remove all but one", [{ op: "remove", path: 'members[value ne "{1}"]' }], { members: [1] }],
  [
    "RFC 7644 §3.5.2.3",
    "replace one",
    [{ op: "replace", path: 'members[value eq "{0}"]', value: { value: "{3}" } }],
    { members: [1, 3] },
  ],
  [
    "RFC 7644 §3.5.2.3",
    "replace one who is not there",
    [{ op: "replace", path: 'members[value eq "{3}"]', value: { value: "{2}" } }],
    [400, "noTarget"],
  ],
  [
    "RFC 7643 §4.2",
    "a member's immutable value",
    [{ op: "replace", path: 'members[value eq "{0}"].value', value: "{3}" }],
    [400, "mutability"],
  ],
  ["RFC 7644 §3.5.2.2", "remove the displayName", [{ op: "remove", path: "displayName" }], [400, "mutability"]],
  ["RFC 7644 §3.10", "members by the URN", [{ op: "remove", path: `${GROUP}:members` }], { members: [] }],
  [
    "RFC 7644 §3.5.2",
    "all or nothing",
    [
      { op: "remove", path: "members" },
      { op: "replace", path: "displayName", value: "" },
    ],
    [400, "invalidValue"],
  ],
  [
    "hostile",
    "a member without value",
    [{ op: "add", path: "members", value: [{ display: "x" }] }],
    [400, "invalidValue"],
  ],
  ["hostile", "members that are text", [{ op: "add", path: "members", value: "{2}" }], [400, "invalidValue"]],
  ["hostile", "a filter that is none", [{ op: "remove", path: "members[]" }], [400, "invalidFilter"]],
];
