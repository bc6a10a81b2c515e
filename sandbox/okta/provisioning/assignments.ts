import { timestamp } from "../org/ids.ts";
import type { App, AppUser, User } from "../org/model.ts";
import { appTarget, userTarget, type Store } from "../org/store.ts";

export interface AssignmentChange {
  readonly userId: string;
  readonly assigned: boolean;
}

/** The people who are assigned now, by a group or individually. Deactivated people have no assignments. */
function wanted(store: Store, app: App): Map<string, AppUser["scope"]> {
  const result = new Map<string, AppUser["scope"]>();
  const add = (userId: string, scope: AppUser["scope"]): void => {
    const user = store.users.get(userId);
    if (user !== undefined && user.status !== "DEPROVISIONED" && user.status !== "STAGED") result.set(userId, scope);
  };
  for (const groupId of app.groups.keys()) {
    for (const userId of store.groups.get(groupId)?.members.keys() ?? []) add(userId, "GROUP");
  }
  for (const userId of app.direct) add(userId, "USER");
  return result;
}

/** Whether Okta would create people in the app now: provisioning is set up, and creating is allowed on both pages. */
export const createsUsers = ({ provisioning }: App): boolean =>
  provisioning !== undefined && provisioning.actions.pushNewUsers && provisioning.toApp.createUsers;

/** Applies the assignments to the app's users. @returns the changes, in order */
export function refreshAssignments(store: Store, app: App): AssignmentChange[] {
  const now = timestamp();
  const changes: AssignmentChange[] = [];
  const current = wanted(store, app);
  for (const [userId, scope] of current) {
    const known = app.users.get(userId);
    if (known !== undefined) {
      known.scope = scope;
      continue;
    }
    app.users.set(userId, { userId, scope, held: !createsUsers(app), created: now, lastUpdated: now });
    changes.push({ userId, assigned: true });
    logMembership(store, app, store.users.get(userId), true);
  }
  for (const userId of [...app.users.keys()]) {
    if (current.has(userId)) continue;
    app.users.delete(userId);
    changes.push({ userId, assigned: false });
    logMembership(store, app, store.users.get(userId), false);
  }
  return changes;
}

function logMembership(store: Store, app: App, user: User | undefined, added: boolean): void {
  const target = [appTarget(app), ...(user === undefined ? [] : [userTarget(user)])];
  if (added) store.log.add("application.user_membership.add", "Add user to application membership", target);
  else store.log.add("application.user_membership.remove", "Remove user's application membership", target);
}
