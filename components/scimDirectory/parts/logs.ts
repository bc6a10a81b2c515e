import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Stage } from "../../config/keys.ts";

/** Days. */
const retention: Readonly<Record<Stage, number>> = { production: 365, development: 7 };

/** A function's log: a line for each invocation, and Lambda's own reports. `name` is the function's. */
export function createLogGroup(
  name: string,
  stage: Stage,
  options: pulumi.CustomResourceOptions,
): aws.cloudwatch.LogGroup {
  return new aws.cloudwatch.LogGroup(name, { retentionInDays: retention[stage] }, options);
}

/**
 * The gateway's access log, which includes rejected requests. The prefix is AWS's own for logs that its services deliver:
 * log groups below it need no entry in the account's resource policy for log delivery, which has room for about ten.
 */
export function createAccessLogs(
  name: string,
  stage: Stage,
  options: pulumi.CustomResourceOptions,
): aws.cloudwatch.LogGroup {
  return new aws.cloudwatch.LogGroup(
    `${name}-access`,
    {
      name: `/aws/vendedlogs/${pulumi.getProject()}/${pulumi.getStack()}/${name}-access`,
      retentionInDays: retention[stage],
    },
    options,
  );
}

/**
 * No headers, path or query, because they hold the token, ids, and filters with e-mail addresses. `requestId` is the
 * one in the function's log line and in the SCIM error.
 */
export const accessLogFormat: string = JSON.stringify(
  Object.fromEntries(
    [
      ["requestId", "requestId"],
      ["time", "requestTime"],
      ["sourceIp", "identity.sourceIp"],
      ["method", "httpMethod"],
      ["route", "routeKey"],
      ["status", "status"],
      ["responseLength", "responseLength"],
      ["latencyMs", "responseLatency"],
      ["integrationLatencyMs", "integrationLatency"],
      ["error", "error.responseType"],
      ["integrationError", "integrationErrorMessage"],
    ].map(([key, variable]) => [key, `$context.${variable}`]),
  ),
);
