import { randomUUID } from "node:crypto";
import { ServiceError } from "../json/operation.ts";
import type { Place } from "../support/place.ts";
import { matchesPattern, type Pattern } from "../support/pattern.ts";

/** An event as a target receives it. */
export interface BusEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface Target {
  /** ARN of a function. */
  readonly arn: string;
  /** JSON text that replaces the event. */
  readonly input: string | undefined;
}

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly bus: string;
  readonly pattern: Pattern | undefined;
  /** Milliseconds between two events of a schedule. */
  readonly everyMs: number | undefined;
  readonly isEnabled: boolean;
  readonly targets: Map<string, Target>;
}

export interface BusOptions extends Place {
  readonly now: () => number;
  /** Invokes the function of a target for a rule, if a permission allows it. */
  readonly deliver: (rule: Rule, target: Target, event: unknown) => void;
}

export const DEFAULT_BUS = "default";
/** Events that each bus shows afterwards. */
const MOST_EVENTS = 1_000;

/** The event buses of the account and their rules. */
export class Buses {
  readonly #options: BusOptions;
  readonly #buses = new Map<string, BusEvent[]>([[DEFAULT_BUS, []]]);
  readonly #rules = new Map<string, Rule>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(options: BusOptions) {
    this.#options = options;
  }

  arnOf(bus: string): string {
    return `arn:aws:events:${this.#options.region}:${this.#options.account}:event-bus/${bus}`;
  }

  /** Without the bus that every account has. */
  names(): readonly string[] {
    return [...this.#buses.keys()].filter((name) => name !== DEFAULT_BUS);
  }

  has(bus: string): boolean {
    return this.#buses.has(bus);
  }

  /** @throws ServiceError if the name is taken */
  create(bus: string): void {
    if (this.has(bus)) throw new ServiceError("ResourceAlreadyExistsException", `Event bus ${bus} already exists.`);
    this.#buses.set(bus, []);
  }

  /** @throws ServiceError if rules remain on it */
  remove(bus: string): void {
    if ([...this.#rules.values()].some((rule) => rule.bus === bus))
      throw new ServiceError("ValidationException", `Cannot delete event bus ${bus}: it still has rules.`);
    this.#buses.delete(bus);
  }

  /** The last events that a bus accepted, the oldest first. */
  eventsOf(bus: string): readonly BusEvent[] {
    return this.#buses.get(bus) ?? [];
  }

  /** Accepts an event and gives it to the targets of the rules that match it. */
  accept(bus: string, part: Pick<BusEvent, "source" | "detail-type" | "detail" | "resources">): string {
    const { account, region } = this.#options;
    const event: BusEvent = { version: "0", id: randomUUID(), account, region, time: this.#time(), ...part };
    const events = this.#buses.get(bus) ?? [];
    events.push(event);
    if (events.length > MOST_EVENTS) events.shift();
    for (const rule of this.#rules.values()) {
      if (rule.bus === bus && rule.pattern !== undefined && matchesPattern(rule.pattern, event))
        this.#fire(rule, event);
    }
    return event.id;
  }

  rule(key: string): Rule | undefined {
    return this.#rules.get(key);
  }

  /** Creates or changes a rule and starts its schedule. */
  putRule(key: string, rule: Omit<Rule, "targets">): void {
    const targets = this.#rules.get(key)?.targets ?? new Map<string, Target>();
    const made: Rule = { ...rule, targets };
    this.#rules.set(key, made);
    clearInterval(this.#timers.get(key));
    this.#timers.delete(key);
    if (made.everyMs === undefined || !made.isEnabled) return;
    this.#timers.set(key, setInterval(() => this.runSchedule(key), made.everyMs).unref());
  }

  /** @throws ServiceError if it has targets */
  removeRule(key: string): void {
    if ((this.#rules.get(key)?.targets.size ?? 0) > 0)
      throw new ServiceError("ValidationException", "Rule can't be deleted since it has targets.");
    clearInterval(this.#timers.get(key));
    this.#timers.delete(key);
    this.#rules.delete(key);
  }

  /** Runs a scheduled rule now, as its schedule does. */
  runSchedule(key: string): void {
    const rule = this.#rules.get(key);
    if (rule?.everyMs === undefined || !rule.isEnabled) return;
    const { account, region } = this.#options;
    const fixed = { version: "0", account, region, "detail-type": "Scheduled Event", source: "aws.events" } as const;
    this.#fire(rule, { ...fixed, id: randomUUID(), time: this.#time(), resources: [rule.arn], detail: {} });
  }

  /** Keys of the scheduled rules. */
  schedules(): readonly string[] {
    return [...this.#timers.keys()];
  }

  close(): void {
    for (const timer of this.#timers.values()) clearInterval(timer);
    this.#timers.clear();
  }

  /** Whole seconds, as EventBridge writes it. */
  #time(): string {
    return `${new Date(this.#options.now()).toISOString().slice(0, 19)}Z`;
  }

  #fire(rule: Rule, event: BusEvent): void {
    if (!rule.isEnabled) return;
    for (const target of rule.targets.values()) {
      const given: unknown = target.input === undefined ? event : JSON.parse(target.input);
      this.#options.deliver(rule, target, given);
    }
  }
}
