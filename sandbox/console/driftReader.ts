import type { LogEvent } from "../okta/index.ts";
import type { Tenant } from "../tenant/tenant.ts";
import type { Deployments } from "./deployments.ts";
import { readDrift } from "./drift.ts";
import type { Drift } from "./driftItem.ts";

/** Reads the drift at most once between two changes, because several lists of the page ask for it at a time. */
export interface DriftReader {
  /** During a deployment this is the drift before it. @throws Error if the org cannot be read */
  read(): Promise<readonly Drift[]>;
  /** The difference of each group and rule, by id; empty if the org cannot be read, which `read` says. */
  marks(): Promise<ReadonlyMap<string, string>>;
  /** Something was done: the next read asks the org again. */
  changed(): void;
  close(): void;
}

/** Milliseconds for which a reading is used, because changes through Okta's API need not have an event. */
const FRESH_MS = 2000;
/** Events of the org's settings. Events of people and pushes change nothing that the stack declares. */
const SETTINGS = /^(?:group\.(?:lifecycle|profile|rule)|application\.lifecycle)/;

export function createDriftReader(tenant: Tenant, deployments: Pick<Deployments, "running">): DriftReader {
  let reading: Promise<readonly Drift[]> | undefined;
  let readAt = 0;
  const changed = (): void => {
    if (!deployments.running) reading = undefined;
  };
  const stop = tenant.org.onLogEvent(({ eventType }: LogEvent) => {
    if (SETTINGS.test(eventType)) changed();
  });
  const read = (): Promise<readonly Drift[]> => {
    if (reading !== undefined && (deployments.running || Date.now() - readAt < FRESH_MS)) return reading;
    readAt = Date.now();
    reading = readDrift(tenant);
    return reading;
  };
  return {
    read,
    marks: async () => {
      const all = await read().catch((): readonly Drift[] => []);
      return new Map(all.flatMap(({ marks, difference }) => marks.map((id): [string, string] => [id, difference])));
    },
    changed,
    close: stop,
  };
}
