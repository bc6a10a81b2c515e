import { newRule, replaceRule } from "../api/ruleDocument.ts";
import { removeRule, setRuleStatus } from "../api/rules.ts";
import type { Rule } from "../org/model.ts";
import { needRule, type Store } from "../org/store.ts";

/** Directory > Groups > Rules. Each method throws an ApiError with Okta's words if Okta would refuse. */
export interface RuleDesk {
  /** Adds a rule that puts the people of an expression into a group, and activates it. */
  addRule(rule: { readonly name: string; readonly expression: string; readonly groupId: string }): Rule;
  /** Activates a rule, or deactivates it; the people that it added stay in the group. */
  setRuleStatus(ruleId: string, status: "ACTIVE" | "INACTIVE"): void;
  /** "Edit", which only an inactive rule offers. */
  changeRule(ruleId: string, change: { readonly name: string; readonly expression: string }): void;
  /** Deletes a rule. @param options.removeUsers also removes from the group the people that only the rule added */
  removeRule(ruleId: string, options: { readonly removeUsers: boolean }): void;
}

export function createRuleDesk(store: Store): RuleDesk {
  const log = (event: string, text: string, { id, name }: Rule): void =>
    store.log.add(event, text, [{ id, type: "Rule", displayName: name }]);
  return {
    addRule: ({ name, expression, groupId }) => {
      const rule = newRule(store, document(name, expression, [groupId], []));
      rule.status = "ACTIVE";
      store.rules.set(rule.id, rule);
      log("group.rule.create", "Create group rule", rule);
      log("group.rule.activate", "Activate group rule", rule);
      store.changed();
      return rule;
    },
    setRuleStatus: (ruleId, status) => {
      const rule = needRule(store, ruleId);
      setRuleStatus(rule, status);
      if (status === "ACTIVE") log("group.rule.activate", "Activate group rule", rule);
      else log("group.rule.deactivate", "Deactivate group rule", rule);
      store.changed();
    },
    changeRule: (ruleId, { name, expression }) => {
      const rule = needRule(store, ruleId);
      replaceRule(store, rule, document(name, expression, rule.groupIds, rule.excludedUsers));
      log("group.rule.update", "Update group rule", rule);
      store.changed();
    },
    removeRule: (ruleId, { removeUsers }) => {
      const rule = needRule(store, ruleId);
      removeRule(store, rule, removeUsers);
      log("group.rule.delete", "Delete group rule", rule);
      store.changed();
    },
  };
}

const document = (
  name: string,
  expression: string,
  groupIds: readonly string[],
  exclude: readonly string[],
): unknown => ({
  type: "group_rule",
  name,
  conditions: { people: { users: { exclude } }, expression: { type: "urn:okta:expression:1.0", value: expression } },
  actions: { assignUserToGroups: { groupIds } },
});
