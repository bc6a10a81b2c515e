import { defaultExpressions } from "../scimClient/attributes.ts";
import { invalid } from "../errors.ts";
import { newId, timestamp } from "../ids.ts";
import { noContent, ok, type Call, type Route } from "../http.ts";
import type { App, MappingEnd } from "../model.ts";
import { page } from "../paging.ts";
import { compileSearch } from "../search.ts";
import { USER_TYPE_ID, appTarget, needApp, type Store } from "../store.ts";
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

/** Each app has two profile mappings: to its users from Okta's, and back. */
function addProfileMappings(store: Store, app: App): void {
  const user: MappingEnd = { id: USER_TYPE_ID, name: "user", type: "user" };
  const appUser: MappingEnd = { id: app.id, name: app.name, type: "appuser" };
  const properties = Object.fromEntries(
    Object.entries(defaultExpressions).map(([name, expression]) => [name, { expression, pushStatus: "PUSH" as const }]),
  );
  for (const [source, target, own] of [
    [user, appUser, properties],
    [appUser, user, {}],
  ] as const) {
    const id = newId("prm");
    store.profileMappings.set(id, { id, source, target, properties: own });
  }
}

function remove(store: Store, app: App): void {
  if (app.status !== "INACTIVE") throw invalid("status", "An app must be deactivated before it can be deleted");
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
