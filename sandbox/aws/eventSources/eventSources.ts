import type { Streams } from "../dynamodbStreams/streams.ts";
import { findDenial, type Denial } from "../iam/authorize.ts";
import type { Access } from "../iam/policy.ts";
import type { Roles } from "../iam/roles.ts";
import type { FunctionHost } from "../lambda/functionHost.ts";
import type { Invocation } from "../lambda/functionPool.ts";
import type { Queues } from "../sqs/queues.ts";
import type { Place } from "../support/place.ts";
import type { Mapping, MappingFreedoms, Runtime } from "./mapping.ts";
import { queueAccesses, runQueue } from "./queueRunner.ts";
import { runStream, streamAccesses, type Positions } from "./streamRunner.ts";

export interface EventSourceOptions extends Place {
  readonly streams: Streams;
  readonly queues: Queues;
  readonly functions: FunctionHost;
  readonly roles: Roles;
  readonly now: () => number;
  readonly freedoms: () => MappingFreedoms | undefined;
  readonly onDenied: (denial: Denial) => void;
}

interface Running {
  readonly mapping: Mapping;
  readonly positions: Positions;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

const NO_FUNCTION: Invocation = { kind: "failure", errorType: "ResourceNotFound", errorMessage: "Function not found" };

/** The event source mappings of the account. Each runs from its creation to its deletion. */
export class EventSources {
  readonly #options: EventSourceOptions;
  readonly #running = new Map<string, Running>();

  constructor(options: EventSourceOptions) {
    this.#options = options;
  }

  has(id: string): boolean {
    return this.#running.has(id);
  }

  /** @throws Error in AWS's words if Lambda would refuse the mapping */
  async put(id: string, mapping: Mapping): Promise<void> {
    this.#check(id, mapping);
    const before = this.#running.get(id);
    await this.#stop(before);
    const positions: Positions = before?.positions ?? new Map<string, number | "finished">();
    const abort = new AbortController();
    const ended = mapping.isEnabled ? this.#run(mapping, positions, abort.signal) : Promise.resolve();
    this.#running.set(id, { mapping, positions, abort, ended });
  }

  async remove(id: string): Promise<void> {
    const running = this.#running.get(id);
    this.#running.delete(id);
    await this.#stop(running);
  }

  /** Stops all mappings. A batch that the function still has is not waited for. */
  close(): void {
    for (const { abort } of this.#running.values()) abort.abort();
    this.#running.clear();
  }

  async #stop(running: Running | undefined): Promise<void> {
    running?.abort.abort();
    await running?.ended;
  }

  #run(mapping: Mapping, positions: Positions, signal: AbortSignal): Promise<void> {
    const { streams, queues, functions, region, account, now, freedoms } = this.#options;
    const runtime: Runtime = {
      mapping,
      region,
      signal,
      now,
      freedoms,
      invoke: async (event) =>
        functions.has(mapping.functionName) ? functions.invoke(mapping.functionName, event) : NO_FUNCTION,
      may: (accesses) => this.#denialOf(mapping, accesses) === undefined,
    };
    const queue = queues.byArn(mapping.sourceArn);
    if (queue !== undefined) return runQueue({ ...runtime, queue, account });
    const stream = streams.get(mapping.sourceArn);
    if (stream === undefined) throw new Error(`the event source ${mapping.sourceArn} does not exist`);
    streams.follow(stream.arn);
    const discard = (message: object): void => {
      if (mapping.onFailure !== undefined) queues.byArn(mapping.onFailure)?.send({ body: JSON.stringify(message) });
    };
    return runStream({ ...runtime, stream, positions, discard });
  }

  #denialOf({ functionName }: Mapping, accesses: readonly Access[]): Denial | undefined {
    const { roles, functions, account, onDenied } = this.#options;
    const identity = roles.identify(functions.specOf(functionName)?.credentials.accessKeyId ?? "");
    const denial = identity && findDenial(identity, "lambda:Poll", accesses, account);
    if (denial !== undefined) onDenied(denial);
    return denial;
  }

  #check(id: string, mapping: Mapping): void {
    const { functions, queues, streams } = this.#options;
    const { sourceArn, functionName, onFailure, startingPosition } = mapping;
    const spec = functions.specOf(functionName);
    if (spec === undefined) throw new Error(`InvalidParameterValueException: Function does not exist: ${functionName}`);
    for (const [other, running] of this.#running) {
      if (other !== id && running.mapping.sourceArn === sourceArn && running.mapping.functionName === functionName)
        throw new Error(
          `ResourceConflictException: An event source mapping with ${sourceArn} and ${functionName} already exists (${other}).`,
        );
    }
    const queue = queues.byArn(sourceArn);
    if (queue === undefined && streams.get(sourceArn)?.isEnabled !== true)
      throw new Error(
        `InvalidParameterValueException: The event source arn does not exist, or is disabled: ${sourceArn}`,
      );
    if (queue === undefined && startingPosition === undefined)
      throw new Error("InvalidParameterValueException: Starting position must be specified for a stream.");
    if (queue !== undefined && queue.settings.visibilityTimeout < spec.timeout)
      throw new Error(
        `InvalidParameterValueException: Queue visibility timeout: ${queue.settings.visibilityTimeout} seconds is less than Function timeout: ${spec.timeout} seconds`,
      );
    const source = queue === undefined ? streamAccesses(sourceArn) : queueAccesses(sourceArn);
    const needed = onFailure === undefined ? source : [...source, { action: "sqs:SendMessage", resource: onFailure }];
    const denial = this.#denialOf(mapping, needed);
    if (denial !== undefined)
      throw new Error(
        `InvalidParameterValueException: The function execution role does not have permissions to call ${denial.action} on ${denial.resource}`,
      );
    if (onFailure !== undefined && queues.byArn(onFailure) === undefined)
      throw new Error(`InvalidParameterValueException: The destination ${onFailure} is not a queue of this account.`);
    if (queue?.isFifo === true && (mapping.batchSize > 10 || mapping.batchingWindow > 0))
      throw new Error("InvalidParameterValueException: A FIFO queue has batches of at most 10 and no batching window.");
  }
}
