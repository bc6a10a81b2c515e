import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Provider } from "../engine/provider.ts";
import { createClosers, type Closers } from "../support/closers.ts";
import { startGateway, type ServedRequest } from "./apiGateway/gateway.ts";
import type { ActionCount } from "./dynamodb/counts.ts";
import { startDynamoDb, type DynamoDb } from "./dynamodb/engine.ts";
import type { FaultHook, Rest } from "./dynamodb/faults/fault.ts";
import type { Freedoms } from "./dynamodb/faults/freedoms.ts";
import type { KeyLimit } from "./dynamodb/faults/keyLimit.ts";
import { startGuard, type Guard } from "./dynamodb/guard.ts";
import { Tables } from "./dynamodb/tables.ts";
import { createEventServices, endpointVariables, type EventFreedoms, type EventServices } from "./eventServices.ts";
import type { BusEvent } from "./eventBridge/buses.ts";
import type { Denial } from "./iam/authorize.ts";
import { Roles } from "./iam/roles.ts";
import { createFunctionHost } from "./lambda/functionHost.ts";
import type { ProcessUsage } from "./lambda/functionProcess.ts";
import type { Permissions } from "./lambda/permissions.ts";
import { awsProvider, type Services } from "./provider.ts";
import { createMeter, type Cost, type Meter } from "./support/meter.ts";
import type { Delivery } from "./internet/internet.ts";
import type { Place } from "./support/place.ts";
import type { OperationCount } from "./json/endpoint.ts";

export type { Fault, FaultHook, Rest } from "./dynamodb/faults/fault.ts";
export type { Freedoms } from "./dynamodb/faults/freedoms.ts";
export type { EventFreedoms } from "./eventServices.ts";
export type { OperationCount } from "./json/endpoint.ts";
export type { KeyLimit } from "./dynamodb/faults/keyLimit.ts";
export type { ProcessUsage } from "./lambda/functionProcess.ts";
export type { Denial } from "./iam/authorize.ts";
export type { ActionCount } from "./dynamodb/counts.ts";
export type { Cost } from "./support/meter.ts";
export type { ServedRequest } from "./apiGateway/gateway.ts";

export interface CloudOptions {
  /** Port of the first API; 0 means any free port. */
  readonly port: number;
  readonly region?: string;
  /** Lines that functions write. */
  readonly onLog?: (entry: { readonly function: string; readonly line: string }) => void;
  /** The clock of streams, queues, keys and buses. Default: this machine's. */
  readonly now?: () => number;
  /** Public host names that lead functions to servers of this machine. */
  readonly routes?: ReadonlyMap<string, string>;
  /** Receives requests that a role's policies do not allow. */
  readonly onDenied?: (denial: Denial) => void;
}

export interface Cloud {
  /** Makes the stack's AWS resources on this machine. */
  readonly provider: Provider;
  /** The engine without the guard, for inspection. */
  readonly dynamodbEndpoint: string;
  /** Names of the tables of this cloud; an engine at DYNAMODB_ENDPOINT may hold others. */
  tableNames(): readonly string[];
  /** Address of the first API. */
  readonly gatewayUrl: string;
  /**
   * Calls the listener with each request that a function of an API has ended, before its client gets the answer.
   * @returns a function that unsubscribes
   */
  onServed(listener: (request: ServedRequest) => void): () => void;
  /** The functions' requests to DynamoDB, by operation. */
  requestCounts(): Readonly<Record<string, Readonly<ActionCount>>>;
  /** Waits until DynamoDB has done all requests so far, also those whose function has given up or ended. */
  settled(): Promise<void>;
  /** The functions' requests to KMS, SQS, EventBridge and SSM, by IAM action. */
  serviceCounts(): Readonly<Record<string, Readonly<OperationCount>>>;
  /** Address of KMS, SQS, EventBridge, SSM and DynamoDB Streams; undefined as long as no resource needs it. */
  servicesUrl(): string | undefined;
  /** Names of the event buses that the stack declares. */
  busNames(): readonly string[];
  /** The last events that an event bus accepted, the oldest first. */
  eventsOf(bus: string): readonly BusEvent[];
  /** The last requests of functions to public hosts, the oldest first. */
  deliveries(): readonly Delivery[];
  /** Leads a public host name to a server of this machine; without a target it answers by itself. */
  route(host: string, target: string | undefined): void;
  /** Set it to disturb streams, mappings and the services for events; undefined disturbs none. */
  eventFreedoms: EventFreedoms | undefined;
  /** The cost of one request of the service, by the `apigw-requestid` of its answer. The last 10,000 are kept. */
  costOf(requestId: string): Cost | undefined;
  /** Set it to disturb the DynamoDB requests of functions; undefined disturbs none. */
  faults: FaultHook | undefined;
  /** Set it to limit the units that one partition key accepts per second, for functions; undefined for no limit. */
  keyLimit: KeyLimit | undefined;
  /** Decides the fate of a process's DynamoDB connections before each of its requests but the first. */
  connectionsAtRest: (() => Rest) | undefined;
  /** Sets faults, key limit and connections at once; undefined removes them all. */
  disturb(freedoms: Freedoms | undefined): void;
  /** The resources that each process of a function has used so far. */
  functionUsage(): ProcessUsage[];
  /** The cost of each function in DynamoDB so far, by its name. */
  functionCosts(): Readonly<Record<string, Cost>>;
  /** Kills the processes of every function, as a crash would. The next requests start new ones. */
  killFunctions(): Promise<void>;
  /** Ends every process and server. */
  close(): Promise<void>;
}

