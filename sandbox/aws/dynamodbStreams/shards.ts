import { randomUUID } from "node:crypto";
import { placeOf, type EngineRecord, type StreamRecord } from "./record.ts";

/** The freedoms that AWS takes with a stream. */
export interface StreamFreedoms {
  /** Whether the shard splits in two before this record. */
  readonly splits: () => boolean;
  /** Milliseconds after which readers see the record. The records of a shard stay in order. */
  readonly lateMs: () => number;
}

export interface Shard {
  readonly id: string;
  readonly parentId: string | undefined;
  /** The shard has the keys whose place begins with these bits. */
  readonly bits: number;
  readonly depth: number;
  readonly entries: Entry[];
  /** Number of records that were trimmed. */
  trimmed: number;
  isOpen: boolean;
  readonly firstSequence: bigint;
  sequence: bigint;
}

interface Entry {
  readonly record: StreamRecord;
  readonly availableAt: number;
  readonly createdAt: number;
}

const RETENTION_MS = 24 * 3_600_000;
/** Bits of the first shards: two of them. */
const FIRST_DEPTH = 1;
/** AWS's sequence numbers have 21 to 40 digits. Those of a child follow those of its parent. */
const FIRST_SEQUENCE = 10n ** 20n;

/**
 * The shards of one stream. Records of one partition key are in order, and of different shards in none. A shard that
 * splits is closed, and its keys go on in two children.
 */
export class Shards {
  readonly #region: string;
  readonly #partitionKey: string;
  readonly #now: () => number;
  readonly #freedoms: () => StreamFreedoms | undefined;
  readonly #shards: Shard[] = [];

  constructor(region: string, partitionKey: string, now: () => number, freedoms: () => StreamFreedoms | undefined) {
    this.#region = region;
    this.#partitionKey = partitionKey;
    this.#now = now;
    this.#freedoms = freedoms;
    for (let bits = 0; bits < 2 ** FIRST_DEPTH; bits++) this.#add(undefined, bits, FIRST_DEPTH, FIRST_SEQUENCE);
  }

  /** Also the closed ones whose records are not all trimmed. */
  all(): readonly Shard[] {
    this.#trim();
    return this.#shards;
  }

  get(id: string): Shard | undefined {
    return this.#shards.find((shard) => shard.id === id);
  }

  append(record: EngineRecord): void {
    const place = placeOf(record, this.#partitionKey);
    let shard = this.#shardOf(place);
    if (this.#freedoms()?.splits() === true && shard.depth < 12) {
      this.#split(shard);
      shard = this.#shardOf(place);
    }
    shard.sequence += BigInt(1 + Math.floor(Math.random() * 1_000));
    const { eventName, userIdentity, dynamodb } = record;
    const now = this.#now();
    const late = now + (this.#freedoms()?.lateMs() ?? 0);
    shard.entries.push({
      availableAt: Math.max(late, shard.entries.at(-1)?.availableAt ?? 0),
      createdAt: now,
      record: {
        eventID: randomUUID().replaceAll("-", ""),
        eventName,
        eventVersion: "1.1",
        eventSource: "aws:dynamodb",
        awsRegion: this.#region,
        ...(userIdentity === undefined ? {} : { userIdentity }),
        dynamodb: {
          ...dynamodb,
          ApproximateCreationDateTime: Math.floor(now / 1000),
          SequenceNumber: shard.sequence.toString(),
        },
      },
    });
  }

  /**
   * @param position number of records before the first wanted one
   * @returns the records from there, and the next position: undefined behind the last record of a closed shard
   */
  read(shard: Shard, position: number, most: number): { records: StreamRecord[]; next: number | undefined } {
    this.#trim();
    const from = Math.max(position, shard.trimmed);
    const now = this.#now();
    const records: StreamRecord[] = [];
    for (const { record, availableAt } of shard.entries.slice(from - shard.trimmed, from - shard.trimmed + most)) {
      if (availableAt > now) break;
      records.push(record);
    }
    const next = from + records.length;
    const isEnd = !shard.isOpen && next === shard.trimmed + shard.entries.length;
    return { records, next: isEnd ? undefined : next };
  }

  /** Closes every shard: the stream was switched off. */
  close(): void {
    for (const shard of this.#shards) shard.isOpen = false;
  }

  #shardOf(place: number): Shard {
    const found = this.#shards.find(({ isOpen, bits, depth }) => isOpen && place >>> (32 - depth) === bits);
    if (found === undefined) throw new Error("the stream is closed");
    return found;
  }

  #split(shard: Shard): void {
    shard.isOpen = false;
    for (const bit of [0, 1]) this.#add(shard.id, shard.bits * 2 + bit, shard.depth + 1, shard.sequence * 10n);
  }

  #add(parentId: string | undefined, bits: number, depth: number, firstSequence: bigint): void {
    const number = String(1_000_000_000_000_000 + this.#shards.length).padStart(20, "0");
    const id = `shardId-${number}-${randomUUID().slice(0, 8)}`;
    this.#shards.push({
      ...{ id, parentId, bits, depth, firstSequence, sequence: firstSequence },
      ...{ entries: [], trimmed: 0, isOpen: true },
    });
  }

  #trim(): void {
    const oldest = this.#now() - RETENTION_MS;
    for (const shard of this.#shards) {
      while ((shard.entries[0]?.createdAt ?? Infinity) < oldest) {
        shard.entries.shift();
        shard.trimmed += 1;
      }
    }
  }
}
