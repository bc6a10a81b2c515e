import { randomUUID } from "node:crypto";
import type { Json } from "./model.ts";
import { createTrace } from "./trace.ts";

export interface LogTarget {
  readonly id: string;
  readonly type: "User" | "UserGroup" | "AppInstance" | "AppUser" | "Rule";
  readonly displayName: string;
}

/** An entry of Okta's System Log, in the form of `GET /api/v1/logs`. */
export interface LogEvent {
  readonly uuid: string;
  /** ISO 8601, with milliseconds. */
  readonly published: string;
  readonly eventType: string;
  readonly displayMessage: string;
  readonly outcome: { readonly result: "SUCCESS" | "FAILURE"; readonly reason?: string };
  readonly target: readonly LogTarget[];
}

export interface SystemLog {
  readonly events: readonly LogEvent[];
  /** The last events of one person or group, oldest first, also those that `events` no longer has. */
  readonly about: (id: string) => readonly LogEvent[];
  add(eventType: string, displayMessage: string, target: readonly LogTarget[], failure?: string): void;
  /** Calls the listener with each new event. @returns a function that unsubscribes */
  readonly subscribe: (listener: (event: LogEvent) => void) => () => void;
}

/** The number of events that are kept; the oldest are dropped first. */
const MOST_EVENTS = 50_000;
/** The events of one person or group that are kept. */
const MOST_EVENTS_OF_ONE = 100;
/** The people and groups whose events are kept. */
const MOST_SUBJECTS = 100_000;

export function createSystemLog(): SystemLog {
  const { items, add, subscribe } = createTrace<LogEvent>({ most: MOST_EVENTS });
  const bySubject = new Map<string, LogEvent[]>();
  const index = (event: LogEvent): void => {
    for (const { type, id } of event.target) {
      if (type !== "User" && type !== "UserGroup") continue;
      const own = bySubject.get(id) ?? [];
      own.push(event);
      if (own.length > MOST_EVENTS_OF_ONE) own.shift();
      bySubject.set(id, own);
    }
    for (const oldest of bySubject.keys()) {
      if (bySubject.size <= MOST_SUBJECTS) break;
      bySubject.delete(oldest);
    }
  };
  subscribe(index);
  return {
    events: items,
    subscribe,
    about: (id) => bySubject.get(id) ?? [],
    add: (eventType, displayMessage, target, failure) =>
      add({
        uuid: randomUUID(),
        published: new Date().toISOString(),
        eventType,
        displayMessage,
        outcome: failure === undefined ? { result: "SUCCESS" } : { result: "FAILURE", reason: failure },
        target,
      }),
  };
}

const SYSTEM = {
  id: "system",
  type: "SystemPrincipal",
  alternateId: "system@okta.com",
  displayName: "Okta System",
  detailEntry: null,
};
const CLIENT = { userAgent: null, zone: null, device: null, id: null, ipAddress: null, geographicalContext: null };
const AUTHENTICATION = {
  authenticationProvider: null,
  credentialProvider: null,
  credentialType: null,
  issuer: null,
  interface: null,
  authenticationStep: 0,
  externalSessionId: null,
};

/** The whole entry, including Okta's other fields, which have no meaning here. */
export const renderLogEvent = (event: LogEvent): Json => ({
  uuid: event.uuid,
  published: event.published,
  eventType: event.eventType,
  version: "0",
  severity: event.outcome.result === "SUCCESS" ? "INFO" : "ERROR",
  legacyEventType: null,
  displayMessage: event.displayMessage,
  actor: SYSTEM,
  client: CLIENT,
  outcome: { result: event.outcome.result, reason: event.outcome.reason ?? null },
  target: event.target.map((one) => ({ ...one, alternateId: one.displayName, detailEntry: null })),
  transaction: { type: "JOB", id: event.uuid, detail: {} },
  debugContext: { debugData: {} },
  authenticationContext: AUTHENTICATION,
  securityContext: { asNumber: null, asOrg: null, isp: null, domain: null, isProxy: null },
  request: { ipChain: [] },
});
