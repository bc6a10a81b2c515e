import type { JsonObject } from "../../../../lambda/model.ts";
import { ENTERPRISE_USER, GROUP, USER } from "../../../../lambda/scim/schema/index.ts";

/** The people in the directory of these filters. */
export const people: readonly JsonObject[] = [
  {
    userName: "bjensen@example.com",
    externalId: "701984",
    displayName: "Babs Jensen",
    name: { formatted: "Ms. Barbara J Jensen, III", familyName: "Jensen", givenName: "Barbara" },
    title: "Tour Guide",
    userType: "Employee",
    emails: [
      { value: "bjensen@example.com", type: "work", primary: true },
      { value: "babs@jensen.org", type: "home" },
    ],
    phoneNumbers: [{ value: "555-555-8377", type: "work" }],
    [ENTERPRISE_USER]: { employeeNumber: "701984", department: "Tour Operations", manager: { value: "26118915" } },
  },
  {
    userName: "jsmith@example.com",
    externalId: "A1b2",
    displayName: "J. Smith",
    name: { familyName: "Smith", givenName: "Jane" },
    userType: "Intern",
    emails: [{ value: "jsmith@example.org", type: "home" }],
  },
  {
    userName: "Zoë@example.com",
    externalId: "a1B2",
    active: false,
    name: { familyName: "O'Malley" },
    emails: [{ value: "zoe@example.com", type: "work" }],
    x509Certificates: [{ value: "TWFu", display: "C" }],
  },
  {
    userName: 'q"uote\\d',
    displayName: "100% (sure)",
    title: "",
    nickName: "日本",
    addresses: [{ type: "work", country: "US", locality: "Hollywood" }],
  },
];

/** Groups and their members, by index of the person. */
export const groups: readonly (JsonObject & { readonly displayName: string; readonly people: number[] })[] = [
  { displayName: "Tour Guides", externalId: "g-1", people: [0, 1] },
  { displayName: "Employees", people: [0] },
  { displayName: "Empty", people: [] },
];

/** Indexes of the found people, or the scimType of the error. */
type Expected = readonly number[] | string;

const all = [0, 1, 2, 3];

