import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { FunctionHost } from "./lambda/functionHost.ts";
import type { Gateway } from "./apiGateway/gateway.ts";
import type { Roles } from "./iam/roles.ts";

/** What the stand-in provider's resources are made of. */
export interface AwsRuntime {
  readonly account: string;
  readonly region: string;
  /** The engine itself, past the guard: what makes a stack's tables is not the function's role. */
  readonly dynamodb: DynamoDBClient;
  readonly roles: Roles;
  readonly functions: FunctionHost;
  readonly gateway: Gateway;
}
