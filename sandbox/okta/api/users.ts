import { z } from "zod";
import { idOf, timestamp } from "../ids.ts";
import { ok, noContent, type Call, type Route } from "../http.ts";
import { refused } from "../errors.ts";
import type { Json, User, UserStatus } from "../model.ts";
import { page } from "../paging.ts";
import { compileSearch } from "../search.ts";
import {
  USER_TYPE_ID,
  addUser,
  checkUserProfile,
  loginOf,
  needGroup,
  needUser,
  textOf,
  userTarget,
  type Store,
} from "../store.ts";
import { renderGroup } from "./groups.ts";
import { json, readBody } from "./body.ts";

const created = z.object({
  profile: json,
  credentials: z.object({ password: z.object({ value: z.string().optional() }).optional() }).optional(),
  groupIds: z.array(z.string()).optional(),
});
const updated = z.object({ profile: json.optional() });

export function renderUser(user: User, origin: string): Json {
  const self = `${origin}/api/v1/users/${user.id}`;
  return {
    id: user.id,
    status: user.status,
    created: user.created,
    activated: user.activated,
    statusChanged: user.statusChanged,
    lastLogin: null,
    lastUpdated: user.lastUpdated,
    passwordChanged: null,
    type: { id: USER_TYPE_ID },
    profile: user.profile,
    credentials: { provider: { type: "OKTA", name: "OKTA" } },
    _links: { self: { href: self }, schema: { href: `${origin}/api/v1/meta/schemas/user/${idOf("osc", "user")}` } },
  };
}

function setStatus(store: Store, user: User, status: UserStatus, event: string, text: string): void {
  user.status = status;
  user.statusChanged = timestamp();
  user.lastUpdated = user.statusChanged;
  if (status === "ACTIVE" || status === "PROVISIONED") user.activated ??= user.statusChanged;
  store.log.add(event, text, [userTarget(user)]);
  store.changed();
}

function deactivate(store: Store, user: User): void {
  setStatus(store, user, "DEPROVISIONED", "user.lifecycle.deactivate", "Deactivate Okta user");
  for (const app of store.apps.values()) app.direct.delete(user.id);
}

function list(store: Store, call: Call): User[] {
  const q = call.query.get("q")?.toLowerCase();
  const tests = (["search", "filter"] as const).flatMap((field) => {
    const source = call.query.get(field);
    return source === null || source === "" ? [] : [compileSearch(field, source)];
  });
  return [...store.users.values()].filter((user) => {
    // A plain list leaves deactivated people out; a search finds them (developer.okta.com, "List all users").
    if (tests.length === 0 && user.status === "DEPROVISIONED") return false;
    const texts = ["firstName", "lastName", "email", "login"].map((key) => textOf(user.profile[key]).toLowerCase());
    if (q !== undefined && q !== "" && !texts.some((text) => text.startsWith(q))) return false;
    return tests.every((test) => test(renderUser(user, "")));
  });
}

function update(store: Store, call: Call, partial: boolean): User {
  const user = needUser(store, call.params[0] ?? "");
  const { profile = {} } = readBody(updated, call.body);
  const next = partial ? { ...user.profile, ...profile } : { mobilePhone: null, secondEmail: null, ...profile };
  checkUserProfile(store, next, user.id);
  user.profile = next;
  user.lastUpdated = timestamp();
  store.log.add("user.account.update_profile", "Update user profile for Okta", [userTarget(user)]);
  store.changed();
  return user;
}

const cannot = (action: string, user: User): Error =>
  refused(403, "E0000016", `${action} failed because the user ${loginOf(user)} is in status ${user.status}`);

function lifecycle(store: Store, user: User, action: string): void {
  const { status } = user;
  if (action === "activate") {
    if (status !== "STAGED" && status !== "DEPROVISIONED") throw cannot("Activation", user);
    setStatus(store, user, "PROVISIONED", "user.lifecycle.activate", "Activate Okta user");
  } else if (action === "reactivate") {
    if (status !== "PROVISIONED") throw cannot("Reactivation", user);
    setStatus(store, user, "PROVISIONED", "user.lifecycle.reactivate", "Reactivate Okta user");
  } else if (action === "deactivate") {
    if (status === "DEPROVISIONED") throw cannot("Deactivation", user);
    deactivate(store, user);
  } else if (action === "suspend") {
    if (status !== "ACTIVE") throw refused(400, "E0000001", "Cannot suspend a user that is not active");
    setStatus(store, user, "SUSPENDED", "user.lifecycle.suspend", "Suspend Okta user");
  } else if (action === "unsuspend") {
    if (status !== "SUSPENDED") throw refused(400, "E0000001", "Cannot unsuspend a user that is not suspended");
    setStatus(store, user, "ACTIVE", "user.lifecycle.unsuspend", "Unsuspend Okta user");
  } else throw refused(404, "E0000007", `Not found: Resource not found: ${action} (lifecycle)`);
}

export function userRoutes(store: Store, admin: User): Route[] {
  const person = (call: Call): User => needUser(store, call.params[0] ?? "");
  return [
    { path: "GET /api/v1/users/me", handle: ({ origin }) => ok(renderUser(admin, origin)) },
    {
      path: "GET /api/v1/users",
      handle: (call) =>
        page(call, list(store, call), { fallback: 200, most: 200 }, (user) => renderUser(user, call.origin)),
    },
    {
      path: "POST /api/v1/users",
      handle: (call) => {
        const { profile, credentials, groupIds = [] } = readBody(created, call.body);
        const groups = groupIds.map((id) => needGroup(store, id));
        const active = credentials?.password?.value === undefined ? "PROVISIONED" : "ACTIVE";
        const user = addUser(store, profile, call.query.get("activate") === "false" ? "STAGED" : active);
        for (const group of groups) group.members.set(user.id, { manual: true, rules: new Set() });
        return ok(renderUser(user, call.origin));
      },
    },
    { path: "GET /api/v1/users/{id}", handle: (call) => ok(renderUser(person(call), call.origin)) },
    { path: "POST /api/v1/users/{id}", handle: (call) => ok(renderUser(update(store, call, true), call.origin)) },
    { path: "PUT /api/v1/users/{id}", handle: (call) => ok(renderUser(update(store, call, false), call.origin)) },
    {
      path: "DELETE /api/v1/users/{id}",
      handle: (call) => {
        const user = person(call);
        if (user.status !== "DEPROVISIONED") {
          deactivate(store, user);
          return noContent;
        }
        store.users.delete(user.id);
        for (const group of store.groups.values()) group.members.delete(user.id);
        store.log.add("user.lifecycle.delete.completed", "Delete Okta user", [userTarget(user)]);
        store.changed();
        return noContent;
      },
    },
    {
      path: "POST /api/v1/users/{id}/lifecycle/{action}",
      handle: (call) => {
        lifecycle(store, person(call), call.params[1] ?? "");
        return ok({});
      },
    },
    {
      path: "GET /api/v1/users/{id}/groups",
      handle: (call) => {
        const user = person(call);
        const groups = [...store.groups.values()].filter(({ members }) => members.has(user.id));
        return page(call, groups, { fallback: 200, most: 1000 }, (group) => renderGroup(group, call.origin));
      },
    },
    { path: "GET /api/v1/users/{id}/roles", handle: (call) => (person(call), ok([])) },
  ];
}
