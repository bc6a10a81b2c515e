import type { GroupView, RuleView, ViewPage, ViewQuery } from "../okta/admin/view.ts";
import type { Tenant } from "../tenant/tenant.ts";
import { refusedField } from "./badRequest.ts";
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

/** One rule, with what was done to it by hand; undefined if the org does not have it. */
export async function readRule(
  tenant: Tenant,
  drift: DriftReader,
  id: string,
): Promise<(RuleView & Marked) | undefined> {
  const mark = (await drift.marks()).get(id);
  const rule = tenant.org.view.rule(id);
  return rule === undefined || mark === undefined ? rule : { ...rule, drift: mark };
}

/** The rules of the Push Groups tab. */
export async function describePushGroups(tenant: Tenant, drift: DriftReader): Promise<unknown> {
  const appId = appIdOf(tenant);
  if (tenant.org.view.app(appId) === undefined) return { rules: [] };
  const marks = await drift.marks();
  return { rules: tenant.org.admin.pushRules(appId).map((rule) => ({ ...rule, drift: marks.get(rule.id) })) };
}

/** Groups of which Okta does not push one, with the reason as a sentence. */
type Unsupported = Pick<GroupView, "id" | "name"> & { readonly reason: string };

/** help.okta.com, "About Group Push": one group for assignment and for group push is not supported. */
function reasonAgainst({ id, name, assigned }: GroupView, { outputs }: Tenant): string | undefined {
  if (id === outputs["assignmentGroupId"]) return `${name} is the assignment group; Okta does not support pushing it.`;
  return assigned ? `${name} is assigned to the app; Okta does not support pushing it.` : undefined;
}

const allGroups = (tenant: Tenant, search = ""): readonly GroupView[] =>
  tenant.org.view
    .groups({ search, start: 0, count: Number.MAX_SAFE_INTEGER }, appIdOf(tenant))
    .items.filter(({ type }) => type === "OKTA_GROUP");

/** The names of groups that can be pushed, at most `count` of those that contain the text, and the groups that cannot. */
export function listPushable(
  tenant: Tenant,
  { search, count }: Pick<ViewQuery, "search" | "count">,
): { readonly names: readonly string[]; readonly unsupported: readonly Unsupported[] } {
  const against = (group: GroupView): Unsupported[] => {
    const reason = reasonAgainst(group, tenant);
    return reason === undefined ? [] : [{ id: group.id, name: group.name, reason }];
  };
  const free = allGroups(tenant, search).filter(
    (group) => group.push === undefined && reasonAgainst(group, tenant) === undefined,
  );
  return { names: free.slice(0, count).map(({ name }) => name), unsupported: allGroups(tenant).flatMap(against) };
}

/** The group of that name. @throws BadRequest if no group has it, it is pushed already, or Okta does not support it */
export function pushableNamed(tenant: Tenant, name: string): GroupView {
  const named = allGroups(tenant, name).filter((group) => group.name.toLowerCase() === name.toLowerCase());
  const found = named.find((group) => group.name === name) ?? named[0];
  if (found === undefined)
    throw refusedField(
      404,
      "name",
      `No group of Okta is called ${JSON.stringify(name)}. Choose one of the suggestions.`,
    );
  const reason = reasonAgainst(found, tenant);
  if (reason !== undefined) throw refusedField(409, "name", `${reason} Choose another group with the same people.`);
  if (found.push !== undefined) throw refusedField(409, "name", `${found.name} is pushed already.`);
  return found;
}
