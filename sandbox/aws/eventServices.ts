import type { Provider } from "../engine/provider.ts";
import { streamsApi } from "./dynamodbStreams/api.ts";
import type { StreamFreedoms } from "./dynamodbStreams/shards.ts";
import { Streams } from "./dynamodbStreams/streams.ts";
import { eventBridgeApi } from "./eventBridge/api.ts";
import { Buses, type Rule, type Target } from "./eventBridge/buses.ts";
import { eventBridgeResources } from "./eventBridge/provider.ts";
import { EventSources } from "./eventSources/eventSources.ts";
import type { MappingFreedoms } from "./eventSources/mapping.ts";
import { eventSourceResources } from "./eventSources/provider.ts";
import type { Denial } from "./iam/authorize.ts";
import { matches } from "./iam/policy.ts";
import type { Roles } from "./iam/roles.ts";
import { createInternet, type Internet } from "./internet/internet.ts";
import { createJsonEndpoint, type JsonEndpoint } from "./json/endpoint.ts";
import type { ServiceFaultHook } from "./json/faults.ts";
import type { JsonService } from "./json/operation.ts";
import { kmsApi } from "./kms/api.ts";
import { Keys } from "./kms/keys.ts";
import { kmsFunctions, kmsResources } from "./kms/provider.ts";
import type { FunctionHost } from "./lambda/functionHost.ts";
import { functionNameOf, type Permissions } from "./lambda/permissions.ts";
import { sqsApi } from "./sqs/api.ts";
import { sqsResources } from "./sqs/provider.ts";
import { Queues } from "./sqs/queues.ts";
import { ssmApi } from "./ssm/api.ts";
import { Parameters } from "./ssm/parameters.ts";
import { ssmResources } from "./ssm/provider.ts";
import type { Place } from "./support/place.ts";

/** The freedoms that the services for events take; undefined for none. */
export interface EventFreedoms {
  /** Disturbs the requests of functions to KMS, SQS, EventBridge and SSM. */
  readonly services?: ServiceFaultHook | undefined;
  readonly streams?: StreamFreedoms | undefined;
  readonly mappings?: MappingFreedoms | undefined;
}

export interface EventServiceOptions extends Place {
  /** Address of the DynamoDB engine. */
  readonly dynamodb: string;
  readonly roles: Roles;
  readonly functions: FunctionHost;
  readonly permissions: Permissions;
  readonly now: () => number;
  readonly freedoms: () => EventFreedoms | undefined;
  readonly onDenied: (denial: Denial) => void;
  /** Host names that lead to servers of this machine. */
  readonly routes?: ReadonlyMap<string, string>;
}

/** KMS, SQS, EventBridge, SSM, streams and event source mappings. Each starts with the first resource that needs it. */
export interface EventServices {
  readonly streams: Streams;
  readonly queues: Queues;
  readonly buses: Buses;
  readonly endpoint: JsonEndpoint;
  readonly internet: Internet;
  readonly resources: Provider["resources"];
  readonly functions: Provider["functions"];
  close(): Promise<void>;
}

/** The variables by which AWS's SDK finds the services at an address. */
export function endpointVariables(url: string | undefined): Readonly<Record<string, string>> {
  const services = ["KMS", "SQS", "EVENTBRIDGE", "SSM", "DYNAMODB_STREAMS"];
  return url === undefined ? {} : Object.fromEntries(services.map((service) => [`AWS_ENDPOINT_URL_${service}`, url]));
}

export function createEventServices(options: EventServiceOptions): EventServices {
  const { account, region, dynamodb, roles, functions, now, freedoms, onDenied } = options;
  const place: Place = { account, region };
  const keys = new Keys(place, now);
  const parameters = new Parameters();
  const queues = new Queues(place, now);
  const buses = new Buses({ ...place, now, deliver: (...delivery) => void deliver(options, ...delivery) });
  const streams = new Streams({ endpoint: dynamodb, region, now, freedoms: () => freedoms()?.streams });
  const mappingFreedoms = (): MappingFreedoms | undefined => freedoms()?.mappings;
  const sources = new EventSources({
    ...place,
    streams,
    queues,
    functions,
    roles,
    now,
    freedoms: mappingFreedoms,
    onDenied,
  });
  const endpoint = createJsonEndpoint(
    { account, identify: (key) => roles.identify(key), faults: () => freedoms()?.services, onDenied },
    () => services,
  );
  const services: readonly JsonService[] = [
    kmsApi(keys),
    sqsApi(place, queues, () => endpoint.url ?? ""),
    eventBridgeApi(buses),
    ssmApi(place, parameters, (keyId) => keys.find(keyId).arn),
    streamsApi(streams, now),
  ];
  const internet = createInternet(options.routes);
  const open = async (): Promise<string> => {
    await internet.open();
    return endpoint.open();
  };
  return {
    streams,
    queues,
    buses,
    endpoint,
    internet,
    resources: {
      ...kmsResources(place, keys, open),
      ...sqsResources(place, queues, open),
      ...eventBridgeResources(place, buses, open),
      ...ssmResources(place, parameters, open),
      ...eventSourceResources(place, sources),
    },
    functions: kmsFunctions(keys),
    async close() {
      sources.close();
      buses.close();
      await streams.close();
      await endpoint.close();
      await internet.close();
    },
  };
}

/** Attempts of an asynchronous invocation (Lambda, "Error handling for asynchronous invocation"). */
const ATTEMPTS = 3;

/** Invokes a rule's target if the function's resource policy allows it. */
async function deliver(
  { functions, permissions }: EventServiceOptions,
  rule: Rule,
  { arn }: Target,
  event: unknown,
): Promise<void> {
  const name = functionNameOf(arn);
  const isPermitted = [...permissions.values()].some(
    (permission) =>
      permission.functionName === name &&
      permission.principal === "events.amazonaws.com" &&
      matches(permission.action.toLowerCase(), "lambda:invokefunction") &&
      (permission.sourceArn === undefined || matches(permission.sourceArn, rule.arn)),
  );
  if (!isPermitted) return;
  for (let attempt = 1; attempt <= ATTEMPTS && functions.has(name); attempt++) {
    const { kind } = await functions.invoke(name, event);
    if (kind === "answer" || kind === "tooLarge") return;
  }
}
