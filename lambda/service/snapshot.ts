import type { Stored } from "../model.ts";

/**
 * The versions of groups that one attempt at a query meets: of those that it finds by a member, and of the same groups
 * when it reads them with their members. A group of one version has the same members, so equal versions prove that the
 * list is one committed state.
 */
export interface Sightings {
  /** Records the groups of one lookup by member, all of one moment. */
  found(groups: readonly Stored[]): void;
  /** Records a group that was read again; undefined if it is gone. */
  readAgain(id: string, version: string | undefined): void;
  /** Whether the list is the state of one moment. `earlier`: those of the attempt before. */
  areOfOneMoment(earlier: Sightings | undefined): boolean;
  /** For the comparison with the next attempt. Undefined if a group was seen at two versions. */
  fingerprint(): string | undefined;
}

export function createSightings(): Sightings {
  const first = new Map<string, string>();
  const again = new Map<string, string | undefined>();
  let lookups = 0;
  let isTorn = false;
  const see = (seen: Map<string, string | undefined>, id: string, version: string | undefined): void => {
    isTorn ||= seen.has(id) && seen.get(id) !== version;
    seen.set(id, version);
  };
  const fingerprint = (): string | undefined =>
    isTorn ? undefined : JSON.stringify([[...first].sort(), [...again].sort()]);
  return {
    found(groups) {
      lookups += 1;
      for (const { id, version } of groups) see(first, id, version);
    },
    readAgain(id, version) {
      if (first.has(id)) see(again, id, version);
    },
    areOfOneMoment(earlier) {
      if (lookups === 0) return true;
      // Nothing changed since the one lookup, whose groups are of one moment.
      if (lookups === 1 && !isTorn && [...again].every(([id, version]) => first.get(id) === version)) return true;
      // Nothing changed from one attempt to the next: both are the state of the moment between them.
      return fingerprint() !== undefined && fingerprint() === earlier?.fingerprint();
    },
    fingerprint,
  };
}
