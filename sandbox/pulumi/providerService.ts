import { createRequire } from "node:module";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import structPb from "google-protobuf/google/protobuf/struct_pb.js";
import pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import { z } from "zod";
import { DetailedError, listen, unary, type Served } from "../engine/grpc.ts";
import { changedKeys, conflictOf, withName } from "../engine/inputs.ts";
import { PartialFailure, type Provider, type ResourceHandler } from "../engine/provider.ts";
import { UNKNOWN, canonical, type Values } from "../engine/values.ts";
import { isRecord } from "../../operations/live/isRecord.ts";
import { comparable, receive, respond, type Received } from "./properties.ts";

/**
 * Serves a stand-in over Pulumi's provider protocol on a free loopback port. An engine attaches to it through
 * `PULUMI_DEBUG_PROVIDERS=<package>:<port>`. Secrets and resource references arrive plain: the engine marks them itself.
 */
export async function serveProvider(provider: Provider): Promise<Served> {
  const handlerOf = (urn: string): ResourceHandler => findHandler(provider, urn);
  return listen((server) =>
    server.addService(providerGrpc.ResourceProviderService, {
      getPluginInfo: unary(() => {
        const response = new pluginPb.PluginInfo();
        response.setVersion(versionOf(provider.package));
        return response;
      }),
      attach: unary(() => new emptyPb.Empty()),
      cancel: unary(() => new emptyPb.Empty()),
      checkConfig: unary((request: CheckRequest) => {
        const response = new providerPb.CheckResponse();
        response.setInputs(request.getNews());
        return response;
      }),
      diffConfig: unary(() => {
        const response = new providerPb.DiffResponse();
        response.setChanges(providerPb.DiffResponse.DiffChanges.DIFF_NONE);
        return response;
      }),
      configure: unary(() => {
        const response = new providerPb.ConfigureResponse();
        response.setSupportspreview(true);
        return response;
      }),
      check: unary((request: CheckRequest) => check(handlerOf(request.getUrn()), request)),
      diff: unary((request: DiffRequest) => diff(handlerOf(request.getUrn()), request)),
      create: unary((request: CreateRequest) => create(handlerOf(request.getUrn()), request)),
      read: unary((request: ReadRequest) => read(handlerOf(request.getUrn()), request)),
      update: unary((request: UpdateRequest) => update(handlerOf(request.getUrn()), request)),
      delete: unary(async (request: InstanceType<typeof providerPb.DeleteRequest>) => {
        const state = receive(valuesOf(request.getProperties()));
        await handlerOf(request.getUrn()).delete(request.getId(), state.values);
        return new emptyPb.Empty();
      }),
      invoke: unary((request: InvokeRequest) => invoke(provider, request)),
    }),
  );
}

type Struct = InstanceType<typeof structPb.Struct>;
type CheckRequest = InstanceType<typeof providerPb.CheckRequest>;
type DiffRequest = InstanceType<typeof providerPb.DiffRequest>;
type CreateRequest = InstanceType<typeof providerPb.CreateRequest>;
type ReadRequest = InstanceType<typeof providerPb.ReadRequest>;
type UpdateRequest = InstanceType<typeof providerPb.UpdateRequest>;
type InvokeRequest = InstanceType<typeof providerPb.InvokeRequest>;

function check(handler: ResourceHandler, request: CheckRequest): InstanceType<typeof providerPb.CheckResponse> {
  const olds = valuesOf(request.getOlds());
  const news = valuesOf(request.getNews());
  const seed = Buffer.from(request.getRandomseed_asU8()).toString("hex");
  const named = withName(handler, nameOf(request.getUrn()), news, olds, seed === "" ? undefined : seed);
  const response = new providerPb.CheckResponse();
  response.setInputs(structOf(named));
  const conflict = conflictOf(handler, named);
  if (conflict === undefined) return response;
  const failure = new providerPb.CheckFailure();
  failure.setProperty(conflict.property);
  failure.setReason(conflict.reason);
  response.setFailuresList([failure]);
  return response;
}

function diff(handler: ResourceHandler, request: DiffRequest): InstanceType<typeof providerPb.DiffResponse> {
  const { replaces = [] } = handler;
  const ignored = new Set(request.getIgnorechangesList());
  const news = valuesOf(request.getNews());
  const drift = handler.drift?.(receive(valuesOf(request.getOlds())).values, receive(news).values);
  const inputs = changedKeys(comparable(valuesOf(request.getOldInputs())), comparable(news));
  const changed = [...new Set([...inputs, ...(drift?.changed ?? [])])].filter((key) => !ignored.has(key));
  const { DIFF_NONE, DIFF_SOME } = providerPb.DiffResponse.DiffChanges;
  const response = new providerPb.DiffResponse();
  response.setChanges(changed.length === 0 ? DIFF_NONE : DIFF_SOME);
  response.setDiffsList(changed);
  response.setReplacesList(changed.filter((key) => replaces.includes(key) || drift?.replaces.includes(key) === true));
  return response;
}

