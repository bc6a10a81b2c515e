import { z } from "zod";
import { invalid, notFound } from "../org/errors.ts";
import type { App, AppUser, Json } from "../org/model.ts";
import { needApp, needUser, type Store } from "../org/store.ts";
import { userNameOf } from "../scimClient/attributes.ts";
import { readBody } from "./body.ts";
import { noContent, ok, type Call, type Route } from "./http.ts";
import { page } from "./paging.ts";

const userBody = z.object({ id: z.string().min(1) });

/** `syncState` as Okta names it: DISABLED (never sent), OUT_OF_SYNC (to be sent), SYNCHRONIZED or ERROR. */
function syncState(app: App, appUser: AppUser): string {
  if (appUser.error !== undefined) return "ERROR";
  if (appUser.held || app.provisioning === undefined) return "DISABLED";
  return app.links.get(appUser.userId)?.attached === true ? "SYNCHRONIZED" : "OUT_OF_SYNC";
}

function renderAppUser(store: Store, app: App, appUser: AppUser, origin: string): Json {
  const link = app.links.get(appUser.userId);
  const user = store.users.get(appUser.userId);
  const state = syncState(app, appUser);
  const self = `${origin}/api/v1/apps/${app.id}`;
  return {
    id: appUser.userId,
    ...(link === undefined ? {} : { externalId: link.scimId }),
    created: appUser.created,
    lastUpdated: appUser.lastUpdated,
    scope: appUser.scope,
    status: state === "SYNCHRONIZED" ? "PROVISIONED" : "ACTIVE",
    statusChanged: appUser.lastUpdated,
    passwordChanged: null,
    syncState: state,
    ...(appUser.error === undefined || store.quirks.appUsersWithoutReason ? {} : { errorMessage: appUser.error }),
    credentials: { userName: user === undefined ? "" : userNameOf(app, user) },
    profile:
      user === undefined
        ? {}
        : { givenName: user.profile["firstName"], familyName: user.profile["lastName"], email: user.profile["email"] },
    _links: { app: { href: self }, user: { href: `${origin}/api/v1/users/${appUser.userId}` } },
  };
}

/** Users of an app. `applyNow` applies the assignments at once, so that an answer shows them. */
export function appUserRoutes(store: Store, applyNow: (app: App) => void): Route[] {
  const app = (call: Call): App => needApp(store, call.params[0] ?? "");
  const appUser = (call: Call): AppUser => {
    const id = needUser(store, call.params[1] ?? "").id;
    applyNow(app(call));
    const found = app(call).users.get(id);
    if (found === undefined) throw notFound(id, "AppUser");
    return found;
  };
  return [
    {
      path: "GET /api/v1/apps/{app}/users",
      handle: (call) => {
        const found = app(call);
        const items = [...found.users.values()].map((one) => ({ ...one, id: one.userId }));
        return page(call, items, { fallback: 50, most: 500 }, (one) => renderAppUser(store, found, one, call.origin));
      },
    },
    {
      path: "POST /api/v1/apps/{app}/users",
      handle: (call) => {
        const found = app(call);
        const user = needUser(store, readBody(userBody, call.body).id);
        if (user.status === "DEPROVISIONED") throw invalid("id", "The user is deactivated and cannot be assigned");
        found.direct.add(user.id);
        applyNow(found);
        const made = found.users.get(user.id);
        if (made === undefined) throw notFound(user.id, "AppUser");
        return ok(renderAppUser(store, found, made, call.origin));
      },
    },
    {
      path: "GET /api/v1/apps/{app}/users/{user}",
      handle: (call) => ok(renderAppUser(store, app(call), appUser(call), call.origin)),
    },
    {
      path: "DELETE /api/v1/apps/{app}/users/{user}",
      handle: (call) => {
        const found = app(call);
        const { userId, scope } = appUser(call);
        // Okta's answer for a person that a group assigns is not on record [?]. The change cannot take effect.
        if (scope === "GROUP")
          throw invalid("userId", "The user is assigned by a group and cannot be unassigned alone");
        found.direct.delete(userId);
        applyNow(found);
        return noContent;
      },
    },
  ];
}
