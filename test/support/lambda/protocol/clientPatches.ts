import { ENTERPRISE_USER } from "../../../../lambda/scim/schema/index.ts";
import { home, work, type Case } from "./patchCase.ts";

/**
 * learn.microsoft.com, "Known issues and resolutions with SCIM 2.0 protocol compliance", the requests as printed there.
 */
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

/** The habits of Entra ID and of Okta. */
export const clientPatches: readonly Case[] = [...entraKnownIssues, ...entra, ...okta];
