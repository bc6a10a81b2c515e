import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { awsProvider } from "./provider.ts";
import type { Provider } from "../engine/provider.ts";
import { startDynamoDb } from "./dynamodb/engine.ts";
import type { FaultHook, Rest } from "./dynamodb/faults/fault.ts";
import type { Freedoms } from "./dynamodb/faults/freedoms.ts";
import type { KeyLimit } from "./dynamodb/faults/keyLimit.ts";
import type { ProcessUsage } from "./lambda/functionProcess.ts";
import { createFunctionHost } from "./lambda/functionHost.ts";
import { startGateway } from "./apiGateway/gateway.ts";
import type { Denial } from "./dynamodb/authorize.ts";
import type { ActionCount } from "./dynamodb/counts.ts";
import { startGuard } from "./dynamodb/guard.ts";
import { createMeter, type Cost } from "./support/meter.ts";
import type { Permissions } from "./lambda/permissions.ts";
import { Roles } from "./iam/roles.ts";
import type { Place } from "./support/place.ts";

export type { Fault, FaultHook, FaultRequest, Rest } from "./dynamodb/faults/fault.ts";
export type { Freedoms } from "./dynamodb/faults/freedoms.ts";
export type { KeyLimit } from "./dynamodb/faults/keyLimit.ts";
export type { ProcessUsage } from "./lambda/functionProcess.ts";
export type { Denial } from "./dynamodb/authorize.ts";
export type { ActionCount } from "./dynamodb/counts.ts";
export type { Cost } from "./support/meter.ts";

export interface CloudOptions {
  /** Port of the first API; 0 means any free one. */
  readonly port: number;
  readonly region?: string;
  /** Lines that functions write. */
  readonly onLog?: (entry: { readonly function: string; readonly line: string }) => void;
  /** Requests that a role's policies do not allow. */
  readonly onDenied?: (denial: Denial) => void;
}

export interface Cloud {
  /** Makes the stack's AWS resources on this machine. */
  readonly provider: Provider;
  /** The engine without the guard, for looking. */
  readonly dynamodbEndpoint: string;
  /** Address of the first API. */
  readonly gatewayUrl: string;
  /** What functions asked of DynamoDB, by operation. */
  requestCounts(): Readonly<Record<string, Readonly<ActionCount>>>;
  /** What one request of the service cost, by the `apigw-requestid` of its answer; the last 10,000 are kept. */
  costOf(requestId: string): Cost | undefined;
  /** Set it to disturb the DynamoDB requests of functions; undefined lets all pass. */
  faults: FaultHook | undefined;
  /** Set it to limit the units that one partition key takes a second, for functions; undefined: no limit. */
  keyLimit: KeyLimit | undefined;
  /** Decides, before each request to a process that has served one, what became of its DynamoDB connections. */
  connectionsAtRest: (() => Rest) | undefined;
  /** Sets faults, key limit and connections at once; undefined ends them all. */
  disturb(freedoms: Freedoms | undefined): void;
  /** What each process that runs a function has used so far. */
  functionUsage(): ProcessUsage[];
  /** Kills the processes of every function, as a crash would; the next requests start new ones. */
  killFunctions(): Promise<void>;
  /** Ends every process and server. */
  close(): Promise<void>;
}

export const ACCOUNT = "000000000000";

/**
 * The part of AWS that the stack uses, on this machine: DynamoDB, Lambda, API Gateway and IAM's judgement; the other
 * services as plain records.
 * @throws Error when a port is taken (EADDRINUSE) or there is no DynamoDB engine
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { region = "us-east-1", onLog = () => undefined, onDenied = () => undefined } = options;
  const place: Place = { account: ACCOUNT, region };
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  const freedoms: Pick<Cloud, "faults" | "keyLimit" | "connectionsAtRest"> = {
    faults: undefined,
    keyLimit: undefined,
    connectionsAtRest: undefined,
  };
  try {
    const engine = await startDynamoDb();
    closers.push(() => engine.close());
    const roles = new Roles();
    const meter = createMeter();
    const guard = await startGuard({
      ...place,
      target: engine.endpoint,
      identify: (key) => roles.identify(key),
      faults: () => freedoms.faults,
      keyLimit: () => freedoms.keyLimit,
      onDenied,
      onCharge: meter.charge,
    });
    closers.push(() => guard.close());
    const functions = createFunctionHost({
      region,
      endpoint: guard.endpoint,
      onLog,
      meter,
      onWake: (endpoint) => guard.rest(new URL(endpoint).pathname, freedoms.connectionsAtRest?.() ?? "kept"),
    });
    closers.push(() => functions.close());
    const permissions: Permissions = new Map();
    const gateway = await startGateway({
      ...place,
      port: options.port,
      permissions,
      invoke: (name, event) => functions.invoke(name, event),
      hasFunction: (name) => functions.has(name),
      onCost: meter.keep,
    });
    closers.push(() => gateway.close());
    const dynamodb = new DynamoDBClient({
      region,
      endpoint: engine.endpoint,
      credentials: { accessKeyId: "sandbox", secretAccessKey: "sandbox" },
    });
    closers.push(async () => dynamodb.destroy());
    return {
      provider: awsProvider(place, { dynamodb, roles, functions, permissions, gateway }),
      dynamodbEndpoint: engine.endpoint,
      gatewayUrl: gateway.url,
      requestCounts: () => guard.requestCounts(),
      costOf: meter.costOf,
      get faults() {
        return freedoms.faults;
      },
      set faults(hook) {
        freedoms.faults = hook;
      },
      get keyLimit() {
        return freedoms.keyLimit;
      },
      set keyLimit(limit) {
        freedoms.keyLimit = limit;
      },
      get connectionsAtRest() {
        return freedoms.connectionsAtRest;
      },
      set connectionsAtRest(decide) {
        freedoms.connectionsAtRest = decide;
      },
      disturb: (chosen) => {
        freedoms.faults = chosen?.faults;
        freedoms.keyLimit = chosen?.keyLimit;
        freedoms.connectionsAtRest = chosen?.connectionsAtRest;
      },
      functionUsage: () => functions.usage(),
      killFunctions: () => functions.kill(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
