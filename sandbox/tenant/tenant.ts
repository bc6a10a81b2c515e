import type { Cloud, Cost } from "../aws/index.ts";
import {
  startProgram,
  type Deployment,
  type Engine,
  type ResourceState,
  type StackConfig,
  type StartedProgram,
} from "../engine/index.ts";
import { readStack } from "../engine/stackFile.ts";
import { revealOutputs } from "./outputs.ts";
import type { Check } from "../../operations/verify/check.ts";
import { doConsoleStep, readConsoleSteps } from "./consoleStep.ts";
import type { Stage } from "./machine.ts";
import { provisioned } from "./provisioned.ts";
import type { Exchange, Org } from "../okta/index.ts";
import { createClosers, type Closers } from "../support/closers.ts";
import { ROOT } from "../../operations/live/stackFile.ts";
import type { DeploymentEvent } from "./deploymentEvents.ts";
import { birthOf } from "./birth.ts";
import { configWith, createLayers, type Layers } from "./layers.ts";
import { NAMESPACE } from "./stackConfig.ts";
import type { TenantOptions } from "./tenantOptions.ts";

/** A tenant that runs on this machine, with the parts that a test or a page may inspect. */
export interface Tenant {
  readonly stack: string;
  readonly cloud: Cloud;
  readonly org: Org;
  readonly engine: Engine;
  /** The stack's outputs in clear, secrets included. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly secretOutputs: ReadonlySet<string>;
  /** The resources of the last deployment. */
  readonly resources: readonly ResourceState[];
  /** The configuration of the last deployment. */
  readonly config: StackConfig;
  /** The stack's file as the last deployment read it. */
  readonly deployedFile: StackConfig;
  /**
   * Deploys the stack's current file, with these overrides on top of those from the start.
   * @param onEvent hears of the stages and resources as they happen
   * @param options.refresh reads org and cloud first, as `pulumi up --refresh` does
   */
  up(
    config: Readonly<Record<string, string>>,
    onEvent?: (event: DeploymentEvent) => void,
    options?: { readonly refresh?: boolean },
  ): Promise<void>;
  /**
   * An administrator connected an org that the stack does not manage: later deployments have `connection: ready`, unless
   * the stack's file or an option of the start sets the connection.
   */
  setConnected(): void;
  /** The configuration that a deployment with these overrides would use: the stack's current file, then overrides. */
  nextConfig(overrides: Readonly<Record<string, string>>): Promise<StackConfig>;
  /** The configuration below these overrides: the stack's current file, and the options of the start on top of it. */
  readLayers(): Promise<Layers>;
  /** The console steps of the first deployment as sentences: its output `nextSteps`. */
  readonly consoleSteps: readonly string[];
  /**
   * Does the console step as an administrator, with the current outputs. @throws Error with the message of the
   * connector test
   */
  doConsoleStep(): Promise<void>;
  /** The cost of an exchange of this org in DynamoDB; undefined if this service did not answer it. */
  costOf(exchange: Exchange): Cost | undefined;
  /** The checks of `npm run verify` for this tenant. */
  verify(onProgress?: (text: string) => void): Promise<readonly Check[]>;
  close(): Promise<void>;
}

/**
 * Brings up a tenant: its AWS, its Okta org, both deployments with the console step between them. Then waits until
 * everyone is provisioned. With `connection=pending` it stays at the first deployment.
 * @throws DeploymentError with the message that `pulumi up` would print
 */
