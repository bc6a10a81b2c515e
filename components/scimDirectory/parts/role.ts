import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Exact actions on exact ARNs. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resource: pulumi.Input<string>;
}

/** The role of a function, and its policy: what it is given, and to write its own log. */
export function createRole(
  name: string,
  args: { readonly logs: aws.cloudwatch.LogGroup; readonly allows: readonly Statement[] },
  options: pulumi.CustomResourceOptions,
): { readonly role: aws.iam.Role; readonly policy: aws.iam.RolePolicy } {
  const role = new aws.iam.Role(
    name,
    { assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }) },
    options,
  );
  const policy = new aws.iam.RolePolicy(
    name,
    {
      role: role.id,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          ...args.allows.map(({ actions, resource }) => ({ Effect: "Allow", Action: actions, Resource: resource })),
          // Lambda names the streams; the suffix is the narrowest form that IAM offers for a log group's streams.
          {
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: pulumi.interpolate`${args.logs.arn}:*`,
          },
        ],
      }),
    },
    options,
  );
  return { role, policy };
}
