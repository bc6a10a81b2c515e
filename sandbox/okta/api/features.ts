import { invalid } from "../org/errors.ts";
import type { ApiConnection, App, Json } from "../org/model.ts";
import { needApp, type Store } from "../org/store.ts";
import { isRecord } from "../../../operations/live/isRecord.ts";
import { json, readBody } from "./body.ts";
import { ok, type Call, type Route } from "./http.ts";

const switched = { status: "DISABLED" };
/** The feature as Okta shows it before anyone changes it. */
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

/** Okta changes only the settings that the client names. */
function merge(base: Json, change: Json): Json {
  const result = { ...base };
  for (const [key, value] of Object.entries(change)) {
    const before = result[key];
    result[key] = isRecord(before) && isRecord(value) ? merge(before, value) : value;
  }
  return result;
}

function renderFeature(app: App, { features }: ApiConnection, name: string, origin: string): Json {
  const { description = "", capabilities = {} } = DEFAULTS[name] ?? {};
  return {
    name,
    status: "ENABLED",
    description,
    capabilities: merge(capabilities, features.get(name) ?? {}),
    _links: { self: { href: `${origin}/api/v1/apps/${app.id}/features/${name}`, hints: { allow: ["GET", "PUT"] } } },
  };
}

/** The features of an app's provisioning (developer.okta.com, "Application Features"). */
export function featureRoutes(store: Store): Route[] {
  const app = (call: Call): App => needApp(store, call.params[0] ?? "");
  /** `GET /features` returns 400 if provisioning is not enabled for the app through the API. */
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
