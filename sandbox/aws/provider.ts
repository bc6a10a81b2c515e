import type { AwsRuntime } from "./runtime.ts";
import type { Provider } from "../engine/provider.ts";
import { acmResources } from "./recorded/acm.ts";
import { apiGatewayResources } from "./apiGateway/provider.ts";
import { cloudwatchResources } from "./recorded/cloudwatch.ts";
import { domainResources } from "./apiGateway/domains.ts";
import { dynamodbResources } from "./dynamodb/provider.ts";
import { awsFunctions } from "./recorded/functions.ts";
import { iamResources } from "./iam/provider.ts";
import { lambdaResources } from "./lambda/provider.ts";
import { route53Resources } from "./recorded/route53.ts";
import { snsResources } from "./recorded/sns.ts";

/** A stand-in for @pulumi/aws: the resource types that the stack uses. */
export function awsProvider(runtime: AwsRuntime): Provider {
  return {
    package: "aws",
    resources: {
      ...dynamodbResources(runtime),
      ...iamResources(runtime),
      ...lambdaResources(runtime),
      ...apiGatewayResources(runtime),
      ...domainResources(runtime),
      ...cloudwatchResources(runtime),
      ...snsResources(runtime),
      ...acmResources(runtime),
      ...route53Resources(),
    },
    functions: awsFunctions(runtime),
  };
}
