import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { accessLogFormat } from "./parts/logs.ts";
import { routePathsTo } from "./parts/routes.ts";
import { routePaths } from "../../lambda/contract.ts";

export interface Throttle {
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** Only the HTTP API: the function needs its address before the routes can name the function. */
export function createApi(
  name: string,
  defaultAddressOff: pulumi.Input<boolean> | undefined,
  options: pulumi.CustomResourceOptions,
): aws.apigatewayv2.Api {
  return new aws.apigatewayv2.Api(
    `${name}-api`,
    {
      protocolType: "HTTP",
      description: `SCIM 2.0 service of tenant ${name}`,
      disableExecuteApiEndpoint: defaultAddressOff,
    },
    options,
  );
}

/**
 * Routes for the base URL and everything below it, so that errors are the function's own SCIM errors; the stage throttles.
 * @returns the resources that must exist before the API answers requests
 */
export function routeToFunction(
  name: string,
  args: {
    readonly api: aws.apigatewayv2.Api;
    readonly fn: aws.lambda.Function;
    readonly accessLogs: aws.cloudwatch.LogGroup;
    readonly throttle: Throttle;
  },
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const { api, fn } = args;
  const routed = routePathsTo(
    `${name}-api`,
    { api, fn, paths: { [`${name}-api`]: routePaths.below, [`${name}-api-base`]: routePaths.base } },
    options,
  );
  const stage = new aws.apigatewayv2.Stage(
    `${name}-api`,
    {
      apiId: api.id,
      name: "$default",
      autoDeploy: true,
      accessLogSettings: { destinationArn: args.accessLogs.arn, format: accessLogFormat },
      defaultRouteSettings: {
        throttlingRateLimit: args.throttle.ratePerSecond,
        throttlingBurstLimit: args.throttle.burst,
        detailedMetricsEnabled: true,
      },
    },
    options,
  );
  return [...routed, stage];
}
