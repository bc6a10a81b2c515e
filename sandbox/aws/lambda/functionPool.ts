import type { FunctionProcess, Outcome, ProcessUsage } from "./functionProcess.ts";

/** Bytes of JSON that Lambda accepts and returns. */
const PAYLOAD_LIMIT = 6 * 1024 * 1024;

export type Invocation =
  | Outcome
  /** No process was free in time: Lambda's 429 TooManyRequestsException. */
  | { readonly kind: "throttled" }
  /** The event exceeds the payload limit: Lambda's 413 RequestTooLargeException. */
  | { readonly kind: "tooLarge" };

export interface PoolOptions {
  readonly start: () => FunctionProcess;
  /** Processes at the same time. */
  readonly concurrency: number;
  /** Milliseconds that a request waits for a process. */
  readonly patience: number;
}

/** The processes of one version of a function: as many as there are concurrent requests, up to a limit. */
export class FunctionPool {
  readonly #options: PoolOptions;
  readonly #idle: FunctionProcess[] = [];
  readonly #all = new Set<FunctionProcess>();
  readonly #waiting: ((process: FunctionProcess | undefined) => void)[] = [];
  #busy = 0;
  #drained: (() => void) | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** @param event JSON text */
  async invoke(event: string): Promise<Invocation> {
    if (Buffer.byteLength(event) > PAYLOAD_LIMIT) return { kind: "tooLarge" };
    const process = await this.#acquire();
    if (process === undefined) return { kind: "throttled" };
    try {
      const outcome = await process.invoke(event);
      if (outcome.kind === "answer" && Buffer.byteLength(outcome.payload) > PAYLOAD_LIMIT) {
        const errorMessage = `Response payload size exceeded maximum allowed payload size (${PAYLOAD_LIMIT} bytes).`;
        return { kind: "failure", errorType: "Function.ResponseSizeTooLarge", errorMessage };
      }
      return outcome;
    } finally {
      this.#release(process);
    }
  }

  /** Lets running and waiting requests finish, then ends every process. No request may follow. */
  async drain(): Promise<void> {
    if (this.#busy > 0) await new Promise<void>((resolve) => (this.#drained = resolve));
    await this.close();
  }

  /** Of each current process. */
  usage(): ProcessUsage[] {
    return [...this.#all].map(({ usage }) => usage);
  }

  /** Kills every process, as a crash would: running requests fail, and the next ones start new processes. */
  async kill(): Promise<void> {
    await Promise.all([...this.#all].map((process) => process.stop()));
  }

  /** Ends every process at once. */
  async close(): Promise<void> {
    for (const resume of this.#waiting.splice(0)) resume(undefined);
    await this.kill();
    this.#all.clear();
    this.#idle.length = 0;
  }

  async #acquire(): Promise<FunctionProcess | undefined> {
    const { concurrency, patience } = this.#options;
    if (this.#busy < concurrency) {
      this.#busy += 1;
      return this.#next();
    }
    if (concurrency === 0) return undefined;
    return new Promise((resolve) => {
      const resume = (process: FunctionProcess | undefined): void => {
        clearTimeout(timer);
        resolve(process);
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(resume), 1);
        resolve(undefined);
      }, patience);
      this.#waiting.push(resume);
    });
  }

  #next(): FunctionProcess {
    for (let process = this.#idle.pop(); process !== undefined; process = this.#idle.pop()) {
      if (process.alive) return process;
      this.#all.delete(process);
    }
    const fresh = this.#options.start();
    this.#all.add(fresh);
    return fresh;
  }

  #release(process: FunctionProcess): void {
    if (process.alive) this.#idle.push(process);
    else this.#all.delete(process);
    const resume = this.#waiting.shift();
    if (resume !== undefined) return resume(this.#next());
    this.#busy -= 1;
    if (this.#busy === 0) this.#drained?.();
  }
}
