import * as okta from "@pulumi/okta";
import * as pulumi from "@pulumi/pulumi";
import type { AttributesSetting } from "../../lambda/scim/schema/index.ts";
import type { GroupRules, Provisioning } from "../config/keys.ts";
import type { App, ChildOptions } from "./app.ts";
import { createAttributeMapping } from "./attributeMapping.ts";
import { verifyFeatures } from "./connection.ts";
import { createGroupRules } from "./groupRules.ts";
import type { ReleasedMapping } from "./moves.ts";
import { createPushes, type PushSource } from "./pushes.ts";

export interface ConnectArgs {
  readonly app: App;
  readonly assignmentGroup: { readonly id: pulumi.Input<string>; readonly name: string };
  readonly sources: readonly PushSource[];
  readonly released: readonly ReleasedMapping[];
  readonly provisioning: Provisioning;
  readonly groupRules: GroupRules;
  readonly mappedAttributes?: AttributesSetting | undefined;
  /** The console steps as sentences, for the error if provisioning is off. */
  readonly steps: readonly pulumi.Input<string>[];
  readonly stack: string;
}

export interface Connected {
  /** Each push mapping, by the key of its group. */
  readonly pushes: ReadonlyMap<string, okta.PushGroup>;
  /** Rejects with a UserError if the deployment left something off. */
  readonly checked: pulumi.Output<void> | undefined;
}

/**
 * The second deployment: attribute mapping, assignment, rules and pushes, in this order; a destroy runs in reverse.
 * Each takes the app's id from the check of its features, so that none is created before the check passes.
 */
export function connect(name: string, args: ConnectArgs, stateful: ChildOptions): Connected {
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
          { assignmentGroup: args.assignmentGroup, sources: args.sources, after: [assignment], stack: args.stack },
          options,
        )
      : undefined;
  const pushes = createPushes(
    name,
    { appId, assignment, sources: args.sources, released: args.released, lastRule: rules?.last },
    options,
  );
  return { pushes, checked: rules?.checked };
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
