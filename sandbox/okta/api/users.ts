import { z } from "zod";
import { newId } from "../org/ids.ts";
import { ok, noContent, type Call, type Route } from "./http.ts";
import type { Json, User } from "../org/model.ts";
import { page } from "./paging.ts";
import { compileSearch } from "./search.ts";
import { addMember, addUser, needOktaGroup, needUser, textOf, type Store } from "../org/store.ts";
import { changeProfile, deleteUser, runLifecycle } from "../org/userLifecycle.ts";
import { renderGroup } from "./groupDocument.ts";
import { renderUser } from "./userDocument.ts";
import { json, readBody } from "./body.ts";

const created = z.object({
  profile: json,
  credentials: z.object({ password: z.object({ value: z.string().optional() }).optional() }).optional(),
  groupIds: z.array(z.string()).optional(),
});
const updated = z.object({ profile: json.optional() });

function list(store: Store, call: Call): User[] {
  const q = call.query.get("q")?.toLowerCase();
  const tests = (["search", "filter"] as const).flatMap((field) => {
    const source = call.query.get(field);
    return source === null || source === "" ? [] : [compileSearch(field, source)];
  });
  return [...store.users.values()].filter((user) => {
    // A plain list omits deactivated people; a search finds them (developer.okta.com, "List all users").
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

/** `{activationUrl, activationToken}` instead of an e-mail if `sendEmail=false`. */
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
