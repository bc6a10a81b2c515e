import type { JsonObject, JsonValue } from "../../../../../lambda/model.ts";
import { ENTERPRISE_USER, GROUP, USER } from "../../../../../lambda/scim/schema/index.ts";
import { acme } from "./changeCase.ts";
import { error } from "./error.ts";

/** `{a}` and `{b}` stand for the ids of users, `{g}` for that of another group. A group starts with the member `{a}`. */
export type Members = readonly string[];

const invalid = (detail: string): JsonObject => error(400, detail, "invalidValue");
const missing = (index = 0, path = "members"): JsonObject =>
  invalid(`${path}[${index}].value, the id of a user, is missing.`);
/** The refusal of a list that would empty the group. */
const nobody = invalid(
  "None of the members is a user of this directory, so the group keeps the members that it has. Send ids of users, or an empty list to remove all members.",
);
const noObject = invalid("members[0] must be an object.");
const badReference = invalid(
  'members[0].$ref must be an absolute or relative URI, such as "https://example.com/ann". Percent-encode any other character.',
);
const nowhere = "00000000-0000-4000-8000-000000000000";

/**
 * A list of members; the members of a group that is created with it; and those of a group of which a PUT, a PATCH and a
 * PATCH without a path replace the members by it. An object is the body of the refusal.
 */
export const lists: readonly (readonly [
  list: JsonValue,
  created: Members | JsonObject,
  replaced: Members | JsonObject,
])[] = [
  [[], [], []],
  [null, [], []],
  [["{b}"], ["{b}"], ["{b}"]],
  ["{b}", ["{b}"], ["{b}"]],
  [{ value: "{b}" }, ["{b}"], ["{b}"]],
  [[{ VALUE: "{b}", Type: "User" }], ["{b}"], ["{b}"]],
  [[{ value: "{b}", type: "User", display: "B", $ref: "../Users/{b}" }], ["{b}"], ["{b}"]],
  [[{ value: "{b}", type: null, display: null, $ref: null }], ["{b}"], ["{b}"]],
  [[{ value: "{b}", type: "Group" }], ["{b}"], ["{b}"]],
  [["{b}", "{b}", { value: "{b}" }], ["{b}"], ["{b}"]],
  [["{b}", "nobody", { value: nowhere }], ["{b}"], ["{b}"]],
  [["{b}", null], ["{b}"], ["{b}"]],
  [["{b}", { value: "{g}", type: "Group" }], ["{b}"], ["{b}"]],
  [["nobody"], [], nobody],
  ["nobody", [], nobody],
  [[{ value: "nobody" }, { value: nowhere }], [], nobody],
  [[{ value: "{g}", type: "Group" }], [], nobody],
  [[{ value: " {b}" }], [], nobody],
  [[{}], missing(), missing()],
  [{}, missing(), missing()],
  ["", missing(), missing()],
  [[null], missing(), missing()],
  [[{ value: null }], missing(), missing()],
  [[{ value: "" }], missing(), missing()],
  [[{ display: "B" }], missing(), missing()],
  [[{ $ref: "../Users/{b}" }], missing(), missing()],
  [["{b}", { display: "B" }], missing(1), missing(1)],
  [[[]], noObject, noObject],
  [[7], noObject, noObject],
  [true, noObject, noObject],
  [[{ value: 7 }], invalid("members[0].value must be a string."), invalid("members[0].value must be a string.")],
  [[{ value: "{b}", $ref: "not a URI" }], badReference, badReference],
];

const add = (path: string, value: JsonValue): JsonObject => ({ op: "add", path, value });
const remove = (path: string, value?: JsonValue): JsonObject => ({
  op: "Remove",
  path,
  ...(value === undefined ? {} : { value }),
});
const replace = (path: string, value: JsonValue): JsonObject => ({ op: "replace", path, value });
const fixed = (path: string): JsonObject =>
  error(400, `${path} cannot change; add or remove whole members.`, "mutability");
const nothing = (path: string): JsonObject => error(400, `${path} matches no value of the resource.`, "noTarget");
const otherIds = (path: string): JsonObject =>
  invalid(
    `${path} selects other members than its value names, and the id of a member cannot change. Name the same ids in both, or add to members without a filter.`,
  );
