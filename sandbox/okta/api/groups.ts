import { z } from "zod";
import { invalid, refused } from "../errors.ts";
import { timestamp } from "../ids.ts";
import { noContent, ok, type Call, type Route } from "../http.ts";
import type { Group, Json } from "../model.ts";
import { page } from "../paging.ts";
import { compileSearch } from "../search.ts";
import {
  addMember,
  groupTarget,
  makeGroup,
  needGroup,
  needOktaGroup,
  needUser,
  removeMember,
  type Store,
} from "../store.ts";
import { readBody } from "./body.ts";
import { renderUser } from "./users.ts";

const profile = z.object({
  profile: z.object({ name: z.string().min(1).max(255), description: z.string().nullish() }),
});

export function renderGroup(group: Group, origin: string): Json {
  const self = `${origin}/api/v1/groups/${group.id}`;
  return {
    id: group.id,
    created: group.created,
    lastUpdated: group.lastUpdated,
    lastMembershipUpdated: group.lastMembershipUpdated,
    objectClass: [group.type === "APP_GROUP" ? "okta:app_group" : "okta:user_group"],
    type: group.type,
    profile: group.profile,
    ...(group.appId === undefined ? {} : { source: { id: group.appId } }),
    _links: {
      logo: [],
      owners: { href: `${self}/owners` },
      users: { href: `${self}/users` },
      apps: { href: `${self}/apps` },
    },
  };
}

function list(store: Store, call: Call): Group[] {
  const q = call.query.get("q")?.toLowerCase() ?? "";
  const tests = (["search", "filter"] as const).flatMap((field) => {
    const source = call.query.get(field);
    return source === null || source === "" ? [] : [compileSearch(field, source)];
  });
  return [...store.groups.values()].filter(
    (group) => group.profile.name.toLowerCase().startsWith(q) && tests.every((test) => test(renderGroup(group, ""))),
  );
}

/** @throws ApiError E0000001 when another Okta group has the name */
function checkName(store: Store, name: string, groupId?: string): void {
  for (const group of store.groups.values()) {
    if (group.id !== groupId && group.type !== "APP_GROUP" && group.profile.name === name) {
      throw invalid("name", "name: An object with this field already exists in the current organization");
    }
  }
}

/** A rule that put people in the group can do so no more, and an app loses the assignment. */
export function deleteGroup(store: Store, group: Group): void {
  store.groups.delete(group.id);
  for (const rule of store.rules.values()) {
    if (rule.groupIds.includes(group.id)) Object.assign(rule, { status: "INVALID", lastUpdated: timestamp() });
  }
  for (const app of store.apps.values()) app.groups.delete(group.id);
  store.log.add("group.lifecycle.delete", "Delete Okta group", [groupTarget(group)]);
  store.changed();
}

export function groupRoutes(store: Store): Route[] {
  const group = (call: Call): Group => needGroup(store, call.params[0] ?? "");
  const editable = (call: Call): Group => needOktaGroup(store, call.params[0] ?? "");
  return [
    {
      path: "GET /api/v1/groups",
      handle: (call) =>
        page(call, list(store, call), { fallback: 10_000, most: 10_000 }, (one) => renderGroup(one, call.origin)),
    },
    {
      path: "POST /api/v1/groups",
      handle: (call) => {
        const { name, description } = readBody(profile, call.body).profile;
        checkName(store, name);
        const made = makeGroup(name, description ?? null);
        store.groups.set(made.id, made);
        store.log.add("group.lifecycle.create", "Create Okta group", [groupTarget(made)]);
        store.changed();
        return ok(renderGroup(made, call.origin));
      },
    },
    { path: "GET /api/v1/groups/{id}", handle: (call) => ok(renderGroup(group(call), call.origin)) },
    {
      path: "PUT /api/v1/groups/{id}",
      handle: (call) => {
        const found = editable(call);
        const { name, description } = readBody(profile, call.body).profile;
        checkName(store, name, found.id);
        found.profile = { name, description: description ?? null };
        found.lastUpdated = timestamp();
        store.log.add("group.profile.update", "Update Okta group profile", [groupTarget(found)]);
        store.changed();
        return ok(renderGroup(found, call.origin));
      },
    },
    {
      path: "DELETE /api/v1/groups/{id}",
      handle: (call) => {
        const found = group(call);
        if (found.type === "BUILT_IN")
          throw refused(403, "E0000006", "You do not have permission to perform the requested action");
        const isTarget = [...store.apps.values()].some(({ pushes }) =>
          [...pushes.values()].some(({ targetGroupId }) => targetGroupId === found.id),
        );
        if (isTarget) throw invalid("groupId", "The group is the target of a group push mapping");
        deleteGroup(store, found);
        return noContent;
      },
    },
    {
      path: "GET /api/v1/groups/{id}/users",
      handle: (call) => {
        const members = [...group(call).members.keys()].flatMap((userId) => store.users.get(userId) ?? []);
        return page(call, members, { fallback: 1000, most: 1000 }, (user) => renderUser(user, call.origin));
      },
    },
    {
      path: "GET /api/v1/groups/{id}/apps",
      handle: (call) => {
        const { id } = group(call);
        const apps = [...store.apps.values()].filter(({ groups }) => groups.has(id));
        return page(call, apps, { fallback: 20, most: 200 }, (app) => ({
          id: app.id,
          label: app.label,
          name: app.name,
        }));
      },
    },
    {
      path: "PUT /api/v1/groups/{id}/users/{user}",
      handle: (call) => {
        addMember(store, editable(call), needUser(store, call.params[1] ?? ""));
        return noContent;
      },
    },
    {
      path: "DELETE /api/v1/groups/{id}/users/{user}",
      handle: (call) => {
        removeMember(store, editable(call), needUser(store, call.params[1] ?? ""));
        return noContent;
      },
    },
  ];
}
