import { z } from "zod";
import { invalid } from "../org/errors.ts";
import { noContent, ok, type Call, type Route } from "./http.ts";
import type { ApiConnection, App, Json } from "../org/model.ts";
import { needApp, type Store } from "../org/store.ts";
import { json, readBody } from "./body.ts";

const connectionBody = z.object({
  baseUrl: z.url("The field must be a URL").optional(),
  profile: z.object({ authScheme: z.literal("TOKEN"), token: z.string().min(1, "The field cannot be left blank") }),
});

const switched = { status: "DISABLED" };
/** What Okta shows of a feature before anyone changed it. */
const DEFAULTS: Readonly<Record<string, { readonly description: string; readonly capabilities: Json }>> = {
  USER_PROVISIONING: {
    description: "User provisioning settings from Okta to a downstream application",
    capabilities: {
      create: { lifecycleCreate: switched },
      update: {
        profile: switched,
        lifecycleDeactivate: switched,
        password: { ...switched, seed: "RANDOM", change: "KEEP_EXISTING" },
      },
    },
  },
  INBOUND_PROVISIONING: {
    description: "In-bound provisioning settings for provisioning users from an application to Okta",
    capabilities: {
      importSettings: {
        username: { userNameFormat: "EMAIL" },
        schedule: { status: "DISABLED", fullImport: null, incrementalImport: null },
      },
      importRules: {
        userCreateAndMatch: {
          exactMatchCriteria: "USERNAME",
          allowPartialMatch: true,
          autoConfirmPartialMatch: false,
          autoConfirmExactMatch: false,
          autoConfirmNewUsers: false,
          autoActivateNewUsers: false,
        },
      },
    },
  },
};

const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

/** Okta changes only what the client names. */
function merge(base: Json, change: Json): Json {
  const result = { ...base };
  for (const [key, value] of Object.entries(change)) {
    const before = result[key];
    result[key] = isJson(before) && isJson(value) ? merge(before, value) : value;
  }
  return result;
}

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

/** What Okta answers where its public API cannot set up provisioning: 200, but UNKNOWN. */
const unknownConnection = (app: App, origin: string): Json => ({
  authScheme: "UNKNOWN",
  status: "UNKNOWN",
  profile: { authScheme: "UNKNOWN" },
  _links: { self: { href: `${pathOf(app, origin)}/connections/default`, hints: { allow: ["POST", "GET"] } } },
});

function renderFeature(app: App, { features }: ApiConnection, name: string, origin: string): Json {
  const { description = "", capabilities = {} } = DEFAULTS[name] ?? {};
  return {
    name,
    status: "ENABLED",
    description,
    capabilities: merge(capabilities, features.get(name) ?? {}),
    _links: { self: { href: `${pathOf(app, origin)}/features/${name}`, hints: { allow: ["GET", "PUT"] } } },
  };
}

/**
 * The provisioning connection and features of an app. Okta's API sets them up for a handful of apps and for no SCIM app
 * (developer.okta.com, "Application Connections").
 */
export function connectionRoutes(store: Store): Route[] {
  const app = (call: Call): App => needApp(store, call.params[0] ?? "");
  /** What an app without a connection answers to a change of it is not on record [?]: a refusal. */
  const connected = (call: Call): ApiConnection => {
    const { connection, name } = app(call);
    if (connection === undefined)
      throw invalid("connection", `The provisioning connection of the app ${name} cannot be changed through this API`);
    return connection;
  };
  /** `GET /features` is 400 where provisioning is not enabled for the app through the API. */
  const provisioned = (call: Call): ApiConnection => {
    const { connection, name } = app(call);
    if (connection?.status !== "ENABLED")
      throw invalid("features", `Provisioning is not enabled for the app ${name} through this API`);
    return connection;
  };
  const feature = (call: Call): string => {
    const name = call.params[1] ?? "";
    if (!Object.hasOwn(DEFAULTS, name)) throw invalid("featureName", `The app has no feature ${name}`);
    return name;
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
    {
      path: `GET ${base}/features`,
      handle: (call) => {
        const connection = provisioned(call);
        return ok(Object.keys(DEFAULTS).map((name) => renderFeature(app(call), connection, name, call.origin)));
      },
    },
    {
      path: `GET ${base}/features/{name}`,
      handle: (call) => ok(renderFeature(app(call), provisioned(call), feature(call), call.origin)),
    },
    {
      path: `PUT ${base}/features/{name}`,
      handle: (call) => {
        const connection = provisioned(call);
        const name = feature(call);
        const known = DEFAULTS[name]?.capabilities ?? {};
        const change = Object.fromEntries(
          Object.entries(readBody(json, call.body)).filter(([key]) => Object.hasOwn(known, key)),
        );
        connection.features.set(name, merge(connection.features.get(name) ?? {}, change));
        return ok(renderFeature(app(call), connection, name, call.origin));
      },
    },
  ];
}
