import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

/** A push mapping as the state of the stack has it. */
export interface LastMapping {
  /** The part of the resource's name that stands for the group. */
  readonly key: string;
  readonly sourceGroupId: string;
  readonly targetGroupId: string;
  /** The name that the configuration gave the group of the directory. */
  readonly targetName: string | undefined;
  /** Whether the deletion of the mapping leaves the group in the directory. */
  readonly keepsTarget: boolean;
}

/** What the last deployment of this stack left. */
export interface LastDeployment {
  /** The base URL that Okta was told; undefined before the first deployment. */
  readonly baseUrl: string | undefined;
  /** Whether Okta was connected. */
  readonly isReady: boolean;
  /** Whether the stack made the SCIM service, and whether that has a domain of its own. */
  readonly isManaged: boolean;
  readonly hasDomain: boolean;
  /** The name of each pushed group in the output `pushGroups` → its id in Okta. */
  readonly pushed: ReadonlyMap<string, string>;
  readonly mappings: readonly LastMapping[];
  /** Undefined before the first deployment. A refresh takes a group that is gone out of the state. */
  readonly assignmentGroup: { readonly id: string; readonly isInState: boolean } | undefined;
}

const noDeployment: LastDeployment = {
  ...{ baseUrl: undefined, isReady: false, isManaged: false, hasDomain: false },
  ...{ pushed: new Map(), mappings: [], assignmentGroup: undefined },
};

const stackOutputs = z.object({
  outputs: z.object({
    scimBaseUrl: z.string().optional(),
    connection: z.string().optional(),
    pushGroups: z.record(z.string(), z.object({ sourceGroupId: z.string() })).optional(),
    /** Null while the administrator does the Okta half by hand. */
    assignmentGroupId: z.string().nullish(),
  }),
});
const resources = z.object({
  outputs: z.record(z.string(), z.object({ type: z.string(), outputs: z.record(z.string(), z.unknown()) })),
});
const mapping = z.object({
  sourceGroupId: z.string(),
  targetGroupId: z.string(),
  targetGroupName: z.string().nullish(),
  deleteTargetGroupOnDestroy: z.boolean().default(true),
});

/**
 * Reads what the stack of this program consists of before the deployment, through functions of Pulumi's engine. It holds
 * nothing where the stack was never deployed. A state that cannot be read costs a warning: renamed and moved groups are
 * not recognized then.
 */
export async function readLastDeployment(tenant: string): Promise<LastDeployment> {
  try {
    const stack = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
    // The engine reads the resources of a stack that was deployed once, and fails for others.
    const root: unknown = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name: stack });
    const { pushGroups, assignmentGroupId: id, scimBaseUrl, connection } = stackOutputs.parse(root).outputs;
    if (pushGroups === undefined) return noDeployment;
    const all: unknown = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName: stack });
    const pushed = Object.entries(pushGroups).map(([label, { sourceGroupId }]) => [label, sourceGroupId] as const);
    const state = resources.parse(all).outputs;
    const hasType = (wanted: string): boolean => Object.values(state).some(({ type }) => type === wanted);
    const isInState = Object.entries(state).some(
      ([urn, { type }]) => type === "okta:group/group:Group" && nameOf(urn) === `${tenant}-assignment-group`,
    );
    return {
      baseUrl: scimBaseUrl,
      isReady: connection === "ready",
      isManaged: hasType("aws:apigatewayv2/api:Api"),
      hasDomain: hasType("aws:apigatewayv2/domainName:DomainName"),
      pushed: new Map(pushed),
      mappings: mappingsOf(tenant, state),
      assignmentGroup: typeof id === "string" ? { id, isInState } : undefined,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await pulumi.log.warn(
      `the last deployment of this stack cannot be read, so a group that was renamed or made again is taken for a new one: ${reason}`,
    );
    return noDeployment;
  }
}

/** The last part of `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`. */
const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");

function mappingsOf(tenant: string, found: z.output<typeof resources>["outputs"]): LastMapping[] {
  const start = `${tenant}-push-`;
  return Object.entries(found).flatMap(([urn, { type, outputs }]): LastMapping[] => {
    const name = nameOf(urn);
    if (type !== "okta:index/pushGroup:PushGroup" || !name.startsWith(start)) return [];
    const read = mapping.safeParse(outputs);
    // A mapping that was made in part has no target yet.
    if (!read.success) return [];
    const { sourceGroupId, targetGroupId, targetGroupName, deleteTargetGroupOnDestroy } = read.data;
    return [
      {
        key: name.slice(start.length),
        ...{ sourceGroupId, targetGroupId },
        targetName: targetGroupName ?? undefined,
        keepsTarget: !deleteTargetGroupOnDestroy,
      },
    ];
  });
}
