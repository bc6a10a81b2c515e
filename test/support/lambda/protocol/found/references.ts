import type { JsonObject, JsonValue } from "../../../../../lambda/model.ts";
import { ENTERPRISE_USER, GROUP, USER } from "../../../../../lambda/scim/schema/index.ts";
import { add, merge, remove, replace } from "./changeCase.ts";

/** What a user shows where the tenant retains everything, and where it retains `iru`. */
interface Shown {
  readonly standard: JsonObject;
  readonly iru: JsonObject;
}
const both = (attributes: JsonObject): Shown => ({ standard: attributes, iru: attributes });
const full = (attributes: JsonObject): Shown => ({ standard: attributes, iru: {} });

const slashed = { value: "a", type: "/bulkId:x/" };
const manager = `${ENTERPRISE_USER}:manager`;

type UserText = readonly [operations: JsonObject[], start: JsonObject, changed: Shown];

/** Free text in a user, sent as a text or in a list of one. */
const textsOf = (text: string, value: JsonValue): UserText[] => [
  [[replace("displayName", value)], {}, both({ displayName: text })],
  [[add("externalId", value)], {}, both({ externalId: text })],
  [[replace("name.formatted", value)], {}, both({ name: { formatted: text } })],
  [[replace("title", value)], {}, both({ title: text })],
  [[merge({ title: value, [USER]: { displayName: value } })], {}, both({ title: text, displayName: text })],
  [
    [replace('emails[type eq "work"].display', value)],
    { emails: [{ value: "a", type: "work" }] },
    both({ emails: [{ value: "a", type: "work", display: text }] }),
  ],
  [
    [replace('emails[type eq "work"].value', value)],
    { emails: [{ value: "a", type: "work" }] },
    both({ emails: [{ value: text, type: "work" }] }),
  ],
  [[add("emails", [{ value: text }])], {}, both({ emails: [{ value: text }] })],
  [[add("phoneNumbers", [{ value: text }])], {}, full({ phoneNumbers: [{ value: text }] })],
  [[add("roles", `[{"value":${JSON.stringify(text)}}]`)], {}, full({ roles: [{ value: text }] })],
  [[merge({ manager: text, members: [text], value: text, $ref: text })], {}, both({})],
];

/** Operations on a user that starts with some attributes; the attributes that differ afterwards. `x` is a bulkId. */
export const userTexts: readonly UserText[] = [
  [
    [replace('emails[type eq "/bulkId:x/"].value', "b")],
    { emails: [slashed] },
    both({ emails: [{ ...slashed, value: "b" }] }),
  ],
  [[remove('emails[type eq "/bulkId:x/"].type')], { emails: [slashed] }, both({ emails: [{ value: "a" }] })],
  [
    [remove('emails[value eq "bulkId:x"].type')],
    { emails: [{ value: "bulkId:x", type: "t" }] },
    both({ emails: [{ value: "bulkId:x" }] }),
  ],
  [
    [remove('emails[value eq "bulkId:nope"].type')],
    { emails: [{ value: "bulkId:nope", type: "t" }] },
    both({ emails: [{ value: "bulkId:nope" }] }),
  ],
  [
    [merge({ 'emails[type eq "/bulkId:x/"].value': "/bulkId:x/" })],
    { emails: [slashed] },
    both({ emails: [{ ...slashed, value: "/bulkId:x/" }] }),
  ],
  ...["bulkId:x", "bulkId:nope", "/Users/bulkId:x", '"bulkId:x"'].flatMap((text) => [
    ...textsOf(text, text),
    ...textsOf(text, [text]),
  ]),
  [[replace("profileUrl", "/Users/bulkId:x")], {}, full({ profileUrl: "/Users/bulkId:x" })],
  [[replace("photos", [{ value: "a/bulkId:x" }])], {}, full({ photos: [{ value: "a/bulkId:x" }] })],
];

/** The parts of a new user beside `userName`, and what it shows of them. */
export const newUsers: readonly (readonly [sent: JsonObject, shown: Shown])[] = ["bulkId:x", "bulkId:nope"].flatMap(
  (text) => [
    [{ emails: [{ value: text, display: text }] }, both({ emails: [{ value: text, display: text }] })] as const,
    [{ phoneNumbers: [{ value: text }] }, full({ phoneNumbers: [{ value: text }] })] as const,
    [{ entitlements: [{ value: text }] }, full({ entitlements: [{ value: text }] })] as const,
    [{ ims: [{ value: text, type: text }] }, full({ ims: [{ value: text, type: text }] })] as const,
    [{ [USER]: { "name.formatted": text } }, both({ name: { formatted: text } })] as const,
    [
      { [ENTERPRISE_USER]: { department: text, division: text } },
      {
        standard: { [ENTERPRISE_USER]: { department: text, division: text } },
        iru: { [ENTERPRISE_USER]: { department: text } },
      },
    ] as const,
  ],
);

