import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Stage } from "./index.ts";

/** Days. */
const retention: Readonly<Record<Stage, number>> = { production: 365, development: 7 };

/** What the function writes: one line a request, and Lambda's own reports. */
export function createFunctionLogs(
  name: string,
  stage: Stage,
  options: pulumi.CustomResourceOptions,
): aws.cloudwatch.LogGroup {
  return new aws.cloudwatch.LogGroup(`${name}-function`, { retentionInDays: retention[stage] }, options);
}

/**
 * What the gateway writes, refused requests included. The prefix is AWS's own for logs that its services deliver: groups
 * below it do not use up the account's policy for log delivery, which has room for some ten of other names.
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
 * No headers, no path and no query: they hold the token, ids and filters with addresses. `requestId` is that of the
 * function's line and of the SCIM error.
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
