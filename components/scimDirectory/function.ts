import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { requiredActions } from "../../lambda/contract.ts";
import { bundleFunction } from "./bundle.ts";
import { createRole } from "./parts/role.ts";

/** Seconds. One second below the 30 s limit of an HTTP API, so that the function's own response arrives. */
export const TIMEOUT = 29;
/** Megabytes. CPU is in proportion to memory; docs/performance.md compares 256 to 1,769 MB. */
const MEMORY = 512;

export interface FunctionArgs {
  readonly table: aws.dynamodb.Table;
  readonly logs: aws.cloudwatch.LogGroup;
  /**
   * Concurrent executions reserved for this function, which are also its maximum; undefined leaves both to the account.
   */
  readonly reservedConcurrency: number | undefined;
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
}

/** The function with its role and its policy: exact actions on exact ARNs. */
export function createFunction(
  name: string,
  args: FunctionArgs,
  options: pulumi.CustomResourceOptions,
): aws.lambda.Function {
  const { logs, reservedConcurrency } = args;
  const allows = [{ actions: requiredActions, resource: args.table.arn }];
  const { role, policy } = createRole(`${name}-function`, { logs, allows }, options);
  return new aws.lambda.Function(
    `${name}-function`,
    {
      description: `SCIM 2.0 service of tenant ${name}`,
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      code: bundleFunction(),
      memorySize: MEMORY,
      timeout: TIMEOUT,
      role: role.arn,
      environment: { variables: { ...args.environment } },
      ...(reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: reservedConcurrency }),
      loggingConfig: { logFormat: "JSON", logGroup: logs.name },
    },
    // Without the policy the first requests would fail, and without the log group Lambda would create another one.
    { ...options, dependsOn: [policy, logs] },
  );
}
