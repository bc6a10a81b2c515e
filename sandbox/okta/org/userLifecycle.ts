import { refused } from "./errors.ts";
import { timestamp } from "./ids.ts";
import type { Json, User, UserStatus } from "./model.ts";
import { checkUserProfile, loginOf, userTarget, type Store } from "./store.ts";
import { withoutEmpty } from "./userSchema.ts";

export type LifecycleAction = "activate" | "reactivate" | "deactivate" | "suspend" | "unsuspend";

function setStatus(store: Store, user: User, status: UserStatus, event: string, text: string): void {
  user.status = status;
  user.statusChanged = timestamp();
  user.lastUpdated = user.statusChanged;
  if (status === "PROVISIONED") user.activated = user.statusChanged;
  store.log.add(event, text, [userTarget(user)]);
  store.changed();
}

const cannot = (action: string, user: User): Error =>
  refused(403, "E0000016", `${action} failed because the user ${loginOf(user)} is in status ${user.status}`);

/** Okta's steps and the status that each requires. A deactivation removes the person's individual assignments. */
const steps: Readonly<Record<LifecycleAction, (store: Store, user: User) => void>> = {
  activate: (store, user) => {
    if (user.status !== "STAGED" && user.status !== "DEPROVISIONED") throw cannot("Activation", user);
    setStatus(store, user, "PROVISIONED", "user.lifecycle.activate", "Activate Okta user");
  },
  reactivate: (store, user) => {
    if (user.status !== "PROVISIONED") throw cannot("Reactivation", user);
    setStatus(store, user, "PROVISIONED", "user.lifecycle.reactivate", "Reactivate Okta user");
  },
  deactivate: (store, user) => {
    if (user.status === "DEPROVISIONED") throw cannot("Deactivation", user);
    for (const app of store.apps.values()) app.direct.delete(user.id);
    setStatus(store, user, "DEPROVISIONED", "user.lifecycle.deactivate", "Deactivate Okta user");
  },
  suspend: (store, user) => {
    if (user.status !== "ACTIVE") throw refused(400, "E0000001", "Cannot suspend a user that is not active");
    setStatus(store, user, "SUSPENDED", "user.lifecycle.suspend", "Suspend Okta user");
  },
  unsuspend: (store, user) => {
    if (user.status !== "SUSPENDED") throw refused(400, "E0000001", "Cannot unsuspend a user that is not suspended");
    setStatus(store, user, "ACTIVE", "user.lifecycle.unsuspend", "Unsuspend Okta user");
  },
};

const isAction = (name: string): name is LifecycleAction => Object.hasOwn(steps, name);

/** @throws ApiError for a step that the person's status does not allow, or that this org does not offer */
export function runLifecycle(store: Store, user: User, action: string): void {
  if (!isAction(action)) throw refused(501, "E0000060", `Unsupported operation. This org does not do ${action}`);
  steps[action](store, user);
}

/**
 * Replaces a profile, or merges values into it. @throws ApiError E0000001 that names each attribute that Okta refuses
 */
export function changeProfile(store: Store, user: User, values: Json, partial: boolean): void {
  const start: Json = partial ? user.profile : { mobilePhone: null, secondEmail: null };
  const next = withoutEmpty({ ...start, ...values });
  checkUserProfile(store, next, user.id);
  store.logins.delete(loginOf(user).toLowerCase());
  user.profile = next;
  store.logins.set(loginOf(user).toLowerCase(), user);
  user.lastUpdated = timestamp();
  store.log.add("user.account.update_profile", "Update user profile for Okta", [userTarget(user)]);
  store.changed();
}

/** The first deletion deactivates; the second one deletes (developer.okta.com, "Delete a user"). */
export function deleteUser(store: Store, user: User): void {
  if (user.status !== "DEPROVISIONED") {
    runLifecycle(store, user, "deactivate");
    return;
  }
  store.users.delete(user.id);
  store.logins.delete(loginOf(user).toLowerCase());
  for (const group of store.groups.values()) group.members.delete(user.id);
  store.log.add("user.lifecycle.delete.completed", "Delete Okta user", [userTarget(user)]);
  store.changed();
}