const ACCOUNT = "000000000000";

/** The settings that can change while the cloud runs. */
type Settings = Pick<Cloud, "faults" | "keyLimit" | "connectionsAtRest" | "eventFreedoms">;

/** The listeners to the APIs' requests. */
type Served = Set<(request: ServedRequest) => void>;

/**
 * The part of AWS that the stack uses, on this machine: DynamoDB, Lambda, API Gateway and IAM's decisions. The other
 * services are plain records.
 * @throws Error if a port is taken (EADDRINUSE) or there is no DynamoDB engine
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const closers = createClosers();
  const settings: Settings = {
    faults: undefined,
    keyLimit: undefined,
    connectionsAtRest: undefined,
    eventFreedoms: undefined,
  };
  try {
    const place: Place = { account: ACCOUNT, region: options.region ?? "us-east-1" };
    const served: Served = new Set();
    const { engine, guard, meter, ...services } = await startServices(options, place, { settings, served }, closers);
    const { endpoint, buses, internet } = services.events;
    return Object.assign(settings, {
      provider: awsProvider(place, services),
      serviceCounts: () => endpoint.counts(),
      servicesUrl: () => endpoint.url,
      busNames: () => buses.names(),
      eventsOf: (bus: string) => buses.eventsOf(bus),
      deliveries: () => internet.deliveries(),
      route: (host: string, target: string | undefined) => internet.route(host, target),
      dynamodbEndpoint: engine.endpoint,
      tableNames: () => services.tables.names(),
      gatewayUrl: services.gateway.url,
      onServed: (listener: (request: ServedRequest) => void) => {
        served.add(listener);
        return () => void served.delete(listener);
      },
      requestCounts: () => guard.requestCounts(),
      settled: () => guard.settled(),
      costOf: meter.costOf,
      disturb: (freedoms: Freedoms | undefined) => {
        settings.faults = freedoms?.faults;
        settings.keyLimit = freedoms?.keyLimit;
        settings.connectionsAtRest = freedoms?.connectionsAtRest;
      },
      functionCosts: () => services.functions.costs(),
      functionUsage: () => services.functions.usage(),
      killFunctions: () => services.functions.kill(),
      close: () => closers.close(),
    });
  } catch (error) {
    await closers.close();
    throw error;
  }
}

interface Started extends Services {
  readonly engine: DynamoDb;
  readonly guard: Guard;
  readonly meter: Meter;
}

async function startServices(
  { port, onLog = () => undefined, onDenied = () => undefined, now = Date.now, routes }: CloudOptions,
  place: Place,
  { settings, served }: { readonly settings: Settings; readonly served: Served },
  closers: Closers,
): Promise<Started> {
  const { region } = place;
  const engine = await startDynamoDb();
  closers.add(() => engine.close());
  const credentials = { accessKeyId: "sandbox", secretAccessKey: "sandbox" };
  const dynamodb = new DynamoDBClient({ region, endpoint: engine.endpoint, credentials });
  closers.add(() => dynamodb.destroy());
  const tables = new Tables(dynamodb);
  // An engine that this process started takes its tables with it.
  if (engine.isShared) closers.add(() => tables.deleteAll());
  const roles = new Roles();
  const meter = createMeter();
  const guard = await startGuard({
    ...place,
    target: engine.endpoint,
    identify: (key) => roles.identify(key),
    faults: () => settings.faults,
    keyLimit: () => settings.keyLimit,
    onDenied,
    onCharge: meter.charge,
  });
  closers.add(() => guard.close());
  // Functions are declared before the services that they call.
  const late: { events?: EventServices } = {};
  const functions = createFunctionHost({
    region,
    endpoint: guard.endpoint,
    onLog,
    meter,
    addresses: () => endpointVariables(late.events?.endpoint.url),
    internet: () => late.events?.internet.access,
    onWake: (endpoint) => guard.rest(new URL(endpoint).pathname, settings.connectionsAtRest?.() ?? "kept"),
  });
  closers.add(() => functions.close());
  const permissions: Permissions = new Map();
  const gateway = await startGateway({
    ...place,
    port,
    permissions,
    invoke: (name, event) => functions.invoke(name, event),
    hasFunction: (name) => functions.has(name),
    onCost: meter.keep,
    onServed: (request) => {
      for (const listener of served) listener(request);
    },
  });
  closers.add(() => gateway.close());
  const events = createEventServices({
    ...place,
    dynamodb: engine.endpoint,
    roles,
    functions,
    permissions,
    now,
    freedoms: () => settings.eventFreedoms,
    onDenied,
    ...(routes === undefined ? {} : { routes }),
  });
  late.events = events;
  closers.add(() => events.close());
  return { engine, guard, meter, tables, roles, functions, permissions, gateway, events };
}
