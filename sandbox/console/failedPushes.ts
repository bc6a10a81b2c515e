import type { ResourceState } from "../engine/index.ts";
import type { AdminConsole } from "../okta/admin/admin.ts";
import type { Tenant } from "../tenant/tenant.ts";
import type { Drift } from "./driftItem.ts";
import { pushLabel } from "./resourceDrift.ts";

type Place = Pick<Tenant, "engine" | "org" | "outputs" | "stack">;
export const PUSH = "okta:index/pushGroup:PushGroup";

/** A push of the stack that a deployment may not be able to change or delete. */
export interface TroubledPush extends Pick<ResourceState, "urn" | "id"> {
  /** The group in Okta, and whether it still exists. */
  readonly groupId: string;
  readonly groupExists: boolean;
  /** Okta has no such mapping any more, or its push failed; `active` if Okta pushes it again. */
  readonly now: "gone" | "failed" | "active";
  /** Whether the state has the failure: the provider refuses to change or delete the mapping. */
  readonly isRecorded: boolean;
  /** Whether the deletion of the mapping deletes the group in the directory. */
  readonly deletesTarget: boolean;
}

export function troubledPushes({ engine, org, outputs }: Place): readonly TroubledPush[] {
  const appId = String(outputs["oktaAppId"]);
  return engine.resources(PUSH).flatMap(({ urn, id, inputs, outputs: recorded }): TroubledPush[] => {
    const groupId = String(inputs["sourceGroupId"]);
    const groupExists = org.view.group(groupId, appId) !== undefined;
    const status = org.view.pushStatus(id, appId);
    // Okta notices the deletion of a group a moment later.
    const isFailed = status === "ERROR" || (status === "ACTIVE" && !groupExists);
    const isRecorded = recorded["status"] === "ERROR";
    if (!isRecorded && status !== undefined && !isFailed) return [];
    return [
      {
        ...{ urn, id, groupId, groupExists, isRecorded },
        now: status === undefined ? "gone" : isFailed ? "failed" : "active",
        deletesTarget: recorded["deleteTargetGroupOnDestroy"] !== false,
      },
    ];
  });
}

/** Failures that a refresh wrote into the state. Okta's own failures are no drift, and the page shows them elsewhere. */
export const recordedFailures = (place: Place): readonly Drift[] =>
  troubledPushes(place).flatMap(({ groupId, now, isRecorded }): Drift[] =>
    !isRecorded || now === "gone"
      ? []
      : [
          {
            subject: `The push of ${pushLabel(groupId, place)}`,
            difference:
              now === "active"
                ? "active again; the state still has it in status ERROR"
                : "failed, and a refresh wrote its status ERROR into the state: no deployment can change or delete it",
            remedy:
              now === "active"
                ? `"pulumi up --refresh --stack ${place.stack}" takes over its status.`
                : "Unlink it on the Push Groups tab and leave its group in the directory, let the state forget it, then deploy: whatever pushGroups still has is pushed again.",
            way: { kind: "refresh" },
            marks: [groupId],
          },
        ],
  );

interface Release {
  /** Whether the deployment refreshes first: then each failure would be recorded. */
  readonly refresh: boolean;
  /** Ids of the groups that the deployment still pushes. The directory keeps their groups. */
  readonly stillPushed: ReadonlySet<string>;
}

/**
 * Ends the pushes that the deployment could not change, as an administrator does on the Push Groups tab and with `pulumi
 * state delete`. The deployment then makes those again that the configuration has. @returns the number of these pushes
 */
export function releasePushes(place: Place, admin: AdminConsole, { refresh, stillPushed }: Release): number {
  const released = troubledPushes(place).filter(
    ({ now, isRecorded, groupExists }) =>
      now === "gone" || (now === "failed" && (refresh || isRecorded || !groupExists)),
  );
  for (const { id, groupId, now, deletesTarget } of released) {
    if (now === "failed") admin.unlinkGroup(id, { deleteTargetGroup: deletesTarget && !stillPushed.has(groupId) });
    place.engine.forget(PUSH, id);
    // Okta refuses to push a group twice: a push that was made again by hand ends first.
    const { push } = place.org.view.group(groupId, String(place.outputs["oktaAppId"])) ?? {};
    if (push !== undefined && !place.engine.isOwn(PUSH, push.id))
      admin.unlinkGroup(push.id, { deleteTargetGroup: false });
  }
  return released.length;
}
