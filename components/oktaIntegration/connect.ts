import * as okta from "@pulumi/okta";
import * as pulumi from "@pulumi/pulumi";
import type { AttributesSetting } from "../../lambda/scim/schema/index.ts";
import type { GroupRules, Provisioning } from "../config/keys.ts";
import type { App, ChildOptions } from "./app.ts";
import { createAttributeMapping } from "./attributeMapping.ts";
import { verifyFeatures } from "./connection.ts";
import { createGroupRules } from "./groupRules.ts";
import type { ResolvedPushGroup } from "./pushGroups.ts";

export type PushSource = Omit<ResolvedPushGroup, "groupId"> & { readonly groupId: pulumi.Input<string> };

export interface ConnectArgs {
  readonly app: App;
  readonly assignmentGroup: { readonly id: pulumi.Input<string>; readonly name: string };
  readonly sources: readonly PushSource[];
  readonly provisioning: Provisioning;
  readonly groupRules: GroupRules;
  readonly mappedAttributes?: AttributesSetting | undefined;
  /** The console steps as sentences, for the error if provisioning is off. */
  readonly steps: readonly pulumi.Input<string>[];
  readonly stack: string;
}

/**
 * The second deployment: attribute mapping, assignment, rules and pushes, in this order; a destroy runs in reverse.
 * Each takes the app's id from the check of its features, so that none is created before the check passes.
 * @returns the push of each source, by the source's key
 */
export function connect(name: string, args: ConnectArgs, stateful: ChildOptions): ReadonlyMap<string, okta.PushGroup> {
  const options = { ...stateful, protect: false };
  const appId = checkedAppId(args);
  // Before the assignment, so that people are created with the attributes that they keep.
  const mapping =
    args.mappedAttributes === undefined ? [] : [createAttributeMapping(name, appId, args.mappedAttributes, options)];
  const assignment = new okta.app.GroupAssignment(
    `${name}-assignment`,
    { appId, groupId: args.assignmentGroup.id },
    // Removing it deactivates everyone, so it is protected like the app itself. Its profile and priority belong to the
    // administrator.
    { ...stateful, dependsOn: mapping, deleteBeforeReplace: true, ignoreChanges: ["priority", "profile"] },
  );
  const rules =
    args.groupRules === "automatic"
      ? createGroupRules(
          name,
          { assignmentGroup: args.assignmentGroup, sources: args.sources },
          { ...options, dependsOn: [assignment] },
        )
      : undefined;
  return new Map(
    args.sources.map((source) => {
      const rule = rules?.get(source.key);
      // Okta pushes only assigned members. A destroy deletes the mapping while its people are still assigned.
      const dependsOn = rule === undefined ? [assignment] : [assignment, rule];
      return [source.key, createPush(name, appId, source, { ...options, dependsOn })];
    }),
  );
}

/** The app's id, available only after its provisioning is known to be on. */
function checkedAppId({ app, provisioning, sources, steps, stack }: ConnectArgs): pulumi.Output<string> {
  return pulumi
    .all([app.id, app.label, app.readFeatures(), pulumi.all([...steps])])
    .apply(async ([id, label, features, todo]) => {
      await verifyFeatures(features, { id, label, provisioning, pushesGroups: sources.length > 0, stack }, todo);
      return id;
    });
}

function createPush(
  name: string,
  appId: pulumi.Output<string>,
  source: PushSource,
  options: pulumi.CustomResourceOptions,
): okta.PushGroup {
  return new okta.PushGroup(
    `${name}-push-${source.key}`,
    {
      appId,
      sourceGroupId: source.groupId,
      ...(source.targetName === undefined ? {} : { targetGroupName: source.targetName }),
      status: source.status,
      deleteTargetGroupOnDestroy: !source.keepTargetOnDelete,
    },
    { ...options, deleteBeforeReplace: true },
  );
}
