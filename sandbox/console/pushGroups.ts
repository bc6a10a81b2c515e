import type { GroupView, RuleView, ViewPage, ViewQuery } from "../okta/admin/view.ts";
import type { Tenant } from "../tenant/tenant.ts";
import type { DriftReader } from "./driftReader.ts";

/** A row that may differ from the configuration. */
export interface Marked {
  /** What was done by hand; undefined for a row that is as the configuration declares it. */
  readonly drift?: string;
}

const marked = <T extends { readonly id: string }>(
  page: ViewPage<T>,
  marks: ReadonlyMap<string, string>,
): ViewPage<T & Marked> => ({
  ...page,
  items: page.items.map((item) => {
    const drift = marks.get(item.id);
    return drift === undefined ? item : { ...item, drift };
  }),
});

const appIdOf = ({ outputs }: Pick<Tenant, "outputs">): string => String(outputs["oktaAppId"]);

export const listGroups = async (
  tenant: Tenant,
  drift: DriftReader,
  query: ViewQuery,
): Promise<ViewPage<GroupView & Marked>> => marked(tenant.org.view.groups(query, appIdOf(tenant)), await drift.marks());

/** The groups that are pushed. */
export const listPushed = async (
  tenant: Tenant,
  drift: DriftReader,
  query: ViewQuery,
): Promise<ViewPage<GroupView & Marked>> =>
  marked(tenant.org.view.pushedGroups(query, appIdOf(tenant)), await drift.marks());

/** The group rules. Those that neither belong to the stack nor fill its assignment group are left to the administrator. */
export async function listRules(
  tenant: Tenant,
  drift: DriftReader,
  query: ViewQuery,
): Promise<ViewPage<RuleView & Marked & { readonly isOwn: boolean }>> {
  const page = marked(tenant.org.view.rules(query), await drift.marks());
  const items = page.items.map((rule) => ({ ...rule, isOwn: tenant.engine.isOwn("okta:group/rule:Rule", rule.id) }));
  return { ...page, items };
}

/** The rules of the Push Groups tab. */
export async function describePushGroups(tenant: Tenant, drift: DriftReader): Promise<unknown> {
  const appId = appIdOf(tenant);
  if (tenant.org.view.app(appId) === undefined) return { rules: [] };
  const marks = await drift.marks();
  return { rules: tenant.org.admin.pushRules(appId).map((rule) => ({ ...rule, drift: marks.get(rule.id) })) };
}
