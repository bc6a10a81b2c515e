import { z } from "zod";
import { noContent, ok, type Call, type Route } from "./http.ts";
import type { Group } from "../org/model.ts";
import { page } from "./paging.ts";
import { compileSearch } from "./search.ts";
import {
  addGroup,
  addMember,
  changeGroup,
  deleteGroup,
  needGroup,
  needOktaGroup,
  needUser,
  removeMember,
  type Store,
} from "../org/store.ts";
import { renderApp } from "./appDocument.ts";
import { readBody } from "./body.ts";
import { renderGroup } from "./groupDocument.ts";
import { renderUser } from "./userDocument.ts";

const profile = z.object({
  profile: z.object({
    name: z.string().min(1, "The field cannot be left blank").max(255, "The field is too long"),
    description: z.string().max(1024, "The field is too long").nullish(),
  }),
});

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

export function groupRoutes(store: Store): Route[] {
  const group = (call: Call): Group => needGroup(store, call.params[0] ?? "");
  const editable = (call: Call): Group => needOktaGroup(store, call.params[0] ?? "");
  return [
    {
      path: "GET /api/v1/groups",
      handle: (call) => {
        const { links = [], ...reply } = page(call, list(store, call), { fallback: 10_000, most: 10_000 }, (one) =>
          renderGroup(one, call.origin),
        );
        // Observed: a search by `q` returns no links; one by `filter` or `search` returns them.
        return (call.query.get("q") ?? "") === "" ? { ...reply, links } : reply;
      },
    },
    {
      path: "POST /api/v1/groups",
      handle: (call) => {
        const { name, description } = readBody(profile, call.body).profile;
        return ok(renderGroup(addGroup(store, name, description ?? null), call.origin));
      },
    },
    { path: "GET /api/v1/groups/{id}", handle: (call) => ok(renderGroup(group(call), call.origin)) },
    {
      path: "PUT /api/v1/groups/{id}",
      handle: (call) => {
        const found = editable(call);
        const { name, description = null } = readBody(profile, call.body).profile;
        changeGroup(store, found, { name, description });
        return ok(renderGroup(found, call.origin));
      },
    },
    {
      path: "DELETE /api/v1/groups/{id}",
      handle: (call) => {
        const found = group(call);
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
        return page(call, apps, { fallback: 20, most: 200 }, (app) => renderApp(app, call.origin));
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
