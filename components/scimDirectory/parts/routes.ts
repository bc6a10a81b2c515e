import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/**
 * Routes any method of some paths to a function.
 * @param name of permission and integration
 * @param args.paths name of the route → path
 * @returns the resources without which the function is not reached
 */
export function routePathsTo(
  name: string,
  {
    api,
    fn,
    paths,
  }: {
    readonly api: aws.apigatewayv2.Api;
    readonly fn: aws.lambda.Function;
    readonly paths: Readonly<Record<string, string>>;
  },
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const permission = new aws.lambda.Permission(
    name,
    {
      action: "lambda:InvokeFunction",
      function: fn.name,
      principal: "apigateway.amazonaws.com",
      sourceArn: pulumi.interpolate`${api.executionArn}/*/*`,
    },
    options,
  );
  const integration = new aws.apigatewayv2.Integration(
    name,
    {
      apiId: api.id,
      integrationType: "AWS_PROXY",
      integrationUri: fn.arn,
      payloadFormatVersion: "2.0",
    },
    options,
  );
  const routes = Object.entries(paths).map(
    ([route, path]) =>
      new aws.apigatewayv2.Route(
        route,
        { apiId: api.id, routeKey: `ANY ${path}`, target: pulumi.interpolate`integrations/${integration.id}` },
        options,
      ),
  );
  return [permission, ...routes];
}
