import { setTimeout as delay } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import type { DeploymentRun } from "./deployment.ts";
import { serveMonitor } from "./monitor.ts";
import { runProgram, type ProgramEnd, type ProgramOptions } from "./program.ts";
import { DeploymentError, type EngineEvent, type Registered, type Registration } from "./registration.ts";
import { ROOT_STACK_TYPE, makeUrn } from "./state.ts";
import type { Values } from "./values.ts";

/** Milliseconds that a stopped program's last provider calls may take before they are reported as stuck. */
const GRACE_MS = 1_000;

export interface StartedProgram {
  /**
   * Answers the program's calls, and waits for its end.
   * @returns the stack's outputs
   * @throws DeploymentError
   */
  deploy(run: DeploymentRun, options: Answering): Promise<Values>;
  /** Ends the program if it still runs. */
  stop(): void;
}

interface Answering {
  readonly onEvent: (event: EngineEvent) => void;
  /** Milliseconds after which a program that does not end is stopped. */
  readonly timeoutMs: number;
}

type Turn = Pick<Answering, "onEvent"> & { readonly run: DeploymentRun };

/**
 * Starts the program. It loads its modules at once and waits, at the first call that needs the state, until it is
 * deployed: so a deployment that is certain to follow costs little time when its turn comes.
 */
export async function startProgram(options: Omit<ProgramOptions, "address">): Promise<StartedProgram> {
  const errors: string[] = [];
  const inFlight = new Map<Promise<unknown>, string>();
  let failure: Error | undefined;
  let outputs: Values | undefined;
  let kill = (): void => undefined;
  let begin = (_turn: Turn): void => undefined;
  const turn = new Promise<Turn>((resolve) => (begin = resolve));
  const tracked = <T>(what: string, work: Promise<T>): Promise<T> => track(inFlight, what, work);
  const fail = (error: unknown): void => {
    failure ??= error instanceof Error ? error : new DeploymentError(String(error));
    kill();
  };
  const monitor = await serveMonitor({
    register: async (registration) => {
      const what = `${registration.type} ${registration.name}`;
      const work = turn.then((begun) => tracked(what, registered(begun, registration, options)));
      if (registration.type !== ROOT_STACK_TYPE) return work;
      // The program's own modules are loaded once the stack is registered, which needs nothing from a deployment.
      work.catch(fail);
      return { urn: makeUrn({ ...options, ...registration }), id: "", outputs: {}, secrets: new Set() };
    },
    invoke: async (token, args) => tracked(token, (await turn).run.invoke(token, args)),
    registerOutputs: async (urn, values) => {
      const { run } = await turn;
      if (urn.includes(`::${ROOT_STACK_TYPE}::`)) outputs = values;
      run.registerOutputs(urn, values);
    },
    log: async (severity, message) => {
      const { onEvent } = await turn;
      const text = stripVTControlCharacters(message).trimEnd();
      if (severity === "error") errors.push(text);
      onEvent({ kind: "log", severity, message: text });
    },
    fail,
  });
  const program = runProgram({ ...options, address: monitor.address });
  kill = () => program.kill();

  return {
    async deploy(run, { onEvent, timeoutMs }) {
      const limit = { timedOut: false };
      const timer = setTimeout(() => {
        limit.timedOut = true;
        kill();
      }, timeoutMs);
      begin({ run, onEvent });
      try {
        const end = await program.ended;
        // Calls to a provider that have begun finish before anybody reads the state.
        const settled = Promise.allSettled([...inFlight.keys()]);
        await Promise.race([settled, delay(limit.timedOut ? GRACE_MS : timeoutMs, undefined, { ref: false })]);
        if (failure !== undefined) throw failure;
        if (end.code !== 0 || outputs === undefined || errors.length > 0) {
          throw new DeploymentError(reason({ ...end, ...limit }, errors, [...inFlight.values()]));
        }
        return outputs;
      } finally {
        clearTimeout(timer);
        monitor.close();
      }
    },
    stop() {
      kill();
      monitor.close();
    },
  };
}

/** Lists work until it is done. */
function track<T>(list: Map<Promise<unknown>, string>, what: string, work: Promise<T>): Promise<T> {
  list.set(work, what);
  const done = (): void => void list.delete(work);
  work.then(done, done);
  return work;
}

/** Registers a resource, and tells when its provider has finished with it. */
async function registered(
  { run, onEvent }: Turn,
  registration: Registration,
  { project, stack }: Pick<ProgramOptions, "project" | "stack">,
): Promise<Registered> {
  const settled = (failed: boolean): void =>
    onEvent({ kind: "settled", urn: makeUrn({ project, stack, ...registration }), failed });
  try {
    const result = await run.register(registration);
    settled(false);
    return result;
  } catch (error) {
    settled(true);
    throw error;
  }
}

function reason(
  end: ProgramEnd & { readonly timedOut: boolean },
  errors: readonly string[],
  waiting: readonly string[],
): string {
  if (end.timedOut) {
    const what = waiting.length > 0 ? waiting.join(", ") : "a promise that never resolves";
    return [...errors, `the program did not end in time; it waits for ${what}`].join("\n");
  }
  if (errors.length > 0) return errors.join("\n");
  if (end.code === 0)
    return "the program ended before its outputs were known; it may await a promise that never resolves";
  return end.output.trim() || `the program ended with code ${String(end.code)}`;
}
