import { randomUUID } from "node:crypto";
import type { Json } from "./model.ts";
import { createTrace } from "./trace.ts";

export interface LogTarget {
  readonly id: string;
  readonly type: "User" | "UserGroup" | "AppInstance" | "AppUser" | "Rule";
  readonly displayName: string;
}

/** An entry of Okta's System Log, as `GET /api/v1/logs` gives it. */
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
  add(eventType: string, displayMessage: string, target: readonly LogTarget[], failure?: string): void;
  /** Calls the listener with each event to come. @returns how to stop that */
  readonly subscribe: (listener: (event: LogEvent) => void) => () => void;
}

/** As many events as are kept; the oldest go first. */
const MOST_EVENTS = 50_000;

export function createSystemLog(): SystemLog {
  const { items, add, subscribe } = createTrace<LogEvent>({ most: MOST_EVENTS });
  return {
    events: items,
    subscribe,
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

/** The whole entry with Okta's other fields, which say nothing here. */
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
