import { removeCode, unpackCode } from "./functionCode.ts";
import { FunctionPool, type Invocation } from "./functionPool.ts";
import { startFunctionProcess, type FunctionProcess, type ProcessUsage } from "./functionProcess.ts";
import { checkSpec, type FunctionSpec } from "./functionSpec.ts";
import type { InternetAccess } from "../internet/internet.ts";
import { addCosts, NOTHING, type Cost, type Meter } from "../support/meter.ts";

export interface FunctionHost {
  /**
   * Creates a function or its next version; running requests continue on the old version. @throws Error if Lambda would
   * refuse
   */
  deploy(spec: FunctionSpec): void;
  remove(name: string): Promise<void>;
  has(name: string): boolean;
  /** The function as it was deployed last. */
  specOf(name: string): FunctionSpec | undefined;
  /** @throws Error if there is no such function */
  invoke(name: string, event: unknown): Promise<Invocation>;
  /** Of each current process, of every function. */
  usage(): ProcessUsage[];
  /** The cost of each function in DynamoDB so far, by its name. */
  costs(): Readonly<Record<string, Cost>>;
  /** Kills the processes of every function, as a crash would. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

export interface HostOptions {
  readonly region: string;
  /** The endpoint of DynamoDB for functions. */
  readonly endpoint: string;
  readonly onLog: (entry: { readonly function: string; readonly line: string }) => void;
  /** Variables for each new process: the addresses of services that may start after the function is deployed. */
  readonly addresses?: () => Readonly<Record<string, string>>;
  /** The internet for each new process; undefined for the network of this machine. */
  readonly internet?: () => InternetAccess | undefined;
  /** Measures what each request costs. */
  readonly meter?: Meter;
  /**
   * Called with the DynamoDB endpoint of a process before each of its requests but the first: Lambda froze it in
   * between.
   */
  readonly onWake?: (endpoint: string) => void;
}

/** Processes of one function without a declared limit. AWS would start more, but this machine has few cores. */
const CONCURRENCY = 10;
/** Milliseconds in the queue: short for a declared limit, long for a limit that only this machine has. */
const PATIENCE_DECLARED = 500;
const PATIENCE_MACHINE = 10_000;

interface Deployed {
  readonly spec: FunctionSpec;
  readonly pool: FunctionPool;
  readonly folder: string;
}

interface State {
  readonly options: HostOptions;
  readonly functions: Map<string, Deployed>;
  /** Replaced and removed functions that still serve requests. */
  readonly old: Set<Deployed>;
  readonly retiring: Set<Promise<void>>;
  readonly costs: Map<string, Cost>;
}

/**
 * Runs declared functions as Lambda does: with their own code and environment, and without anything of this process.
 */
export function createFunctionHost(options: HostOptions): FunctionHost {
  const state: State = { options, functions: new Map(), old: new Set(), retiring: new Set(), costs: new Map() };
  const { functions } = state;
  return {
    deploy: (spec) => deploy(state, spec),
    async remove(name) {
      const deployed = functions.get(name);
      functions.delete(name);
      if (deployed) await retire(state, deployed);
    },
    has: (name) => functions.has(name),
    specOf: (name) => functions.get(name)?.spec,
    async invoke(name, event) {
      const deployed = functions.get(name);
      if (deployed === undefined) throw new Error(`Function not found: ${name}`);
      return deployed.pool.invoke(JSON.stringify(event));
    },
    usage: () => [...functions.values()].flatMap(({ pool }) => pool.usage()),
    costs: () => Object.fromEntries(state.costs),
    async kill() {
      await Promise.all([...functions.values()].map(({ pool }) => pool.kill()));
    },
    async close() {
      const all = [...functions.values(), ...state.old];
      functions.clear();
      await Promise.all(all.map(({ pool }) => pool.close()));
      await Promise.allSettled([...state.retiring]);
      for (const { folder } of all) removeCode(folder);
    },
  };
}

function deploy(state: State, spec: FunctionSpec): void {
  const { options, functions } = state;
  const { name, arn, memorySize, timeout, credentials, reservedConcurrency } = spec;
  const exportName = checkSpec(spec);
  const { folder, file } = unpackCode(spec.code, spec.handler);
  const env = {
    ...spec.environment,
    AWS_REGION: options.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySize),
    NODE_NO_WARNINGS: "1",
  };
  const onLine = (line: string): void => options.onLog({ function: name, line });
  const process = { functionName: name, functionArn: arn, file, exportName, memorySize, timeout, onLine };
  const pool = new FunctionPool({
    start: () =>
      startMetered(state, name, (endpoint) =>
        startFunctionProcess({
          ...process,
          internet: options.internet?.(),
          env: { ...env, ...options.addresses?.(), AWS_ENDPOINT_URL_DYNAMODB: endpoint },
        }),
      ),
    concurrency: reservedConcurrency ?? CONCURRENCY,
    patience: reservedConcurrency === undefined ? PATIENCE_MACHINE : PATIENCE_DECLARED,
  });
  const before = functions.get(name);
  functions.set(name, { spec, pool, folder });
  if (before) void retire(state, before);
}

/** Lets a function serve its last requests, then removes its code. */
function retire({ old, retiring }: State, deployed: Deployed): Promise<void> {
  old.add(deployed);
  const work = deployed.pool.drain().then(() => {
    removeCode(deployed.folder);
    old.delete(deployed);
  });
  retiring.add(work);
  return work.finally(() => retiring.delete(work));
}

/** A process whose answers carry their cost, if there is a meter. */
function startMetered(
  { options: { meter, endpoint, onWake }, costs }: State,
  name: string,
  start: (endpoint: string) => FunctionProcess,
): FunctionProcess {
  if (meter === undefined) return start(endpoint);
  const { endpoint: own, take } = meter.open(endpoint);
  const started = start(own);
  let isFresh = true;
  return {
    get alive() {
      return started.alive;
    },
    get usage() {
      return started.usage;
    },
    async invoke(event) {
      take();
      if (!isFresh) onWake?.(own);
      isFresh = false;
      const outcome = await started.invoke(event);
      const cost = take();
      costs.set(name, addCosts(costs.get(name) ?? NOTHING, cost));
      return outcome.kind === "answer" ? { ...outcome, cost } : outcome;
    },
    stop: () => started.stop(),
  };
}
