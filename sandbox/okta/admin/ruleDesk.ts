import { newRule } from "../api/ruleDocument.ts";
import { removeRule } from "../api/rules.ts";
import type { Rule } from "../org/model.ts";
import { needRule, type Store } from "../org/store.ts";

/** Directory > Groups > Rules. Each method throws an ApiError with Okta's words if Okta would refuse. */
export interface RuleDesk {
  /** Adds a rule that puts the people of an expression into a group, and activates it. */
  addRule(rule: { readonly name: string; readonly expression: string; readonly groupId: string }): Rule;
  /** Deletes a rule. @param options.removeUsers also removes from the group the people that only the rule added */
  removeRule(ruleId: string, options: { readonly removeUsers: boolean }): void;
}

export function createRuleDesk(store: Store): RuleDesk {
  const log = (event: string, text: string, { id, name }: Rule): void =>
    store.log.add(event, text, [{ id, type: "Rule", displayName: name }]);
  return {
    addRule: ({ name, expression, groupId }) => {
      const rule = newRule(store, {
        type: "group_rule",
        name,
        conditions: { expression: { type: "urn:okta:expression:1.0", value: expression } },
        actions: { assignUserToGroups: { groupIds: [groupId] } },
      });
      rule.status = "ACTIVE";
      store.rules.set(rule.id, rule);
      log("group.rule.create", "Create group rule", rule);
      log("group.rule.activate", "Activate group rule", rule);
      store.changed();
      return rule;
    },
    removeRule: (ruleId, { removeUsers }) => {
      const rule = needRule(store, ruleId);
      removeRule(store, rule, removeUsers);
      log("group.rule.delete", "Delete group rule", rule);
      store.changed();
    },
  };
}
