import { ServiceError } from "../json/operation.ts";
import type { Place } from "../support/place.ts";
import { Queue, type QueueSettings } from "./queue.ts";

/** A name can be used again this long after the deletion of its queue. */
const NAME_REST_MS = 60_000;

/** The queues of the account, by name. */
export class Queues {
  readonly #place: Place;
  readonly #now: () => number;
  readonly #queues = new Map<string, Queue>();
  readonly #deleted = new Map<string, number>();
  readonly #policies = new Map<string, string>();

  constructor(place: Place, now: () => number) {
    this.#place = place;
    this.#now = now;
  }

  /** @throws ServiceError if the name is taken or was deleted within a minute */
  create(name: string, settings: QueueSettings): Queue {
    if (this.#queues.has(name))
      throw new ServiceError("QueueAlreadyExists", `A queue already exists with the same name: ${name}`);
    if ((this.#deleted.get(name) ?? -Infinity) > this.#now() - NAME_REST_MS)
      throw new ServiceError(
        "QueueDeletedRecently",
        "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
      );
    const arn = `arn:aws:sqs:${this.#place.region}:${this.#place.account}:${name}`;
    const queue = new Queue({ name, arn, settings }, this.#now, (target, message, source) =>
      this.byArn(target)?.takeOver(message, source),
    );
    this.#queues.set(name, queue);
    return queue;
  }

  get(name: string): Queue | undefined {
    return this.#queues.get(name);
  }

  byArn(arn: string): Queue | undefined {
    const queue = this.#queues.get(arn.split(":").at(-1) ?? "");
    return queue?.arn === arn ? queue : undefined;
  }

  /** @param url ends with the account and the name @throws ServiceError if there is none */
  byUrl(url: string): Queue {
    const queue = this.#queues.get(url.split("/").at(-1) ?? "");
    if (queue === undefined) throw new ServiceError("QueueDoesNotExist", "The specified queue does not exist.");
    return queue;
  }

  all(): readonly Queue[] {
    return [...this.#queues.values()];
  }

  delete(name: string): void {
    if (!this.#queues.delete(name)) return;
    this.#deleted.set(name, this.#now());
    this.#policies.delete(name);
  }

  /** The policy of a queue, as text. The sandbox records it: callers are judged by their own policies. */
  setPolicy(name: string, policy: string | undefined): void {
    if (policy === undefined) this.#policies.delete(name);
    else this.#policies.set(name, policy);
  }

  policyOf(name: string): string | undefined {
    return this.#policies.get(name);
  }
}
