import { z } from "zod";
import { invalid } from "../org/errors.ts";
import { idOf, timestamp } from "../org/ids.ts";
import { ok, type Route } from "./http.ts";
import type { Json } from "../org/model.ts";
import { USER_SCHEMA_ID, USER_TYPE_ID, type Store } from "../org/store.ts";
import { baseProperties, renderUserSchema } from "../org/userSchema.ts";
import { readBody } from "./body.ts";

const customProperty = z.object({
  title: z.string().min(1, "The field cannot be left blank"),
  type: z.enum(["string", "boolean", "number", "integer", "array"]),
  minLength: z.int().min(0).optional(),
  maxLength: z.int().min(1).optional(),
});
const schemaBody = z.object({
  definitions: z.object({
    custom: z.object({ properties: z.record(z.string().regex(/^[A-Za-z]\w*$/), customProperty.nullable()) }),
  }),
});

const userType = (store: Store, origin: string): Json => ({
  id: USER_TYPE_ID,
  name: "user",
  displayName: "User",
  description: "Okta user profile template with default permission settings",
  default: true,
  created: store.everyone.created,
  createdBy: "sprz8ytr9cZdMmO4h0h7",
  lastUpdated: store.everyone.created,
  lastUpdatedBy: "sprz8ytr9cZdMmO4h0h7",
  _links: {
    self: { rel: "self", href: `${origin}/api/v1/meta/types/user/${USER_TYPE_ID}`, method: "GET" },
    schema: { rel: "schema", href: `${origin}/api/v1/meta/schemas/user/${USER_SCHEMA_ID}`, method: "GET" },
  },
});

/** Adds, changes or (with null) removes custom attributes of the user profile. */
function changeSchema(store: Store, input: unknown): void {
  const { properties } = readBody(schemaBody, input).definitions.custom;
  for (const name of Object.keys(properties)) {
    if (Object.hasOwn(baseProperties, name)) throw invalid("custom", `${name}: The attribute is one of Okta's own`);
  }
  for (const [name, property] of Object.entries(properties)) {
    if (property === null) {
      store.userSchema.custom.delete(name);
      for (const { profile } of store.users.values()) delete profile[name];
      continue;
    }
    const { title, type, minLength, maxLength } = property;
    store.userSchema.custom.set(name, {
      title,
      type,
      ...(minLength === undefined ? {} : { minLength }),
      ...(maxLength === undefined ? {} : { maxLength }),
    });
  }
  store.userSchema.lastUpdated = timestamp();
  store.changed();
}

/** The org itself: its settings, its user type, and the schema of its people. */
export function orgRoutes(store: Store): Route[] {
  const ids = { type: USER_TYPE_ID, schema: USER_SCHEMA_ID };
  const schemaPaths = ["default", USER_SCHEMA_ID].map((id) => `/api/v1/meta/schemas/user/${id}`);
  return [
    {
      path: "GET /.well-known/okta-organization",
      public: true,
      handle: ({ origin }) =>
        ok({
          id: idOf("00o", "org"),
          cell: "sandbox",
          _links: { organization: { href: origin } },
          pipeline: "idx",
          settings: {
            analyticsCollectionEnabled: false,
            bugReportingEnabled: false,
            omEnabled: false,
            pssoEnabled: false,
            desktopMFAEnabled: false,
            itpEnabled: false,
          },
        }),
    },
    { path: "GET /api/v1/meta/types/user", handle: ({ origin }) => ok([userType(store, origin)]) },
    { path: `GET /api/v1/meta/types/user/${USER_TYPE_ID}`, handle: ({ origin }) => ok(userType(store, origin)) },
    ...schemaPaths.flatMap((path): Route[] => [
      { path: `GET ${path}`, handle: ({ origin }) => ok(renderUserSchema(store.userSchema, origin, ids)) },
      {
        path: `POST ${path}`,
        handle: ({ origin, body }) => {
          changeSchema(store, body);
          return ok(renderUserSchema(store.userSchema, origin, ids));
        },
      },
    ]),
  ];
}
