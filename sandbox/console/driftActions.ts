import { usableConfiguration } from "../../operations/live/tenant.ts";
import { situationOf } from "./changeQuestion.ts";
import { checkEdit } from "./configuration.ts";
import { withName, withPush, withPushRule, withoutDeleted } from "./declare.ts";
import { checkIdle, deploy } from "./deploy.ts";
import { overridesAfter, type Edit } from "./deployments.ts";
import { isStillPushed } from "./effects.ts";
import { PUSH, releasePushes, troubledPushes, type TroubledPush } from "./failedPushes.ts";
import type { Context, HandlersOf } from "./handlers.ts";
import type { Tenant } from "../tenant/tenant.ts";

interface Repair {
  readonly edit: Edit;
  readonly refresh?: boolean;
  /** The title, which may name the pushes that end first. */
  readonly title: (released: number) => string;
  /** The mappings made by hand that the deployment takes over. Okta refuses to push a group twice, so these end first. */
  readonly taken?: () => readonly string[];
}

/**
 * Whether only a refresh lets a deployment go on with the push: it takes over the status of one that is active again, and
 * it notices that a group which the stack creates is gone, so that the deployment makes the group before its push.
 */
const needsRefresh = ({ engine }: Tenant, { now, isRecorded, groupExists, groupId }: TroubledPush): boolean =>
  (isRecorded && now === "active") || (!groupExists && engine.isOwn("okta:group/group:Group", groupId));

/**
 * Deploys a configuration that puts drift right. Pushes that no deployment could change end first; their groups in the
 * directory stay and are taken over, unless the configuration no longer has them.
 */
async function repair(context: Context, { edit, refresh = false, title, taken = () => [] }: Repair): Promise<void> {
  const { tenant, deployments, admin } = context;
  checkIdle(deployments);
  await checkEdit(tenant, deployments, edit).catch((reason: unknown) =>
    deployments.refuse({ title: title(0), startedBy: "page" }, reason),
  );
  const refreshes = refresh || troubledPushes(tenant).some((push) => needsRefresh(tenant, push));
  const after = usableConfiguration((await tenant.nextConfig(overridesAfter(deployments.overrides, edit))).values);
  const kept = situationOf(tenant).pushed.filter((group) => after === undefined || isStillPushed(after, group));
  const stillPushed = new Set(kept.map(({ id }) => id));
  const released = releasePushes(tenant, admin, { refresh: refreshes, stillPushed });
  for (const mapping of taken()) admin.unlinkGroup(mapping, { deleteTargetGroup: false });
  await deploy(deployments, { title: title(released), refresh: refreshes, ...edit });
}

export const drift: HandlersOf<"declarePush" | "declareRule" | "declareName" | "removeDeleted" | "repairDrift"> = {
  declarePush: async ({ mapping }, context) => {
    const { tenant, deployments } = context;
    const edit = await withPush(tenant, deployments, mapping);
    await repair(context, { edit, title: () => "pushGroups with the group pushed by hand", taken: () => [mapping] });
    return "Deployed: the configuration declares the push";
  },
  declareRule: async ({ rule }, context) => {
    const { tenant, deployments, admin, appId } = context;
    const taken = (): readonly string[] => {
      const { groupIds = [] } = admin.pushRules(appId).find(({ id }) => id === rule) ?? {};
      admin.removePushRule(appId, rule);
      return groupIds.flatMap((group) => {
        const { push } = tenant.org.view.group(group, appId) ?? {};
        return push === undefined || tenant.engine.isOwn(PUSH, push.id) ? [] : [push.id];
      });
    };
    const edit = await withPushRule(tenant, deployments, rule);
    await repair(context, { edit, title: () => "pushGroups with the groups of the push rule", taken });
    return "Deployed: the configuration declares the groups of the push rule";
  },
  declareName: async ({ label, name }, context) => {
    const edit = await withName(context.tenant, context.deployments, label, name);
    await repair(context, { edit, title: () => `pushGroups with ${name} instead of ${label}` });
    return `Deployed: the configuration names the group ${name}`;
  },
  removeDeleted: async (_asked, context) => {
    const edit = await withoutDeleted(context.tenant, context.deployments);
    await repair(context, { edit, title: () => "pushGroups without the groups that were deleted" });
    return "Deployed without the groups that were deleted in Okta";
  },
  repairDrift: async (_asked, context) => {
    const edit = await withoutDeleted(context.tenant, context.deployments);
    const title = (released: number): string =>
      released === 0 ? "up --refresh" : "state delete of mappings that ended, then up --refresh";
    await repair(context, { edit, refresh: true, title });
    return "Deployed: the org is as the configuration declares it";
  },
};
