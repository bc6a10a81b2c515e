import { z } from "zod";
import { invalid } from "../org/errors.ts";
import { noContent, ok, type Call, type Route } from "./http.ts";
import type { ApiConnection, App, Json } from "../org/model.ts";
import { needApp, type Store } from "../org/store.ts";
import { readBody } from "./body.ts";

const connectionBody = z.object({
  baseUrl: z.url("The field must be a URL").optional(),
  profile: z.object({ authScheme: z.literal("TOKEN"), token: z.string().min(1, "The field cannot be left blank") }),
});

const pathOf = (app: App, origin: string): string => `${origin}/api/v1/apps/${app.id}`;

function renderConnection(app: App, connection: ApiConnection, origin: string): Json {
  const self = `${pathOf(app, origin)}/connections/default`;
  const next = connection.status === "ENABLED" ? "deactivate" : "activate";
  return {
    authScheme: "TOKEN",
    status: connection.status,
    baseUrl: connection.baseUrl,
    profile: { authScheme: "TOKEN" },
    _links: {
      [next]: { href: `${self}/lifecycle/${next}`, hints: { allow: ["POST"] } },
      self: { href: self, hints: { allow: ["POST", "GET"] } },
    },
  };
}

/** Okta's answer if its public API cannot set up provisioning: 200, but UNKNOWN. */
const unknownConnection = (app: App, origin: string): Json => ({
  authScheme: "UNKNOWN",
  status: "UNKNOWN",
  profile: { authScheme: "UNKNOWN" },
  _links: { self: { href: `${pathOf(app, origin)}/connections/default`, hints: { allow: ["POST", "GET"] } } },
});

/**
 * The provisioning connection of an app. Okta's API sets up connections for a few apps and for no SCIM app
 * (developer.okta.com, "Application Connections").
 */
export function connectionRoutes(store: Store): Route[] {
  const app = (call: Call): App => needApp(store, call.params[0] ?? "");
  /** Okta's answer to a change of a connection that does not exist is not on record [?]: this org refuses. */
  const connected = (call: Call): ApiConnection => {
    const { connection, name } = app(call);
    if (connection === undefined)
      throw invalid("connection", `The provisioning connection of the app ${name} cannot be changed through this API`);
    return connection;
  };
  const base = "/api/v1/apps/{id}";
  return [
    {
      path: `GET ${base}/connections/default`,
      handle: (call) => {
        const { connection } = app(call);
        const isSet = connection !== undefined && connection.baseUrl !== "";
        return ok(
          isSet ? renderConnection(app(call), connection, call.origin) : unknownConnection(app(call), call.origin),
        );
      },
    },
    {
      path: `POST ${base}/connections/default`,
      handle: (call) => {
        const { connection } = app(call);
        if (connection === undefined) return ok(unknownConnection(app(call), call.origin));
        connection.baseUrl = readBody(connectionBody, call.body).baseUrl ?? connection.baseUrl;
        if (call.query.get("activate") === "true") connection.status = "ENABLED";
        return ok(renderConnection(app(call), connection, call.origin));
      },
    },
    {
      path: `POST ${base}/connections/default/lifecycle/activate`,
      handle: (call) => {
        connected(call).status = "ENABLED";
        return noContent;
      },
    },
    {
      path: `POST ${base}/connections/default/lifecycle/deactivate`,
      handle: (call) => {
        connected(call).status = "DISABLED";
        return noContent;
      },
    },
  ];
}
