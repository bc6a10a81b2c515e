import { z } from "zod";
import { invalid } from "../org/errors.ts";
import { ok, type Call, type Route } from "./http.ts";
import type { App, Json, PushMapping } from "../org/model.ts";
import { page } from "./paging.ts";
import { createMapping, setMappingStatus, unlink } from "../provisioning/pushMappings.ts";
import { needApp, needPush, type Store } from "../org/store.ts";
import { readBody } from "./body.ts";

const settable = z.enum(["ACTIVE", "INACTIVE"]);
const created = z.strictObject({
  sourceGroupId: z.string().min(1, "The field cannot be left blank"),
  targetGroupId: z.string().min(1, "The field cannot be left blank").optional(),
  targetGroupName: z.string().min(1, "The field cannot be left blank").max(255, "The field is too long").optional(),
  status: settable.default("ACTIVE"),
});
const patched = z.object({ status: settable });
const statuses = z.enum(["ACTIVE", "INACTIVE", "ERROR"]);

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

/** The app's mappings that match `sourceGroupId`, `status` and `lastUpdated` (changed at or after). */
function list(app: App, { query }: Call): PushMapping[] {
  const source = query.get("sourceGroupId");
  const status = query.get("status");
  const lastUpdated = query.get("lastUpdated");
  if (status !== null && !statuses.safeParse(status).success)
    throw invalid("status", `status: The field must be one of ${statuses.options.join(", ")}`);
  if (lastUpdated !== null && Number.isNaN(Date.parse(lastUpdated)))
    throw invalid("lastUpdated", "lastUpdated: The field must be a date-time in ISO 8601");
  return [...app.pushes.values()].filter(
    (item) =>
      (source === null || item.sourceGroupId === source) &&
      (status === null || item.status === status) &&
      (lastUpdated === null || Date.parse(item.lastUpdated) >= Date.parse(lastUpdated)),
  );
}

/**
 * Whether Okta really refuses this is not on record [?]. okta/terraform-provider-okta says so, and its own code refuses
 * it.
 */
function checkUnlocked({ quirks }: Store, { id, status }: PushMapping): void {
  if (quirks.failedMappingsLocked && status === "ERROR")
    throw invalid("status", `The group push mapping ${id} is in status ERROR and cannot be changed`);
}

export interface PushActions {
  readonly deleteDownstream: (app: App, name: string, scimId: string) => void;
}

export function pushMappingRoutes(store: Store, { deleteDownstream }: PushActions): Route[] {
  const app = (call: Call): App => needApp(store, call.params[0] ?? "");
  const mapping = (call: Call): PushMapping => needPush(app(call), call.params[1] ?? "");
  const all = "/api/v1/apps/{app}/group-push/mappings";
  return [
    {
      path: `GET ${all}`,
      handle: (call) =>
        page(call, list(app(call), call), { fallback: 100, most: 1000, bareSelf: true }, (item) =>
          renderMapping(app(call), item, call.origin),
        ),
    },
    {
      path: `POST ${all}`,
      handle: (call) => {
        const made = createMapping(store, app(call), readBody(created, call.body));
        return ok(renderMapping(app(call), made, call.origin));
      },
    },
    { path: `GET ${all}/{id}`, handle: (call) => ok(renderMapping(app(call), mapping(call), call.origin)) },
    {
      path: `PATCH ${all}/{id}`,
      handle: (call) => {
        const { status } = readBody(patched, call.body);
        checkUnlocked(store, mapping(call));
        setMappingStatus(store, mapping(call), status);
        return ok(renderMapping(app(call), mapping(call), call.origin));
      },
    },
    {
      path: `DELETE ${all}/{id}`,
      handle: (call) => {
        const found = mapping(call);
        const deleteTarget = call.query.get("deleteTargetGroup");
        if (deleteTarget !== "true" && deleteTarget !== "false")
          throw invalid("deleteTargetGroup", "deleteTargetGroup must be true or false");
        checkUnlocked(store, found);
        unlink(store, app(call), found, { deleteTargetGroup: deleteTarget === "true", deleteDownstream });
        // A real org answers 200 with an empty body, although its reference says 204.
        return { status: 200 };
      },
    },
  ];
}
