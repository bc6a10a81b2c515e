import type { TenantConfig } from "../../components/config/tenant.ts";
import { EndpointError, type DirectoryGroup, type DirectoryReader } from "../live/directory.ts";
import type { EndpointProber, ProbeAnswer } from "../live/endpoint.ts";
import type { EventProber } from "../live/eventEndpoint.ts";
import type { LiveApp, LiveGroup, LiveMapping, LiveProfileMapping, LiveRule, OrgReader } from "../live/org.ts";
import type { DeployedService, DeployedTenant } from "../live/tenant.ts";
import { readEvents, type EventFacts } from "./eventFacts.ts";
import { readMembers, readPeople, type Members, type People, type Progress } from "./peopleFacts.ts";

/** A group that the stack pushes, as it is in the org and in the directory now. */
export interface PushFacts {
  /** The group's name in the stack's output. */
  readonly label: string;
  readonly sourceGroupId: string;
  /** Undefined if the group does not exist. */
  readonly group: LiveGroup | undefined;
  readonly mapping: LiveMapping | undefined;
  readonly members: Members;
  /** The group that the mapping fills; undefined if Okta does not tell its name. */
  readonly target: Target | undefined;
}

export interface Target {
  readonly name: string;
  /** The group in the directory; undefined if there is none; or the reason why it cannot be read. */
  readonly found: DirectoryGroup | undefined | EndpointError;
  /** Names of the members that only the directory has. */
  readonly extra: readonly string[];
}

/** The facts that the checks judge, read once, so that all checks see one state of the world. */
export interface Facts {
  readonly app: LiveApp | undefined;
  readonly assignmentGroup: LiveGroup | undefined;
  readonly assignedGroups: readonly string[];
  /** The names of assigned or pushed groups that the stack does not manage, by id; of the first ones only. */
  readonly strangers: ReadonlyMap<string, string>;
  readonly people: People;
  readonly rules: readonly LiveRule[];
  readonly mappings: readonly LiveMapping[];
  readonly profileMapping: LiveProfileMapping | undefined;
  readonly pushes: readonly PushFacts[];
  /** Groups that a pattern of the configuration matches and the stack does not push. */
  readonly newcomers: readonly LiveGroup[];
  /** The connector test with the token, and the same request without one. */
  readonly connector: ProbeAnswer;
  readonly withoutToken: ProbeAnswer;
  readonly readers: readonly ReaderFacts[];
  /** Undefined for a stack without change events. */
  readonly events: EventFacts | undefined;
}

/** The answers to a reader's token; undefined if the stack has no token of this name. */
export interface ReaderFacts {
  readonly name: string;
  readonly answers: { readonly read: ProbeAnswer; readonly write: ProbeAnswer } | undefined;
}

/** "Test Connector Configuration" makes this one request, in every configuration. */
const CONNECTOR_TEST = "/Users?startIndex=1&count=2";
/** Groups that are read at the same time; Okta limits the requests of an org. */
const AT_ONCE = 4;

/** Ask the service of a tenant. */
export interface ServiceProbers {
  readonly endpoint: EndpointProber;
  readonly events: EventProber;
}

export interface Sources extends ServiceProbers {
  readonly org: OrgReader;
  readonly directory: DirectoryReader;
  readonly onProgress: Progress;
}

/** No resource has this id, because the service gives out UUIDs: if the request were allowed, it would change nothing. */
const HARMLESS_WRITE = "/Users/verify-asks-whether-a-reader-can-write";

export type EndpointFacts = Pick<Facts, "connector" | "withoutToken" | "readers" | "events">;

/** The connector test with and without the token, a read and a write of each reader, and the change events. */
export async function readEndpoint(
  tenant: DeployedService,
  { endpoint, events: prober }: ServiceProbers,
): Promise<EndpointFacts> {
  const { config, outputs } = tenant;
  const [connector, withoutToken, readers, events] = await Promise.all([
    endpoint.get(CONNECTOR_TEST, outputs.scimAuthorization),
    endpoint.get(CONNECTOR_TEST, undefined),
    Promise.all(config.readers.map((name) => readReader(name, outputs.readerTokens[name], endpoint))),
    readEvents(tenant, endpoint, prober),
  ]);
  return { connector, withoutToken, readers, events };
}

async function readReader(name: string, token: string | undefined, endpoint: EndpointProber): Promise<ReaderFacts> {
  if (token === undefined) return { name, answers: undefined };
  const [read, write] = await Promise.all([
    endpoint.get(CONNECTOR_TEST, `Bearer ${token}`),
    endpoint.remove(HARMLESS_WRITE, `Bearer ${token}`),
  ]);
  return { name, answers: { read, write } };
}

