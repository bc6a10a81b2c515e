import { fork, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { InternetAccess } from "../internet/internet.ts";
import type { Cost } from "../support/meter.ts";

/** The result of one invocation. `payload` is JSON text. */
export type Outcome =
  | { readonly kind: "answer"; readonly payload: string; readonly cost?: Cost }
  | { readonly kind: "failure"; readonly errorType: string; readonly errorMessage: string }
  | { readonly kind: "timeout"; readonly errorMessage: string };

export interface ProcessOptions {
  readonly functionName: string;
  readonly functionArn: string;
  /** File of the module, and the name of the export. */
  readonly file: string;
  readonly exportName: string;
  /** The whole environment of the process. */
  readonly env: Readonly<Record<string, string>>;
  /** Megabytes. */
  readonly memorySize: number;
  /** Seconds for one request. */
  readonly timeout: number;
  /** How it reaches public hosts; undefined for the network of this machine. */
  readonly internet: InternetAccess | undefined;
  readonly onLine: (line: string) => void;
}

/** The resources that a process has used since its start. */
export interface ProcessUsage {
  /** Bytes: the largest resident size so far. */
  readonly peakMemory: number;
  /** Microseconds of processor time, of user and system. */
  readonly cpu: number;
}

/** A process that serves one request at a time. */
export interface FunctionProcess {
  readonly alive: boolean;
  /** As of the last answer. */
  readonly usage: ProcessUsage;
  /** @param event JSON text */
  invoke(event: string): Promise<Outcome>;
  /** Kills the process; resolves when it is gone. */
  stop(): Promise<void>;
}

const SCRIPT = fileURLToPath(new URL("functionChild.mjs", import.meta.url));
/** Lambda's limit for loading a function before its first request. */
const INIT_MS = 10_000;
const MEMORY_CHECK_MS = 100;

const used = { rss: z.number(), cpu: z.number() };
const message = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready"), ...used }),
  z.object({ kind: z.literal("answer"), payload: z.string(), ...used }),
  z.object({ kind: z.literal("failure"), errorType: z.string(), errorMessage: z.string(), ...used }),
]);

interface State {
  readonly options: ProcessOptions;
  readonly child: ChildProcess;
  readonly exited: Promise<void>;
  alive: boolean;
  usage: ProcessUsage;
  /** Why the sandbox killed the process. */
  verdict: Outcome | undefined;
  /** Takes the next message of the process, or its end. */
  settle: (outcome: Outcome | "ready") => void;
}

/**
 * Starts a process for a function. It is killed if it exceeds its time or its memory, as in Lambda, and ends when this
 * process ends.
 */
export function startFunctionProcess(options: ProcessOptions): FunctionProcess {
  const state = startChild(options);
  const late = failure("Sandbox.Timedout", "the function did not load within 10 seconds");
  const ready = within(state, INIT_MS, late, nextMessage(state));
  return {
    get alive() {
      return state.alive;
    },
    get usage() {
      return state.usage;
    },
    async invoke(event) {
      const loaded = await ready;
      if (loaded === "ready") return invoke(state, event);
      await stop(state);
      return loaded;
    },
    stop: () => stop(state),
  };
}

function startChild(options: ProcessOptions): State {
  const internet = options.internet === undefined ? [] : [JSON.stringify(options.internet)];
  const child = fork(SCRIPT, [options.file, options.exportName, ...internet], {
    env: { ...options.env },
    // FUNCTION_NODE: another Node.js binary for functions than for the sandbox, such as that of the declared runtime.
    execPath: process.env["FUNCTION_NODE"] ?? process.execPath,
    execArgv: [`--max-old-space-size=${options.memorySize}`],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // A process group of its own: Ctrl-C reaches a whole group, but requests in flight must be able to finish.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on("line", options.onLine);
  }
  const exited = new Promise<void>((resolve) => {
    const end = (why: string): void => {
      state.alive = false;
      state.settle(state.verdict ?? failure("Runtime.ExitError", `Error: Runtime exited ${why}`));
      resolve();
    };
    child.once("exit", (code, signal) =>
      end(signal ? `with error: signal: ${signal}` : `with exit status ${code ?? 0}`),
    );
    child.once("error", (error) => end(error.message));
  });
  const state: State = {
    options,
    child,
    exited,
    alive: true,
    usage: { peakMemory: 0, cpu: 0 },
    verdict: undefined,
    settle: () => undefined,
  };
  child.on("message", (raw) => receive(state, raw));
  return state;
}

const nextMessage = (state: State): Promise<Outcome | "ready"> => new Promise((resolve) => (state.settle = resolve));

function receive(state: State, raw: unknown): void {
  const parsed = message.safeParse(raw);
  if (!parsed.success) {
    return kill(state, failure("Runtime.InvalidMessage", "the function's process sent an invalid message"));
  }
  const { rss, cpu, ...rest } = parsed.data;
  state.usage = { peakMemory: Math.max(state.usage.peakMemory, rss, memoryOf(state.child, "VmHWM") ?? 0), cpu };
  if (rest.kind !== "ready" && isTooBig(state, rss)) return kill(state, outOfMemory());
  state.settle(rest.kind === "ready" ? "ready" : rest);
}

/** Waits for a message, and kills the process if it takes too much time or memory. */
async function within(
  state: State,
  ms: number,
  late: Outcome,
  work: Promise<Outcome | "ready">,
): Promise<Outcome | "ready"> {
  const timer = setTimeout(() => kill(state, late), ms);
  const check = setInterval(() => {
    const rss = memoryOf(state.child, "VmRSS");
    if (rss !== undefined && isTooBig(state, rss)) kill(state, outOfMemory());
  }, MEMORY_CHECK_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    clearInterval(check);
  }
}

async function invoke(state: State, event: string): Promise<Outcome> {
  if (!state.alive) return failure("Runtime.ExitError", "Error: Runtime exited");
  const { functionName, functionArn, memorySize, timeout } = state.options;
  const awsRequestId = randomUUID();
  const late = `${new Date().toISOString()} ${awsRequestId} Task timed out after ${timeout.toFixed(2)} seconds`;
  const work = nextMessage(state);
  const context = {
    awsRequestId,
    functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: functionArn,
    memoryLimitInMB: String(memorySize),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: String(state.child.pid),
  };
  state.child.send({ event, deadline: Date.now() + timeout * 1000, context }, () => undefined);
  const outcome = await within(state, timeout * 1000, { kind: "timeout", errorMessage: late }, work);
  if (state.verdict !== undefined) await state.exited;
  return outcome === "ready" ? failure("Runtime.InvalidMessage", "the function loaded twice") : outcome;
}

async function stop(state: State): Promise<void> {
  if (state.alive) kill(state);
  await state.exited;
}

function kill(state: State, verdict?: Outcome): void {
  state.verdict ??= verdict;
  state.child.kill("SIGKILL");
}

const failure = (errorType: string, errorMessage: string): Outcome => ({ kind: "failure", errorType, errorMessage });

const outOfMemory = (): Outcome =>
  failure("Runtime.OutOfMemory", "RequestId: Error: Runtime exited with error: signal: killed");

const isTooBig = ({ options }: State, rss: number): boolean => rss > options.memorySize * 1024 * 1024;

/** Resident memory now, or its peak. Only Linux shows it; on other systems, the process's own report is used. */
function memoryOf(child: ChildProcess, row: "VmRSS" | "VmHWM"): number | undefined {
  try {
    const status = readFileSync(`/proc/${child.pid ?? 0}/status`, "utf8");
    const kilobytes = new RegExp(`^${row}:\\s+(\\d+) kB`, "m").exec(status)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
