import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize, sep } from "node:path";
import type { Archive } from "../../engine/provider.ts";
import { FunctionPool, type Invocation } from "./functionPool.ts";
import { startFunctionProcess, type FunctionProcess, type ProcessUsage } from "./functionProcess.ts";
import type { Meter } from "../support/meter.ts";
import type { Credentials } from "../iam/roles.ts";

/** A function as the program declares it. */
export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  readonly code: Archive;
  /** `file.export`, such as `index.handler`. */
  readonly handler: string;
  /** `nodejs20.x` to `nodejs24.x`; it runs on the Node that runs this. */
  readonly runtime: string;
  /** Megabytes. */
  readonly memorySize: number;
  /** Seconds. */
  readonly timeout: number;
  /** Undefined where the program leaves it to the account. */
  readonly reservedConcurrency: number | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
}

export interface FunctionHost {
  /** Makes a function or its next version; requests that run go on with the old one. @throws Error where Lambda would refuse */
  deploy(spec: FunctionSpec): void;
  remove(name: string): Promise<void>;
  has(name: string): boolean;
  /** @throws Error when there is no such function */
  invoke(name: string, event: unknown): Promise<Invocation>;
  /** Of each process that there is now, of every function. */
  usage(): ProcessUsage[];
  /** Kills the processes of every function, as a crash would. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

export interface HostOptions {
  readonly region: string;
  /** Where functions find DynamoDB. */
  readonly endpoint: string;
  readonly onLog: (entry: { readonly function: string; readonly line: string }) => void;
  /** Measures what each request costs. */
  readonly meter?: Meter;
  /** Called with the DynamoDB endpoint of a process before each request but its first: Lambda froze it in between. */
  readonly onWake?: (endpoint: string) => void;
}

/** Processes of one function where it declares no limit: AWS would start more, this machine has few cores. */
const CONCURRENCY = 10;
/** Milliseconds in the queue: short behind a declared limit, long behind one that only this machine has. */
const PATIENCE_DECLARED = 500;
const PATIENCE_MACHINE = 10_000;

const RUNTIMES = /^nodejs2[0-4]\.x$/;
const RESERVED = [
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_LAMBDA_RUNTIME_API",
  "AWS_REGION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SECRET_KEY",
  "AWS_SESSION_TOKEN",
  "LAMBDA_RUNTIME_DIR",
  "LAMBDA_TASK_ROOT",
];
const ENVIRONMENT_LIMIT = 4096;

interface Deployed {
  readonly pool: FunctionPool;
  readonly folder: string;
}

/** Runs declared functions the way Lambda does: their own code and environment, nothing of this process. */
export function createFunctionHost(options: HostOptions): FunctionHost {
  const functions = new Map<string, Deployed>();
  const retiring = new Set<Promise<void>>();
  const old = new Set<Deployed>();

  const retire = (deployed: Deployed): Promise<void> => {
    old.add(deployed);
    const work = deployed.pool.drain().then(() => {
      rmSync(deployed.folder, { recursive: true, force: true });
      old.delete(deployed);
    });
    retiring.add(work);
    return work.finally(() => retiring.delete(work));
  };

  return {
    deploy(spec) {
      const exportName = checkSpec(spec);
      const folder = unpack(spec.code);
      const file = handlerFile(folder, spec.handler);
      if (file === undefined) {
        rmSync(folder, { recursive: true, force: true });
        throw new Error(`Runtime.ImportModuleError: the code has no module for the handler ${spec.handler}`);
      }
      const env = {
        ...spec.environment,
        AWS_REGION: options.region,
        AWS_ACCESS_KEY_ID: spec.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: spec.credentials.secretAccessKey,
        AWS_LAMBDA_FUNCTION_NAME: spec.name,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memorySize),
        NODE_NO_WARNINGS: "1",
      };
      const { name: functionName, arn: functionArn, memorySize, timeout } = spec;
      const onLine = (line: string): void => options.onLog({ function: functionName, line });
      const pool = new FunctionPool({
        start: () =>
          startMetered(options, (endpoint) =>
            startFunctionProcess({
              ...{ functionName, functionArn, file, exportName, memorySize, timeout, onLine },
              env: { ...env, AWS_ENDPOINT_URL_DYNAMODB: endpoint },
            }),
          ),
        concurrency: spec.reservedConcurrency ?? CONCURRENCY,
        patience: spec.reservedConcurrency === undefined ? PATIENCE_MACHINE : PATIENCE_DECLARED,
      });
      const before = functions.get(functionName);
      functions.set(functionName, { pool, folder });
      if (before) void retire(before);
    },
    async remove(name) {
      const deployed = functions.get(name);
      functions.delete(name);
      if (deployed) await retire(deployed);
    },
    has: (name) => functions.has(name),
    async invoke(name, event) {
      const deployed = functions.get(name);
      if (deployed === undefined) throw new Error(`Function not found: ${name}`);
      return deployed.pool.invoke(JSON.stringify(event));
    },
    usage: () => [...functions.values()].flatMap(({ pool }) => pool.usage()),
    async kill() {
      await Promise.all([...functions.values()].map(({ pool }) => pool.kill()));
    },
    async close() {
      const all = [...functions.values(), ...old];
      functions.clear();
      await Promise.all(all.map(({ pool }) => pool.close()));
      await Promise.allSettled([...retiring]);
      for (const { folder } of all) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A process whose answers tell what they cost, where there is a meter. */
function startMetered(
  { meter, endpoint, onWake }: HostOptions,
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
      return outcome.kind === "answer" ? { ...outcome, cost: take() } : outcome;
    },
    stop: () => started.stop(),
  };
}

/** @returns the name that the module exports */
function checkSpec(spec: FunctionSpec): string {
  const { runtime, memorySize, timeout, handler, environment } = spec;
  if (!RUNTIMES.test(runtime))
    throw new Error(`the sandbox runs nodejs20.x to nodejs24.x, not ${runtime || "a function without runtime"}`);
  if (memorySize < 128 || memorySize > 10_240) throw new Error(`memorySize must be 128 to 10240 MB, not ${memorySize}`);
  if (timeout < 1 || timeout > 900) throw new Error(`timeout must be 1 to 900 seconds, not ${timeout}`);
  const reserved = Object.keys(environment).filter((key) => RESERVED.includes(key));
  if (reserved.length > 0) {
    throw new Error(
      "Lambda was unable to configure your environment variables because the environment variables you have provided " +
        `contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`,
    );
  }
  const size = Object.entries(environment).reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value), 0);
  if (size > ENVIRONMENT_LIMIT) {
    throw new Error(`environment variables have ${size} bytes; Lambda takes ${ENVIRONMENT_LIMIT}`);
  }
  const exportName = handler.split(".").at(-1) ?? "";
  if (!/^[^.]+\.[^.]+$/.test(handler))
    throw new Error(`handler must read file.export, such as index.handler, not "${handler}"`);
  return exportName;
}

/** Writes the archive into a new folder that belongs to no project, so that a bundle with something missing fails. */
function unpack(code: Archive): string {
  const outside = [...code.files.keys()].find((path) => normalize(path).split(sep)[0] === "..");
  if (outside !== undefined) throw new Error(`the code names a file outside of itself: ${outside}`);
  const folder = mkdtempSync(join(tmpdir(), "sandbox-function-"));
  for (const [path, text] of code.files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

function handlerFile(folder: string, handler: string): string | undefined {
  const base = join(folder, handler.slice(0, handler.lastIndexOf(".")));
  return [`${base}.js`, `${base}.mjs`, `${base}.cjs`].find((file) => existsSync(file));
}
