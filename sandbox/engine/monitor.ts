import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import structPb from "google-protobuf/google/protobuf/struct_pb.js";
import engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import aliasPb from "@pulumi/pulumi/proto/alias_pb.js";
import enginePb from "@pulumi/pulumi/proto/engine_pb.js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import resourceGrpc from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resourcePb from "@pulumi/pulumi/proto/resource_pb.js";
import { listen, unary as serveUnary } from "./grpc.ts";
import { DeploymentError, type Alias, type Registered, type Registration } from "./registration.ts";
import { ROOT_STACK_TYPE } from "./state.ts";
import { Secret, decodeRecord, encodeRecord, plainRecord, type Values } from "./values.ts";

/** The monitor's calls to the deployment. A rejection ends the deployment with its message. */
export interface MonitorActions {
  register(registration: Registration): Promise<Registered>;
  registerOutputs(urn: string, outputs: Values): Promise<void>;
  invoke(token: string, args: Values): Promise<Values>;
  log(severity: string, message: string): Promise<void>;
  fail(error: unknown): void;
}

/** Without the feature `secrets`, the SDK would send every secret in clear. Transforms and hooks are not offered. */
const features = new Set(["secrets", "resourceReferences", "outputValues", "deletedWith", "replaceWith", "aliasSpecs"]);

const severities = ["debug", "info", "warning", "error"];

/** The program's reason for a call that the sandbox does not serve. */
const reasons: Readonly<Record<string, string>> = {
  readResource: "existing resources (`Resource.get`)",
  call: "methods of remote components",
  registerPackage: "parameterized providers",
};

/**
 * Serves Pulumi's ResourceMonitor and Engine on a free loopback port. A call that it does not serve fails the
 * deployment, with a message that names the call.
 */
export async function serveMonitor(actions: MonitorActions): Promise<{ address: string; close(): void }> {
  let root = "";

  // A failed call ends the program at once, because on Node 20 it would spend minutes on printing an error that is
  // already reported.
  const unary = <Request, Response>(work: (request: Request) => Promise<Response> | Response) =>
    serveUnary(work, (error) => actions.fail(error));
  const empty = (): InstanceType<typeof emptyPb.Empty> => new emptyPb.Empty();

  const unserved = Object.keys(resourceGrpc.ResourceMonitorService).map((method) => {
    const refuse = unary((): never => {
      throw new DeploymentError(`the sandbox does not offer ${reasons[method] ?? method}`);
    });
    return [method, refuse] as const;
  });
  const monitor = {
    ...Object.fromEntries(unserved),
    supportsFeature: unary((request: InstanceType<typeof resourcePb.SupportsFeatureRequest>) => {
      const response = new resourcePb.SupportsFeatureResponse();
      response.setHassupport(features.has(request.getId()));
      return response;
    }),
    registerResource: unary(async (request: InstanceType<typeof resourcePb.RegisterResourceRequest>) => {
      const registration = registrationOf(request);
      const { urn, id, outputs, secrets } = await actions.register(registration);
      if (registration.type === ROOT_STACK_TYPE) root = urn;
      const response = new resourcePb.RegisterResourceResponse();
      response.setUrn(urn);
      response.setId(id);
      const wrapped = Object.entries(outputs).map(
        ([key, value]) => [key, secrets.has(key) ? new Secret(value) : value] as const,
      );
      response.setObject(toStruct(registration.custom ? Object.fromEntries(wrapped) : registration.inputs));
      return response;
    }),
    registerResourceOutputs: unary(async (request: InstanceType<typeof resourcePb.RegisterResourceOutputsRequest>) => {
      await actions.registerOutputs(request.getUrn(), decodeRecord(request.getOutputs()?.toJavaScript() ?? {}));
      return empty();
    }),
    invoke: unary(async (request: InstanceType<typeof resourcePb.ResourceInvokeRequest>) => {
      const args = plainRecord(decodeRecord(request.getArgs()?.toJavaScript() ?? {}));
      const response = new providerPb.InvokeResponse();
      response.setReturn(toStruct(await actions.invoke(request.getTok(), args)));
      return response;
    }),
    signalAndWaitForShutdown: unary(() => empty()),
  };
  const engine = {
    log: unary(async (request: InstanceType<typeof enginePb.LogRequest>) => {
      await actions.log(severities[request.getSeverity()] ?? "info", request.getMessage());
      return empty();
    }),
    getRootResource: unary(() => {
      const response = new enginePb.GetRootResourceResponse();
      response.setUrn(root);
      return response;
    }),
    setRootResource: unary((request: InstanceType<typeof enginePb.SetRootResourceRequest>) => {
      root = request.getUrn();
      return new enginePb.SetRootResourceResponse();
    }),
  };

  const { port, close } = await listen((server) => {
    server.addService(resourceGrpc.ResourceMonitorService, monitor);
    server.addService(engineGrpc.EngineService, engine);
  });
  return { address: `127.0.0.1:${port}`, close };
}

function registrationOf(request: InstanceType<typeof resourcePb.RegisterResourceRequest>): Registration {
  return {
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    custom: request.getCustom(),
    inputs: decodeRecord(request.getObject()?.toJavaScript() ?? {}),
    dependencies: request.getDependenciesList(),
    aliases: request.getAliasesList().map(aliasOf),
    importId: request.getImportid(),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    replacementTrigger: request.getReplacementTrigger()?.toJavaScript(),
    additionalSecrets: request.getAdditionalsecretoutputsList(),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    deleteBeforeReplace: request.getDeletebeforereplace(),
  };
}

function aliasOf(alias: InstanceType<typeof aliasPb.Alias>): Alias {
  const spec = alias.getSpec();
  if (spec === undefined) return { urn: alias.getUrn() };
  const [name, type, parent] = [spec.getName(), spec.getType(), spec.getParenturn()];
  return {
    ...(name === "" ? {} : { name }),
    ...(type === "" ? {} : { type }),
    ...(parent === "" ? (spec.getNoparent() ? { parent: "" } : {}) : { parent }),
  };
}

function toStruct(values: Values): InstanceType<typeof structPb.Struct> {
  return structPb.Struct.fromJavaScript(encodeRecord(values));
}
