import { ApiError, invalid, notFound } from "./errors.ts";
import { idOf, newId, timestamp } from "./ids.ts";
import type { App, Group, ProfileMapping, PushMapping, Rule, User, UserStatus, Json } from "./model.ts";
import { createQuirks, type Quirks } from "./quirks.ts";
import { createSystemLog, type SystemLog } from "./systemLog.ts";
import { checkProfile, createUserSchema, withoutEmpty, type UserSchema } from "./userSchema.ts";

export const USER_TYPE_ID = idOf("oty", "user");
export const USER_SCHEMA_ID = idOf("osc", "user");

/**
 * The whole content of the org. Code that changes it calls `changed`; rules, assignments and pushes follow a moment
 * later.
 */
export interface Store {
  readonly users: Map<string, User>;
  /** The person with each login, by the login in lower case. */
  readonly logins: Map<string, User>;
  readonly groups: Map<string, Group>;
  readonly rules: Map<string, Rule>;
  readonly apps: Map<string, App>;
  readonly profileMappings: Map<string, ProfileMapping>;
  readonly userSchema: UserSchema;
  readonly log: SystemLog;
  readonly everyone: Group;
  readonly quirks: Quirks;
  changed(): void;
  /** Calls the listener after every change. @returns a function that unsubscribes */
  onChange(listener: () => void): () => void;
}

