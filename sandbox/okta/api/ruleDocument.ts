import { z } from "zod";
import { invalid } from "../org/errors.ts";
import { newId, timestamp } from "../org/ids.ts";
import type { Json, Rule } from "../org/model.ts";
import type { Store } from "../org/store.ts";
import { hasProperty } from "../org/userSchema.ts";
import { ruleProblem } from "../rules/expression.ts";
import { readBody } from "./body.ts";

/** help.okta.com, "Group rule restrictions" */
const MOST_RULES = 2000;
const MOST_GROUPS = 100;
const MOST_EXCLUDED = 100;
const EXPRESSION_TYPE = "urn:okta:expression:1.0";

const excluded = z.array(z.string()).max(MOST_EXCLUDED, `At most ${MOST_EXCLUDED} users can be excluded`).nullish();
const body = z.object({
  name: z.string().min(1, "The field cannot be left blank").max(50, "The field must be 50 characters or less"),
  conditions: z.object({
    people: z.object({ users: z.object({ exclude: excluded }).nullish() }).nullish(),
    expression: z.object({
      value: z.string().min(1, "The field cannot be left blank"),
      type: z.literal(EXPRESSION_TYPE).default(EXPRESSION_TYPE),
    }),
  }),
  actions: z.object({
    assignUserToGroups: z.object({
      groupIds: z
        .array(z.string())
        .min(1, "The field cannot be left blank")
        .max(MOST_GROUPS, `A rule assigns to at most ${MOST_GROUPS} groups`),
    }),
  }),
});
type RuleBody = z.infer<typeof body>;

/** A rule as `GET /api/v1/groups/rules/{id}` answers it; `expanded` adds the names of its groups. */
export function renderRule(store: Store, rule: Rule, expanded: boolean): Json {
  const names = Object.fromEntries(
    rule.groupIds.flatMap((id) => {
      const group = store.groups.get(id);
      return group === undefined ? [] : [[id, group.profile.name]];
    }),
  );
  return {
    type: "group_rule",
    id: rule.id,
    status: rule.status,
    name: rule.name,
    created: rule.created,
    lastUpdated: rule.lastUpdated,
    conditions: {
      people: { users: { exclude: rule.excludedUsers }, groups: { exclude: [] } },
      expression: { value: rule.expression, type: rule.expressionType },
    },
    actions: { assignUserToGroups: { groupIds: rule.groupIds } },
    allGroupsValid: rule.groupIds.every((id) => store.groups.has(id)),
    ...(expanded ? { _embedded: { groupIdToGroupNameMap: names } } : {}),
  };
}

function check(store: Store, { name, conditions, actions }: RuleBody, ruleId?: string): void {
  const problem = ruleProblem(conditions.expression.value, (attribute) => hasProperty(store.userSchema, attribute));
  if (problem !== undefined) throw invalid("conditions.expression", `Invalid expression: ${problem}`);
  for (const rule of store.rules.values()) {
    if (rule.id !== ruleId && rule.name === name)
      throw invalid("name", "name: An object with this field already exists in the current organization");
  }
  for (const id of conditions.people?.users?.exclude ?? []) {
    if (!store.users.has(id)) throw invalid("exclude", `exclude: Invalid user id: ${id}`);
  }
  for (const id of actions.assignUserToGroups.groupIds) checkTarget(store, id);
}

function checkTarget(store: Store, id: string): void {
  const group = store.groups.get(id);
  if (group === undefined) throw invalid("groupIds", `groupIds: Invalid group id: ${id}`);
  if (group.type !== "OKTA_GROUP")
    throw invalid("groupIds", `groupIds: Rules cannot assign to a group of type ${group.type}: ${id}`);
}

/** Reads `POST /api/v1/groups/rules`: a new rule is always INACTIVE. @throws ApiError E0000001 */
export function newRule(store: Store, input: unknown): Rule {
  const wanted = readBody(body, input);
  check(store, wanted);
  if (store.rules.size >= MOST_RULES) throw invalid("rules", `An org has at most ${MOST_RULES} group rules`);
  const now = timestamp();
  return {
    id: newId("0pr"),
    status: "INACTIVE",
    ...written(wanted),
    groupIds: wanted.actions.assignUserToGroups.groupIds,
    created: now,
    lastUpdated: now,
  };
}

/** Reads `PUT /api/v1/groups/rules/{id}`: only an INACTIVE rule changes, and its groups never do. */
export function replaceRule(store: Store, rule: Rule, input: unknown): void {
  const wanted = readBody(body, input);
  if (rule.status !== "INACTIVE") throw invalid("status", "Cannot update a group rule that is not INACTIVE");
  const ids = wanted.actions.assignUserToGroups.groupIds;
  if ([...ids].sort().join() !== [...rule.groupIds].sort().join())
    throw invalid("actions", "The actions of a group rule cannot be changed");
  check(store, wanted, rule.id);
  Object.assign(rule, written(wanted), { lastUpdated: timestamp() });
}

const written = ({
  name,
  conditions,
}: RuleBody): Pick<Rule, "name" | "expression" | "expressionType" | "excludedUsers"> => ({
  name,
  expression: conditions.expression.value,
  expressionType: conditions.expression.type,
  excludedUsers: [...(conditions.people?.users?.exclude ?? [])],
});
