import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { requiredActions } from "../../lambda/contract.ts";
import { bundleFunction } from "./bundle.ts";

/** Seconds. One second below the 30 s limit of an HTTP API, so that the function's own response arrives. */
export const TIMEOUT = 29;
/** Megabytes. CPU is in proportion to memory; 512 MB keeps the largest PUT within the timeout. */
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
  const role = new aws.iam.Role(
    `${name}-function`,
    { assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }) },
    options,
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-function`,
    {
      role: role.id,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: requiredActions, Resource: args.table.arn },
          // Lambda names the streams; the suffix is the narrowest form that IAM offers for a log group's streams.
          {
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: pulumi.interpolate`${logs.arn}:*`,
          },
        ],
      }),
    },
    options,
  );
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
