import { z } from "zod";
import { invalid, refused } from "../org/errors.ts";
import { newId, timestamp } from "../org/ids.ts";
import { noContent, ok, type Call, type Route } from "./http.ts";
import type { Json, Rule } from "../org/model.ts";
import { page } from "./paging.ts";
import { ruleProblem } from "../rules/expression.ts";
import { needRule, type Store } from "../org/store.ts";
import { hasProperty } from "../org/userSchema.ts";
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
        .max(MOST_GROUPS, `A rule assigns to ${MOST_GROUPS} groups at most`),
    }),
  }),
});

function renderRule(store: Store, rule: Rule, call: Call): Json {
  const names = Object.fromEntries(
    rule.groupIds.flatMap((id) => {
      const group = store.groups.get(id);
      return group === undefined ? [] : [[id, group.profile.name]];
    }),
  );
  const expanded = call.query.get("expand") === "groupIdToGroupNameMap";
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

function check(store: Store, { name, conditions, actions }: z.infer<typeof body>, ruleId?: string): void {
  const problem = ruleProblem(conditions.expression.value, (name) => hasProperty(store.userSchema, name));
  if (problem !== undefined) throw invalid("conditions.expression", `Invalid expression: ${problem}`);
  for (const rule of store.rules.values()) {
    if (rule.id !== ruleId && rule.name === name) {
      throw invalid("name", "name: An object with this field already exists in the current organization");
    }
  }
  for (const id of conditions.people?.users?.exclude ?? []) {
    if (!store.users.has(id)) throw invalid("exclude", `exclude: Invalid user id: ${id}`);
  }
  for (const id of actions.assignUserToGroups.groupIds) {
    const group = store.groups.get(id);
    if (group === undefined) throw invalid("groupIds", `groupIds: Invalid group id: ${id}`);
    if (group.type !== "OKTA_GROUP")
      throw invalid("groupIds", `groupIds: Rules cannot assign to a group of type ${group.type}: ${id}`);
  }
}

function update(store: Store, rule: Rule, input: unknown): void {
  const wanted = readBody(body, input);
  if (rule.status !== "INACTIVE") throw invalid("status", "Cannot update a group rule that is not INACTIVE");
  const ids = wanted.actions.assignUserToGroups.groupIds;
  if ([...ids].sort().join() !== [...rule.groupIds].sort().join())
    throw invalid("actions", "The actions of a group rule cannot be changed");
  check(store, wanted, rule.id);
  rule.name = wanted.name;
  rule.expression = wanted.conditions.expression.value;
  rule.expressionType = wanted.conditions.expression.type;
  rule.excludedUsers = [...(wanted.conditions.people?.users?.exclude ?? [])];
  rule.lastUpdated = timestamp();
}

/** Without `removeUsers` the people whom the rule added stay, as if put there by hand. */
function remove(store: Store, rule: Rule, removeUsers: boolean): void {
  store.rules.delete(rule.id);
  for (const group of store.groups.values()) {
    for (const [userId, membership] of group.members) {
      if (!membership.rules.delete(rule.id)) continue;
      if (!removeUsers) membership.manual = true;
      else if (!membership.manual && membership.rules.size === 0) group.members.delete(userId);
    }
  }
}

function setStatus(rule: Rule, status: "ACTIVE" | "INACTIVE"): void {
  if (rule.status === "INVALID") {
    throw refused(400, "E0000001", "Cannot activate or deactivate a Group Rule with the status INVALID");
  }
  rule.status = status;
  rule.lastUpdated = timestamp();
}

export interface RuleOptions {
  /** Each so many-th change of a rule is answered with 423 E0000239 once; 0 means never. */
  readonly lockedEvery: number;
}

/** "Policy priorities are being reconciled": seen of a real org when rules change at the same time. */
function createLock({ lockedEvery }: RuleOptions): () => void {
  let changes = 0;
  return () => {
    changes += 1;
    if (lockedEvery === 0 || changes % lockedEvery !== 0) return;
    throw refused(423, "E0000239", "Policy priorities are being reconciled. Please try again later.");
  };
}

export function ruleRoutes(store: Store, options: RuleOptions): Route[] {
  const lock = createLock(options);
  const rule = (call: Call): Rule => needRule(store, call.params[0] ?? "");
  const log = (event: string, text: string, { id, name }: Rule): void => {
    store.log.add(event, text, [{ id, type: "Rule", displayName: name }]);
    store.changed();
  };
  return [
    {
      path: "GET /api/v1/groups/rules",
      handle: (call) => {
        const search = call.query.get("search")?.toLowerCase() ?? "";
        const rules = [...store.rules.values()].filter(({ name }) => name.toLowerCase().includes(search));
        return page(call, rules, { fallback: 50, most: 200 }, (one) => renderRule(store, one, call));
      },
    },
    {
      path: "POST /api/v1/groups/rules",
      handle: (call) => {
        lock();
        const wanted = readBody(body, call.body);
        check(store, wanted);
        if (store.rules.size >= MOST_RULES) throw invalid("rules", `An org has at most ${MOST_RULES} group rules`);
        const now = timestamp();
        const made: Rule = {
          id: newId("0pr"),
          name: wanted.name,
          status: "INACTIVE",
          expression: wanted.conditions.expression.value,
          expressionType: wanted.conditions.expression.type,
          groupIds: wanted.actions.assignUserToGroups.groupIds,
          excludedUsers: [...(wanted.conditions.people?.users?.exclude ?? [])],
          created: now,
          lastUpdated: now,
        };
        store.rules.set(made.id, made);
        log("group.rule.create", "Create group rule", made);
        return ok(renderRule(store, made, call));
      },
    },
    { path: "GET /api/v1/groups/rules/{id}", handle: (call) => ok(renderRule(store, rule(call), call)) },
    {
      path: "PUT /api/v1/groups/rules/{id}",
      handle: (call) => {
        lock();
        const found = rule(call);
        update(store, found, call.body);
        log("group.rule.update", "Update group rule", found);
        return ok(renderRule(store, found, call));
      },
    },
    {
      path: "DELETE /api/v1/groups/rules/{id}",
      handle: (call) => {
        lock();
        const found = rule(call);
        remove(store, found, call.query.get("removeUsers") === "true");
        log("group.rule.delete", "Delete group rule", found);
        return { status: 202, body: {} };
      },
    },
    {
      path: "POST /api/v1/groups/rules/{id}/lifecycle/activate",
      handle: (call) => {
        lock();
        setStatus(rule(call), "ACTIVE");
        log("group.rule.activate", "Activate group rule", rule(call));
        return noContent;
      },
    },
    {
      path: "POST /api/v1/groups/rules/{id}/lifecycle/deactivate",
      handle: (call) => {
        lock();
        setStatus(rule(call), "INACTIVE");
        log("group.rule.deactivate", "Deactivate group rule", rule(call));
        return noContent;
      },
    },
  ];
}
