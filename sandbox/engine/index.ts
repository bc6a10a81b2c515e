import type { Provider } from "./provider.ts";
import { deleteResource } from "./deleteResource.ts";
import { DeploymentRun } from "./deployment.ts";
import { readDrift, type ResourceDrift } from "./drift.ts";
import { refresh } from "./refresh.ts";
import { DeploymentError, type EngineEvent, type Summary } from "./registration.ts";
import type { StackConfig } from "./program.ts";
import { startProgram, type StartedProgram } from "./startedProgram.ts";
import { youngestFirst, type ResourceState, type StackState } from "./state.ts";
import type { Values } from "./values.ts";

export { DeploymentError, type EngineEvent, type Summary } from "./registration.ts";
export type { StackConfig } from "./program.ts";
export { startProgram, type StartedProgram } from "./startedProgram.ts";
export type { ResourceDrift } from "./drift.ts";
export type { ResourceState } from "./state.ts";
export { Secret } from "./values.ts";

export interface Deployment {
  /** The stack's outputs; secret ones are `Secret`. */
  readonly outputs: Values;
  readonly resources: readonly ResourceState[];
  readonly summary: Summary;
}

export interface Engine {
  /**
   * Runs the program and makes its resources real. The state is kept between calls.
   * @param program the program with this configuration, if it was started before. @throws DeploymentError
   */
  up(config: StackConfig, program?: Promise<StartedProgram>): Promise<Deployment>;
  /** Runs the program without making anything. @throws DeploymentError */
  preview(config: StackConfig): Promise<Deployment>;
  /** Makes the state what the providers find, without changing anything. @throws DeploymentError */
  refresh(): Promise<void>;
  /** Compares the resources of a package with what the last deployments left, without changing anything. */
  drift(of: string): Promise<readonly ResourceDrift[]>;
  /** Whether a resource with this id belongs to the stack. */
  isOwn(type: string, id: string): boolean;
  /** The resources of a type, as the last deployment or refresh left them. */
  resources(type: string): readonly ResourceState[];
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
  /** Milliseconds after which a program that does not end is stopped, from the moment the engine answers it. */
  readonly timeoutMs?: number;
  readonly onEvent?: (event: EngineEvent) => void;
}

/** The part of Pulumi's engine that one program on one machine needs. The program runs in Pulumi's own Node runtime. */
export function createEngine(options: EngineOptions): Engine {
  const { root, project, stack, providers, timeoutMs = 120_000, onEvent = () => undefined } = options;
  const state: StackState = { resources: new Map(), deployed: new Map(), replaced: [] };

  async function deploy(program: Promise<StartedProgram>, preview: boolean): Promise<Deployment> {
    const run = new DeploymentRun({ project, stack, providers, preview, onEvent }, state);
    const outputs = await (await program).deploy(run, { onEvent, timeoutMs });
    await run.finish();
    if (!preview) forgetUndeclared(state);
    return { outputs, resources: [...state.resources.values()], summary: run.summary };
  }
  const start = (config: StackConfig, preview = false): Promise<StartedProgram> =>
    startProgram({ root, project, stack, config, preview });

  return {
    up: (config, program = start(config)) => deploy(program, false),
    preview: (config) => deploy(start(config, true), true),
    refresh: () => refresh(state, providers),
    drift: (of) => readDrift(state, providers, of),
    isOwn: (type, id) => [...state.resources.values()].some((one) => one.type === type && one.id === id),
    resources: (type) => [...state.resources.values()].filter((one) => one.type === type),
    forget: (type, id) => forget(state, type, id),
    destroy: () => destroy(state, providers, onEvent),
  };
}

async function destroy(
  state: StackState,
  providers: readonly Provider[],
  onEvent: (event: EngineEvent) => void,
): Promise<void> {
  for (const old of state.resources.values()) {
    if (old.protect)
      throw new DeploymentError(`${old.type} ${old.name} is protected; unprotect it to destroy the stack`);
  }
  for (const old of youngestFirst([...state.replaced, ...state.resources.values()])) {
    await deleteResource(old, providers, state);
    if (old.custom) onEvent({ kind: "resource", op: "delete", urn: old.urn, type: old.type, name: old.name });
  }
}

/** Resources that a refresh or `forget` took out of the state, and that the program no longer declares. */
function forgetUndeclared({ resources, deployed }: StackState): void {
  for (const urn of [...deployed.keys()]) if (!resources.has(urn)) deployed.delete(urn);
}

function forget({ resources }: StackState, type: string, id: string): void {
  for (const old of [...resources.values()]) if (old.type === type && old.id === id) resources.delete(old.urn);
}
