import { z } from "zod";
import { notFound } from "../org/errors.ts";
import { timestamp } from "../org/ids.ts";
import type { App, GroupAssignment, Json } from "../org/model.ts";
import { needApp, needGroup, type Store } from "../org/store.ts";
import { json, readBody } from "./body.ts";
import { noContent, ok, type Call, type Route } from "./http.ts";
import { page } from "./paging.ts";

const groupBody = z.object({ priority: z.int().min(0).optional(), profile: json.nullish() });

function renderAssignment(app: App, assignment: GroupAssignment, origin: string): Json {
  const self = `${origin}/api/v1/apps/${app.id}`;
  return {
    id: assignment.groupId,
    lastUpdated: assignment.lastUpdated,
    priority: assignment.priority,
    profile: assignment.profile,
    _links: {
      app: { href: self },
      self: { href: `${self}/groups/${assignment.groupId}` },
      group: { href: `${origin}/api/v1/groups/${assignment.groupId}` },
    },
  };
}

/**
 * Groups assigned to an app. `applyNow` sends an unassignment to the directory, even if the app is deleted right after
 * it.
 */
export function appGroupRoutes(store: Store, applyNow: (app: App) => void): Route[] {
  const app = (call: Call): App => needApp(store, call.params[0] ?? "");
  const assignment = (call: Call): GroupAssignment => {
    const id = call.params[1] ?? "";
    const found = app(call).groups.get(id);
    if (found === undefined) throw notFound(id, "ApplicationGroupAssignment");
    return found;
  };
  return [
    {
      path: "GET /api/v1/apps/{app}/groups",
      handle: (call) => {
        const found = app(call);
        const items = [...found.groups.values()].map((one) => ({ ...one, id: one.groupId }));
        return page(call, items, { fallback: 20, most: 200 }, (one) => renderAssignment(found, one, call.origin));
      },
    },
    {
      path: "GET /api/v1/apps/{app}/groups/{group}",
      handle: (call) => ok(renderAssignment(app(call), assignment(call), call.origin)),
    },
    {
      path: "PUT /api/v1/apps/{app}/groups/{group}",
      handle: (call) => {
        const found = app(call);
        const { id } = needGroup(store, call.params[1] ?? "");
        const { priority, profile } = readBody(groupBody, call.body);
        const made = {
          groupId: id,
          priority: priority ?? found.groups.get(id)?.priority ?? 0,
          profile: profile ?? {},
          lastUpdated: timestamp(),
        };
        found.groups.set(id, made);
        store.changed();
        return ok(renderAssignment(found, made, call.origin));
      },
    },
    {
      path: "DELETE /api/v1/apps/{app}/groups/{group}",
      handle: (call) => {
        const found = app(call);
        found.groups.delete(assignment(call).groupId);
        applyNow(found);
        store.changed();
        return noContent;
      },
    },
  ];
}
