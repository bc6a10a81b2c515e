import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accessLogFormat } from "./logs.ts";
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
  const permission = new aws.lambda.Permission(
    `${name}-api`,
    {
      action: "lambda:InvokeFunction",
      function: fn.name,
      principal: "apigateway.amazonaws.com",
      sourceArn: pulumi.interpolate`${api.executionArn}/*/*`,
    },
    options,
  );
  const integration = new aws.apigatewayv2.Integration(
    `${name}-api`,
    {
      apiId: api.id,
      integrationType: "AWS_PROXY",
      integrationUri: fn.arn,
      payloadFormatVersion: "2.0",
    },
    options,
  );
  const route = (suffix: string, path: string): aws.apigatewayv2.Route =>
    new aws.apigatewayv2.Route(
      `${name}-${suffix}`,
      { apiId: api.id, routeKey: `ANY ${path}`, target: pulumi.interpolate`integrations/${integration.id}` },
      options,
    );
  const routes = [route("api", routePaths.below), route("api-base", routePaths.base)];
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
  return [permission, ...routes, stage];
}
