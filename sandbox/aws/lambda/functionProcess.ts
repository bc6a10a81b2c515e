import { fork, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Cost } from "../support/meter.ts";

/** What became of one invocation. `payload` is JSON text. */
export type Outcome =
  | { readonly kind: "answer"; readonly payload: string; readonly cost?: Cost }
  | { readonly kind: "failure"; readonly errorType: string; readonly errorMessage: string }
  | { readonly kind: "timeout"; readonly errorMessage: string };

export interface ProcessOptions {
  readonly functionName: string;
  readonly functionArn: string;
  /** File of the module, and the name that it exports. */
  readonly file: string;
  readonly exportName: string;
  /** The whole environment of the process. */
  readonly env: Readonly<Record<string, string>>;
  /** Megabytes. */
  readonly memorySize: number;
  /** Seconds for one request. */
  readonly timeout: number;
  readonly onLine: (line: string) => void;
}

/** What a process has used since its start. */
export interface ProcessUsage {
  /** Bytes: the most that was ever resident. */
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

/**
 * Starts a process for a function. Past its time or its memory the process is killed, as in Lambda; it also ends when
 * this process does.
 */
export function startFunctionProcess(options: ProcessOptions): FunctionProcess {
  const { functionName, memorySize, timeout } = options;
  const child = fork(SCRIPT, [options.file, options.exportName], {
    env: { ...options.env },
    execArgv: [`--max-old-space-size=${memorySize}`],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // A process group of its own: Ctrl-C reaches a whole group, and requests in flight may end in order.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on("line", options.onLine);
  }

  let alive = true;
  let usage: ProcessUsage = { peakMemory: 0, cpu: 0 };
  /** Why the process was killed, where this side did it. */
  let verdict: Outcome | undefined;
  let settle: (outcome: Outcome | "ready") => void = () => undefined;
  const next = (): Promise<Outcome | "ready"> => new Promise((resolve) => (settle = resolve));

  const kill = (outcome?: Outcome): void => {
    verdict ??= outcome;
    child.kill("SIGKILL");
  };
  const outOfMemory = (): Outcome =>
    failure("Runtime.OutOfMemory", "RequestId: Error: Runtime exited with error: signal: killed");
  const isTooBig = (rss: number): boolean => rss > memorySize * 1024 * 1024;

  const exited = new Promise<void>((resolve) => {
    const end = (why: string): void => {
      alive = false;
      settle(verdict ?? failure("Runtime.ExitError", `Error: Runtime exited ${why}`));
      resolve();
    };
    child.once("exit", (code, signal) =>
      end(signal ? `with error: signal: ${signal}` : `with exit status ${code ?? 0}`),
    );
    child.once("error", (error) => end(error.message));
  });
  child.on("message", (raw) => {
    const parsed = message.safeParse(raw);
    if (!parsed.success)
      return kill(failure("Runtime.InvalidMessage", "the function's process sent what it should not"));
    const { rss, cpu, ...rest } = parsed.data;
    usage = { peakMemory: Math.max(usage.peakMemory, rss, memoryOf(child, "VmHWM") ?? 0), cpu };
    if (rest.kind !== "ready" && isTooBig(rss)) return kill(outOfMemory());
    settle(rest.kind === "ready" ? "ready" : rest);
  });

  /** Waits for a message and kills the process when it takes too long or too much. */
  async function within(ms: number, late: Outcome, work: Promise<Outcome | "ready">): Promise<Outcome | "ready"> {
    const timer = setTimeout(() => kill(late), ms);
    const check = setInterval(() => {
      const rss = memoryOf(child, "VmRSS");
      if (rss !== undefined && isTooBig(rss)) kill(outOfMemory());
    }, MEMORY_CHECK_MS);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
      clearInterval(check);
    }
  }

  const ready = within(INIT_MS, failure("Sandbox.Timedout", "the function did not load within 10 seconds"), next());

  return {
    get alive() {
      return alive;
    },
    get usage() {
      return usage;
    },
    async invoke(event) {
      const loaded = await ready;
      if (loaded !== "ready") {
        await stop();
        return loaded;
      }
      if (!alive) return failure("Runtime.ExitError", "Error: Runtime exited");
      const awsRequestId = randomUUID();
      const late = `${new Date().toISOString()} ${awsRequestId} Task timed out after ${timeout.toFixed(2)} seconds`;
      const work = next();
      child.send(
        {
          event,
          deadline: Date.now() + timeout * 1000,
          context: {
            awsRequestId,
            functionName,
            functionVersion: "$LATEST",
            invokedFunctionArn: options.functionArn,
            memoryLimitInMB: String(memorySize),
            logGroupName: `/aws/lambda/${functionName}`,
            logStreamName: String(child.pid),
          },
        },
        () => undefined,
      );
      const outcome = await within(timeout * 1000, { kind: "timeout", errorMessage: late }, work);
      if (verdict !== undefined) await exited;
      return outcome === "ready" ? failure("Runtime.InvalidMessage", "the function loaded twice") : outcome;
    },
    stop,
  };

  async function stop(): Promise<void> {
    if (alive) kill();
    await exited;
  }
}

const failure = (errorType: string, errorMessage: string): Outcome => ({ kind: "failure", errorType, errorMessage });

/** Resident memory now, or at its highest, where the system shows it (Linux); elsewhere the process's own report has to do. */
function memoryOf(child: ChildProcess, row: "VmRSS" | "VmHWM"): number | undefined {
  try {
    const status = readFileSync(`/proc/${child.pid ?? 0}/status`, "utf8");
    const kilobytes = new RegExp(`^${row}:\\s+(\\d+) kB`, "m").exec(status)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
