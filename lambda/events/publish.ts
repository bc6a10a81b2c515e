import type { DynamoDBBatchResponse, DynamoDBRecord } from "aws-lambda";
import { mapBounded } from "../concurrency.ts";
import { changeOf } from "./change.ts";
import { joinChanges, type JoinedChange } from "./join.ts";
import { signSet, type Signer } from "./jws.ts";
import { audienceOf, busAudience, claimsOf, type Audience, type Claims, type Publisher } from "./set.ts";
import type { EventReceiver } from "../contract.ts";

/** The event of a change for one receiver. */
export interface Told {
  readonly receiver: EventReceiver;
  readonly change: JoinedChange;
  readonly claims: Claims;
  /** The claims, signed: a compact JWS. */
  readonly set: string;
}

/**
 * Where SETs go. Each function ends when everything is stored, or throws. What it is given is about different resources, so
 * its order is free.
 */
export interface Outlets {
  poll(told: readonly Told[]): Promise<void>;
  push(told: readonly Told[]): Promise<void>;
  /** Undefined without an event bus. */
  readonly bus: ((claims: readonly Claims[]) => Promise<void>) | undefined;
}

export interface Publishing {
  readonly publisher: Publisher;
  readonly receivers: readonly EventReceiver[];
  readonly signer: Signer;
  readonly outlets: Outlets;
}

export interface Published {
  /** For Lambda: the first record that has to be delivered again, with all after it. */
  readonly response: DynamoDBBatchResponse;
  readonly records: number;
  readonly changes: number;
  readonly sets: number;
  /** Why it stopped before the end. */
  readonly failure?: unknown;
}

/** Signatures in flight. */
const SIGNING = 20;

/**
 * Tells every receiver the changes of one batch of the directory's stream. The changes of one resource are delivered one after
 * another. If a delivery fails, the first record that is not delivered everywhere is returned, and Lambda repeats the
 * batch from there: what was delivered is delivered again, with the same `jti`.
 */
export async function publish(publishing: Publishing, records: readonly DynamoDBRecord[]): Promise<Published> {
  const numbers = new Map<string, string>();
  const changes = records.flatMap((record) => {
    const change = changeOf(record);
    if (change !== undefined) numbers.set(change.sequence, record.dynamodb?.SequenceNumber ?? "");
    return change ?? [];
  });
  const joined = joinChanges(changes);
  const counts = { records: records.length, changes: changes.length };
  let sets = 0;
  const waves = inWaves(joined);
  for (const [at, wave] of waves.entries()) {
    try {
      sets += await deliver(publishing, wave);
    } catch (failure) {
      const left = waves.slice(at).flat();
      const first = left.map((change) => change.first).reduce((one, other) => (one < other ? one : other));
      const itemIdentifier = numbers.get(first) ?? "";
      return { response: { batchItemFailures: [{ itemIdentifier }] }, ...counts, sets, failure };
    }
  }
  return { response: { batchItemFailures: [] }, ...counts, sets };
}

/** The first changes of all resources, then the second ones, and so on. */
function inWaves(changes: readonly JoinedChange[]): JoinedChange[][] {
  const waves: JoinedChange[][] = [];
  const counts = new Map<string, number>();
  for (const change of changes) {
    const at = counts.get(change.id) ?? 0;
    counts.set(change.id, at + 1);
    (waves[at] ??= []).push(change);
  }
  return waves;
}

/** Returns the number of SETs. */
async function deliver(publishing: Publishing, changes: readonly JoinedChange[]): Promise<number> {
  const { publisher, receivers, signer, outlets } = publishing;
  const now = Date.now();
  const claim = (audience: Audience, change: JoinedChange): Claims => claimsOf(publisher, audience, change, now);
  const unsigned = receivers.flatMap((receiver) => {
    const audience = audienceOf(publisher.issuer, receiver);
    return changes.map((change) => ({ receiver, change, claims: claim(audience, change) }));
  });
  const told = await mapBounded(unsigned, SIGNING, async (one): Promise<Told> => {
    return { ...one, set: await signSet(one.claims, signer) };
  });
  const to = (delivery: EventReceiver["delivery"]): Told[] =>
    told.filter(({ receiver }) => receiver.delivery === delivery);
  const onBus = outlets.bus ? changes.map((change) => claim(busAudience(publisher.issuer), change)) : [];
  // All of them end before the batch is repeated, so that nothing is written late.
  const ends = await Promise.allSettled([outlets.poll(to("poll")), outlets.push(to("push")), outlets.bus?.(onBus)]);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return told.length + onBus.length;
}