export function createStore(quirks: Quirks = createQuirks()): Store {
  const listeners = new Set<() => void>();
  const everyone = makeGroup("Everyone", "All users in your organization", {
    type: "BUILT_IN",
    id: idOf("00g", "Everyone"),
  });
  return {
    users: new Map(),
    logins: new Map(),
    groups: new Map([[everyone.id, everyone]]),
    rules: new Map(),
    apps: new Map(),
    profileMappings: new Map(),
    userSchema: createUserSchema(),
    log: createSystemLog(),
    everyone,
    quirks,
    changed: () => {
      for (const listener of listeners) listener();
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

interface GroupExtra {
  readonly type?: Group["type"];
  readonly id?: string;
  readonly appId?: string;
}

export function makeGroup(name: string, description: string | null, extra: GroupExtra = {}): Group {
  const now = timestamp();
  return {
    id: extra.id ?? newId("00g"),
    type: extra.type ?? "OKTA_GROUP",
    ...(extra.appId === undefined ? {} : { appId: extra.appId }),
    profile: { name, description },
    members: new Map(),
    created: now,
    lastUpdated: now,
    lastMembershipUpdated: now,
  };
}

/** @throws ApiError E0000001 for attributes that the schema does not allow, or for a login that is taken */
export function checkUserProfile(store: Store, profile: Json, userId?: string): void {
  checkProfile(store.userSchema, profile);
  const owner = store.logins.get(textOf(profile["login"]).toLowerCase());
  if (owner !== undefined && owner.id !== userId)
    throw invalid("login", "login: An object with this field already exists in the current organization");
}

export function addUser(store: Store, profile: Json, status: UserStatus, id: string = newId("00u")): User {
  checkUserProfile(store, profile);
  const now = timestamp();
  const started = status === "STAGED" ? null : now;
  const complete = withoutEmpty({ mobilePhone: null, secondEmail: null, ...profile });
  const user: User = {
    id,
    status,
    profile: complete,
    created: now,
    activated: started,
    statusChanged: started,
    passwordChanged: null,
    lastUpdated: now,
  };
  store.users.set(id, user);
  store.logins.set(loginOf(user).toLowerCase(), user);
  store.everyone.members.set(id, { manual: true, rules: new Set() });
  store.log.add("user.lifecycle.create", "Create Okta user", [userTarget(user)]);
  store.changed();
  return user;
}

export function addMember(store: Store, group: Group, user: User): void {
  const membership = group.members.get(user.id);
  if (membership?.manual === true) return;
  if (membership === undefined) group.members.set(user.id, { manual: true, rules: new Set() });
  else membership.manual = true;
  group.lastMembershipUpdated = timestamp();
  store.log.add("group.user_membership.add", "Add user to group membership", [userTarget(user), groupTarget(group)]);
  store.changed();
}

/**
 * A person that a rule added is also excluded from that rule; otherwise the rule would add the person again at once.
 */
export function removeMember(store: Store, group: Group, user: User): void {
  const membership = group.members.get(user.id);
  if (membership === undefined) return;
  for (const ruleId of membership.rules) store.rules.get(ruleId)?.excludedUsers.push(user.id);
  group.members.delete(user.id);
  group.lastMembershipUpdated = timestamp();
  store.log.add("group.user_membership.remove", "Remove user from group membership", [
    userTarget(user),
    groupTarget(group),
  ]);
  store.changed();
}

/** Characters of a group's name (OAS, `OktaUserGroupProfile`). */
const MOST_NAME = 255;

/** @throws ApiError E0000001 if Okta allows no such name, or if another Okta group has it */
function checkName(store: Store, name: string, groupId?: string): void {
  if (name.trim() === "") throw invalid("name", "name: The field cannot be left blank");
  if (name.length > MOST_NAME)
    throw invalid("name", `name: The field is too long, at most ${MOST_NAME} characters are allowed`);
  for (const group of store.groups.values()) {
    if (group.id !== groupId && group.type !== "APP_GROUP" && group.profile.name === name) {
      throw invalid("name", "name: An object with this field already exists in the current organization");
    }
  }
}

export function addGroup(store: Store, name: string, description: string | null): Group {
  checkName(store, name);
  const group = makeGroup(name, description);
  store.groups.set(group.id, group);
  store.log.add("group.lifecycle.create", "Create Okta group", [groupTarget(group)]);
  store.changed();
  return group;
}

/** @throws ApiError E0000001 if another group has the name */
export function changeGroup(store: Store, group: Group, change: Partial<Group["profile"]>): void {
  const profile = { ...group.profile, ...change };
  checkName(store, profile.name, group.id);
  group.profile = profile;
  group.lastUpdated = timestamp();
  store.log.add("group.profile.update", "Update Okta group profile", [groupTarget(group)]);
  store.changed();
}

/**
 * Deletes a group from the org: a rule that filled it no longer can, and an app loses the assignment. The target of a
 * push mapping stays (OAS, `deleteGroup`).
 */
export function deleteGroup(store: Store, group: Group): void {
  if (group.type === "BUILT_IN")
    throw new ApiError(403, "E0000006", "You do not have permission to perform the requested action");
  for (const { pushes } of store.apps.values()) {
    for (const { targetGroupId } of pushes.values()) {
      if (targetGroupId === group.id) throw invalid("groupId", "The group is the target of a group push mapping");
    }
  }
  store.groups.delete(group.id);
  for (const rule of store.rules.values()) {
    if (rule.groupIds.includes(group.id)) Object.assign(rule, { status: "INVALID", lastUpdated: timestamp() });
  }
  for (const app of store.apps.values()) app.groups.delete(group.id);
  store.log.add("group.lifecycle.delete", "Delete Okta group", [groupTarget(group)]);
  store.changed();
}

export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
export const loginOf = (user: User): string => textOf(user.profile["login"]);

export const userTarget = (user: User): { id: string; type: "User"; displayName: string } => ({
  id: user.id,
  type: "User",
  displayName: loginOf(user),
});
export const groupTarget = (group: Group): { id: string; type: "UserGroup"; displayName: string } => ({
  id: group.id,
  type: "UserGroup",
  displayName: group.profile.name,
});
export const appTarget = (app: App): { id: string; type: "AppInstance"; displayName: string } => ({
  id: app.id,
  type: "AppInstance",
  displayName: app.label,
});

function need<T>(map: ReadonlyMap<string, T>, id: string, type: string): T {
  const found = map.get(id);
  if (found === undefined) throw notFound(id, type);
  return found;
}

export const needGroup = (store: Store, id: string): Group => need(store.groups, id, "UserGroup");
export const needRule = (store: Store, id: string): Rule => need(store.rules, id, "GroupRule");
export const needApp = (store: Store, id: string): App => need(store.apps, id, "AppInstance");
export const needPush = (app: App, id: string): PushMapping => need(app.pushes, id, "GroupPushMapping");
export const needProfileMapping = (store: Store, id: string): ProfileMapping =>
  need(store.profileMappings, id, "ProfileMapping");

/** By id, login or the part of a login before its `@`, as `GET /users/{id}` accepts them. */
export function needUser(store: Store, reference: string): User {
  const byId = store.users.get(reference);
  if (byId !== undefined) return byId;
  const wanted = reference.toLowerCase();
  const byLogin = store.logins.get(wanted);
  if (byLogin !== undefined) return byLogin;
  const short = [...store.users.values()].filter((user) => loginOf(user).toLowerCase().split("@")[0] === wanted);
  const [only] = short;
  if (only === undefined || short.length > 1) throw notFound(reference, "User");
  return only;
}

export function needOktaGroup(store: Store, id: string): Group {
  const group = needGroup(store, id);
  if (group.type !== "OKTA_GROUP") {
    throw new ApiError(501, "E0000060", "Unsupported operation.", [
      `${group.profile.name} is a group of type ${group.type}`,
    ]);
  }
  return group;
}
