import { probe, type ProbeAnswer } from "./endpoint.ts";

/** Asks for the change events of a tenant as a receiver does. */
export interface EventProber {
  /** Polls a feed for no event at all: it takes nothing from the feed and acknowledges nothing. */
  poll(pollUrl: string, token: string): Promise<ProbeAnswer>;
  /** Reads the JWKS, without a token. */
  keys(url: string): Promise<ProbeAnswer>;
}

/** The real service. It never throws: a request without an answer has no status. */
export const eventEndpoint: EventProber = {
  poll: (pollUrl, token) =>
    probe(pollUrl, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", accept: "application/json" },
      // "Acknowledge Only" without `ack` (RFC 8936, section 2.2).
      body: JSON.stringify({ maxEvents: 0, returnImmediately: true }),
    }),
  keys: (url) => probe(url, { headers: { accept: "application/jwk-set+json, application/json" } }),
};
