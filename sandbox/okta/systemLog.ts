import { randomUUID } from "node:crypto";
import type { Json } from "./model.ts";

export interface LogTarget {
  readonly id: string;
  readonly type: "User" | "UserGroup" | "AppInstance" | "AppUser" | "Rule";
  readonly displayName: string;
}

/** An entry of Okta's System Log, as `GET /api/v1/logs` gives it. */
export interface LogEvent {
  readonly uuid: string;
  readonly published: string;
  readonly eventType: string;
  readonly displayMessage: string;
  readonly outcome: { readonly result: "SUCCESS" | "FAILURE"; readonly reason?: string };
  readonly target: readonly LogTarget[];
}

export interface SystemLog {
  readonly events: readonly LogEvent[];
  add(eventType: string, displayMessage: string, target: readonly LogTarget[], failure?: string): void;
}

export function createSystemLog(): SystemLog {
  const events: LogEvent[] = [];
  return {
    events,
    add: (eventType, displayMessage, target, failure) => {
      const outcome =
        failure === undefined ? { result: "SUCCESS" as const } : { result: "FAILURE" as const, reason: failure };
      events.push({
        uuid: randomUUID(),
        published: new Date().toISOString(),
        eventType,
        displayMessage,
        outcome,
        target,
      });
    },
  };
}

const SYSTEM = { id: "system", type: "SystemPrincipal", alternateId: "system@okta.com", displayName: "Okta System" };

export const renderLogEvent = (event: LogEvent): Json => ({
  ...event,
  version: "0",
  severity: event.outcome.result === "SUCCESS" ? "INFO" : "ERROR",
  actor: SYSTEM,
  target: event.target.map((one) => ({ ...one, alternateId: one.displayName })),
});
