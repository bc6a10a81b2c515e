import { parseTenantConfig } from "../../../components/config/tenant.ts";
import type { EndpointProber, ProbeAnswer } from "../../../operations/live/endpoint.ts";
import type {
  Assigned,
  JobFailure,
  LiveApp,
  LiveGroup,
  LiveMapping,
  LiveProfileMapping,
  LiveRule,
  Member,
} from "../../../operations/live/org.ts";
import type { DeployedTenant } from "../../../operations/live/tenant.ts";
import type { Check } from "../../../operations/verify/check.ts";
import { verifyTenant } from "../../../operations/verify/verifyTenant.ts";
import { eventOutputsOf, eventProber, providerOf, type EventWorld } from "./events.ts";

/** An org and a directory without problems; a test changes the part that it is about. */
export interface World {
  config: Record<string, unknown>;
  tokenEncrypted: boolean;
  app: LiveApp | undefined;
  groups: LiveGroup[];
  members: Record<string, Member[]>;
  rules: LiveRule[];
  assignedGroups: string[];
  assigned: Assigned[];
  mappings: LiveMapping[];
  profileMapping: LiveProfileMapping | undefined;
  /** Failed jobs of the System Log, the newest first. */
  failures: JobFailure[];
  pushGroups: DeployedTenant["outputs"]["pushGroups"];
  connector: ProbeAnswer;
  withoutToken: ProbeAnswer;
  /** Readers whose token the stack has: the answers to a read and to a write with it. */
  readers: Record<string, { read: ProbeAnswer; write: ProbeAnswer }>;
  /** Undefined for a stack without change events. */
  events: EventWorld | undefined;
  /** Groups of the directory: name → ids of the members. */
  directory: Record<string, string[]>;
  /** Groups whose members are too many for one answer: no list holds them with their members, and no read does. */
  vast: string[];
  /** People of the directory. */
  records: { id: string; userName: string; active: boolean }[];
  /** The answer to a list of people, instead of the list. */
  listing: ProbeAnswer | undefined;
}

const ada: Member = { id: "00uAda", login: "ada@example.com", status: "ACTIVE" };
const bob: Member = { id: "00uBob", login: "bob@example.com", status: "ACTIVE" };

export const people = { ada, bob };

/** A person that Okta assigned and provisioned. */
export const assignment = (id: string, userName: string, externalId: string | undefined): Assigned => ({
  ...{ id, userName, externalId, scope: "GROUP", syncState: "SYNCHRONIZED", errorMessage: undefined, profile: {} },
});

async function* stream<T>(items: readonly T[]): AsyncGenerator<T, void> {
  yield* items;
}

const list = { totalResults: 1, startIndex: 1, itemsPerPage: 1, Resources: [] };

export const rightWorld = (): World => ({
  config: {
    connection: "ready",
    pushGroups: ["Developers"],
    app: { label: "Iru Endpoint SCIM", userNameTemplate: "${source.login}" },
  },
  tokenEncrypted: true,
  app: {
    label: "Iru Endpoint SCIM",
    name: "example_iru_1",
    status: "ACTIVE",
    signOnMode: "SAML_2_0",
    features: ["SCIM_PROVISIONING", "PUSH_NEW_USERS", "PUSH_PROFILE_UPDATES", "PUSH_USER_DEACTIVATION", "GROUP_PUSH"],
    hiddenOnWeb: true,
    hiddenOnIos: true,
    userNameTemplate: "${source.login}",
    ssoUrl: "https://scim-only.invalid/",
    audience: "https://scim-only.invalid/",
  },
  groups: [
    { id: "00gAssigned", name: "iru_endpoint_users", type: "OKTA_GROUP" },
    { id: "00gDevelopers", name: "Developers", type: "OKTA_GROUP" },
    { id: "00gTarget", name: "Developers", type: "APP_GROUP" },
  ],
  members: { "00gDevelopers": [ada] },
  rules: [
    {
      id: "0prOne",
      name: "acme: Developers > iru_endpoint_users",
      status: "ACTIVE",
      expression: 'isMemberOfAnyGroup("00gDevelopers")',
      targets: ["00gAssigned"],
    },
  ],
  assignedGroups: ["00gAssigned"],
  assigned: [assignment("00uAda", "ada@example.com", "scim-1")],
  mappings: [
    {
      id: "gPmOne",
      sourceGroupId: "00gDevelopers",
      targetGroupId: "00gTarget",
      status: "ACTIVE",
      errorSummary: undefined,
      lastPush: 1,
    },
  ],
  profileMapping: undefined,
  failures: [],
  pushGroups: { Developers: { sourceGroupId: "00gDevelopers", mappingId: "gPmOne", status: "ACTIVE" } },
  connector: { status: 200, body: list },
  withoutToken: { status: 401, body: { detail: "no token" } },
  readers: {},
  events: undefined,
  directory: { Developers: ["scim-1"] },
  vast: [],
  records: [{ id: "scim-1", userName: "ada@example.com", active: true }],
  listing: undefined,
});

