import { z } from "zod";
import { ACCOUNT_THROTTLE, type HttpApi, type StageSettings } from "./apis.ts";
import { domainResources } from "./domains.ts";
import { makeId, type Gateway } from "./gateway.ts";
import type { Place } from "../support/place.ts";
import type { Properties, ResourceHandler } from "../../engine/provider.ts";
import { functionNameOf } from "../lambda/permissions.ts";
import { readInputs } from "../support/read.ts";

const apiInputs = z.looseObject({
  name: z.string(),
  protocolType: z.literal("HTTP", { error: "the sandbox serves only HTTP APIs" }),
  disableExecuteApiEndpoint: z.boolean().default(false),
});
const integrationInputs = z.looseObject({
  apiId: z.string(),
  integrationType: z.literal("AWS_PROXY", { error: "the sandbox serves only integrations with functions (AWS_PROXY)" }),
  integrationUri: z.string(),
  payloadFormatVersion: z.literal("2.0", { error: "the sandbox supports only payload format 2.0" }),
  timeoutMilliseconds: z.number().min(50).max(30_000).default(30_000),
});
const routeInputs = z.looseObject({
  apiId: z.string(),
  routeKey: z
    .string()
    .regex(
      /^(\$default|(ANY|GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \/\S*)$/,
      "a route key must be `$default` or `METHOD /path`",
    ),
  target: z.string().regex(/^integrations\/\S+$/, "a target must be integrations/ID"),
});
const throttle = z.looseObject({
  throttlingRateLimit: z.number().optional(),
  throttlingBurstLimit: z.number().optional(),
});
const stageInputs = z.looseObject({
  apiId: z.string(),
  name: z.literal("$default", { error: "the sandbox serves only the stage $default" }),
  autoDeploy: z.literal(true, { error: "autoDeploy must be true, because the stage serves nothing without it" }),
  defaultRouteSettings: throttle.optional(),
  routeSettings: z.array(throttle.extend({ routeKey: z.string() })).default([]),
});

/** HTTP APIs and their custom domains, served by the gateway. */
export function apiGatewayResources(place: Place, gateway: Gateway): Record<string, ResourceHandler> {
  return {
    "aws:apigatewayv2/api:Api": api(place, gateway),
    "aws:apigatewayv2/integration:Integration": integration(gateway),
    "aws:apigatewayv2/route:Route": route(gateway),
    "aws:apigatewayv2/stage:Stage": stage(place, gateway),
    ...domainResources(place, gateway),
  };
}

function findApi(gateway: Gateway, id: string): HttpApi {
  const found = gateway.apis.get(id);
  if (found === undefined) throw new Error(`NotFoundException: Invalid API identifier specified ${id}`);
  return found;
}

function api({ region }: Place, gateway: Gateway): ResourceHandler {
  return {
    autoName: "name",
    computed: ["apiEndpoint", "arn", "executionArn"],
    replaces: ["protocolType"],
    async create(inputs) {
      const { disableExecuteApiEndpoint } = readInputs(apiInputs, inputs);
      const made = await gateway.addApi({ isEndpointDisabled: disableExecuteApiEndpoint });
      const arn = `arn:aws:apigateway:${region}::/apis/${made.id}`;
      return { id: made.id, outputs: { ...inputs, arn, apiEndpoint: made.endpoint, executionArn: made.executionArn } };
    },
    read: async (id, state) => (gateway.apis.has(id) ? state : undefined),
    async update(id, { arn, apiEndpoint, executionArn }, inputs) {
      findApi(gateway, id).isEndpointDisabled = readInputs(apiInputs, inputs).disableExecuteApiEndpoint;
      return { ...inputs, arn, apiEndpoint, executionArn };
    },
    delete: (id) => gateway.removeApi(id),
  };
}

function integration(gateway: Gateway): ResourceHandler {
  const put = (id: string, inputs: Properties): void => {
    const { apiId, integrationUri, timeoutMilliseconds: timeout } = readInputs(integrationInputs, inputs);
    findApi(gateway, apiId).integrations.set(id, { functionName: functionNameOf(integrationUri), timeout });
  };
  return {
    computed: ["integrationResponseSelectionExpression"],
    replaces: ["apiId", "integrationType", "connectionType"],
    async create(inputs) {
      const id = makeId().slice(0, 7);
      put(id, inputs);
      return { id, outputs: { timeoutMilliseconds: 30_000, ...inputs } };
    },
    read: async (id, state) => (declaredOf(gateway, state)?.integrations.has(id) ? state : undefined),
    async update(id, _state, inputs) {
      put(id, inputs);
      return { timeoutMilliseconds: 30_000, ...inputs };
    },
    delete: async (id, state) => void declaredOf(gateway, state)?.integrations.delete(id),
  };
}

function route(gateway: Gateway): ResourceHandler {
  const put = (id: string, inputs: Properties): void => {
    const { apiId, routeKey, target } = readInputs(routeInputs, inputs);
    const found = findApi(gateway, apiId);
    if ([...found.routes].some(([other, declared]) => other !== id && declared.routeKey === routeKey)) {
      throw new Error(`ConflictException: Route with key ${routeKey} already exists for this API`);
    }
    const integrationId = target.slice("integrations/".length);
    if (!found.integrations.has(integrationId)) {
      throw new Error(`NotFoundException: Invalid Integration identifier specified ${integrationId}`);
    }
    found.routes.set(id, { routeKey, integrationId });
  };
  return {
    computed: [],
    replaces: ["apiId"],
    async create(inputs) {
      const id = makeId().slice(0, 7);
      put(id, inputs);
      return { id, outputs: { ...inputs } };
    },
    read: async (id, state) => (declaredOf(gateway, state)?.routes.has(id) ? state : undefined),
    async update(id, _state, inputs) {
      put(id, inputs);
      return { ...inputs };
    },
    delete: async (id, state) => void declaredOf(gateway, state)?.routes.delete(id),
  };
}

function stage({ account, region }: Place, gateway: Gateway): ResourceHandler {
  const put = (inputs: Properties): Properties => {
    const declared = readInputs(stageInputs, inputs);
    const found = findApi(gateway, declared.apiId);
    found.stage = settingsOf(declared);
    return {
      ...inputs,
      arn: `arn:aws:apigateway:${region}::/apis/${found.id}/stages/${declared.name}`,
      executionArn: `arn:aws:execute-api:${region}:${account}:${found.id}/${declared.name}`,
      invokeUrl: `${found.endpoint}/`,
    };
  };
  return {
    computed: ["arn", "executionArn", "invokeUrl"],
    replaces: ["apiId", "name"],
    async create(inputs) {
      const { apiId, name } = readInputs(stageInputs, inputs);
      if (findApi(gateway, apiId).stage) throw new Error("ConflictException: Stage already exists");
      return { id: name, outputs: put(inputs) };
    },
    read: async (_id, state) => (declaredOf(gateway, state)?.stage ? state : undefined),
    update: async (_id, _state, inputs) => put(inputs),
    async delete(_id, state) {
      const found = declaredOf(gateway, state);
      if (found) found.stage = undefined;
    },
  };
}

/** The API named in a resource's state; undefined once it is deleted. */
function declaredOf(gateway: Gateway, state: Properties): HttpApi | undefined {
  return typeof state["apiId"] === "string" ? gateway.apis.get(state["apiId"]) : undefined;
}

function settingsOf(declared: z.infer<typeof stageInputs>): StageSettings {
  const settings = ({ throttlingRateLimit: rate, throttlingBurstLimit: burst }: z.infer<typeof throttle>) => ({
    rate: rate ?? ACCOUNT_THROTTLE.rate,
    burst: burst ?? ACCOUNT_THROTTLE.burst,
  });
  return {
    default: settings(declared.defaultRouteSettings ?? {}),
    routes: new Map(declared.routeSettings.map((entry) => [entry.routeKey, settings(entry)])),
  };
}
