import { setTimeout as delay } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import type { Provider } from "./provider.ts";
import { deleteResource } from "./deleteResource.ts";
import { DeploymentRun } from "./deployment.ts";
import { serveMonitor } from "./monitor.ts";
import { refresh } from "./refresh.ts";
import { DeploymentError, type EngineEvent, type Registered, type Registration, type Summary } from "./registration.ts";
import { runProgram, type ProgramEnd, type StackConfig } from "./program.ts";
import { ROOT_STACK_TYPE, makeUrn, youngestFirst, type ResourceState, type StackState } from "./state.ts";
import type { Values } from "./values.ts";

export { DeploymentError, type EngineEvent, type Summary } from "./registration.ts";
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
  /** Runs the program and makes its resources real. The state is kept between calls. @throws DeploymentError */
  up(config: StackConfig): Promise<Deployment>;
  /** Runs the program without making anything. @throws DeploymentError */
  preview(config: StackConfig): Promise<Deployment>;
  /** Makes the state what the providers find, without changing anything. @throws DeploymentError */
  refresh(): Promise<void>;
  /** Forgets a resource without deleting it, as `pulumi state delete` does. */
  forget(type: string, id: string): void;
  /** Deletes every resource, the most recent first. @throws DeploymentError */
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

/** Milliseconds that a stopped program's last provider calls may take before they are reported as stuck. */
const GRACE_MS = 1_000;

/** The part of Pulumi's engine that one program on one machine needs. The program runs in Pulumi's own Node runtime. */
export function createEngine(options: EngineOptions): Engine {
  const { root, project, stack, providers, timeoutMs = 120_000, onEvent = () => undefined } = options;
  const state: StackState = { resources: new Map(), replaced: [] };

  async function deploy(config: StackConfig, preview: boolean): Promise<Deployment> {
    const run = new DeploymentRun({ project, stack, providers, preview, onEvent }, state);
    const errors: string[] = [];
    const inFlight = new Map<Promise<unknown>, string>();
    let failure: Error | undefined;
    let outputs: Values | undefined;
    let kill = (): void => undefined;
    const tracked = <T>(what: string, work: Promise<T>): Promise<T> => {
      inFlight.set(work, what);
      const done = (): void => void inFlight.delete(work);
      work.then(done, done);
      return work;
    };
    const monitor = await serveMonitor({
      register: (registration) =>
        tracked(`${registration.type} ${registration.name}`, registered(run, registration, options)),
      invoke: (token, args) => tracked(token, run.invoke(token, args)),
      registerOutputs: (urn, values) => {
        if (urn.includes(`::${ROOT_STACK_TYPE}::`)) outputs = values;
        run.registerOutputs(urn, values);
      },
      log: (severity, message) => {
        const text = stripVTControlCharacters(message).trimEnd();
        if (severity === "error") errors.push(text);
        onEvent({ kind: "log", severity, message: text });
      },
      fail: (error) => {
        failure ??= error instanceof Error ? error : new DeploymentError(String(error));
        kill();
      },
    });
    try {
      const program = runProgram({ root, project, stack, config, preview, address: monitor.address, timeoutMs });
      kill = () => program.kill();
      const end = await program.ended;
      // Calls to a provider that have begun finish before anybody reads the state.
      const settled = Promise.allSettled([...inFlight.keys()]);
      await Promise.race([settled, delay(end.timedOut ? GRACE_MS : timeoutMs, undefined, { ref: false })]);
      if (failure !== undefined) throw failure;
      if (end.code !== 0 || outputs === undefined || errors.length > 0) {
        throw new DeploymentError(reason(end, errors, [...inFlight.values()]));
      }
      await run.finish();
      return { outputs, resources: [...state.resources.values()], summary: run.summary };
    } finally {
      monitor.close();
    }
  }

  return {
    up: (config) => deploy(config, false),
    preview: (config) => deploy(config, true),
    refresh: () => refresh(state, providers),
    forget: (type, id) => forget(state, type, id),
    async destroy() {
      for (const old of state.resources.values()) {
        if (old.protect)
          throw new DeploymentError(`${old.type} ${old.name} is protected; unprotect it to destroy the stack`);
      }
      for (const old of youngestFirst([...state.replaced, ...state.resources.values()])) {
        await deleteResource(old, providers, state);
        if (old.custom) onEvent({ kind: "resource", op: "delete", urn: old.urn, type: old.type, name: old.name });
      }
    },
  };
}

function forget({ resources }: StackState, type: string, id: string): void {
  for (const old of [...resources.values()]) if (old.type === type && old.id === id) resources.delete(old.urn);
}

/** Registers a resource, and tells when its provider has finished with it. */
async function registered(
  run: DeploymentRun,
  registration: Registration,
  { project, stack, onEvent }: EngineOptions,
): Promise<Registered> {
  const settled = (failed: boolean): void =>
    onEvent?.({ kind: "settled", urn: makeUrn({ project, stack, ...registration }), failed });
  try {
    const result = await run.register(registration);
    settled(false);
    return result;
  } catch (error) {
    settled(true);
    throw error;
  }
}

function reason(end: ProgramEnd, errors: readonly string[], waiting: readonly string[]): string {
  if (end.timedOut) {
    const what = waiting.length > 0 ? waiting.join(", ") : "a promise that never resolves";
    return [...errors, `the program did not end in time; it waits for ${what}`].join("\n");
  }
  if (errors.length > 0) return errors.join("\n");
  if (end.code === 0)
    return "the program ended before its outputs were known; it may await a promise that never resolves";
  return end.output.trim() || `the program ended with code ${String(end.code)}`;
}
