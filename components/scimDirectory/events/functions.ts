import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { environmentNames, eventEnvironment, type EventHandler } from "../../../lambda/contract.ts";
import type { Stage } from "../../config/keys.ts";
import { createRole, type Statement } from "../parts/role.ts";
import { createLogGroup } from "../parts/logs.ts";

type Setting = keyof typeof environmentNames;
/** The value of each setting that a function may read; an optional one that the tenant does not use is undefined. */
export type Settings = Readonly<Partial<Record<Setting, pulumi.Input<string> | undefined>>>;

const about: Readonly<
  Record<EventHandler, { readonly does: string; readonly timeout: number; readonly memory: number }>
> = {
  publish: { does: "Makes signed events of the changes", timeout: 60, memory: 512 },
  // One second below the 30 s limit of an HTTP API.
  feed: { does: "Answers receivers that poll, and publishes the keys", timeout: 29, memory: 256 },
  // Not longer than a message is hidden.
  push: { does: "Sends events to receivers of push", timeout: 55, memory: 256 },
  observe: { does: "Measures the backlog of receivers", timeout: 60, memory: 256 },
};

export interface EventFunctionArgs {
  readonly stage: Stage;
  readonly code: pulumi.asset.AssetArchive;
  readonly settings: Settings;
  /** Exact actions on exact ARNs, beside those on the function's log. */
  readonly allows: readonly Statement[];
}

export interface EventFunction {
  readonly handler: EventHandler;
  readonly fn: aws.lambda.Function;
  readonly logs: aws.cloudwatch.LogGroup;
  /** Must exist before something invokes the function. */
  readonly policy: aws.iam.RolePolicy;
}

/** One function of the change events, with its log, its role, and the variables that it reads and no others. */
export function createEventFunction(
  tenant: string,
  handler: EventHandler,
  { stage, code, settings, allows }: EventFunctionArgs,
  options: pulumi.CustomResourceOptions,
): EventFunction {
  const name = `${tenant}-events-${handler}`;
  const { does, timeout, memory } = about[handler];
  const logs = createLogGroup(name, stage, options);
  const { role, policy } = createRole(name, { logs, allows }, options);
  const { required, optional } = eventEnvironment[handler];
  const variables = [...required, ...optional].flatMap((setting) => {
    const value = settings[setting];
    return value === undefined ? [] : [[environmentNames[setting], value] as const];
  });
  const fn = new aws.lambda.Function(
    name,
    {
      description: `${does} of tenant ${tenant}`,
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: `events.${handler}`,
      code,
      memorySize: memory,
      timeout,
      role: role.arn,
      environment: { variables: Object.fromEntries(variables) },
      loggingConfig: { logFormat: "JSON", logGroup: logs.name },
    },
    { ...options, dependsOn: [policy, logs] },
  );
  return { handler, fn, logs, policy };
}
