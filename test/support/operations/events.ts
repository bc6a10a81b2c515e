import { allEventUris } from "../../../lambda/scim/eventUris.ts";
import type { ProbeAnswer } from "../../../operations/live/endpoint.ts";
import type { EventProber } from "../../../operations/live/eventEndpoint.ts";
import type { TenantOutputs } from "../../../operations/live/tenant.ts";

/** The change events of a tenant; a test changes the part that it is about. */
export interface EventWorld {
  /** Receivers whose address and token the stack has. */
  polling: string[];
  /** The answer of the feed `feed` to the token of the receiver `caller`. */
  poll: (feed: string, caller: string) => ProbeAnswer;
  keys: ProbeAnswer;
  /** The ServiceProviderConfig. */
  provider: ProbeAnswer;
}

const ORIGIN = "https://scim.example.com/events";
export const KEYS_URL = `${ORIGIN}/keys`;

export const publicKey = { kty: "EC", crv: "P-256", x: "x", y: "y", kid: "one", use: "sig", alg: "ES256" };

export const accepted: ProbeAnswer = { status: 200, body: { sets: {} } };
export const refused: ProbeAnswer = {
  status: 403,
  body: { err: "access_denied", description: "not that of this receiver" },
};

export const rightEvents = (...polling: string[]): EventWorld => ({
  polling,
  poll: (feed, caller) => (feed === caller ? accepted : refused),
  keys: { status: 200, body: { keys: [publicKey] } },
  provider: { status: 200, body: { securityEvents: { asyncRequest: "none", eventUris: allEventUris } } },
});

/** @param secret is a part of every token */
export const eventOutputsOf = ({ polling }: EventWorld, secret: string): Partial<TenantOutputs> => ({
  eventIssuer: ORIGIN,
  eventKeys: KEYS_URL,
  eventReceivers: Object.fromEntries(
    polling.map((name) => [name, { pollUrl: `${ORIGIN}/${name}`, token: `${secret}-${name}` }]),
  ),
});

/** Only a stack with change events is asked for its ServiceProviderConfig. */
export function providerOf(events: EventWorld | undefined): ProbeAnswer {
  if (events === undefined) throw new Error("verify reads the ServiceProviderConfig");
  return events.provider;
}

/** A stack without change events must not be asked for them. */
export const eventProber = (events: EventWorld | undefined, secret: string): EventProber => ({
  poll: async (pollUrl, token) => {
    if (events === undefined) throw new Error(`verify polls ${pollUrl}`);
    return events.poll(pollUrl.replace(`${ORIGIN}/`, ""), token.replace(`${secret}-`, ""));
  },
  keys: async (url) => {
    if (events === undefined || url !== KEYS_URL) throw new Error(`verify reads keys at ${url}`);
    return events.keys;
  },
});