const TOKEN = "t0ken-of-acme";

/** A SCIM service that pages people one by one, by cursor or by index. */
function answer(world: World, path: string, authorization: string | undefined): ProbeAnswer {
  const { pathname, searchParams } = new URL(path, "https://x");
  if (pathname === "/ServiceProviderConfig") return providerOf(world.events);
  const reader = world.readers[/^Bearer of-(.*)/.exec(authorization ?? "")?.[1] ?? ""];
  if (reader !== undefined) return reader.read;
  const [, type, id] = pathname.split("/");
  if (path === "/Users?startIndex=1&count=2") {
    return authorization === `Bearer ${TOKEN}` ? world.connector : world.withoutToken;
  }
  if (type === "Users" && id !== undefined) {
    const found = world.records.find((record) => record.id === id);
    return found === undefined ? { status: 404, body: {} } : { status: 200, body: found };
  }
  if (type === "Users") return world.listing ?? { status: 200, body: pageOfPeople(world, searchParams) };
  const resources = Object.entries(world.directory).map(([displayName, members]) => ({
    ...{ id: `of-${displayName}`, displayName, members: members.map((value) => ({ value })) },
  }));
  const one = resources.find((resource) => resource.id === id);
  const isVast = ({ displayName }: { readonly displayName: string }): boolean => world.vast.includes(displayName);
  if (one !== undefined && isVast(one)) return { status: 400, body: { scimType: "tooMany", detail: "too large" } };
  if (id !== undefined) return one === undefined ? { status: 404, body: {} } : { status: 200, body: one };
  const withMembers = searchParams.get("attributes") !== "displayName";
  const name = /displayName eq "(.*)"/.exec(searchParams.get("filter") ?? "")?.[1] ?? "";
  return {
    status: 200,
    body: { Resources: resources.filter((one) => one.displayName === name && !(withMembers && isVast(one))) },
  };
}

function pageOfPeople({ records }: World, query: URLSearchParams): object {
  const cursor = query.get("cursor");
  const matching = query.has("filter") ? records.filter(({ active }) => active) : records;
  const start = cursor === null ? Number(query.get("startIndex")) - 1 : Number(cursor);
  const next = cursor !== null && start + 1 < matching.length ? { nextCursor: `${start + 1}` } : {};
  return { totalResults: matching.length, Resources: matching.slice(start, start + 1), ...next };
}

export async function verify(world: World, onProgress?: (text: string) => void): Promise<readonly Check[]> {
  const given = Object.entries({ tenant: "acme", ...world.config }).map(([key, value]): [string, string] => [
    `okta-scim-directory:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const tenant: DeployedTenant = {
    stack: "acme",
    config: parseTenantConfig(Object.fromEntries(given)),
    tokenEncrypted: world.tokenEncrypted,
    outputs: {
      scimBaseUrl: "https://scim.example.com/v1",
      scimToken: TOKEN,
      scimAuthorization: `Bearer ${TOKEN}`,
      readerTokens: Object.fromEntries(Object.keys(world.readers).map((name) => [name, `of-${name}`])),
      ...(world.events && eventOutputsOf(world.events, TOKEN)),
      oktaAppId: "0oaApp",
      assignmentGroupId: "00gAssigned",
      pushGroups: world.pushGroups,
    },
  };
  const endpoint: EndpointProber = {
    get: async (path, authorization) => answer(world, path, authorization),
    remove: async (path, authorization) => {
      const reader = world.readers[authorization.replace("Bearer of-", "")];
      if (reader === undefined) throw new Error(`verify asks to delete ${path} with a token that may write`);
      return reader.write;
    },
  };
  const checks = await verifyTenant(
    tenant,
    {
      app: async () => world.app,
      group: async (id) => world.groups.find((group) => group.id === id),
      searchGroups: async (search) => {
        const start = /sw "(.*)"/.exec(search)?.[1] ?? "";
        return world.groups.filter(({ name }) => name.startsWith(start));
      },
      members: (id) => stream(world.members[id] ?? []),
      rules: async () => world.rules,
      assignedGroups: async () => world.assignedGroups,
      assignedUsers: () => stream(world.assigned),
      failures: () => stream(world.failures),
      mappings: async () => world.mappings,
      profileMapping: async () => world.profileMapping,
    },
    { endpoint, events: eventProber(world.events, TOKEN) },
    onProgress,
  );
  if (JSON.stringify(checks).includes(TOKEN)) throw new Error("the checklist shows the token");
  return checks;
}
