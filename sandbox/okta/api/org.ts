import { z } from "zod";
import { invalid } from "../errors.ts";
import { idOf } from "../ids.ts";
import { ok, type Route } from "../http.ts";
import type { Json, MappingEnd, ProfileMapping } from "../model.ts";
import { page } from "../paging.ts";
import { compileSearch } from "../search.ts";
import { expressionProblem } from "../rules/expression.ts";
import { defaultExpressions } from "../scimClient/attributes.ts";
import { USER_TYPE_ID, needApp, needProfileMapping, type Store } from "../store.ts";
import { renderLogEvent } from "../systemLog.ts";
import { readBody } from "./body.ts";

const property = z.object({
  expression: z.string().min(1),
  pushStatus: z.enum(["PUSH", "DONT_PUSH"]).default("DONT_PUSH"),
});
const partialMapping = z.object({ properties: z.record(z.string(), property.nullable()) });

const renderEnd = (end: MappingEnd, origin: string): Json => ({
  ...end,
  _links:
    end.type === "user"
      ? {
          self: { href: `${origin}/api/v1/meta/types/user/${end.id}` },
          schema: { href: `${origin}/api/v1/meta/schemas/user/${idOf("osc", "user")}` },
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

const userType = (origin: string): Json => ({
  id: USER_TYPE_ID,
  name: "user",
  displayName: "User",
  description: "Okta user profile template with default permission settings",
  default: true,
  _links: { self: { href: `${origin}/api/v1/meta/types/user/${USER_TYPE_ID}` } },
});

/** The org itself: what it is, its user type, profile mappings, app schemas, System Log. */
export function orgRoutes(store: Store): Route[] {
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
          settings: {},
        }),
    },
    { path: "GET /api/v1/meta/types/user", handle: ({ origin }) => ok([userType(origin)]) },
    { path: "GET /api/v1/meta/types/user/{id}", handle: ({ origin }) => ok(userType(origin)) },
    {
      path: "GET /api/v1/meta/schemas/apps/{id}/default",
      handle: (call) => {
        const app = needApp(store, call.params[0] ?? "");
        const properties = Object.fromEntries(
          ["userName", ...Object.keys(defaultExpressions)].map((name) => [
            name,
            { title: name, type: "string", scope: "NONE" },
          ]),
        );
        return ok({
          id: `${call.origin}/meta/schemas/apps/${app.id}/default`,
          $schema: "http://json-schema.org/draft-04/schema#",
          name: app.name,
          title: `${app.label} User`,
          type: "object",
          definitions: {
            custom: { id: "#custom", type: "object", properties: {}, required: [] },
            base: { id: "#base", type: "object", properties, required: ["userName"] },
          },
        });
      },
    },
    {
      path: "GET /api/v1/mappings",
      handle: (call) => {
        const source = call.query.get("sourceId");
        const target = call.query.get("targetId");
        const found = [...store.profileMappings.values()].filter(
          (mapping) =>
            (source === null || mapping.source.id === source) && (target === null || mapping.target.id === target),
        );
        return page(call, found, { fallback: 20, most: 200 }, (mapping) => renderMapping(mapping, call.origin, false));
      },
    },
    {
      path: "GET /api/v1/mappings/{id}",
      handle: (call) => ok(renderMapping(needProfileMapping(store, call.params[0] ?? ""), call.origin, true)),
    },
    {
      path: "POST /api/v1/mappings/{id}",
      handle: (call) => {
        const mapping = needProfileMapping(store, call.params[0] ?? "");
        const { properties } = readBody(partialMapping, call.body);
        const next = { ...mapping.properties };
        for (const [name, value] of Object.entries(properties)) {
          const problem = value === null ? undefined : expressionProblem(value.expression);
          if (problem !== undefined) throw invalid("properties", `${name}: Invalid expression: ${problem}`);
          if (value === null) delete next[name];
          else next[name] = value;
        }
        mapping.properties = next;
        store.changed();
        return ok(renderMapping(mapping, call.origin, true));
      },
    },
    {
      path: "GET /api/v1/logs",
      handle: (call) => {
        const filter = call.query.get("filter") ?? "";
        const test = filter === "" ? () => true : compileSearch("filter", filter);
        const since = call.query.get("since") ?? "";
        const q = call.query.get("q")?.toLowerCase() ?? "";
        const events = store.log.events
          .filter((event) => event.published >= since && JSON.stringify(event).toLowerCase().includes(q))
          .map((event) => ({ ...renderLogEvent(event), id: event.uuid }))
          .filter(test);
        if (call.query.get("sortOrder") === "DESCENDING") events.reverse();
        return page(call, events, { fallback: 100, most: 1000 }, ({ id: _id, ...event }) => event);
      },
    },
  ];
}
