import { ApiError } from "../org/errors.ts";
import { timestamp } from "../org/ids.ts";
import { noContent, ok, type Call, type Route } from "./http.ts";
import type { App } from "../org/model.ts";
import { page } from "./paging.ts";
import { compileSearch } from "./search.ts";
import { addProfileMappings, switchScimProfileOn } from "../org/profileMappings.ts";
import { appTarget, needApp, type Store } from "../org/store.ts";
import { newApp, renderApp, replaceApp } from "./appDocument.ts";

function list(store: Store, call: Call): App[] {
  const q = call.query.get("q")?.toLowerCase() ?? "";
  const filter = call.query.get("filter") ?? "";
  const test = filter === "" ? () => true : compileSearch("filter", filter);
  return [...store.apps.values()].filter(
    (app) =>
      (app.label.toLowerCase().startsWith(q) || app.name.toLowerCase().startsWith(q)) &&
      test({ ...renderApp(app, ""), user: { id: [...app.users.keys()] }, group: { id: [...app.groups.keys()] } }),
  );
}

function remove(store: Store, app: App): void {
  if (app.status !== "INACTIVE") {
    throw new ApiError(403, "E0000056", "Delete application forbidden.", [
      "The application must be deactivated before deletion.",
    ]);
  }
  store.apps.delete(app.id);
  for (const mapping of [...store.profileMappings.values()]) {
    if (mapping.source.id === app.id || mapping.target.id === app.id) store.profileMappings.delete(mapping.id);
  }
  for (const { targetGroupId } of app.pushes.values()) store.groups.delete(targetGroupId);
}

export function appRoutes(store: Store): Route[] {
  let count = 0;
  const app = (call: Call): App => needApp(store, call.params[0] ?? "");
  const log = (event: string, text: string, changed: App): void => {
    store.log.add(event, text, [appTarget(changed)]);
    store.changed();
  };
  const setStatus = (call: Call, status: App["status"]): App => {
    const found = app(call);
    found.status = status;
    found.lastUpdated = timestamp();
    return found;
  };
  return [
    {
      path: "GET /api/v1/apps",
      handle: (call) =>
        page(call, list(store, call), { fallback: 20, most: 200 }, (one) => renderApp(one, call.origin)),
    },
    {
      path: "POST /api/v1/apps",
      handle: (call) => {
        const made = newApp(call.body, count + 1, call.query.get("activate") !== "false");
        count += 1;
        store.apps.set(made.id, made);
        addProfileMappings(store, made);
        if (made.hasScimProfile) switchScimProfileOn(store, made);
        log("application.lifecycle.create", "Create application", made);
        return ok(renderApp(made, call.origin));
      },
    },
    { path: "GET /api/v1/apps/{id}", handle: (call) => ok(renderApp(app(call), call.origin)) },
    {
      path: "PUT /api/v1/apps/{id}",
      handle: (call) => {
        const found = app(call);
        replaceApp(found, call.body);
        if (store.quirks.putForgetsScim) delete found.provisioning;
        log("application.lifecycle.update", "Update application", found);
        return ok(renderApp(found, call.origin));
      },
    },
    {
      path: "DELETE /api/v1/apps/{id}",
      handle: (call) => {
        const found = app(call);
        remove(store, found);
        log("application.lifecycle.delete", "Delete application", found);
        return noContent;
      },
    },
    {
      path: "POST /api/v1/apps/{id}/lifecycle/activate",
      handle: (call) => {
        log("application.lifecycle.activate", "Activate application", setStatus(call, "ACTIVE"));
        return ok({});
      },
    },
    {
      path: "POST /api/v1/apps/{id}/lifecycle/deactivate",
      handle: (call) => {
        log("application.lifecycle.deactivate", "Deactivate application", setStatus(call, "INACTIVE"));
        return ok({});
      },
    },
  ];
}
