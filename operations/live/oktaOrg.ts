import okta from "@okta/okta-sdk-nodejs";
import { z } from "zod";
import type { OktaAccess } from "./credentials.ts";
import type {
  Assigned,
  JobFailure,
  LiveApp,
  LiveGroup,
  LiveMapping,
  LiveProfileMapping,
  OrgReader,
  PushControl,
} from "./org.ts";

const MOST_PER_PAGE = 200;
const MOST_MEMBERS_PER_PAGE = 1000;
const MOST_APP_USERS_PER_PAGE = 500;

async function* each<T, U>(items: Promise<AsyncIterable<T | null>>, read: (item: T) => U): AsyncGenerator<U, void> {
  for await (const item of await items) if (item !== null) yield read(item);
}

async function all<T, U>(items: AsyncIterable<T | null>, read: (item: T) => U): Promise<U[]> {
  const result: U[] = [];
  for await (const item of items) if (item !== null) result.push(read(item));
  return result;
}

/** Okta answers 404 if an object does not exist. */
async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && "status" in error && error.status === 404) return undefined;
    throw error;
  }
}

const readApp = (app: okta.Application): LiveApp => {
  const signOn = app instanceof okta.SamlApplication ? app.settings?.signOn : undefined;
  const credentials: { userNameTemplate?: { template?: string } } = "credentials" in app ? (app.credentials ?? {}) : {};
  return {
    label: app.label,
    name: "name" in app && typeof app.name === "string" ? app.name : "",
    status: app.status ?? "",
    signOnMode: app.signOnMode,
    features: app.features ?? [],
    hiddenOnWeb: app.visibility?.hide?.web === true,
    hiddenOnIos: app.visibility?.hide?.iOS === true,
    userNameTemplate: credentials.userNameTemplate?.template ?? "",
    ssoUrl: signOn?.ssoAcsUrl,
    audience: signOn?.audience,
  };
};

const readGroup = (group: okta.Group): LiveGroup => ({
  id: group.id ?? "",
  name: group.profile?.name ?? "",
  type: group.type ?? "",
});

const readMapping = (mapping: okta.GroupPushMapping): LiveMapping => ({
  id: mapping.id ?? "",
  sourceGroupId: mapping.sourceGroupId ?? "",
  targetGroupId: mapping.targetGroupId ?? "",
  status: mapping.status ?? "",
  errorSummary: mapping.errorSummary,
  lastPush: mapping.lastPush?.getTime(),
});

/** An org through Okta's own client, which pages, waits out rate limits and signs requests. */
export function oktaOrg(access: OktaAccess): OrgReader & PushControl {
  const insecure = access.orgUrl.startsWith("http:");
  const client = new okta.Client({
    ...access,
    // A cached answer would hide the push that a client waits for.
    cacheMiddleware: null,
    ...(insecure ? { testing: { disableHttpsCheck: true } } : {}),
  });
  return {
    app: async (id) => {
      const app = await unlessMissing(client.applicationApi.getApplication({ appId: id }));
      return app === undefined ? undefined : readApp(app);
    },
    group: async (id) => {
      const group = await unlessMissing(client.groupApi.getGroup({ groupId: id }));
      return group === undefined ? undefined : readGroup(group);
    },
    searchGroups: async (search) => all(await client.groupApi.listGroups({ search, limit: MOST_PER_PAGE }), readGroup),
    members: (groupId) =>
      each(client.groupApi.listGroupUsers({ groupId, limit: MOST_MEMBERS_PER_PAGE }), (user) => ({
        id: user.id ?? "",
        login: user.profile?.login ?? user.id ?? "",
        status: user.status ?? "",
      })),
    rules: async () =>
      all(await client.groupApi.listGroupRules({ limit: MOST_PER_PAGE }), (rule) => ({
        id: rule.id ?? "",
        name: rule.name ?? "",
        status: rule.status ?? "",
        expression: rule.conditions?.expression?.value ?? "",
        targets: rule.actions?.assignUserToGroups?.groupIds ?? [],
      })),
    assignedGroups: async (appId) =>
      all(
        await client.applicationApi.listApplicationGroupAssignments({ appId, limit: MOST_PER_PAGE }),
        (assignment) => assignment.id ?? "",
      ),
    failures: (appId) => failures(client, appId),
    assignedUsers: (appId) => assignedUsers(client, access.orgUrl, appId),
    mappings: async (appId) =>
      all(await client.groupPushMappingApi.listGroupPushMappings({ appId, limit: MOST_MEMBERS_PER_PAGE }), readMapping),
    profileMapping: async (appId) => {
      const [found] = await all(
        await client.profileMappingApi.listProfileMappings({ targetId: appId, limit: MOST_PER_PAGE }),
        (mapping) => mapping.id,
      );
      if (found === undefined) return undefined;
      const { properties } = await client.profileMappingApi.getProfileMapping({ mappingId: found });
      return Object.fromEntries(
        Object.entries(properties ?? {}).map(([name, { expression, pushStatus }]): LiveEntry => [
          name,
          { expression: expression ?? "", pushStatus: pushStatus ?? "" },
        ]),
      );
    },
    setMappingStatus: async (appId, mappingId, status) => {
      await client.groupPushMappingApi.updateGroupPushMapping({ appId, mappingId, body: { status } });
    },
  };
}

