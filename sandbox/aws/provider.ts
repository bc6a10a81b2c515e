import type { Provider } from "../engine/provider.ts";
import type { Gateway } from "./apiGateway/gateway.ts";
import { apiGatewayResources } from "./apiGateway/provider.ts";
import { dynamodbResources } from "./dynamodb/provider.ts";
import type { Tables } from "./dynamodb/tables.ts";
import type { EventServices } from "./eventServices.ts";
import { iamResources } from "./iam/provider.ts";
import { lambdaResources, type LambdaParts } from "./lambda/provider.ts";
import { acmResources } from "./recorded/acm.ts";
import { cloudwatchResources } from "./recorded/cloudwatch.ts";
import { awsFunctions } from "./recorded/functions.ts";
import { route53Resources } from "./recorded/route53.ts";
import { snsResources } from "./recorded/sns.ts";
import type { Place } from "./support/place.ts";

/** The running services on which resources are created. */
export interface Services extends LambdaParts {
  readonly tables: Tables;
  readonly gateway: Gateway;
  readonly events: EventServices;
}

/**
 * A stand-in for @pulumi/aws: the resource types that the stack uses. To add a service, give it a folder with the
 * service and its `provider.ts`, start it in `startCloud`, and list its resources here. A service that does nothing on
 * this machine is a file in `recorded/`.
 */
export function awsProvider(place: Place, services: Services): Provider {
  return {
    package: "aws",
    resources: {
      ...dynamodbResources(place, services.tables, services.events.streams),
      ...iamResources(place, services.roles),
      ...lambdaResources(place, services),
      ...apiGatewayResources(place, services.gateway),
      ...services.events.resources,
      ...cloudwatchResources(place),
      ...snsResources(place),
      ...acmResources(place),
      ...route53Resources(),
    },
    functions: { ...awsFunctions(place), ...services.events.functions },
  };
}