async function create(
  handler: ResourceHandler,
  request: CreateRequest,
): Promise<InstanceType<typeof providerPb.CreateResponse>> {
  const inputs = receive(valuesOf(request.getProperties()));
  const response = new providerPb.CreateResponse();
  if (request.getPreview()) {
    const unknown = Object.fromEntries(handler.computed.map((key) => [key, UNKNOWN]));
    response.setProperties(structOf({ ...unknown, ...inputs.wire }));
    return response;
  }
  const { id, outputs } = await reporting(inputs, () => handler.create(inputs.values));
  response.setId(id);
  response.setProperties(structOf(respond({ ...inputs.values, ...outputs }, inputs)));
  return response;
}

/** A read without inputs and state is an import. */
async function read(
  handler: ResourceHandler,
  request: ReadRequest,
): Promise<InstanceType<typeof providerPb.ReadResponse>> {
  const state = receive(valuesOf(request.getProperties()));
  const response = new providerPb.ReadResponse();
  if (Object.keys(state.wire).length === 0 && handler.import !== undefined) {
    const found = await handler.import(request.getId());
    if (found === undefined) return response;
    response.setId(found.id);
    response.setProperties(structOf(respond(found.outputs)));
    response.setInputs(structOf(respond(found.inputs)));
    return response;
  }
  const outputs = await handler.read(request.getId(), state.values);
  if (outputs === undefined) return response;
  const current = respond(outputs, state);
  response.setId(request.getId());
  response.setProperties(structOf(current));
  response.setInputs(structOf(withDrift(valuesOf(request.getInputs()), state.wire, current)));
  return response;
}

async function update(
  handler: ResourceHandler,
  request: UpdateRequest,
): Promise<InstanceType<typeof providerPb.UpdateResponse>> {
  const inputs = receive(valuesOf(request.getNews()));
  const state = receive(valuesOf(request.getOlds()));
  const response = new providerPb.UpdateResponse();
  if (request.getPreview()) {
    response.setProperties(structOf({ ...state.wire, ...inputs.wire }));
    return response;
  }
  const outputs = await reporting(inputs, () => handler.update(request.getId(), state.values, inputs.values), state);
  response.setProperties(structOf(respond({ ...inputs.values, ...outputs }, inputs, state)));
  return response;
}

/** A partial failure tells the engine what to store of the resource. */
async function reporting<T>(inputs: Received, work: () => Promise<T>, ...more: readonly Received[]): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PartialFailure)) throw error;
    const detail = new providerPb.ErrorResourceInitFailed();
    detail.setId(error.id);
    detail.setProperties(structOf(respond({ ...inputs.values, ...error.outputs }, inputs, ...more)));
    detail.setInputs(structOf(inputs.wire));
    detail.setReasonsList([error.message]);
    throw new DetailedError(error.message, "pulumirpc.ErrorResourceInitFailed", detail.serializeBinary());
  }
}

async function invoke(
  provider: Provider,
  request: InvokeRequest,
): Promise<InstanceType<typeof providerPb.InvokeResponse>> {
  const call = provider.functions[request.getTok()];
  if (call === undefined) throw new Error(`the sandbox has no function ${request.getTok()}`);
  const args = receive(valuesOf(request.getArgs()));
  const response = new providerPb.InvokeResponse();
  response.setReturn(structOf(respond(await call(args.values), args)));
  return response;
}

function findHandler(provider: Provider, urn: string): ResourceHandler {
  const handler = provider.resources[typeOf(urn)];
  if (handler === undefined) throw new Error(`the sandbox has no resource type ${typeOf(urn)}`);
  return handler;
}

/** `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME` */
const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";
const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");

const valuesOf = (struct: Struct | undefined): Values => {
  const value: unknown = struct?.toJavaScript() ?? {};
  return isRecord(value) ? value : {};
};
const structOf = (values: Values): Struct =>
  structPb.Struct.fromJavaScript(values as Parameters<typeof structPb.Struct.fromJavaScript>[0]);

/** The engine expects the version of the SDK that the program imports. */
const versionOf = (name: string): string =>
  z.object({ version: z.string() }).parse(createRequire(import.meta.url)(`@pulumi/${name}/package.json`)).version;

/** A refresh shows changes from outside: an input whose output changed takes the new value. */
function withDrift(inputs: Values, before: Values, now: Values): Values {
  const drifted = Object.entries(inputs).map(([key, value]) => {
    const changed = key in now && canonical(comparable({ v: before[key] })) !== canonical(comparable({ v: now[key] }));
    return [key, changed ? now[key] : value] as const;
  });
  return Object.fromEntries(drifted);
}
