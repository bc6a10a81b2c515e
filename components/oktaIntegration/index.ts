import * as okta from "@pulumi/okta";
import * as pulumi from "@pulumi/pulumi";
import type { AttributesSetting } from "../../lambda/scim/schema/index.ts";
import type { Connection, GroupRules, Provisioning } from "../config/keys.ts";
import { appPage } from "./adminConsole.ts";
import { createApp, type App, type AppArgs } from "./app.ts";
import { connect, type Connected } from "./connect.ts";
import { MOVING } from "./moving.ts";
import type { PushSource } from "./pushes.ts";
import { PREREQUISITE, finish, sentence } from "./consoleProse.ts";
import { overlapSteps, type Overlap } from "./overlap.ts";
import { consoleSteps, type ConsoleStep } from "./consoleSteps.ts";
import type { ResolvedPushGroup, ResolvedPushGroups } from "./pushGroups.ts";
import type { TenantGroups } from "./tenantGroups.ts";

export interface OktaIntegrationArgs {
  readonly app: AppArgs;
  /** `ready` checks that provisioning is on, then assigns and pushes; `pending` prepares and assigns nobody. */
  readonly connection: Connection;
  readonly provisioning: Provisioning;
  readonly assignmentGroup: TenantGroups["assignmentGroup"];
  readonly pushGroups: ResolvedPushGroups;
  readonly groupRules: GroupRules;
  /** Attributes to generate Okta's profile mapping for; undefined leaves the mapping to Okta. */
  readonly mappedAttributes?: AttributesSetting | undefined;
  /** The SCIM base URL for the console steps. */
  readonly baseUrl: pulumi.Input<string>;
  /**
   * Protects the app, the assignment group and its assignment, and keeps groups that the stack created after it stops
   * pushing them.
   */
  readonly protect: boolean;
  /** Changes of the service that an administrator must enter in Okta while old and new are both accepted. */
  readonly overlap: Overlap;
  /** The stack that the commands in messages name. */
  readonly stack: string;
}

export interface PushGroupStatus {
  readonly sourceGroupId: string;
  /** Null until connection is ready. The mapping of another group while the status is MOVING. */
  readonly mappingId: string | null;
  readonly status: string;
}

/**
 * The Okta half of a tenant: app, assignment group, group rules, push-group mappings. `name` is the tenant's slug. Its
 * registered output `consoleSteps` holds the console steps as data (`ConsoleStep[]`), for programs.
 */
export class OktaIntegration extends pulumi.ComponentResource {
  readonly appId: pulumi.Output<string>;
  readonly assignmentGroupId: pulumi.Output<string>;
  /** By the group's name in Okta, with its id if two pushed groups share a name. */
  readonly pushGroups: Readonly<Record<string, pulumi.Output<PushGroupStatus>>>;
  /** Everything that a person still has to do, in order; empty when nothing is left. */
  readonly nextSteps: readonly pulumi.Input<string>[];

  constructor(name: string, args: OktaIntegrationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okta-scim-directory:index:OktaIntegration", name, {}, opts);
    const ready = args.connection === "ready";
    if (!ready) void pulumi.log.info(PREREQUISITE, this);
    // `pulumi import` puts resources at the root of the stack; the alias moves them into the component.
    const child = { parent: this, aliases: [{ parent: pulumi.rootStackResource }] };
    const stateful = { ...child, protect: args.protect };

    const app = createApp(name, args.app, stateful);
    const assignmentGroup = createAssignmentGroup(name, args.assignmentGroup, stateful);
    const sources = args.pushGroups.groups.map((group) =>
      sourceOf(name, group, { ...child, retainOnDelete: args.protect }),
    );
    const steps = stepsOf(args, app, args.baseUrl);
    // The check names the output instead of the address: with the address itself in the check, a new address would
    // replace everything that waits for the check.
    const remedy = stepsOf(args, app, `the value of "pulumi stack output scimBaseUrl --stack ${args.stack}"`);
    const sentences = (all: readonly pulumi.Input<ConsoleStep>[]) =>
      all.map((step) => pulumi.output(step).apply((known) => sentence(known, args.stack)));
    const connected = ready
      ? connect(
          name,
          {
            app,
            assignmentGroup: { id: assignmentGroup.id, name: args.assignmentGroup.name },
            sources,
            released: args.pushGroups.released,
            provisioning: args.provisioning,
            groupRules: args.groupRules,
            mappedAttributes: args.mappedAttributes,
            steps: sentences(remedy),
            stack: args.stack,
          },
          stateful,
        )
      : undefined;

    this.appId = app.id;
    this.assignmentGroupId = assignmentGroup.id;
    this.pushGroups = Object.fromEntries(sources.map((source) => [source.label, statusOf(source, connected)]));
    const { notices } = args.pushGroups;
    this.nextSteps = ready
      ? [
          ...notices,
          ...overlapSteps(
            { ...args.overlap, label: app.label, baseUrl: args.baseUrl, template: args.app.template },
            args.stack,
          ),
        ]
      : [...sentences(steps), finish(args.stack), ...notices];
    this.registerOutputs({ appId: this.appId, assignmentGroupId: this.assignmentGroupId, consoleSteps: steps });
  }
}

function createAssignmentGroup(
  name: string,
  { name: groupName, existing }: OktaIntegrationArgs["assignmentGroup"],
  options: pulumi.CustomResourceOptions,
): okta.group.Group {
  return new okta.group.Group(
    `${name}-assignment-group`,
    { name: groupName, description: `People provisioned to the SCIM directory of ${name}` },
    { ...options, ignoreChanges: ["description"], ...(existing === undefined ? {} : { import: existing }) },
  );
}

/** The group to push. The stack creates it if the configuration says so. */
function sourceOf(name: string, group: ResolvedPushGroup, options: pulumi.CustomResourceOptions): PushSource {
  if (group.groupId !== undefined) return { ...group, groupId: group.groupId };
  const created = new okta.group.Group(
    `${name}-group-${group.key}`,
    { name: group.name, description: `Pushed to the SCIM directory of ${name}` },
    { ...options, ignoreChanges: ["description"] },
  );
  return { ...group, groupId: created.id };
}

const stepsOf = (args: OktaIntegrationArgs, app: App, baseUrl: pulumi.Input<string>): pulumi.Input<ConsoleStep>[] =>
  consoleSteps({
    label: app.label,
    page: appPage(app),
    template: args.app.template,
    baseUrl,
    provisioning: args.provisioning,
    pushesGroups: args.pushGroups.groups.length > 0,
    renamesGroups: args.pushGroups.groups.some(({ targetName }) => targetName !== undefined),
  });

function statusOf(source: PushSource, connected: Connected | undefined): pulumi.Output<PushGroupStatus> {
  const { plan } = source;
  const waitsFor = plan.kind === "wait" ? plan.for : undefined;
  const push = connected?.pushes.get(waitsFor ?? source.key);
  return pulumi
    .all([
      source.groupId,
      push?.id ?? null,
      plan.kind === "wait" ? MOVING : (push?.status ?? "PENDING"),
      connected?.checked,
    ])
    .apply(([sourceGroupId, mappingId, status]) => ({ sourceGroupId, mappingId, status }));
}