/** Reads the org and the directory once, for all checks. @throws Error if the org cannot be read */
export async function readFacts(tenant: DeployedTenant, sources: Sources): Promise<Facts> {
  const { config, outputs } = tenant;
  const { org, directory, onProgress } = sources;
  const appId = outputs.oktaAppId;
  const [app, service] = await Promise.all([org.app(appId), readEndpoint(tenant, sources)]);
  const [assignmentGroup, rules, newcomers] = await Promise.all([
    org.group(outputs.assignmentGroupId),
    org.rules(),
    findNewcomers(config, Object.values(outputs.pushGroups), org),
  ]);
  const [assignedGroups, mappings, profileMapping] =
    app === undefined
      ? [[], [], undefined]
      : await Promise.all([
          org.assignedGroups(appId),
          org.mappings(appId),
          config.attributeMapping ? org.profileMapping(appId) : undefined,
        ]);
  const strangers = await readNames(
    [...assignedGroups, ...mappings.map(({ sourceGroupId }) => sourceGroupId)],
    [outputs.assignmentGroupId, ...Object.values(outputs.pushGroups).map(({ sourceGroupId }) => sourceGroupId)],
    org,
  );
  const assigned = app === undefined ? undefined : org.assignedUsers(appId);
  const people = await readPeople(assigned, () => org.failures(appId), directory, onProgress);
  const pushes = await inBatches(Object.entries(outputs.pushGroups), AT_ONCE, async ([label, { sourceGroupId }]) => {
    const mapping = mappings.find((one) => one.sourceGroupId === sourceGroupId);
    return readPush({ label, sourceGroupId, mapping, people }, sources);
  });
  return {
    ...{ app, assignmentGroup, assignedGroups, strangers, people, rules, mappings, profileMapping, pushes },
    ...{ newcomers, ...service },
  };
}

/** The names of the first groups that are not among the known ones. */
async function readNames(
  ids: readonly string[],
  known: readonly string[],
  org: OrgReader,
): Promise<ReadonlyMap<string, string>> {
  const unknown = [...new Set(ids)].filter((id) => !known.includes(id)).slice(0, MOST_LOOKED_UP);
  const groups = await inBatches(unknown, AT_ONCE, (id) => org.group(id));
  return new Map(groups.flatMap((group) => (group === undefined ? [] : [[group.id, group.name] as const])));
}

async function readPush(
  push: Pick<PushFacts, "label" | "sourceGroupId" | "mapping"> & { readonly people: People },
  { org, directory, onProgress }: Sources,
): Promise<PushFacts> {
  const { label, sourceGroupId, mapping, people } = push;
  const [group, targetGroup] = await Promise.all([
    org.group(sourceGroupId),
    mapping === undefined ? undefined : org.group(mapping.targetGroupId),
  ]);
  const found = targetGroup === undefined ? undefined : await readTarget(targetGroup.name, directory);
  const inDirectory = found === undefined || found instanceof EndpointError ? undefined : found.members;
  onProgress(`Reading the members of ${label}`);
  const members = await readMembers(group === undefined ? undefined : org.members(sourceGroupId), people, inDirectory);
  const target =
    targetGroup === undefined
      ? undefined
      : { name: targetGroup.name, found, extra: await namesOf(members.extra, people, directory) };
  return { label, sourceGroupId, group, mapping, members, target };
}

async function readTarget(name: string, directory: DirectoryReader): Promise<Target["found"]> {
  try {
    return await directory.group(name);
  } catch (error) {
    if (error instanceof EndpointError) return error;
    throw error;
  }
}

/** Names are looked up one by one, so only the names that are shown are looked up. */
const MOST_LOOKED_UP = 10;

/**
 * The names of people in the directory, of at most the first ten, including people who are linked to nobody in the org.
 */
async function namesOf(ids: readonly string[], people: People, directory: DirectoryReader): Promise<string[]> {
  const known = (id: string): string | undefined => people.nameOf.get(id);
  const unknown = ids.filter((id) => known(id) === undefined).slice(0, MOST_LOOKED_UP);
  const found = await Promise.all(unknown.map((id) => directory.person(id).catch(() => undefined)));
  const names = new Map(
    found.flatMap((person) => (person === undefined ? [] : [[person.id, person.userName] as const])),
  );
  return ids.map((id) => known(id) ?? names.get(id) ?? id);
}

async function findNewcomers(
  { pushGroups, assignmentGroup }: TenantConfig,
  pushed: readonly { readonly sourceGroupId: string }[],
  org: OrgReader,
): Promise<LiveGroup[]> {
  const searches = pushGroups.flatMap(({ startsWith, contains }) => {
    if (startsWith !== undefined) return [`profile.name sw ${JSON.stringify(startsWith)}`];
    return contains === undefined ? [] : [`profile.name co ${JSON.stringify(contains)}`];
  });
  const known = new Set(pushed.map(({ sourceGroupId }) => sourceGroupId));
  const found = (await Promise.all(searches.map((search) => org.searchGroups(search)))).flat();
  const fresh = found.filter(
    ({ id, type, name }) => type === "OKTA_GROUP" && !known.has(id) && name !== assignmentGroup,
  );
  return [...new Map(fresh.map((group) => [group.id, group])).values()];
}

async function inBatches<T, U>(items: readonly T[], size: number, work: (item: T) => Promise<U>): Promise<U[]> {
  const results: U[] = [];
  for (let start = 0; start < items.length; start += size) {
    results.push(...(await Promise.all(items.slice(start, start + size).map(work))));
  }
  return results;
}
