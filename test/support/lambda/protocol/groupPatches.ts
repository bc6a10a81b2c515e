import { GROUP } from "../../../../lambda/scim/schema/index.ts";
import type { Case } from "./patchCase.ts";

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
  ["push", "a member that is a bare id", [{ op: "add", path: "members", value: "{2}" }], { members: [0, 1, 2] }],
  ["hostile", "members that are numbers", [{ op: "add", path: "members", value: [2] }], [400, "invalidValue"]],
  ["hostile", "a filter that is none", [{ op: "remove", path: "members[]" }], [400, "invalidFilter"]],
];
