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

function needAssignment(app: App, groupId: string): GroupAssignment {
  const found = app.groups.get(groupId);
  if (found === undefined) throw notFound(groupId, "ApplicationGroupAssignment");
  return found;
}

/** Assigns a group to an app, or changes its assignment. @throws ApiError if there is no such group */
export function assignGroup(
  store: Store,
  app: App,
  groupId: string,
  { priority, profile }: z.output<typeof groupBody> = {},
): GroupAssignment {
  const { id } = needGroup(store, groupId);
  const made = {
    groupId: id,
    priority: priority ?? app.groups.get(id)?.priority ?? 0,
    profile: profile ?? {},
    lastUpdated: timestamp(),
  };
  app.groups.set(id, made);
  store.changed();
  return made;
}

/** @throws ApiError if the group is not assigned */
export function unassignGroup(store: Store, app: App, groupId: string, applyNow: (app: App) => void): void {
  app.groups.delete(needAssignment(app, groupId).groupId);
  applyNow(app);
  store.changed();
}

/**
 * Groups assigned to an app. `applyNow` sends an unassignment to the directory, even if the app is deleted right after
 * it.
 */
export function appGroupRoutes(store: Store, applyNow: (app: App) => void): Route[] {
  const app = (call: Call): App => needApp(store, call.params[0] ?? "");
  const assignment = (call: Call): GroupAssignment => needAssignment(app(call), call.params[1] ?? "");
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
        const made = assignGroup(store, app(call), call.params[1] ?? "", readBody(groupBody, call.body));
        return ok(renderAssignment(app(call), made, call.origin));
      },
    },
    {
      path: "DELETE /api/v1/apps/{app}/groups/{group}",
      handle: (call) => {
        unassignGroup(store, app(call), call.params[1] ?? "", applyNow);
        return noContent;
      },
    },
  ];
}
