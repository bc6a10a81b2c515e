import { startCloud, type Cloud, type CloudOptions } from "../../../../sandbox/aws/index.ts";
import { Archive, type Created, type Properties } from "../../../../sandbox/engine/provider.ts";

export const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
});

/** A function's code: the text of an ES module, or an archive as it is. */
export const codeOf = (code: string | Archive): Archive =>
  typeof code === "string" ? new Archive(new Map([["index.mjs", code]])) : code;

export const startTestCloud = (options: Partial<CloudOptions> = {}): Promise<Cloud> =>
  startCloud({ port: 0, ...options });

export function create(cloud: Cloud, type: string, inputs: Properties): Promise<Created> {
  const handler = cloud.provider.resources[type];
  if (handler === undefined) throw new Error(`no such type: ${type}`);
  return handler.create(inputs);
}

export interface ServiceOptions {
  readonly code: string | Archive;
  readonly routeKey?: string;
  readonly function?: Properties;
  readonly stage?: Properties;
  readonly integration?: Properties;
  readonly isPermitted?: boolean;
  readonly sourcePath?: string;
}

/** Declares a role, a function and, before it, an HTTP API. */
export async function declareService(
  cloud: Cloud,
  name: string,
  options: ServiceOptions,
): Promise<{ url: string; apiId: string }> {
  const { arn: role } = (await create(cloud, "aws:iam/role:Role", { name, assumeRolePolicy: TRUST })).outputs;
  const fn = await create(cloud, "aws:lambda/function:Function", {
    name,
    role,
    runtime: "nodejs20.x",
    handler: "index.handler",
    code: codeOf(options.code),
    timeout: 10,
    memorySize: 256,
    ...options.function,
  });
  const api = await create(cloud, "aws:apigatewayv2/api:Api", { name, protocolType: "HTTP" });
  if (options.isPermitted !== false) {
    await create(cloud, "aws:lambda/permission:Permission", {
      action: "lambda:InvokeFunction",
      function: name,
      principal: "apigateway.amazonaws.com",
      sourceArn: `${String(api.outputs["executionArn"])}${options.sourcePath ?? "/*/*"}`,
    });
  }
  const integration = await create(cloud, "aws:apigatewayv2/integration:Integration", {
    apiId: api.id,
    integrationType: "AWS_PROXY",
    integrationUri: fn.outputs["arn"],
    payloadFormatVersion: "2.0",
    ...options.integration,
  });
  await create(cloud, "aws:apigatewayv2/route:Route", {
    apiId: api.id,
    routeKey: options.routeKey ?? "ANY /p/{proxy+}",
    target: `integrations/${integration.id}`,
  });
  await create(cloud, "aws:apigatewayv2/stage:Stage", {
    apiId: api.id,
    name: "$default",
    autoDeploy: true,
    ...options.stage,
  });
  return { url: String(api.outputs["apiEndpoint"]), apiId: api.id };
}
