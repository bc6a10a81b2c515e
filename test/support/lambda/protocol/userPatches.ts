import type { JsonValue } from "../../../../lambda/model.ts";
import { ENTERPRISE_USER, USER } from "../../../../lambda/scim/schema/index.ts";
import { clientPatches } from "./clientPatches.ts";
import { home, work, type Case } from "./patchCase.ts";

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
    {},
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
      { op: "replace", path: 'emails[type eq "other"]', value: { value: "o" } },
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

export const userPatches: readonly Case[] = [...clientPatches, ...rfc, ...hostile];
