import { z } from "zod";
import { invalid } from "../org/errors.ts";
import { ok, type Call, type Route } from "./http.ts";
import type { App, Json, MappingEnd, ProfileMapping } from "../org/model.ts";
import { page } from "./paging.ts";
import { profileOf } from "../org/profileMappings.ts";
import { expressionProblem } from "../rules/expression.ts";
import { USER_SCHEMA_ID, needApp, needProfileMapping, type Store } from "../org/store.ts";
import { hasProperty } from "../org/userSchema.ts";
import { readBody } from "./body.ts";

const property = z.object({
  expression: z.string().min(1, "The field cannot be left blank"),
  pushStatus: z.enum(["PUSH", "DONT_PUSH"]).default("DONT_PUSH"),
});
const partialMapping = z.object({ properties: z.record(z.string(), property.nullable()) });

const customProperty = z.object({
  title: z.string().min(1, "The field cannot be left blank"),
  type: z.enum(["string", "boolean", "number", "integer"]),
  externalName: z.string().regex(/^[A-Za-z][\w-]*$/, "The field must be the name of a SCIM attribute"),
  externalNamespace: z.string().startsWith("urn:", "The field must be a URN").optional(),
});
const schemaBody = z.object({
  definitions: z.object({
    custom: z.object({ properties: z.record(z.string().regex(/^[A-Za-z]\w*$/), customProperty.nullable()) }),
  }),
});

const renderEnd = (end: MappingEnd, origin: string): Json => ({
  ...end,
  _links:
    end.type === "user"
      ? {
          self: { href: `${origin}/api/v1/meta/types/user/${end.id}` },
          schema: { href: `${origin}/api/v1/meta/schemas/user/${USER_SCHEMA_ID}` },
        }
      : {
          self: { href: `${origin}/api/v1/apps/${end.id}` },
          schema: { href: `${origin}/api/v1/meta/schemas/apps/${end.id}/default` },
        },
});

const renderMapping = (mapping: ProfileMapping, origin: string, whole: boolean): Json => ({
  id: mapping.id,
  source: renderEnd(mapping.source, origin),
  target: renderEnd(mapping.target, origin),
  ...(whole ? { properties: mapping.properties } : {}),
  _links: { self: { href: `${origin}/api/v1/mappings/${mapping.id}` } },
});

/** Merges properties into the mapping; null removes one. */
function changeMapping(store: Store, mapping: ProfileMapping, input: unknown): void {
  const { properties } = readBody(partialMapping, input);
  const { target } = mapping;
  const known = target.type === "appuser" ? new Set(profileOf(needApp(store, target.id))) : undefined;
  const causes = Object.entries(properties).flatMap(([name, value]) => {
    if (value === null) return [];
    // Okta's answer for a property that the target's profile lacks is not on record [?]: this org refuses it.
    if (!(known?.has(name) ?? hasProperty(store.userSchema, name)))
      return [`${name}: The profile of ${target.name} has no such property`];
    const problem = expressionProblem(value.expression);
    return problem === undefined ? [] : [`${name}: Invalid expression: ${problem}`];
  });
  if (causes.length > 0) throw invalid("properties", ...causes);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null) delete mapping.properties[name];
    else mapping.properties[name] = value;
  }
  store.changed();
}

const attribute = (title: string, type = "string"): Json => ({
  title,
  type,
  mutability: "READ_WRITE",
  scope: "NONE",
  master: { type: "PROFILE_MASTER" },
});

function renderSchema(app: App, origin: string): Json {
  const base = profileOf(app)
    .filter((name) => !app.customAttributes.has(name))
    .map((name): [string, Json] => [name, { ...attribute(name), ...(name === "userName" ? { required: true } : {}) }]);
  const custom = [...app.customAttributes].map(
    ([name, { title, type, externalName, externalNamespace }]): [string, Json] => [
      name,
      { ...attribute(title, type), externalName, ...(externalNamespace === undefined ? {} : { externalNamespace }) },
    ],
  );
  return {
    id: `${origin}/meta/schemas/apps/${app.id}/default`,
    $schema: "http://json-schema.org/draft-04/schema#",
    name: app.name,
    title: `${app.label} User`,
    lastUpdated: app.lastUpdated,
    created: app.created,
    definitions: {
      custom: { id: "#custom", type: "object", properties: Object.fromEntries(custom), required: [] },
      base: { id: "#base", type: "object", properties: Object.fromEntries(base), required: ["userName"] },
    },
    type: "object",
    properties: { profile: { allOf: [{ $ref: "#/definitions/custom" }, { $ref: "#/definitions/base" }] } },
    _links: {
      self: { rel: "self", href: `${origin}/api/v1/meta/schemas/apps/${app.id}/default`, method: "GET" },
    },
  };
}

function changeSchema(app: App, input: unknown): void {
  const { properties } = readBody(schemaBody, input).definitions.custom;
  for (const [name, value] of Object.entries(properties)) {
    if (value === null) app.customAttributes.delete(name);
    else {
      const { externalNamespace, ...rest } = value;
      app.customAttributes.set(name, {
        ...rest,
        ...(externalNamespace === undefined ? {} : { externalNamespace }),
      });
    }
  }
}

/** Profile mappings between people and app users, and the schemas of app profiles. */
export function profileRoutes(store: Store): Route[] {
  const app = (call: Call): App => needApp(store, call.params[0] ?? "");
  const mapping = (call: Call): ProfileMapping => needProfileMapping(store, call.params[0] ?? "");
  return [
    {
      path: "GET /api/v1/meta/schemas/apps/{id}/default",
      handle: (call) => ok(renderSchema(app(call), call.origin)),
    },
    {
      path: "POST /api/v1/meta/schemas/apps/{id}/default",
      handle: (call) => {
        changeSchema(app(call), call.body);
        store.changed();
        return ok(renderSchema(app(call), call.origin));
      },
    },
    {
      path: "GET /api/v1/mappings",
      handle: (call) => {
        const source = call.query.get("sourceId");
        const target = call.query.get("targetId");
        const found = [...store.profileMappings.values()].filter(
          (one) => (source === null || one.source.id === source) && (target === null || one.target.id === target),
        );
        return page(call, found, { fallback: 20, most: 200, bareSelf: true }, (one) =>
          renderMapping(one, call.origin, false),
        );
      },
    },
    { path: "GET /api/v1/mappings/{id}", handle: (call) => ok(renderMapping(mapping(call), call.origin, true)) },
    {
      path: "POST /api/v1/mappings/{id}",
      handle: (call) => {
        changeMapping(store, mapping(call), call.body);
        return ok(renderMapping(mapping(call), call.origin, true));
      },
    },
  ];
}
