import type { AwsRuntime } from "../../aws/runtime.ts";
import type { Provider } from "../provider.ts";
import { acmResources } from "./acm.ts";
import { apiGatewayResources } from "./apigatewayv2.ts";
import { cloudwatchResources } from "./cloudwatch.ts";
import { domainResources } from "./domains.ts";
import { dynamodbResources } from "./dynamodb.ts";
import { awsFunctions } from "./functions.ts";
import { iamResources } from "./iam.ts";
import { lambdaResources } from "./lambda.ts";
import { route53Resources } from "./route53.ts";
import { snsResources } from "./sns.ts";

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
