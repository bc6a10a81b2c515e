import type { TenantConfig } from "../../components/config/tenant.ts";
import type { EndpointProber, ProbeAnswer } from "../live/endpoint.ts";
import type {
  Assigned,
  LiveApp,
  LiveGroup,
  LiveMapping,
  LiveProfileMapping,
  LiveRule,
  Member,
  OrgReader,
} from "../live/org.ts";
import type { DeployedTenant } from "../live/tenant.ts";

/** A group that the stack pushes, as the org and the directory have it now. */
export interface PushFacts {
  /** The name that the stack's output gives it. */
  readonly label: string;
  readonly sourceGroupId: string;
  /** Undefined when the group is gone. */
  readonly group: LiveGroup | undefined;
  readonly mapping: LiveMapping | undefined;
  readonly members: readonly Member[];
  /** The group that the mapping fills, by the name that it has in the directory. */
  readonly target: { readonly name: string; readonly found: ProbeAnswer } | undefined;
}

/** All that a check looks at. Read once, so that the checks decide on one state of the world. */
export interface Facts {
  readonly app: LiveApp | undefined;
  readonly assignmentGroup: LiveGroup | undefined;
  readonly assignedGroups: readonly string[];
  readonly assigned: readonly Assigned[];
  readonly rules: readonly LiveRule[];
  readonly mappings: readonly LiveMapping[];
  readonly profileMapping: LiveProfileMapping | undefined;
  readonly pushes: readonly PushFacts[];
  /** Groups that a pattern of the configuration finds and the stack does not push. */
  readonly newcomers: readonly LiveGroup[];
  /** The connector test with the token, and the same request without one. */
  readonly connector: ProbeAnswer;
  readonly withoutToken: ProbeAnswer;
}

/** "Test Connector Configuration" makes this one request, whatever is configured. */
const CONNECTOR_TEST = "/Users?startIndex=1&count=2";
/** Groups that are read at the same time; Okta limits the requests of an org. */
const AT_ONCE = 4;

export async function readFacts(
  { config, outputs }: DeployedTenant,
  org: OrgReader,
  endpoint: EndpointProber,
): Promise<Facts> {
  const appId = outputs.oktaAppId;
  const [app, connector, withoutToken] = await Promise.all([
    org.app(appId),
    endpoint.get(CONNECTOR_TEST, outputs.scimAuthorization),
    endpoint.get(CONNECTOR_TEST, undefined),
  ]);
  const [assignmentGroup, rules, newcomers] = await Promise.all([
    org.group(outputs.assignmentGroupId),
    org.rules(),
    findNewcomers(config, Object.values(outputs.pushGroups), org),
  ]);
  const [assignedGroups, assigned, mappings, profileMapping] =
    app === undefined
      ? [[], [], [], undefined]
      : await Promise.all([
          org.assignedGroups(appId),
          org.assignedUsers(appId),
          org.mappings(appId),
          config.attributeMapping ? org.profileMapping(appId) : undefined,
        ]);
  const pushes = await inBatches(Object.entries(outputs.pushGroups), AT_ONCE, async ([label, { sourceGroupId }]) => {
    const mapping = mappings.find((one) => one.sourceGroupId === sourceGroupId);
    const [group, targetGroup] = await Promise.all([
      org.group(sourceGroupId),
      mapping === undefined ? undefined : org.group(mapping.targetGroupId),
    ]);
    const members = group === undefined ? [] : await org.members(sourceGroupId);
    const target =
      targetGroup === undefined ? undefined : await findTarget(targetGroup.name, outputs.scimAuthorization, endpoint);
    return { label, sourceGroupId, group, mapping, members, target };
  });
  return {
    ...{ app, assignmentGroup, assignedGroups, assigned, rules, mappings, profileMapping, pushes },
    ...{ newcomers, connector, withoutToken },
  };
}

/** Okta looks for a group by its name before it creates one. */
async function findTarget(name: string, authorization: string, endpoint: EndpointProber): Promise<PushFacts["target"]> {
  const query = new URLSearchParams({
    filter: `displayName eq ${JSON.stringify(name)}`,
    startIndex: "1",
    count: "100",
  });
  return { name, found: await endpoint.get(`/Groups?${query.toString()}`, authorization) };
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
