import { z } from "zod";
import { invalid } from "../errors.ts";
import { mappingTimestamp } from "../groupSync.ts";
import { newId } from "../ids.ts";
import { noContent, ok, type Call, type Route } from "../http.ts";
import type { App, Group, Json, PushMapping } from "../model.ts";
import { page } from "../paging.ts";
import { makeGroup, needApp, needGroup, needPush, type Store } from "../store.ts";
import { readBody } from "./body.ts";

const created = z.object({
  sourceGroupId: z.string().min(1),
  targetGroupId: z.string().min(1).optional(),
  targetGroupName: z.string().min(1).max(255).optional(),
  status: z.enum(["ACTIVE", "INACTIVE"]).default("ACTIVE"),
});
const patched = z.object({ status: z.enum(["ACTIVE", "INACTIVE"]) });

function renderMapping(app: App, mapping: PushMapping, origin: string): Json {
  return {
    id: mapping.id,
    created: mapping.created,
    lastUpdated: mapping.lastUpdated,
    sourceGroupId: mapping.sourceGroupId,
    targetGroupId: mapping.targetGroupId,
    status: mapping.status,
    ...(mapping.lastPush === undefined ? {} : { lastPush: mapping.lastPush }),
    ...(mapping.errorSummary === undefined ? {} : { errorSummary: mapping.errorSummary }),
    _links: {
      app: { href: `${origin}/api/v1/apps/${app.id}` },
      sourceGroup: { href: `${origin}/api/v1/groups/${mapping.sourceGroupId}` },
      targetGroup: { href: `${origin}/api/v1/groups/${mapping.targetGroupId}` },
    },
  };
}

/** The APP_GROUP that the mapping fills: the one named by id, one of that name, else a new one. */
function targetOf(store: Store, app: App, wanted: z.infer<typeof created>): Group {
  const { targetGroupId, targetGroupName } = wanted;
  if ((targetGroupId === undefined) === (targetGroupName === undefined)) {
    throw invalid("targetGroupId", "Exactly one of targetGroupId and targetGroupName must be given");
  }
  if (targetGroupId !== undefined) {
    const group = needGroup(store, targetGroupId);
    if (group.type !== "APP_GROUP" || group.appId !== app.id)
      throw invalid("targetGroupId", "The group is not a group of this app");
    return group;
  }
  const name = targetGroupName ?? "";
  const known = [...store.groups.values()].find((group) => group.appId === app.id && group.profile.name === name);
  const group = known ?? makeGroup(name, null, { type: "APP_GROUP", appId: app.id });
  store.groups.set(group.id, group);
  return group;
}

function create(store: Store, app: App, input: unknown): PushMapping {
  const wanted = readBody(created, input);
  const source = needGroup(store, wanted.sourceGroupId);
  if (source.type === "APP_GROUP") throw invalid("sourceGroupId", "A group that comes from an app cannot be pushed");
  for (const mapping of app.pushes.values()) {
    if (mapping.sourceGroupId === source.id) throw invalid("sourceGroupId", "The group is pushed to this app already");
  }
  const target = targetOf(store, app, wanted);
  const now = mappingTimestamp();
  const mapping: PushMapping = {
    id: newId("gPm"),
    appId: app.id,
    sourceGroupId: source.id,
    targetGroupId: target.id,
    status: wanted.status,
    sourceName: source.profile.name,
    created: now,
    lastUpdated: now,
  };
  app.pushes.set(mapping.id, mapping);
  return mapping;
}

export interface PushActions {
  deleteDownstream(app: App, name: string, scimId: string): void;
}

export function pushMappingRoutes(store: Store, actions: PushActions): Route[] {
  const app = (call: Call): App => needApp(store, call.params[0] ?? "");
  const mapping = (call: Call): PushMapping => needPush(app(call), call.params[1] ?? "");
  const one = "/api/v1/apps/{app}/group-push/mappings/{id}";
  return [
    {
      path: "GET /api/v1/apps/{app}/group-push/mappings",
      handle: (call) => {
        const found = app(call);
        const source = call.query.get("sourceGroupId");
        const status = call.query.get("status");
        const items = [...found.pushes.values()].filter(
          (item) => (source === null || item.sourceGroupId === source) && (status === null || item.status === status),
        );
        return page(call, items, { fallback: 100, most: 1000 }, (item) => renderMapping(found, item, call.origin));
      },
    },
    {
      path: "POST /api/v1/apps/{app}/group-push/mappings",
      handle: (call) => {
        const made = create(store, app(call), call.body);
        store.changed();
        return ok(renderMapping(app(call), made, call.origin));
      },
    },
    { path: `GET ${one}`, handle: (call) => ok(renderMapping(app(call), mapping(call), call.origin)) },
    {
      path: `PATCH ${one}`,
      handle: (call) => {
        const found = mapping(call);
        const { status } = readBody(patched, call.body);
        // Switching on pushes everything once more.
        if (status === "ACTIVE" && found.status !== "ACTIVE") delete found.pushed;
        found.status = status;
        found.lastUpdated = mappingTimestamp();
        store.changed();
        return ok(renderMapping(app(call), found, call.origin));
      },
    },
    {
      path: `DELETE ${one}`,
      handle: (call) => {
        const found = mapping(call);
        const deleteTarget = call.query.get("deleteTargetGroup");
        if (deleteTarget !== "true" && deleteTarget !== "false")
          throw invalid("deleteTargetGroup", "deleteTargetGroup must be true or false");
        if (found.status !== "INACTIVE")
          throw invalid("status", "A group push mapping must be INACTIVE before it can be deleted");
        const target = store.groups.get(found.targetGroupId);
        app(call).pushes.delete(found.id);
        if (deleteTarget === "true") {
          store.groups.delete(found.targetGroupId);
          if (found.scimId !== undefined) actions.deleteDownstream(app(call), target?.profile.name ?? "", found.scimId);
        }
        store.changed();
        return noContent;
      },
    },
  ];
}