const FAILED_JOBS = `eventType sw "application.provision.user" and outcome.result eq "FAILURE"`;
const MOST_EVENTS_PER_PAGE = 1000;
/** Pages of events: an outage of a large tenant leaves many, and the newest ones count. */
const MOST_EVENT_PAGES = 20;

/** The failed jobs of the last week, which is what Okta's System Log answers without a start. */
async function* failures(client: okta.Client, appId: string): AsyncGenerator<JobFailure, void> {
  let left = MOST_EVENTS_PER_PAGE * MOST_EVENT_PAGES;
  try {
    const query = { filter: FAILED_JOBS, sortOrder: "DESCENDING", limit: MOST_EVENTS_PER_PAGE } as const;
    for await (const event of await client.systemLogApi.listLogEvents(query)) {
      if (event === null || (left -= 1) < 0) return;
      const { target = [], outcome, eventType = "" } = event;
      if (!target.some(({ id }) => id === appId)) continue;
      for (const { id, type, alternateId = "" } of target) {
        if (id === undefined || type !== "User") continue;
        yield { userId: id, login: alternateId, job: eventType, reason: outcome?.reason };
      }
    }
  } catch (error) {
    if (!(error instanceof Error && "status" in error && error.status === 403)) throw error;
  }
}

const appUser = z.object({
  id: z.string(),
  externalId: z.string().nullish(),
  scope: z.string().nullish(),
  syncState: z.string().nullish(),
  /**
   * The field is missing in Okta's published schema, and so in its client's model; undefined if Okta does not send it.
   */
  errorMessage: z.string().nullish(),
  credentials: z.object({ userName: z.string().nullish() }).nullish(),
  profile: z.record(z.string(), z.unknown()).nullish(),
});

/** Users of an app, page by page, with the fields that Okta's client leaves out. */
async function* assignedUsers(client: okta.Client, orgUrl: string, appId: string): AsyncGenerator<Assigned, void> {
  let url: string | undefined =
    `${orgUrl}/api/v1/apps/${encodeURIComponent(appId)}/users?limit=${MOST_APP_USERS_PER_PAGE}`;
  while (url !== undefined) {
    const response = await client.http.http(url);
    for (const user of z.array(appUser).parse(await response.json())) {
      yield {
        id: user.id,
        userName: user.credentials?.userName ?? user.id,
        scope: user.scope ?? "",
        externalId: user.externalId ?? undefined,
        syncState: user.syncState ?? undefined,
        errorMessage: user.errorMessage ?? undefined,
        profile: user.profile ?? {},
      };
    }
    url = nextPage(response.headers.get("link"));
  }
}

/** The address of the next page (RFC 8288). */
const nextPage = (link: string | null): string | undefined => /<([^>]+)>;\s*rel="next"/.exec(link ?? "")?.[1];

type LiveEntry = [string, LiveProfileMapping[string]];
