import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { FunctionHost } from "./functionHost.ts";
import type { Gateway } from "./gateway.ts";
import type { Roles } from "./roles.ts";

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
