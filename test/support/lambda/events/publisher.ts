import type { DynamoDBRecord } from "aws-lambda";
import { decodeJwt } from "jose";
import type { EventReceiver } from "../../../../lambda/contract.ts";
import { publish, type Outlets, type Published, type Told } from "../../../../lambda/events/publish.ts";
import type { Claims } from "../../../../lambda/events/set.ts";
import { compileRegistry } from "../../../../lambda/scim/schema/index.ts";
import { makeKey, type LocalKey } from "./keys.ts";

export const ISSUER = "https://scim.example.com/api/v1/events";
export const BASE_URL = "https://scim.example.com/api/v1/scim";
export const publisher = { registry: compileRegistry("standard"), baseUrl: BASE_URL, issuer: ISSUER };

/** The function `publish` with outlets that keep everything in memory, as the table of the feeds does. */
export interface MemoryPublisher {
  readonly key: LocalKey;
  publish(records: readonly DynamoDBRecord[]): Promise<Published>;
  /** The claims that a receiver of poll has not taken, in the order of their sequence. */
  feed(receiver: string): Claims[];
  /** What was sent to the queue and the bus, in order. */
  readonly queued: Told[];
  readonly onBus: Claims[];
  /** Removes everything from a feed and returns it. */
  take(receiver: string): Claims[];
  /** Called before each delivery; may throw. */
  before: (outlet: "poll" | "push" | "bus" | "sign") => void;
}

export async function memoryPublisher(receivers: readonly EventReceiver[], hasBus = false): Promise<MemoryPublisher> {
  const key = await makeKey();
  const feeds = new Map(receivers.map(({ name }) => [name, new Map<string, string>()]));
  const feed = (name: string): Claims[] => {
    const sorted = [...(feeds.get(name) ?? [])].sort(([one], [other]) => (one < other ? -1 : 1));
    return sorted.map(([, set]) => decodeJwt<Claims>(set) as Claims);
  };
  const memory: MemoryPublisher = {
    key,
    publish: (records) =>
      publish(
        {
          publisher,
          receivers,
          outlets,
          signer: {
            ...key.signer,
            sign(message) {
              memory.before("sign");
              return key.signer.sign(message);
            },
          },
        },
        records,
      ),
    feed,
    queued: [],
    onBus: [],
    take(name) {
      const taken = feed(name);
      feeds.get(name)?.clear();
      return taken;
    },
    before: () => undefined,
  };
  const outlets: Outlets = {
    async poll(told) {
      for (const { receiver, change, set } of told) {
        // Some of them are written before a failure.
        memory.before("poll");
        feeds.get(receiver.name)?.set(change.sequence, set);
      }
    },
    async push(told) {
      for (const one of told) {
        memory.before("push");
        memory.queued.push(one);
      }
    },
    bus: hasBus
      ? async (claims) => {
          memory.before("bus");
          memory.onBus.push(...claims);
        }
      : undefined,
  };
  return memory;
}
