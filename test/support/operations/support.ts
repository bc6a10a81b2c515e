import { parseTenantConfig } from "../../../components/config/tenant.ts";
import type { EndpointProber, ProbeAnswer } from "../../../operations/live/endpoint.ts";
import type {
  Assigned,
  LiveApp,
  LiveGroup,
  LiveMapping,
  LiveProfileMapping,
  LiveRule,
  Member,
} from "../../../operations/live/org.ts";
import type { DeployedTenant } from "../../../operations/live/tenant.ts";
import { verifyTenant, type Check } from "../../../operations/verify/verifyTenant.ts";

/** An org and a directory in which all is right; a test changes what it is about. */
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
  pushGroups: DeployedTenant["outputs"]["pushGroups"];
  connector: ProbeAnswer;
  withoutToken: ProbeAnswer;
  /** Names of the groups that the directory has. */
  directory: string[];
}

const ada: Member = { id: "00uAda", login: "ada@example.com", status: "ACTIVE" };
const bob: Member = { id: "00uBob", login: "bob@example.com", status: "ACTIVE" };

export const people = { ada, bob };

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
  assigned: [{ id: "00uAda", userName: "ada@example.com", externalId: "scim-1", syncState: "SYNCHRONIZED" }],
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
  pushGroups: { Developers: { sourceGroupId: "00gDevelopers", mappingId: "gPmOne", status: "ACTIVE" } },
  connector: { status: 200, body: list },
  withoutToken: { status: 401, body: { detail: "no token" } },
  directory: ["Developers"],
});

const TOKEN = "t0ken-of-acme";

export async function verify(world: World): Promise<readonly Check[]> {
  const given = Object.entries({ tenant: "acme", ...world.config }).map(([key, value]): [string, string] => [
    `okta-scim-directory:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const tenant: DeployedTenant = {
    config: parseTenantConfig(Object.fromEntries(given)),
    tokenEncrypted: world.tokenEncrypted,
    outputs: {
      scimBaseUrl: "https://scim.example.com/v1",
      scimToken: TOKEN,
      scimAuthorization: `Bearer ${TOKEN}`,
      oktaAppId: "0oaApp",
      assignmentGroupId: "00gAssigned",
      pushGroups: world.pushGroups,
    },
  };
  const endpoint: EndpointProber = {
    get: async (path, authorization) => {
      if (path.startsWith("/Users")) return authorization === `Bearer ${TOKEN}` ? world.connector : world.withoutToken;
      const name = /displayName eq "(.*)"/.exec(new URL(path, "https://x").searchParams.get("filter") ?? "")?.[1] ?? "";
      return { status: 200, body: { ...list, totalResults: world.directory.includes(name) ? 1 : 0 } };
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
      members: async (id) => world.members[id] ?? [],
      rules: async () => world.rules,
      assignedGroups: async () => world.assignedGroups,
      assignedUsers: async () => world.assigned,
      mappings: async () => world.mappings,
      profileMapping: async () => world.profileMapping,
    },
    endpoint,
  );
  if (JSON.stringify(checks).includes(TOKEN)) throw new Error("the checklist shows the token");
  return checks;
}
