import { timestamp } from "../org/ids.ts";
import type { Group, Rule, User } from "../org/model.ts";
import { groupTarget, userTarget, type Store } from "../org/store.ts";
import type { SystemLog } from "../org/systemLog.ts";
import { ExpressionError, compileExpression, type Scope } from "./expression.ts";

const MOST_ROUNDS = 10;

/** The parts of an org that rules read and change. */
export interface RuleScene extends Pick<Store, "users" | "groups" | "rules"> {
  readonly log: { add(...entry: Parameters<SystemLog["add"]>): unknown };
}

/** Group ids and names by person. */
function groupsByUser(store: RuleScene): Map<string, { id: string; name: string }[]> {
  const result = new Map<string, { id: string; name: string }[]>();
  for (const group of store.groups.values()) {
    for (const userId of group.members.keys()) {
      const list = result.get(userId) ?? [];
      list.push({ id: group.id, name: group.profile.name });
      result.set(userId, list);
    }
  }
  return result;
}

function matches(rule: Rule, user: User, groups: Scope["groups"]): boolean {
  if (rule.excludedUsers.includes(user.id)) return false;
  try {
    return compileExpression(rule.expression)({ profile: user.profile, internal: user, groups }) === true;
  } catch (error) {
    if (error instanceof ExpressionError) return false;
    throw error;
  }
}

function setMembership(store: RuleScene, group: Group, user: User, rule: Rule, wanted: boolean): boolean {
  const membership = group.members.get(user.id);
  if ((membership?.rules.has(rule.id) ?? false) === wanted) return false;
  if (wanted && membership !== undefined) {
    membership.rules.add(rule.id);
    return false;
  }
  if (wanted) group.members.set(user.id, { manual: false, rules: new Set([rule.id]) });
  else {
    membership?.rules.delete(rule.id);
    if (membership === undefined || membership.manual || membership.rules.size > 0) return false;
    group.members.delete(user.id);
  }
  group.lastMembershipUpdated = timestamp();
  const [event, text] = wanted
    ? ["group.user_membership.add", "Add user to group membership"]
    : ["group.user_membership.remove", "Remove user from group membership"];
  store.log.add(event, text, [userTarget(user), groupTarget(group)]);
  return true;
}

/**
 * Adds people to the groups of active rules, and removes people from groups if no rule adds them any more. People who
 * were added by hand stay, and so do the results of an inactive rule. A rule may feed another one, so this repeats
 * until nothing changes.
 */
export function applyRules(store: RuleScene): void {
  const active = [...store.rules.values()].filter(({ status }) => status === "ACTIVE");
  if (active.length === 0) return;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    let moved = false;
    const groups = groupsByUser(store);
    for (const rule of active) {
      for (const user of store.users.values()) {
        // The fate of a deactivated person's memberships is not on record [?]: here they stay.
        if (user.status === "DEPROVISIONED") continue;
        const wanted = matches(rule, user, groups.get(user.id) ?? []);
        for (const groupId of rule.groupIds) {
          const group = store.groups.get(groupId);
          if (group !== undefined && setMembership(store, group, user, rule, wanted)) moved = true;
        }
      }
    }
    if (!moved) return;
  }
}
