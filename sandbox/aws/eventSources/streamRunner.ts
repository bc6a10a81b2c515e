import { randomUUID } from "node:crypto";
import type { StreamRecord } from "../dynamodbStreams/record.ts";
import type { Shard } from "../dynamodbStreams/shards.ts";
import type { TableStream } from "../dynamodbStreams/streams.ts";
import { matchesPattern } from "../support/pattern.ts";
import { pause } from "../support/pause.ts";
import { DENIED_MS, failuresOf, type Runtime } from "./mapping.ts";

/** The position after the last finished batch, by shard. It outlives changes of the mapping. */
export type Positions = Map<string, number | "finished">;

export interface StreamRuntime extends Runtime {
  readonly stream: TableStream;
  readonly positions: Positions;
  /** Tells the mapping's queue of a batch that is given up. */
  readonly discard: (message: object) => void;
}

const IDLE_MS = 50;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;
/** Bytes of an event that leave room for its frame. */
const EVENT_LIMIT = 5_900_000;

const numberOf = (record: StreamRecord): string => record.dynamodb.SequenceNumber;

/** Reads every shard in order, the children of a shard after it, one batch at a time. */
export async function runStream(runtime: StreamRuntime): Promise<void> {
  const running = new Map<string, Promise<void>>();
  const { stream, signal, positions } = runtime;
  while (!signal.aborted) {
    for (const shard of stream.shards.all()) {
      const parent = shard.parentId === undefined ? "finished" : positions.get(shard.parentId);
      if (running.has(shard.id) || parent !== "finished" || positions.get(shard.id) === "finished") continue;
      running.set(shard.id, runShard(runtime, shard));
    }
    await pause(IDLE_MS, signal);
  }
  await Promise.all(running.values());
}

async function runShard(runtime: StreamRuntime, shard: Shard): Promise<void> {
  const { mapping, stream, signal, positions } = runtime;
  const latest = mapping.startingPosition === "LATEST" && shard.parentId === undefined;
  const known = positions.get(shard.id);
  let position = typeof known === "number" ? known : shard.trimmed + (latest ? shard.entries.length : 0);
  positions.set(shard.id, position);
  while (!signal.aborted) {
    const seen = stream.shards.read(shard, position, mapping.batchSize);
    if (seen.records.length === 0) {
      if (seen.next === undefined) return void positions.set(shard.id, "finished");
      // Records that were trimmed before anybody read them are lost.
      position = seen.next;
      await pause(IDLE_MS, signal);
      continue;
    }
    if (!isAllowed(runtime)) {
      await pause(DENIED_MS, signal);
      continue;
    }
    if (mapping.batchingWindow > 0 && seen.records.length < mapping.batchSize)
      await pause(mapping.batchingWindow * 1000, signal);
    const { records } = stream.shards.read(shard, position, mapping.batchSize);
    const batch = withinLimit(records);
    const wanted = batch.filter((record) => isWanted(runtime, record));
    if (wanted.length > 0 && !(await deliver(runtime, shard, wanted))) return;
    // A poller that fails before it stores its position delivers the batch again.
    if (wanted.length > 0 && runtime.freedoms()?.repeats() === true) continue;
    position = Math.max(position, shard.trimmed) + batch.length;
    positions.set(shard.id, position);
  }
}

const isAllowed = ({ may, stream }: StreamRuntime): boolean => may(streamAccesses(stream.arn));

/** The permissions that a mapping of a stream needs from the function's role. */
export const streamAccesses = (arn: string): { action: string; resource: string }[] =>
  ["GetRecords", "GetShardIterator", "DescribeStream", "ListStreams"].map((action) => ({
    action: `dynamodb:${action}`,
    resource: arn,
  }));

function isWanted({ mapping }: StreamRuntime, record: StreamRecord): boolean {
  return mapping.filters.length === 0 || mapping.filters.some((pattern) => matchesPattern(pattern, record));
}

function withinLimit(records: readonly StreamRecord[]): readonly StreamRecord[] {
  let size = 0;
  const end = records.findIndex((record) => (size += Buffer.byteLength(JSON.stringify(record)) + 200) > EVENT_LIMIT);
  return end === -1 ? records : records.slice(0, Math.max(1, end));
}

/**
 * Invokes the function until every record of the batch is done or given up.
 * @returns false if the mapping was stopped before that
 */
async function deliver(runtime: StreamRuntime, shard: Shard, batch: readonly StreamRecord[]): Promise<boolean> {
  const { mapping, stream, signal, now } = runtime;
  let rest = batch;
  let wait = FIRST_RETRY_MS;
  for (let attempt = 0; ;) {
    if (signal.aborted) return false;
    const Records = rest.map((record) => ({ ...record, eventSourceARN: stream.arn }));
    const invocation = await runtime.invoke({ Records });
    const failed = failuresOf(runtime, invocation, rest.map(numberOf));
    if (failed?.length === 0) return true;
    if (failed !== undefined) {
      const first = rest.findIndex((record) => failed.includes(numberOf(record)));
      if (first > 0) {
        attempt = 0;
        wait = FIRST_RETRY_MS;
      }
      rest = rest.slice(first);
    }
    // A throttled invocation is no attempt of the function.
    if (invocation.kind !== "throttled") attempt += 1;
    const oldest = rest[0]?.dynamodb.ApproximateCreationDateTime ?? 0;
    const isTooOld = mapping.maximumAge >= 0 && now() / 1000 - oldest > mapping.maximumAge;
    if (failed === undefined && mapping.bisects && rest.length > 1 && !isTooOld) {
      const half = Math.ceil(rest.length / 2);
      await pause(wait, signal);
      return (await deliver(runtime, shard, rest.slice(0, half))) && deliver(runtime, shard, rest.slice(half));
    }
    if (isTooOld || (mapping.retries >= 0 && attempt > mapping.retries)) {
      runtime.discard(
        discarded(runtime, shard, rest, isTooOld ? "RecordAgeExceeded" : "RetryAttemptsExhausted", attempt),
      );
      return true;
    }
    await pause(wait, signal);
    wait = Math.min(wait * 2, LAST_RETRY_MS);
  }
}

/** The message for the on-failure destination: it names the records and does not hold them. */
function discarded(
  { mapping, stream, region, now }: StreamRuntime,
  shard: Shard,
  records: readonly StreamRecord[],
  condition: string,
  attempts: number,
): object {
  const at = (record: StreamRecord | undefined): string =>
    new Date((record?.dynamodb.ApproximateCreationDateTime ?? 0) * 1000).toISOString();
  return {
    requestContext: {
      requestId: randomUUID(),
      functionArn: `arn:aws:lambda:${region}:${stream.arn.split(":")[4] ?? ""}:function:${mapping.functionName}`,
      condition,
      approximateInvokeCount: attempts,
    },
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    version: "1.0",
    timestamp: new Date(now()).toISOString(),
    DDBStreamBatchInfo: {
      shardId: shard.id,
      startSequenceNumber: records[0] && numberOf(records[0]),
      endSequenceNumber: records.at(-1)?.dynamodb.SequenceNumber,
      approximateArrivalOfFirstRecord: at(records[0]),
      approximateArrivalOfLastRecord: at(records.at(-1)),
      batchSize: records.length,
      streamArn: stream.arn,
    },
  };
}
