import { z } from "zod";
import { newId } from "../org/ids.ts";
import { ok, noContent, type Call, type Route } from "./http.ts";
import type { Json, User, UserStatus } from "../org/model.ts";
import { page } from "./paging.ts";
import { compileSearch } from "./search.ts";
import {
  USER_SCHEMA_ID,
  USER_TYPE_ID,
  addMember,
  addUser,
  needOktaGroup,
  needUser,
  textOf,
  type Store,
} from "../org/store.ts";
import { changeProfile, deleteUser, runLifecycle } from "../org/userLifecycle.ts";
import { renderGroup } from "./groups.ts";
import { json, readBody } from "./body.ts";

const created = z.object({
  profile: json,
  credentials: z.object({ password: z.object({ value: z.string().optional() }).optional() }).optional(),
  groupIds: z.array(z.string()).optional(),
});
const updated = z.object({ profile: json.optional() });

const actions: Readonly<Record<UserStatus, readonly string[]>> = {
  STAGED: ["activate", "reset_factors"],
  PROVISIONED: ["suspend", "reset_password", "reactivate", "reset_factors", "deactivate"],
  ACTIVE: ["suspend", "reset_password", "expire_password", "reset_factors", "deactivate"],
  SUSPENDED: ["unsuspend", "reset_factors", "deactivate"],
  DEPROVISIONED: ["activate", "delete"],
};

const camelCase = (name: string): string => name.replace(/_(.)/g, (_all, letter: string) => letter.toUpperCase());

/** A person as Okta shows them: with every link when asked for alone, with `self` only in a list. */
export function renderUser(user: User, origin: string, alone = false): Json {
  const self = `${origin}/api/v1/users/${user.id}`;
  const links = actions[user.status].map((action): [string, Json] => [
    camelCase(action),
    action === "delete" ? { href: self, method: "DELETE" } : { href: `${self}/lifecycle/${action}`, method: "POST" },
  ]);
  return {
    id: user.id,
    status: user.status,
    created: user.created,
    activated: user.activated,
    statusChanged: user.statusChanged,
    lastLogin: null,
    lastUpdated: user.lastUpdated,
    passwordChanged: user.passwordChanged,
    type: { id: USER_TYPE_ID },
    profile: user.profile,
    credentials: {
      ...(user.passwordChanged === null ? {} : { password: {} }),
      provider: { type: "OKTA", name: "OKTA" },
    },
    _links: alone
      ? {
          ...Object.fromEntries(links),
          schema: { href: `${origin}/api/v1/meta/schemas/user/${USER_SCHEMA_ID}` },
          type: { href: `${origin}/api/v1/meta/types/user/${USER_TYPE_ID}` },
          self: { href: self },
        }
      : { self: { href: self } },
  };
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
  changeProfile(store, user, readBody(updated, call.body).profile ?? {}, partial);
  return user;
}

/** `{activationUrl, activationToken}` instead of a mail when `sendEmail=false`. */
function activation(call: Call, action: string): Json {
  if (action !== "activate" && action !== "reactivate") return {};
  if (call.query.get("sendEmail") !== "false") return {};
  const activationToken = newId("req");
  return { activationUrl: `${call.origin}/welcome/${activationToken}`, activationToken };
}

export function userRoutes(store: Store, admin: User): Route[] {
  const person = (call: Call): User => needUser(store, call.params[0] ?? "");
  return [
    { path: "GET /api/v1/users/me", handle: ({ origin }) => ok(renderUser(admin, origin, true)) },
    {
      path: "GET /api/v1/users",
      handle: (call) =>
        page(call, list(store, call), { fallback: 200, most: 200 }, (user) => renderUser(user, call.origin)),
    },
    {
      path: "POST /api/v1/users",
      handle: (call) => {
        const { profile, credentials, groupIds = [] } = readBody(created, call.body);
        const groups = groupIds.map((id) => needOktaGroup(store, id));
        const hasPassword = credentials?.password?.value !== undefined;
        const active = hasPassword ? "ACTIVE" : "PROVISIONED";
        const user = addUser(store, profile, call.query.get("activate") === "false" ? "STAGED" : active);
        if (hasPassword) user.passwordChanged = user.created;
        for (const group of groups) addMember(store, group, user);
        return ok(renderUser(user, call.origin, true));
      },
    },
    { path: "GET /api/v1/users/{id}", handle: (call) => ok(renderUser(person(call), call.origin, true)) },
    { path: "POST /api/v1/users/{id}", handle: (call) => ok(renderUser(update(store, call, true), call.origin, true)) },
    { path: "PUT /api/v1/users/{id}", handle: (call) => ok(renderUser(update(store, call, false), call.origin, true)) },
    {
      path: "DELETE /api/v1/users/{id}",
      handle: (call) => {
        deleteUser(store, person(call));
        return noContent;
      },
    },
    {
      path: "POST /api/v1/users/{id}/lifecycle/{action}",
      handle: (call) => {
        const action = call.params[1] ?? "";
        runLifecycle(store, person(call), action);
        return ok(activation(call, action));
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
