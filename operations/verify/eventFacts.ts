import type { ProbeAnswer, EndpointProber } from "../live/endpoint.ts";
import type { EventProber } from "../live/eventEndpoint.ts";
import type { DeployedService } from "../live/tenant.ts";

/** The answers of the service about its change events. */
export interface EventFacts {
  /** The ServiceProviderConfig. */
  readonly provider: ProbeAnswer;
  readonly keysUrl: string;
  readonly keys: ProbeAnswer;
  readonly feeds: readonly FeedFacts[];
}

/** The answers to the token of a receiver that polls. */
export interface FeedFacts {
  readonly name: string;
  readonly pollUrl: string;
  /** Of its own feed. */
  readonly own: ProbeAnswer;
  /** Of the feed of another receiver; undefined if no other one polls. */
  readonly other: { readonly name: string; readonly answer: ProbeAnswer } | undefined;
}

/** Polls each feed without taking an event. A stack without change events is asked nothing. */
export async function readEvents(
  { outputs }: DeployedService,
  endpoint: EndpointProber,
  prober: EventProber,
): Promise<EventFacts | undefined> {
  const { eventKeys: keysUrl, eventReceivers = {} } = outputs;
  if (keysUrl === undefined) return undefined;
  const feeds = Object.entries(eventReceivers).flatMap(([name, { pollUrl, token }]) =>
    pollUrl === undefined || token === undefined ? [] : [{ name, pollUrl, token }],
  );
  const [provider, keys, answers] = await Promise.all([
    endpoint.get("/ServiceProviderConfig", outputs.scimAuthorization),
    prober.keys(keysUrl),
    Promise.all(feeds.map((feed, index) => readFeed(feed, feeds[(index + 1) % feeds.length], prober))),
  ]);
  return { provider, keysUrl, keys, feeds: answers };
}

interface Feed {
  readonly name: string;
  readonly pollUrl: string;
  readonly token: string;
}

/** @param next the receiver after this one, which is the same if there is only one */
async function readFeed(
  { name, pollUrl, token }: Feed,
  next: Feed | undefined,
  prober: EventProber,
): Promise<FeedFacts> {
  const other = next?.name === name ? undefined : next;
  const [own, answer] = await Promise.all([
    prober.poll(pollUrl, token),
    other === undefined ? undefined : prober.poll(other.pollUrl, token),
  ]);
  return {
    ...{ name, pollUrl, own },
    other: other === undefined || answer === undefined ? undefined : { name: other.name, answer },
  };
}
