import { pause } from "../support/pause.ts";
import { openEngineStream, type EngineStream } from "./engineStream.ts";
import { isChange, type EngineRecord } from "./record.ts";
import { Shards, type StreamFreedoms } from "./shards.ts";

/** One stream of a table. */
export interface TableStream {
  readonly arn: string;
  readonly table: string;
  readonly viewType: string;
  /** ISO 8601, without a zone. */
  readonly label: string;
  /** Partition key and sort key. */
  readonly keys: readonly string[];
  isEnabled: boolean;
  readonly shards: Shards;
}

export type NewStream = Pick<TableStream, "arn" | "table" | "viewType" | "label" | "keys">;

export interface StreamsOptions {
  /** Address of the engine. */
  readonly endpoint: string;
  readonly region: string;
  readonly now: () => number;
  readonly freedoms: () => StreamFreedoms | undefined;
}

/** Lambda reads a shard four times a second (base rate); records arrive here a little faster. */
const PULL_MS = 100;

/** The streams of the tables. The engine is read only while somebody reads a stream. */
export class Streams {
  readonly #options: StreamsOptions;
  readonly #streams = new Map<string, TableStream>();
  readonly #sources = new Map<string, EngineStream>();
  readonly #readers = new Map<string, { readonly stop: () => void; readonly stopped: Promise<void> }>();

  constructor(options: StreamsOptions) {
    this.#options = options;
  }

  /** The stream of a table that had none before. */
  add(declared: NewStream): void {
    const { region, now, freedoms } = this.#options;
    const shards = new Shards(region, declared.keys[0] ?? "", now, freedoms);
    this.#streams.set(declared.arn, { ...declared, isEnabled: true, shards });
  }

  /** Another stream of a table that had one: it does not have what the engine still shows of the earlier one. */
  async addNext(declared: NewStream): Promise<void> {
    const source = await openEngineStream(this.#options.endpoint, declared.table);
    for (let seen = 1; seen > 0;) {
      seen = 0;
      await source.next(() => (seen += 1));
    }
    this.#sources.set(declared.arn, source);
    this.add(declared);
  }

  /** The stream of a table that still exists, or that was switched off less than a day ago. */
  get(arn: string): TableStream | undefined {
    return this.#streams.get(arn);
  }

  of(table: string | undefined): readonly TableStream[] {
    return [...this.#streams.values()].filter((stream) => table === undefined || stream.table === table);
  }

  /** Takes what the engine still has, and closes the shards. */
  async disable(arn: string): Promise<void> {
    const stream = this.#streams.get(arn);
    if (stream === undefined) return;
    await this.#stop(arn);
    stream.isEnabled = false;
    stream.shards.close();
  }

  async remove(table: string): Promise<void> {
    for (const { arn } of this.of(table)) {
      await this.#stop(arn);
      this.#streams.delete(arn);
    }
  }

  /** From now on the records of the engine go to the shards. */
  follow(arn: string): void {
    const stream = this.#streams.get(arn);
    if (stream?.isEnabled !== true || this.#readers.has(arn)) return;
    const abort = new AbortController();
    const stopped = pull(this.#options.endpoint, stream, this.#sources.get(arn), abort.signal);
    this.#readers.set(arn, { stop: () => abort.abort(), stopped });
  }

  async close(): Promise<void> {
    for (const arn of [...this.#readers.keys()]) await this.#stop(arn);
  }

  async #stop(arn: string): Promise<void> {
    const reader = this.#readers.get(arn);
    this.#readers.delete(arn);
    reader?.stop();
    await reader?.stopped;
  }
}

async function pull(
  endpoint: string,
  { table, shards }: TableStream,
  started: EngineStream | undefined,
  signal: AbortSignal,
): Promise<void> {
  let source = started;
  const take = (record: EngineRecord): void => {
    if (isChange(record)) shards.append(record);
  };
  for (let isLast = false; !isLast;) {
    // Records that were written before the signal are still read.
    isLast = signal.aborted;
    try {
      source ??= await openEngineStream(endpoint, table);
      await source.next(take);
    } catch {
      // The engine may end before its readers; otherwise the next round finds it.
    }
    if (!isLast) await pause(PULL_MS, signal);
  }
}
