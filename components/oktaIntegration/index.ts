import * as okta from "@pulumi/okta";
import * as pulumi from "@pulumi/pulumi";
import type { AttributesSetting } from "../../lambda/scim/schema/index.ts";
import { createApp, type AppArgs } from "./app.ts";
import { createAttributeMapping } from "./attributeMapping.ts";
import { verifyFeatures, type Provisioning } from "./connection.ts";
import { consoleSteps } from "./consoleSteps.ts";
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
  readonly pushGroups: pulumi.Output<Record<string, PushGroupStatus>>;
  /** What a person still has to do, in order; empty when nothing is left. */
  readonly nextSteps: pulumi.Output<string[]>;

  constructor(name: string, args: OktaIntegrationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okta-scim-directory:index:OktaIntegration", name, {}, opts);
    const child = { parent: this };

    const app = createApp(name, args.app, { ...child, protect: args.protect });
    const assignmentGroup = new okta.group.Group(
      `${name}-assignment-group`,
      { name: args.assignmentGroup, description: `People provisioned to the SCIM directory of ${name}` },
      { ...child, protect: args.protect },
    );
    const sources = args.pushGroups.map((group) => ({ ...group, groupId: sourceGroupId(name, group, child) }));
    const ready = args.connection === "ready";
    const pushes = ready ? this.#connect(name, args, { app, assignmentGroup, sources }) : undefined;

    this.appId = app.id;
    this.assignmentGroupId = assignmentGroup.id;
    this.pushGroups = pulumi
      .all(
        sources.map((source) => {
          const push = pushes?.get(source.key);
          return pulumi
            .all([source.groupId, push?.id ?? null, push?.status ?? "PENDING"])
            .apply(
              ([groupId, mappingId, status]) => [source.name, { sourceGroupId: groupId, mappingId, status }] as const,
            );
        }),
      )
      .apply((entries) => Object.fromEntries(entries));
    this.nextSteps = ready
      ? pulumi.output<string[]>([])
      : pulumi
          .output(args.baseUrl)
          .apply((baseUrl) =>
            consoleSteps({ ...args.app, baseUrl, provisioning: args.provisioning, pushesGroups: sources.length > 0 }),
          );
    this.registerOutputs({ appId: this.appId, assignmentGroupId: this.assignmentGroupId });
  }

  /** The second deployment. Each resource takes the app's id from the check, so that none exists before it passed. */
  #connect(
    name: string,
    args: OktaIntegrationArgs,
    made: {
      readonly app: ReturnType<typeof createApp>;
      readonly assignmentGroup: okta.group.Group;
      readonly sources: readonly PushSource[];
    },
  ): Map<string, okta.PushGroup> {
    const child = { parent: this };
    const { app, assignmentGroup, sources } = made;
    const wanted = { label: args.app.label, provisioning: args.provisioning, pushesGroups: sources.length > 0 };
    const verifiedAppId = pulumi.all([app.id, app.features]).apply(([id, features]) => {
      verifyFeatures(features, wanted);
      return id;
    });
    if (args.mappedAttributes !== undefined) createAttributeMapping(name, verifiedAppId, args.mappedAttributes, child);
    const assignment = new okta.app.GroupAssignment(
      `${name}-assignment`,
      { appId: verifiedAppId, groupId: assignmentGroup.id },
      { ...child, deleteBeforeReplace: true },
    );
    const rules =
      args.groupRules === "automatic"
        ? createGroupRules(
            name,
            { assignmentGroup: { id: assignmentGroup.id, name: args.assignmentGroup }, sources },
            { ...child, dependsOn: [assignment] },
          )
        : [];
    return new Map(
      sources.map((source) => [
        source.key,
        new okta.PushGroup(
          `${name}-push-${source.key}`,
          {
            appId: verifiedAppId,
            sourceGroupId: source.groupId,
            ...(source.targetName === undefined ? {} : { targetGroupName: source.targetName }),
            status: source.status,
            deleteTargetGroupOnDestroy: !source.keepTargetOnDelete,
          },
          // Members are pushed only once they are assigned; on destroy the mapping goes while its people are still there.
          { ...child, dependsOn: [assignment, ...rules], deleteBeforeReplace: true },
        ),
      ]),
    );
  }
}

function sourceGroupId(
  name: string,
  group: ResolvedPushGroup,
  options: pulumi.CustomResourceOptions,
): pulumi.Input<string> {
  if (group.groupId !== undefined) return group.groupId;
  return new okta.group.Group(
    `${name}-group-${group.key}`,
    { name: group.name, description: `Pushed to the SCIM directory of ${name}` },
    options,
  ).id;
}
