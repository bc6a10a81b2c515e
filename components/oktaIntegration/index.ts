import * as okta from "@pulumi/okta";
import * as pulumi from "@pulumi/pulumi";
import type { AttributesSetting } from "../../lambda/scim/schema/index.ts";
import type { Provisioning } from "../config/okta.ts";
import { createApp, type App, type AppArgs, type ChildOptions } from "./app.ts";
import { createAttributeMapping } from "./attributeMapping.ts";
import { verifyFeatures } from "./connection.ts";
import { FINISH, PREREQUISITE, consoleSteps } from "./consoleSteps.ts";
import { createGroupRules } from "./groupRules.ts";
import type { ResolvedPushGroup } from "./pushGroups.ts";

export interface OktaIntegrationArgs {
  readonly app: AppArgs;
  /** `ready` assigns and pushes, after checking that provisioning is on; `pending` prepares and assigns nobody. */
  readonly connection: "pending" | "ready";
  readonly provisioning: Provisioning;
  /** Name of the group whose members get provisioned; the stack makes it. */
  readonly assignmentGroup: string;
  readonly pushGroups: readonly ResolvedPushGroup[];
  readonly groupRules: "automatic" | "none";
  /** Attributes to generate Okta's profile mapping for; none when the mapping stays Okta's own. */
  readonly mappedAttributes?: AttributesSetting | undefined;
  /** The SCIM base URL that the console steps name. */
  readonly baseUrl: pulumi.Input<string>;
  /** Protects the app, the assignment group and its assignment, and keeps the pushed groups that the stack made when it forgets them. */
  readonly protect: boolean;
}

type PushSource = Omit<ResolvedPushGroup, "groupId"> & { readonly groupId: pulumi.Input<string> };

export interface PushGroupStatus {
  readonly sourceGroupId: string;
  /** Null until connection is ready. */
  readonly mappingId: string | null;
  readonly status: string;
}

/** The Okta half of a tenant: app, assignment group, group rules, push-group mappings. `name` is the tenant's slug. */
export class OktaIntegration extends pulumi.ComponentResource {
  readonly appId: pulumi.Output<string>;
  readonly assignmentGroupId: pulumi.Output<string>;
  /** By the group's name in Okta, with its id where two pushed groups share a name. */
  readonly pushGroups: Readonly<Record<string, pulumi.Output<PushGroupStatus>>>;
  /** What a person still has to do, in order; empty when nothing is left. */
  readonly nextSteps: readonly pulumi.Input<string>[];

  constructor(name: string, args: OktaIntegrationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okta-scim-directory:index:OktaIntegration", name, {}, opts);
    const ready = args.connection === "ready";
    if (!ready) void pulumi.log.info(PREREQUISITE, this);
    // `pulumi import` puts what exists already at the root of the stack; the alias takes it over from there.
    const child = { parent: this, aliases: [{ parent: pulumi.rootStackResource }] };
    const stateful = { ...child, protect: args.protect };

    const app = createApp(name, args.app, stateful);
    const assignmentGroup = new okta.group.Group(
      `${name}-assignment-group`,
      { name: args.assignmentGroup, description: `People provisioned to the SCIM directory of ${name}` },
      { ...stateful, ignoreChanges: ["description"] },
    );
    const sources = args.pushGroups.map((group) => ({
      ...group,
      groupId: group.groupId ?? createSourceGroup(name, group, { ...child, retainOnDelete: args.protect }),
    }));
    const stepsFor = (baseUrl: pulumi.Input<string>): pulumi.Input<string>[] =>
      consoleSteps({
        ...args.app,
        baseUrl,
        provisioning: args.provisioning,
        pushesGroups: sources.length > 0,
        renamesGroups: sources.some(({ targetName }) => targetName !== undefined),
      });
    // By the output's name: were the address itself part of the check, a change of it would replace what waits for the check.
    const steps = stepsFor(`the value of "pulumi stack output scimBaseUrl"`);
    const pushes = ready ? connect(name, args, { app, assignmentGroup, sources, steps }, stateful) : undefined;

    this.appId = app.id;
    this.assignmentGroupId = assignmentGroup.id;
    this.pushGroups = Object.fromEntries(
      sources.map((source) => {
        const push = pushes?.get(source.key);
        const status = pulumi
          .all([source.groupId, push?.id ?? null, push?.status ?? "PENDING"])
          .apply(([sourceGroupId, mappingId, current]) => ({ sourceGroupId, mappingId, status: current }));
        return [source.label, status];
      }),
    );
    this.nextSteps = ready ? [] : [...stepsFor(args.baseUrl), FINISH];
    this.registerOutputs({ appId: this.appId, assignmentGroupId: this.assignmentGroupId });
  }
}

function createSourceGroup(
  name: string,
  group: ResolvedPushGroup,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const args = { name: group.name, description: `Pushed to the SCIM directory of ${name}` };
  return new okta.group.Group(`${name}-group-${group.key}`, args, { ...options, ignoreChanges: ["description"] }).id;
}

/**
 * The second deployment: mapping, assignment, rules, pushes, in this order, and on destroy in the reverse. Each takes
 * the app's id from the check of its features, so that none exists before it passed.
 */
function connect(
  name: string,
  args: OktaIntegrationArgs,
  made: {
    readonly app: App;
    readonly assignmentGroup: okta.group.Group;
    readonly sources: readonly PushSource[];
    readonly steps: pulumi.Input<string>[];
  },
  stateful: ChildOptions,
): Map<string, okta.PushGroup> {
  const { app, assignmentGroup, sources, steps } = made;
  const options = { ...stateful, protect: false };
  const wanted = { label: args.app.label, provisioning: args.provisioning, pushesGroups: sources.length > 0 };
  const appId = pulumi.all([app.id, app.readFeatures(), pulumi.all(steps)]).apply(async ([id, features, todo]) => {
    await verifyFeatures(features, wanted, todo);
    return id;
  });
  // Before the assignment, so that people are created with the attributes that they keep.
  const mapping =
    args.mappedAttributes === undefined ? [] : [createAttributeMapping(name, appId, args.mappedAttributes, options)];
  const assignment = new okta.app.GroupAssignment(
    `${name}-assignment`,
    { appId, groupId: assignmentGroup.id },
    // Without it everyone is deactivated, so that it is protected like the app itself.
    { ...stateful, dependsOn: mapping, deleteBeforeReplace: true },
  );
  const rules =
    args.groupRules === "automatic"
      ? createGroupRules(
          name,
          { assignmentGroup: { id: assignmentGroup.id, name: args.assignmentGroup }, sources },
          { ...options, dependsOn: [assignment] },
        )
      : undefined;
  const push = (source: PushSource): okta.PushGroup => {
    const rule = rules?.get(source.key);
    return new okta.PushGroup(
      `${name}-push-${source.key}`,
      {
        appId,
        sourceGroupId: source.groupId,
        ...(source.targetName === undefined ? {} : { targetGroupName: source.targetName }),
        status: source.status,
        deleteTargetGroupOnDestroy: !source.keepTargetOnDelete,
      },
      // Members are pushed only once they are assigned; on destroy the mapping goes while its people are still there.
      { ...options, dependsOn: rule === undefined ? [assignment] : [assignment, rule], deleteBeforeReplace: true },
    );
  };
  return new Map(sources.map((source) => [source.key, push(source)]));
}
