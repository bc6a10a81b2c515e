import type { App, Group } from "../org/model.ts";
import type { Store } from "../org/store.ts";
import { applyRules, type RuleScene } from "../rules/apply.ts";

/** The effects of the deletion of a group. */
export interface DeletionView {
  readonly members: number;
  /** People who lose the app, because only this group assigns them: Okta deactivates them in the directory. */
  readonly unassigned: number;
  /** People who lose the app because rules read this group: Okta deactivates them, too. */
  readonly left: number;
  /** Names of the rules that fill the group: they become invalid for good. */
  readonly rules: readonly string[];
  /** Names of the active rules that read the group: they find nobody by it any more. */
  readonly readers: readonly string[];
}

export function viewDeletion(store: Store, app: App | undefined, { id, members }: Group): DeletionView {
  const others = [...(app?.groups.keys() ?? [])].filter((other) => other !== id);
  const stays = (userId: string, groups: ReadonlyMap<string, Group>): boolean =>
    app?.direct.has(userId) === true || others.some((other) => groups.get(other)?.members.has(userId) === true);
  const isAssigned = app?.groups.has(id) === true;
  const unassigned = [...members.keys()].filter(
    (user) => isAssigned && app.users.has(user) && !stays(user, store.groups),
  );
  const rules = [...store.rules.values()];
  const readers = rules.filter(({ status, expression }) => status === "ACTIVE" && expression.includes(`"${id}"`));
  const after = readers.length === 0 ? undefined : groupsWithout(store, id);
  const lost = after === undefined ? unassigned : [...(app?.users.keys() ?? [])].filter((user) => !stays(user, after));
  return {
    members: members.size,
    unassigned: unassigned.length,
    left: lost.length - unassigned.length,
    rules: rules.filter(({ groupIds }) => groupIds.includes(id)).map(({ name }) => name),
    readers: readers.map(({ name }) => name),
  };
}

/** The groups as the rules leave them once this one is gone. The org itself stays as it is. */
function groupsWithout(store: Store, id: string): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const [key, group] of store.groups) {
    const members = [...group.members].map(
      ([user, { manual, rules }]) => [user, { manual, rules: new Set(rules) }] as const,
    );
    if (key !== id) groups.set(key, { ...group, members: new Map(members) });
  }
  const scene: RuleScene = { users: store.users, rules: store.rules, groups, log: { add: () => undefined } };
  applyRules(scene);
  return groups;
}