/** An operation on a group, and the attributes that differ afterwards. */
export const groupTexts: readonly (readonly [operation: JsonObject, changed: JsonObject])[] = [
  [replace("displayName", "bulkId:x"), { displayName: "bulkId:x" }],
  [replace("displayName", ["bulkId:x"]), { displayName: "bulkId:x" }],
  [replace("displayName", "bulkId:nope"), { displayName: "bulkId:nope" }],
  [merge({ displayName: "/Users/bulkId:x" }), { displayName: "/Users/bulkId:x" }],
  [merge('{"displayName":"bulkId:x"}'), { displayName: "bulkId:x" }],
  [replace(GROUP, { displayName: "bulkId:x", value: "bulkId:nope" }), { displayName: "bulkId:x" }],
  [add("externalId", "bulkId:x"), { externalId: "bulkId:x" }],
  [remove('members[value eq "bulkId:nope"]'), {}],
];

const x = "bulkId:x";
const text = (value: JsonValue): string => JSON.stringify(value);

/** Operations on a group with the member `first`, and its members afterwards. */
export const memberReferences: readonly (readonly [operations: JsonObject[], members: readonly string[]])[] = [
  [[add("members", [{ value: x }])], ["first", "x"]],
  [[add("members", { VALUE: [x] })], ["first", "x"]],
  [[add("members", x)], ["first", "x"]],
  [[add("members", [{ value: x, $ref: "../Users/bulkId:x", display: x }])], ["first", "x"]],
  [[add("members", text([{ value: x }]))], ["first", "x"]],
  [[add("members", text({ value: x }))], ["first", "x"]],
  [[add("members", ` ${text([x])} `)], ["first", "x"]],
  [[replace("members", text([{ value: x }]))], ["x"]],
  [[replace(`${GROUP}:members`, text([{ value: x }]))], ["x"]],
  [[{ op: "add", value: text({ members: [{ value: x }] }) }], ["first", "x"]],
  [[{ op: "add", value: text([{ members: [{ value: x }] }]) }], ["first", "x"]],
  [[{ op: "add", value: [{ members: [x] }] }], ["first", "x"]],
  [[{ op: "add", value: { members: text([x]) } }], ["first", "x"]],
  [[{ op: "add", value: { [GROUP]: text({ members: text([x]) }) } }], ["first", "x"]],
  [[replace(GROUP, text({ [`${GROUP}:members`]: [x] }))], ["x"]],
  [[merge(text({ members: [x] }))], ["x"]],
  [[add("members", text([x])), remove("members", text([{ value: x }]))], ["first"]],
  [[add("members", [x]), remove(`members[value eq "${x}"]`)], ["first"]],
  [[add("members", [x]), remove(`members[type eq "User" and VALUE  EQ "${x}"]`)], ["first"]],
  [[add("members", [x]), remove(`${GROUP}:members[value ne "${x}"]`)], ["x"]],
  [[add(`members[value eq "${x}"]`, { value: x })], ["first", "x"]],
  [[merge({ [`members[value eq "${x}" or type eq "User"]`]: { value: x } })], ["x"]],
];

const managed = (part: JsonObject): JsonObject => ({ [ENTERPRISE_USER]: { manager: part } });

/** An operation on a user, and what it shows where the tenant retains the manager; `{x}` is the id of `x`. */
export const managers: readonly (readonly [operation: JsonObject, shown: JsonObject])[] = [
  [add(manager, { value: x }), managed({ value: "{x}" })],
  [add(manager, x), managed({ value: "{x}" })],
  [add(manager, [x]), managed({ value: "{x}" })],
  [add(manager, text({ value: x })), managed({ value: "{x}" })],
  [add(`${manager}.value`, x), managed({ value: "{x}" })],
  [add(`${manager}.value`, [x]), managed({ value: "{x}" })],
  [replace(`${manager}.$ref`, "../Users/bulkId:x"), managed({ $ref: "../Users/{x}" })],
  [replace(ENTERPRISE_USER, { manager: x }), managed({ value: "{x}" })],
  [replace(ENTERPRISE_USER, text({ manager: { value: x } })), managed({ value: "{x}" })],
  [merge({ [ENTERPRISE_USER]: text({ manager: x }) }), managed({ value: "{x}" })],
  [merge(text({ [manager]: text({ value: x }) })), managed({ value: "{x}" })],
  [merge({ [`${manager}.value`]: x }), managed({ value: "{x}" })],
  [merge({ [USER]: { [`${manager}.value`]: x } }), managed({ value: "{x}" })],
];

/** An operation with a reference to a resource that the request does not create. */
export const lost: readonly (readonly [kind: "user" | "group", operation: JsonObject])[] = [
  ["group", add("members", [{ value: "bulkId:nope" }])],
  ["group", add("members", text(["bulkId:nope"]))],
  ["group", merge(text({ members: [{ value: "bulkId:nope" }] }))],
  ["group", remove("members", ["bulkId:nope"])],
  ["user", add(manager, text({ value: "bulkId:nope" }))],
  ["user", add(`${manager}.value`, "bulkId:nope")],
  ["user", merge({ [ENTERPRISE_USER]: { manager: "bulkId:nope" } })],
];
