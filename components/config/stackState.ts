import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

const stackOutputs = z.object({
  outputs: z.object({
    scimBaseUrl: z.string().optional(),
    connection: z.string().optional(),
    pushGroups: z.record(z.string(), z.object({ sourceGroupId: z.string() })).optional(),
    /** Null while the administrator does the Okta half by hand. */
    assignmentGroupId: z.string().nullish(),
  }),
});
const stackResources = z.object({
  outputs: z.record(z.string(), z.object({ type: z.string(), outputs: z.record(z.string(), z.unknown()) })),
});
const withEnvironment = z.object({ environment: z.object({ variables: z.record(z.string(), z.string()) }) });

/** A resource as the last deployment left it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  /** The logical name. */
  readonly name: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** This stack before the deployment. */
export interface StackState {
  readonly outputs: z.output<typeof stackOutputs>["outputs"];
  readonly resources: readonly StateResource[];
}

/**
 * Reads what the stack of this program consists of before the deployment, through functions of Pulumi's engine. Undefined
 * if the stack was never deployed. A state that cannot be read costs a warning: a step that needs it is not checked then.
 */
export async function readStackState(): Promise<StackState | undefined> {
  try {
    const stack = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
    // The engine reads the resources of a stack that was deployed once, and fails for others.
    const root: unknown = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name: stack });
    const { outputs } = stackOutputs.parse(root);
    if (outputs.pushGroups === undefined) return undefined;
    const all: unknown = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName: stack });
    const resources = Object.entries(stackResources.parse(all).outputs);
    return { outputs, resources: resources.map(([urn, resource]) => ({ urn, name: nameOf(urn), ...resource })) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await pulumi.log.warn(
      `the last deployment of this stack cannot be read, so a group that was renamed or made again is taken for a new one, and a jump of tokenGeneration or a raise of events.signingKey.generation that comes too early is not noticed: ${reason}`,
    );
    return undefined;
  }
}

/** The last part of `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`. */
const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");

/** A variable of a function, as it is deployed. */
export function variableOf({ resources }: StackState, name: string, variable: string): string | undefined {
  const fn = resources.find((one) => one.type === "aws:lambda/function:Function" && one.name === name);
  return withEnvironment.safeParse(fn?.outputs).data?.environment.variables[variable];
}