const byReference = (path: string): JsonObject =>
  error(400, `${path} selects by $ref; select members by their value.`, "invalidFilter");
const noPath = (path: string): JsonObject =>
  error(400, `${JSON.stringify(path)} is not an attribute of Group.`, "invalidPath");

/** An operation, and the members afterwards or the body of the refusal. */
export const operations: readonly (readonly [operation: JsonObject, outcome: Members | JsonObject])[] = [
  [add("members", "{b}"), ["{a}", "{b}"]],
  [add("members", { value: "{b}" }), ["{a}", "{b}"]],
  [add("members", ["{b}", "{b}", "nobody"]), ["{a}", "{b}"]],
  [add("members", '[{"value":"{b}"}]'), ["{a}", "{b}"]],
  [add("members", ["{a}"]), ["{a}"]],
  [add("members", ["nobody"]), ["{a}"]],
  [add("members", [{ value: "{g}", type: "Group" }]), ["{a}"]],
  [add("members", []), ["{a}"]],
  [add("members", null), ["{a}"]],
  [add("members", [null]), ["{a}"]],
  [add("members", [{}]), missing()],
  [add("members", ""), missing()],
  [add('members[value eq "{b}"]', { value: "{b}" }), ["{a}", "{b}"]],
  [
    add('members[type eq "User"]', { value: "{b}" }),
    error(400, 'members[type eq "User"] cannot change; add members by their value.', "mutability"),
  ],
  [add(`${GROUP}:members`, ["{b}"]), ["{a}", "{b}"]],
  [{ op: "add", value: { [GROUP.toUpperCase()]: { MEMBERS: ["{b}"] } } }, ["{a}", "{b}"]],
  [{ op: "add", value: { [GROUP]: { [`${GROUP}:members`]: ["{b}"] } } }, ["{a}", "{b}"]],
  [{ op: "add", value: [{ members: ["{b}"] }] }, ["{a}", "{b}"]],
  [{ op: "add", value: '{"members":["{b}"]}' }, ["{a}", "{b}"]],
  [replace(GROUP, { members: ["{b}"] }), ["{b}"]],
  [replace('members[value eq "{a}"]', { value: "{b}" }), ["{b}"]],
  [replace('members[value eq "{a}"]', { value: "nobody" }), nobody],
  [
    replace('members[value eq "nobody"]', { value: "{b}" }),
    error(400, 'members[value eq "nobody"] matches no value of the resource.', "noTarget"),
  ],
  [replace('members[value eq "{a}"].display', "A"), ["{a}"]],
  ...["nope", "{b}"].flatMap((id): [JsonObject, Members | JsonObject][] => [
    [replace(`members[value eq "${id}"].display`, "x"), nothing(`members[value eq "${id}"].display`)],
    [add(`members[value eq "${id}"].display`, "x"), nothing(`members[value eq "${id}"].display`)],
    [
      { op: "replace", value: { [`members[value eq "${id}"].display`]: "x" } },
      nothing(`members[value eq "${id}"].display`),
    ],
    [remove(`members[value eq "${id}"].display`), ["{a}"]],
    [replace(`members[value eq "${id}"].value`, "{b}"), fixed(`members[value eq "${id}"].value`)],
    [add(`members[value eq "${id}"]`, { value: "{a}" }), otherIds(`members[value eq "${id}"]`)],
    [add(`members[value eq "${id}"]`, "{a}"), otherIds(`members[value eq "${id}"]`)],
    [add(`members[value eq "${id}"]`, { display: "x" }), nothing(`members[value eq "${id}"]`)],
    [add(`members[value eq "${id}"]`, null), nothing(`members[value eq "${id}"]`)],
    [
      replace(`members[value eq "${id}" and type eq "User"]`, "{b}"),
      nothing(`members[value eq "${id}" and type eq "User"]`),
    ],
  ]),
  [replace('members[type eq "Group"].display', "x"), nothing('members[type eq "Group"].display')],
  [replace('members[type eq "User"].display', "x"), ["{a}"]],
  [add('members[type eq "Group"]', { value: "{b}" }), nothing('members[type eq "Group"]')],
  [add('members[type eq "User"]', { display: "x" }), ["{a}"]],
  [add('members[value eq "{a}"]', { value: "{b}" }), otherIds('members[value eq "{a}"]')],
  [add('members[value eq "{a}"]', [{ value: "{a}" }, { value: "{b}" }]), otherIds('members[value eq "{a}"]')],
  [
    add('members[value eq "{a}" or value eq "{b}"]', { value: "{b}" }),
    otherIds('members[value eq "{a}" or value eq "{b}"]'),
  ],
  [add('members[value eq "{a}" or value eq "{b}"]', ["{b}", "{a}"]), ["{a}", "{b}"]],
  [add('members[value eq "{a}"]', { display: "x" }), ["{a}"]],
  [add('members[value eq "{a}"]', null), ["{a}"]],
  [add('members[value eq "{a}"]', { value: "{a}", display: "A" }), ["{a}"]],
  [add('members[value eq "nobody"]', { value: "nobody" }), ["{a}"]],
  [add('members[value eq "{b}"]', ["{b}"]), ["{a}", "{b}"]],
  [add('members[value eq "{b}"]', 7), invalid('members[value eq "{b}"][0] must be an object.')],
  [replace('members[value eq "{a}"].value', "{b}"), fixed('members[value eq "{a}"].value')],
  [remove("members"), []],
  [remove("members", null), []],
  [remove("members", []), ["{a}"]],
  [remove("members", [null]), ["{a}"]],
  [remove("members", "{a}"), []],
  [remove("members", ["{a}", "nobody"]), []],
  [remove("members", [{ value: "{a}", $ref: null }]), []],
  [remove("members", [{ value: "{b}" }]), ["{a}"]],
  [remove("members", [{ display: "A" }]), missing()],
  [remove('members[value eq "{a}"]'), []],
  [remove('members[VALUE EQ "{a}" or value eq "nobody"]'), []],
  [remove('members[value eq "nobody"]'), ["{a}"]],
  [remove('members[value eq "{b}"]'), ["{a}"]],
  [remove('members[value eq "{a}" and type eq "Group"]'), ["{a}"]],
  [remove('members[type eq "user"]'), []],
  [remove('members[value ne "{a}"]'), ["{a}"]],
  [remove("members[not (value pr)]"), ["{a}"]],
  [remove("members[value eq null]"), ["{a}"]],
  [remove('members[$ref co "{a}"]'), byReference('members[$ref co "{a}"]')],
  [remove('members[type eq "User" and $ref pr]'), byReference('members[type eq "User" and $ref pr]')],
  [remove("members.value"), fixed("members.value")],
  [
    remove('members[display eq "A"]'),
    error(400, 'The filter names "display", which members does not define.', "invalidFilter"),
  ],
  [remove(`${GROUP}:members[value eq "{a}"]`), []],
  [remove(GROUP), error(400, `${GROUP} has attributes that are required; remove single attributes.`, "mutability")],
  [replace(`${USER}:members`, ["{b}"]), noPath(`${USER}:members`)],
  [replace(`${ENTERPRISE_USER}:department`, "IT"), noPath(`${ENTERPRISE_USER}:department`)],
  [replace(`${acme}:badge`, "2"), ["{a}"]],
  [remove(`${acme}:badges[type eq "x"].id`), ["{a}"]],
  [replace("member", ["{b}"]), noPath("member")],
  ...[USER, ENTERPRISE_USER, `${USER}:displayName`, `${ENTERPRISE_USER}:manager.value`].map(
    (key): [JsonObject, JsonObject] => [
      { op: "replace", value: { members: [], [key]: {} } },
      invalid(`${key.startsWith(USER) ? USER : ENTERPRISE_USER} is not a schema of Group; leave ${key} out.`),
    ],
  ),
  [replace(USER, { displayName: "D" }), noPath(USER)],
  [replace(ENTERPRISE_USER, []), noPath(ENTERPRISE_USER)],
  [replace("displayName", []), error(400, "displayName is required.", "mutability")],
  [{ op: "add", value: ['{"members":["{b}"]}'] }, ["{a}", "{b}"]],
  [add(" members ", ["{b}"]), ["{a}", "{b}"]],
];