export async function startTenant(options: TenantOptions): Promise<Tenant> {
  const { stage, onProgress, onResource } = progressOf(options);
  const file = await readStack(ROOT, options.stack, options.config.keys());
  const closers = createClosers();
  try {
    const { first: declared, title, second } = birthOf(options, file);
    const startAfter = startsPrograms(options.stack, closers);
    const program = startAfter(Promise.resolve(), declared);
    // Loaded while the program loads its own modules.
    const { costOf, startMachine } = await import("./machine.ts");
    let onEvent: ((event: DeploymentEvent) => void) | undefined;
    const { cloud, org, engine } = await startMachine(options, stage, closers, (event) => {
      if (event.kind === "change" || event.kind === "unchanged") onResource();
      onEvent?.(event);
    });
    const deployer = createDeployer(engine, file);
    const { up } = deployer;
    let next: Promise<StartedProgram> | undefined;
    // While the first program declares its resources, this process has little to do; then the second one loads its modules.
    onEvent = () => {
      onEvent = undefined;
      const loaded = options.meanwhile?.() ?? Promise.resolve();
      if (second !== undefined) next = startAfter(loaded, second);
    };
    const first = await stage(title, () => up(declared, program));
    if (second !== undefined) await connect({ org, stage, onProgress }, first, () => up(second, next));
    const layersOf = createLayers(ROOT, options, file);
    const current = (): ReturnType<typeof revealOutputs> => revealOutputs(deployer.last.outputs);
    return {
      stack: options.stack,
      cloud,
      org,
      engine,
      get outputs() {
        return current().values;
      },
      get secretOutputs() {
        return current().secrets;
      },
      get resources() {
        return deployer.last.resources;
      },
      get config() {
        return deployer.last.config;
      },
      get deployedFile() {
        return deployer.last.file;
      },
      readLayers: layersOf.read,
      nextConfig: async (overrides) => configWith(await layersOf.read(), overrides),
      up: async (overrides, listener = () => undefined, { refresh = false } = {}) => {
        const layers = await layersOf.read();
        await inStages({ engine, org, refresh }, listener, () => {
          onEvent = listener;
          return up(configWith(layers, overrides), undefined, layers.file).finally(() => (onEvent = undefined));
        });
      },
      setConnected: layersOf.setConnected,
      consoleSteps: textsOf(revealOutputs(first.outputs).values["nextSteps"]),
      doConsoleStep: () => doConsoleStep(org, readConsoleSteps(deployer.last.resources), current().values),
      costOf: (exchange) => costOf(cloud, exchange),
      verify: (told) => verify(options.stack, deployer.last.config, current().values, org, told),
      close: () => closers.close(),
    };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

/** A deployment with the configuration that it used, and the stack's file in it. */
interface Deployed extends Pick<Deployment, "outputs" | "resources"> {
  readonly config: StackConfig;
  readonly file: StackConfig;
}

/** Deploys, and keeps the last deployment that succeeded. @param first the stack's file at the start */
function createDeployer(engine: Engine, first: StackConfig) {
  let last: Deployed = { outputs: {}, resources: [], config: first, file: first };
  return {
    get last() {
      return last;
    },
    up: async (config: StackConfig, started?: Promise<StartedProgram>, file = first): Promise<Deployment> => {
      const deployment = await engine.up(config, started);
      last = { ...deployment, config, file };
      return deployment;
    },
  };
}

const textsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** Tells of each stage of a deployment as it begins. @param deploy the stage of the program */
async function inStages(
  { engine, org, refresh }: Pick<Tenant, "engine" | "org"> & { readonly refresh: boolean },
  listener: (event: DeploymentEvent) => void,
  deploy: () => Promise<unknown>,
): Promise<void> {
  if (refresh) listener({ kind: "stage", stage: "refresh" });
  if (refresh) await engine.refresh();
  listener({ kind: "stage", stage: "program" });
  await deploy();
  listener({ kind: "stage", stage: "provisioning" });
  await org.idle();
}

/** From the first deployment of a tenant to people that are provisioned. */
async function connect(
  { org, stage, onProgress }: { readonly org: Org; readonly stage: Stage; readonly onProgress: (text: string) => void },
  first: Deployment,
  deploySecond: () => Promise<Deployment>,
): Promise<void> {
  await stage("Console step: SCIM switched on in the Admin Console", () =>
    doConsoleStep(org, readConsoleSteps(first.resources), revealOutputs(first.outputs).values),
  );
  const { outputs } = await stage("Second deployment (connection: ready)", deploySecond);
  await stage("People assigned and groups pushed by Okta", () =>
    provisioned(org, String(revealOutputs(outputs).values["oktaAppId"]), onProgress),
  );
}

/** Starts programs of a stack. `closers` ends those that wait for a deployment that does not come. */
const startsPrograms =
  (stack: string, closers: Closers) =>
  (before: Promise<void>, config: StackConfig): Promise<StartedProgram> => {
    const program = before.then(() => startProgram({ root: ROOT, project: NAMESPACE, stack, config, preview: false }));
    closers.add(() =>
      program.then(
        (started) => started.stop(),
        () => undefined,
      ),
    );
    return program;
  };

/** The stages of the start, and the number of resources that the current one has reached. */
function progressOf(options: TenantOptions) {
  let resources = 0;
  const stage: Stage = (name, work) => {
    resources = 0;
    return options.stage?.(name, work) ?? work();
  };
  const onProgress = options.onProgress ?? (() => undefined);
  return { stage, onProgress, onResource: () => onProgress(counted((resources += 1))) };
}

const counted = (resources: number): string => `${resources} ${resources === 1 ? "resource" : "resources"}`;

/**
 * The same check as for a real tenant, over HTTP. Okta's client takes a second to load, and only this check waits for
 * it.
 */
async function verify(
  stack: string,
  { values, secretKeys }: StackConfig,
  outputs: Readonly<Record<string, unknown>>,
  { url, apiToken }: Org,
  onProgress?: (text: string) => void,
): Promise<readonly Check[]> {
  const { verifyLive } = await import("../../operations/verify/verifyStack.ts");
  return verifyLive(
    stack,
    { config: values, secretKeys, outputs },
    () => ({ orgUrl: url, token: apiToken }),
    onProgress,
  );
}
