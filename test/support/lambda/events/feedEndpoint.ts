import { createHash } from "node:crypto";
import { answerReceiver, type EventEndpoint, type EventResponse } from "../../../../lambda/events/endpoint.ts";
import { addEntries } from "../../../../lambda/events/feed.ts";
import { signSet } from "../../../../lambda/events/jws.ts";
import { jtiOf } from "../../../../lambda/events/set.ts";
import { makeKey, type LocalKey } from "./keys.ts";
import { ISSUER } from "./publisher.ts";
import { startEventTenant, type EventTenant } from "./tenant.ts";

export interface Polled {
  readonly status: number;
  readonly sets: Record<string, string>;
  readonly jtis: readonly string[];
  readonly moreAvailable: boolean | undefined;
  readonly body: Record<string, unknown>;
  readonly response: EventResponse;
}

export interface SendOptions {
  readonly receiver?: string;
  readonly token?: string;
  readonly method?: string;
  readonly type?: string;
  readonly raw?: string;
}

/** The endpoint of the receivers `hr` and `hr-2`, which poll, and `it`, on a real table. */
export interface FeedEndpoint {
  readonly endpoint: EventEndpoint;
  readonly tenant: EventTenant;
  /** The key that signs, and the next one. */
  readonly keys: readonly [LocalKey, LocalKey];
  send(body: unknown, options?: SendOptions): Promise<Polled>;
  /** Asks without waiting. */
  now(request?: object, options?: SendOptions): Promise<Polled>;
  /** Adds SETs to a feed and returns their jti. */
  add(count: number, receiver?: string, size?: number): Promise<string[]>;
  /** Acknowledges everything. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

const hash = (token: string): string => createHash("sha256").update(token).digest("hex");

const tokens = {
  receivers: [
    { name: "hr", generation: 1, sha256: hash("hr-token") },
    { name: "hr", generation: 2, sha256: hash("hr-token-next") },
    { name: "hr-2", generation: 1, sha256: hash("hr-2-token") },
    { name: "it", generation: 1, sha256: hash("it-token") },
  ],
  others: [{ sha256: hash("main-token") }, { sha256: hash("reader-token") }],
};

export async function startFeedEndpoint(): Promise<FeedEndpoint> {
  const tenant = await startEventTenant();
  const [next, key] = [await makeKey(false), await makeKey()];
  const endpoint: EventEndpoint = {
    receivers: [
      { name: "hr", id: "1", delivery: "poll", mode: "notice" },
      { name: "hr-2", id: "1", delivery: "poll", mode: "full" },
      { name: "it", id: "1", delivery: "push", mode: "full" },
    ],
    tokens,
    keys: [next.published, key.published],
  };
  let serial = 0;

  async function send(body: unknown, options: SendOptions = {}): Promise<Polled> {
    const { receiver = "hr", method = "POST", type = "application/json", raw = JSON.stringify(body) } = options;
    const { token = `${receiver}-token` } = options;
    const response = await answerReceiver(endpoint, tenant.feed, {
      method,
      path: `/api/v1/events/${receiver}`,
      headers: { ...(token && { authorization: `Bearer ${token}` }), "content-type": type },
      body: Buffer.from(raw),
    });
    const answer = JSON.parse(response.body ?? "{}") as {
      sets?: Record<string, string>;
      moreAvailable?: boolean;
    } & Record<string, unknown>;
    const sets = answer.sets ?? {};
    return {
      status: response.status,
      sets,
      jtis: Object.keys(sets),
      moreAvailable: answer.moreAvailable,
      body: answer,
      response,
    };
  }

  const now = (request: object = {}, options: SendOptions = {}): Promise<Polled> =>
    send({ returnImmediately: true, ...request }, options);

  async function add(count: number, receiver = "hr", size = 0): Promise<string[]> {
    const entries = await Promise.all(
      Array.from({ length: count }, async () => {
        const sequence = String((serial += 1)).padStart(40, "0");
        const claims = {
          ...{ iss: ISSUER, iat: 1, jti: jtiOf(sequence, receiver), aud: "a", txn: "t", sub_id: {} },
          events: { padding: "x".repeat(size) },
        };
        return {
          feed: `${receiver}.1`,
          sequence,
          resource: `/Users/${serial}`,
          set: await signSet(claims, key.signer),
        };
      }),
    );
    await addEntries(tenant.feed, entries);
    return entries.map(({ sequence }) => jtiOf(sequence, receiver));
  }

  async function clear(): Promise<void> {
    for (const receiver of ["hr", "hr-2"])
      for (let given = await now({}, { receiver }); given.jtis.length > 0; given = await now({}, { receiver }))
        await now({ ack: given.jtis, maxEvents: 0 }, { receiver });
  }

  return { endpoint, tenant, keys: [key, next], send, now, add, clear, close: () => tenant.close() };
}