/** Filters of users; `{0}` stands for the id of the first person. */
export const userFilters: readonly (readonly [from: string, filter: string, expected: Expected])[] = [
  // RFC 7644 §3.4.2.2, figure 2, as it is written there.
  ["RFC 7644", 'userName eq "bjensen@example.com"', [0]],
  ["RFC 7644", `name.familyName co "O'Malley"`, [2]],
  ["RFC 7644", 'userName sw "J"', [1]],
  ["RFC 7644", `${USER}:userName sw "J"`, [1]],
  ["RFC 7644", "title pr", [0]],
  ["RFC 7644", 'meta.lastModified gt "2011-05-13T04:42:34Z"', all],
  ["RFC 7644", 'meta.lastModified ge "2011-05-13T04:42:34Z"', all],
  ["RFC 7644", 'meta.lastModified lt "2011-05-13T04:42:34Z"', []],
  ["RFC 7644", 'meta.lastModified le "2011-05-13T04:42:34Z"', []],
  ["RFC 7644", 'title pr and userType eq "Employee"', [0]],
  ["RFC 7644", 'title pr or userType eq "Intern"', [0, 1]],
  ["RFC 7644", `schemas eq "${ENTERPRISE_USER}"`, [0]],
  ["RFC 7644", 'userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")', [0]],
  ["RFC 7644", 'userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")', [3]],
  ["RFC 7644", 'userType eq "Employee" and (emails.type eq "work")', [0]],
  ["RFC 7644", 'userType eq "Employee" and emails[type eq "work" and value co "@example.com"]', [0]],
  [
    "RFC 7644",
    'emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]',
    [0, 2],
  ],
  // Okta's SCIM reference, and its SPEC test that looks for a userName in capitals.
  ["Okta", 'userName eq "JSMITH@EXAMPLE.COM"', [1]],
  ["Okta", 'userName eq "nobody@example.com"', []],
  ["Okta", 'id eq "{0}"', [0]],
  ["Okta", 'externalId eq "701984"', [0]],
  // learn.microsoft.com, "Develop and plan provisioning for a SCIM endpoint": the filters by which Entra matches
  // accounts.
  ["Entra", 'externalId eq "A1b2"', [1]],
  ["Entra", 'emails[type eq "work"].value eq "zoe@example.com"', [2]],
  ["Entra", 'userName eq "Non-existent user"', []],
  ["Entra", 'active eq "False"', [2]],
  // Keys, and conditions that may be combined with them.
  ["keys", 'userName eq "bjensen@example.com" and title eq "tour guide"', [0]],
  ["keys", 'title eq "x" and userName eq "bjensen@example.com"', []],
  ["keys", 'userName eq "bjensen@example.com" and userName eq "jsmith@example.com"', []],
  ["keys", 'userName eq "bjensen@example.com" or externalId eq "A1b2" or id eq "{3}"', [0, 1, 3]],
  ["keys", '(userName eq "bjensen@example.com" or userName eq "jsmith@example.com") and title pr', [0]],
  ["keys", 'id eq "{0}" or title eq "x"', [0]],
  ["keys", 'groups.value eq "{group 0}"', [0, 1]],
  ["keys", 'groups[value eq "{group 0}"] and userType eq "intern"', [1]],
  ["keys", 'groups.display eq "tour guides"', [0, 1]],
  // The schema's caseExact and types.
  ["schema", 'externalId eq "a1b2"', []],
  ["schema", 'externalId sw "a1"', [2]],
  ["schema", 'userName eq "ZOË@EXAMPLE.COM"', [2]],
  ["schema", 'userName eq "Zoe\u0308@example.com"', [2]],
  ["schema", 'userName eq "q\\"uote\\\\d"', [3]],
  ["schema", 'displayName ew "(SURE)"', [3]],
  ["schema", 'nickName eq "\\u65e5\\u672c"', [3]],
  ["schema", "active eq true", [0, 1, 3]],
  ["schema", "active ne true", [2]],
  ["schema", 'x509Certificates.value eq "TWFu"', [2]],
  ["schema", 'x509Certificates.value eq "twfu"', []],
  ["schema", 'addresses[country eq "us" and locality sw "holly"]', [3]],
  ["schema", "addresses pr", [3]],
  ["schema", 'displayName gt "b" and displayName lt "k"', [0, 1]],
  ["schema", 'emails[not (type eq "work")]', [0, 1]],
  ["schema", 'emails.type ne "work"', [0, 1, 3]],
  ["schema", "title eq null", [1, 2, 3]],
  ["schema", "title ne null", [0]],
  ["schema", 'title ne "Tour Guide"', [1, 2, 3]],
  ["schema", `${ENTERPRISE_USER}:department co "operations"`, [0]],
  ["schema", `${ENTERPRISE_USER}:manager eq "26118915"`, [0]],
  ["schema", `${ENTERPRISE_USER.toUpperCase()}:MANAGER.VALUE PR`, [0]],
  ["schema", 'meta.resourceType eq "User"', all],
  ["schema", "NOT (title pr) AND active EQ TRUE", [1, 3]],
  // Filters with an error.
  ["hostile", "()", "invalidFilter"],
  ["hostile", "userName", "invalidFilter"],
  ["hostile", 'userName regex ".*"', "invalidFilter"],
  ["hostile", "userName eq 'bjensen'", "invalidFilter"],
  ["hostile", 'userName eq "a" or', "invalidFilter"],
  ["hostile", 'userName eq "a" ; drop', "invalidFilter"],
  ["hostile", 'shoeSize eq "9"', "invalidFilter"],
  ["hostile", 'members.value eq "x"', "invalidFilter"],
  ["hostile", `${GROUP}:displayName pr`, "invalidFilter"],
  ["hostile", '__proto__ eq "x"', "invalidFilter"],
  ["hostile", "constructor.prototype pr", "invalidFilter"],
  ["hostile", "active gt true", "invalidFilter"],
  ["hostile", "userName eq 7", "invalidFilter"],
  ["hostile", 'meta.created gt "1"', "invalidFilter"],
  ["hostile", 'x509Certificates.value gt "a"', "invalidFilter"],
  ["hostile", 'name eq "Jensen"', "invalidFilter"],
  ["hostile", 'password eq "t1meMa$heen"', "sensitive"],
  ["hostile", "(".repeat(2000), "invalidFilter"],
  ["hostile", `title pr${" or title pr".repeat(300)}`, [0]],
  ["hostile", `title pr${" or title pr".repeat(400)}`, "invalidFilter"],
];

/** Filters of groups, with indexes of groups. */
export const groupFilters: readonly (readonly [from: string, filter: string, expected: Expected])[] = [
  ["Okta", 'displayName eq "Tour Guides"', [0]],
  ["Okta", 'displayName eq "Nobody"', []],
  ["Entra", 'externalId eq "g-1"', [0]],
  ["Entra", 'id eq "{group 1}" and members eq "{0}"', [1]],
  ["keys", 'members.value eq "{0}"', [0, 1]],
  ["keys", 'members[value eq "{1}"]', [0]],
  ["keys", 'members.value eq "{0}" and displayName sw "e"', [1]],
  ["keys", 'members.value eq "{1}" or displayName eq "empty"', [0, 2]],
  ["keys", 'members.value eq "nobody"', []],
  ["schema", "not (members pr)", [2]],
  ["schema", "members pr", [0, 1]],
  ["schema", 'members.type eq "user"', [0, 1]],
  ["hostile", "userName pr", "invalidFilter"],
  ["hostile", 'members.value.x eq "1"', "invalidFilter"],
];
