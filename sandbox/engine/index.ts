import { stripVTControlCharacters } from "node:util";
import type { Provider } from "../providers/provider.ts";
import { DeploymentError, DeploymentRun, deleteResource, type EngineEvent, type Summary } from "./deployment.ts";
import { serveMonitor } from "./monitor.ts";
import { runProgram, type ProgramEnd, type StackConfig } from "./program.ts";
import type { ResourceState } from "./state.ts";
import type { Values } from "./values.ts";

export { DeploymentError, type EngineEvent } from "./deployment.ts";
export type { StackConfig } from "./program.ts";
export type { ResourceState } from "./state.ts";
export { Secret } from "./values.ts";

export interface Deployment {
  /** The stack's outputs; secret ones are `Secret`. */
  readonly outputs: Values;
  readonly resources: readonly ResourceState[];
  readonly summary: Summary;
}

export interface Engine {
  /** Runs the program and makes its resources real. State is kept between calls. @throws DeploymentError */
  up(config: StackConfig): Promise<Deployment>;
  /** Runs the program without making anything. @throws DeploymentError */
  preview(config: StackConfig): Promise<Deployment>;
  /** Deletes every resource, the youngest first. @throws DeploymentError */
  destroy(): Promise<void>;
}

export interface EngineOptions {
  /** Folder of Pulumi.yaml and index.ts. */
  readonly root: string;
  readonly project: string;
  readonly stack: string;
  readonly providers: readonly Provider[];
  /** Milliseconds after which a program that does not end is stopped. */
  readonly timeoutMs?: number;
  readonly onEvent?: (event: EngineEvent) => void;
}

/** Pulumi's engine as far as one program on one machine needs it: the program runs in Pulumi's own Node runtime. */
export function createEngine(options: EngineOptions): Engine {
  const { root, project, stack, providers, timeoutMs = 120_000, onEvent = () => undefined } = options;
  const state = new Map<string, ResourceState>();

  async function deploy(config: StackConfig, preview: boolean): Promise<Deployment> {
    const run = new DeploymentRun({ project, stack, providers, preview, onEvent }, state);
    const errors: string[] = [];
    const inFlight = new Set<Promise<unknown>>();
    let failure: unknown;
    let outputs: Values | undefined;
    let kill = (): void => undefined;
    const tracked = <T>(work: Promise<T>): Promise<T> => {
      inFlight.add(work);
      const done = (): void => void inFlight.delete(work);
      work.then(done, done);
      return work;
    };
    const monitor = await serveMonitor({
      register: (registration) => tracked(run.register(registration)),
      invoke: (token, args) => tracked(run.invoke(token, args)),
      registerOutputs: (urn, values) => {
        if (urn.includes("::pulumi:pulumi:Stack::")) outputs = values;
      },
      log: (severity, message) => {
        const text = stripVTControlCharacters(message).trimEnd();
        if (severity === "error") errors.push(text);
        onEvent({ kind: "log", severity, message: text });
      },
      fail: (error) => {
        failure ??= error;
        kill();
      },
    });
    try {
      const program = runProgram({ root, project, stack, config, preview, address: monitor.address, timeoutMs });
      kill = () => program.kill();
      const end = await program.ended;
      // What a provider has begun is finished before anybody reads the state.
      await Promise.allSettled([...inFlight]);
      if (failure !== undefined) throw failure;
      if (end.code !== 0 || outputs === undefined || errors.length > 0) throw new DeploymentError(reason(end, errors));
      await run.finish();
      return { outputs, resources: [...state.values()], summary: run.summary };
    } finally {
      monitor.close();
    }
  }

  return {
    up: (config) => deploy(config, false),
    preview: (config) => deploy(config, true),
    async destroy() {
      for (const old of [...state.values()].reverse()) {
        if (old.protect) throw new DeploymentError(`${old.type} ${old.name} is protected; unprotect it to destroy the stack`);
      }
      for (const old of [...state.values()].reverse()) {
        await deleteResource(old, providers);
        state.delete(old.urn);
      }
    },
  };
}

function reason(end: ProgramEnd, errors: readonly string[]): string {
  if (errors.length > 0) return errors.join("\n");
  if (end.timedOut) return "the program did not end in time; it may wait for something that never comes";
  if (end.code === 0) return "the program ended before its outputs were known; it may await something that never comes";
  return end.output.trim() || `the program ended with code ${String(end.code)}`;
}
