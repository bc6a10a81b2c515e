import type { DynamoDBRecord } from "aws-lambda";
import { decodeJwt } from "jose";
import { feedOf, type EventReceiver } from "../../../../lambda/contract.ts";
import type { Store } from "../../../../lambda/directory/store.ts";
import type { Sign } from "../../../../lambda/events/jws.ts";
import type { JsonObject } from "../../../../lambda/model.ts";
import { addEntries } from "../../../../lambda/events/feed.ts";
import { poll } from "../../../../lambda/events/poll.ts";
import { publish, type Told } from "../../../../lambda/events/publish.ts";
import { uriOf, type Claims } from "../../../../lambda/events/set.ts";
import { makeKey, type LocalKey } from "./keys.ts";
import { publisher } from "./publisher.ts";
import { Receiver, textOf } from "./receiver.ts";
import type { StreamReader } from "./stream.ts";

/** Follows a stream as Lambda and receivers do, with all the freedoms that they have. */
export interface Follower {
  /** One batch of the stream, and one poll of each receiver. */
  step(): Promise<void>;
  /** Until nothing is left. */
  finish(): Promise<void>;
  readonly receivers: readonly Receiver[];
  /** SETs by receiver and jti, each as it was first given. */
  readonly told: ReadonlyMap<string, Claims>;
  /** SETs of a resource that were given before an earlier one of it, and are newer than what the receiver had. */
  readonly disorders: readonly string[];
}

const modes: readonly EventReceiver[] = [
  { name: "notice", id: "1", delivery: "poll", mode: "notice" },
  { name: "full", id: "1", delivery: "poll", mode: "full" },
];

interface Following {
  readonly world: FollowedWorld;
  readonly key: LocalKey;
  readonly draw: () => number;
  readonly receivers: readonly Receiver[];
  readonly told: Map<string, Claims>;
  readonly disorders: string[];
  /** The newest jti of each resource that a receiver got. */
  readonly newest: Map<string, string>;
  pending: DynamoDBRecord[];
}

/** A directory with a stream and a table of feeds. */
export interface FollowedWorld {
  readonly stream: StreamReader;
  readonly feed: Store;
  read(uri: string): Promise<JsonObject | undefined>;
}

/**
 * @param draw gives numbers from 0 to 1: whether a signature or a write of the feed fails, `publish` dies after its work,
 * a batch is small, an acknowledgement is lost
 */
export async function startFollower(world: FollowedWorld, draw: () => number): Promise<Follower> {
  const following: Following = {
    ...{ world, draw, key: await makeKey(), told: new Map(), disorders: [], newest: new Map(), pending: [] },
    receivers: modes.map(() => new Receiver((uri) => world.read(uri))),
  };
  const { receivers, told, disorders } = following;
  return {
    ...{ receivers, told, disorders },
    async step() {
      await publishBatch(following, 0.1);
      await pollOnce(following, 0.1);
    },
    async finish() {
      do await publishBatch(following, 0);
      while (following.pending.length > 0);
      while ((await pollOnce(following, 0)) > 0);
    },
  };
}

async function publishBatch(following: Following, rate: number): Promise<void> {
  const { world, draw, key } = following;
  following.pending.push(...(await world.stream.read()));
  const batch = following.pending.slice(0, Math.max(1, Math.floor(draw() * 100)));
  if (batch.length === 0) return;
  const mayFail = (): void => {
    if (draw() < rate / 20) throw new Error("a fault of the test");
  };
  const poll = async (told: readonly Told[]): Promise<void> => {
    for (const { receiver, change, set } of told) {
      mayFail();
      const { sequence } = change;
      await addEntries(world.feed, [{ feed: feedOf(receiver), sequence, resource: uriOf(change), set }]);
    }
  };
  const sign: Sign = async (message) => {
    mayFail();
    return key.signer.sign(message);
  };
  const signer = { kid: key.signer.kid, sign };
  const outlets = { poll, push: async () => undefined, bus: undefined };
  const { response } = await publish({ publisher, receivers: modes, signer, outlets }, batch);
  // The function died before its answer arrived: Lambda repeats the batch.
  if (draw() < rate) return;
  const first = response.batchItemFailures[0]?.itemIdentifier;
  const done = batch.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === first);
  following.pending = following.pending.slice(first === undefined ? batch.length : done);
}

/** Returns how many SETs were given. */
async function pollOnce(following: Following, rate: number): Promise<number> {
  const { world, draw, receivers } = following;
  let given = 0;
  for (const [at, receiver] of modes.entries()) {
    const maxEvents = 1 + Math.floor(draw() * 50);
    const request = { maxEvents, returnImmediately: true, acknowledged: [], errors: new Map() };
    const { sets } = await poll(world.feed, receiver, request);
    for (const [jti, set] of Object.entries(sets)) {
      const claims = decodeJwt<Claims>(set) as Claims;
      checkOrder(following, receiver.name, jti, claims);
      await receivers[at]?.apply(claims);
    }
    given += Object.keys(sets).length;
    if (draw() < rate) continue;
    const acknowledged = Object.keys(sets).map((jti) => jti.slice(0, 40));
    await poll(world.feed, receiver, { ...request, maxEvents: 0, acknowledged });
  }
  return given;
}

/** A SET that is given for the first time is not older than one of its resource that was given before it. */
function checkOrder({ told, newest, disorders }: Following, name: string, jti: string, claims: Claims): void {
  if (told.has(jti)) return;
  told.set(jti, claims);
  const resource = `${name} ${textOf(claims.sub_id["uri"])}`;
  const last = newest.get(resource) ?? "";
  if (jti < last && !repeatsMembers(claims)) disorders.push(`${jti} after ${last} of ${resource}`);
  if (jti > last) newest.set(resource, jti);
}

/** Whether changes of members are told again that were told as one before: the batch was repeated in smaller parts. */
const repeatsMembers = ({ events }: Claims): boolean => JSON.stringify(events).includes('"members');
