import { z } from "zod";
import type { GroupView, ViewPage, ViewQuery } from "../okta/admin/view.ts";
import type { Tenant } from "../tenant/tenant.ts";

/** A group of the Push Groups tab. */
export interface PushedGroup extends GroupView {
  /** Whether the push was made by hand, and the configuration does not declare it. */
  readonly isDrift: boolean;
}

export interface PushGroups {
  readonly rules: readonly {
    readonly id: string;
    readonly name: string;
    readonly match: string;
    readonly text: string;
  }[];
  /** Groups that the stack pushes, but whose push was unlinked by hand. */
  readonly unlinked: readonly string[];
}

const declared = z.record(z.string(), z.object({ mappingId: z.string().nullable() }));

/** The mappings that the stack made: id → name of the group. */
function ownMappings({ outputs }: Pick<Tenant, "outputs">): ReadonlyMap<string, string> {
  const { data = {} } = declared.safeParse(outputs["pushGroups"]);
  return new Map(
    Object.entries(data).flatMap(([name, { mappingId }]): [string, string][] =>
      mappingId === null ? [] : [[mappingId, name]],
    ),
  );
}

/** The groups that are pushed, each compared with the stack. */
export function listPushed(tenant: Pick<Tenant, "outputs" | "org">, query: ViewQuery): ViewPage<PushedGroup> {
  const own = ownMappings(tenant);
  const { items, ...rest } = tenant.org.view.pushedGroups(query, String(tenant.outputs["oktaAppId"]));
  return { ...rest, items: items.map((group) => ({ ...group, isDrift: !own.has(group.push?.id ?? "") })) };
}

export function describePushGroups(tenant: Pick<Tenant, "outputs" | "org">): PushGroups {
  const appId = String(tenant.outputs["oktaAppId"]);
  if (tenant.org.view.app(appId) === undefined) return { rules: [], unlinked: [] };
  return { rules: tenant.org.admin.pushRules(appId), unlinked: [...unlinkedMappings(tenant).values()] };
}

/** The mappings of the stack that the org no longer has: id → name of the group. */
export function unlinkedMappings(tenant: Pick<Tenant, "outputs" | "org">): ReadonlyMap<string, string> {
  const all = { search: "", start: 0, count: Number.MAX_SAFE_INTEGER };
  const { items } = tenant.org.view.pushedGroups(all, String(tenant.outputs["oktaAppId"]));
  const there = new Set(items.map(({ push }) => push?.id));
  return new Map([...ownMappings(tenant)].filter(([id]) => !there.has(id)));
}
