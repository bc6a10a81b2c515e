import { StackError } from "../live/stackError.ts";
import { UNPUSHED } from "../verify/peopleFacts.ts";
import type { LiveApp, LiveGroup, LiveMapping, LiveRule, OrgReader } from "../live/org.ts";

/** A push mapping with the groups at its two ends. */
export interface ExistingPush {
  readonly mapping: LiveMapping;
  /** The Okta group; undefined if it was deleted. */
  readonly source: LiveGroup | undefined;
  /** Whether one of Okta's own groups has the source's name; the group in the directory is one of the app's. */
  readonly isNameUnique: boolean;
  /** The name of the group in the directory; undefined if Okta does not know it. */
  readonly targetName: string | undefined;
  /** Members who are not assigned to the app: Okta leaves them out of the pushed group. */
  readonly unassigned: number;
  /** Ids in the directory of the members that Okta pushes. */
  readonly members: ReadonlySet<string>;
}

/** The values that Okta sends for a person. */
export interface Sent {
  readonly userName: string;
  readonly profile: Readonly<Record<string, unknown>>;
}

/** An integration that was created by hand, as the org describes it. */
export interface Existing {
  readonly appId: string;
  readonly app: LiveApp;
  /** The groups that are assigned to the app. */
  readonly assigned: readonly LiveGroup[];
  readonly pushes: readonly ExistingPush[];
  /** The rules that put people in an assigned group or in a pushed one. */
  readonly rules: readonly LiveRule[];
  readonly people: {
    readonly assigned: number;
    /** People who are assigned individually and not by a group. */
    readonly direct: number;
    /** Okta's last attempt to provision them failed. */
    readonly failed: number;
    /** The people that Okta provisioned, by their id in the directory. */
    readonly linked: ReadonlyMap<string, Sent>;
    /** The userNames of assigned people that Okta has not provisioned. */
    readonly unlinked: readonly string[];
  };
  /** Whether the app has a mapping from Okta's profile to its own. */
  readonly hasProfileMapping: boolean;
}

/**
 * Reads an integration. Changes nothing.
 * @param onProgress called with a line for people
 * @throws StackError if the org has no such app
 */
export async function readExisting(
  org: OrgReader,
  appId: string,
  onProgress: (line: string) => void,
): Promise<Existing> {
  const app = await org.app(appId);
  if (app === undefined) {
    throw new StackError(
      `the org has no app with the id ${appId}; the id starts with 0oa and stands in the address of the app's page in the Admin Console`,
    );
  }
  const known = async (ids: readonly string[]): Promise<LiveGroup[]> =>
    (await Promise.all(ids.map((id) => org.group(id)))).flatMap((group) => group ?? []);
  const [assigned, mappings, rules, profileMapping] = await Promise.all([
    org.assignedGroups(appId).then(known),
    org.mappings(appId),
    org.rules(),
    org.profileMapping(appId),
  ]);
  onProgress(`Reading the people of "${app.label}"`);
  const { idOf, people } = await readAssigned(org, appId);
  const pushes: ExistingPush[] = [];
  // One after another: each reads the members of a group, and Okta limits requests at once.
  for (const mapping of mappings) {
    onProgress(`Reading pushed group ${pushes.length + 1} of ${mappings.length}`);
    pushes.push(await readPush(org, mapping, idOf));
  }
  const ours = new Set([...assigned.map(({ id }) => id), ...mappings.map(({ sourceGroupId }) => sourceGroupId)]);
  return {
    appId,
    app,
    assigned,
    pushes,
    rules: rules.filter(({ targets }) => targets.some((id) => ours.has(id))),
    people,
    hasProfileMapping: profileMapping !== undefined,
  };
}

/** Reads the assigned people, and the id in the directory of each, by Okta's id. */
async function readAssigned(
  org: OrgReader,
  appId: string,
): Promise<{ readonly idOf: ReadonlyMap<string, string | undefined>; readonly people: Existing["people"] }> {
  const idOf = new Map<string, string | undefined>();
  const linked = new Map<string, Sent>();
  const unlinked: string[] = [];
  const people = { direct: 0, failed: 0 };
  for await (const { id, userName, externalId, scope, syncState, profile } of org.assignedUsers(appId)) {
    idOf.set(id, externalId);
    if (externalId === undefined) unlinked.push(userName);
    else linked.set(externalId, { userName, profile });
    if (scope === "USER") people.direct += 1;
    if (syncState === "ERROR") people.failed += 1;
  }
  return { idOf, people: { assigned: idOf.size, ...people, linked, unlinked } };
}

/** @param idOf id in the directory of everyone who is assigned, by Okta's id */
async function readPush(
  org: OrgReader,
  mapping: LiveMapping,
  idOf: ReadonlyMap<string, string | undefined>,
): Promise<ExistingPush> {
  const [source, target] = await Promise.all([org.group(mapping.sourceGroupId), org.group(mapping.targetGroupId)]);
  const named = source === undefined ? [] : await org.searchGroups(`profile.name eq ${JSON.stringify(source.name)}`);
  let unassigned = 0;
  const members = new Set<string>();
  if (source !== undefined) {
    for await (const { id, status } of org.members(source.id)) {
      if (status !== "DEPROVISIONED" && !idOf.has(id)) unassigned += 1;
      const scimId = idOf.get(id);
      if (scimId !== undefined && !UNPUSHED.has(status)) members.add(scimId);
    }
  }
  return {
    mapping,
    source,
    isNameUnique: named.filter(({ type }) => type === "OKTA_GROUP").length === 1,
    targetName: target?.name,
    ...{ unassigned, members },
  };
}
