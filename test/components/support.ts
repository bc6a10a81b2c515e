import { fileURLToPath } from "node:url";
import { createEngine, type Deployment, type Engine } from "../../sandbox/engine/index.ts";
import type { Properties, Provider, ResourceHandler } from "../../sandbox/providers/provider.ts";
import { randomProvider } from "../../sandbox/providers/random.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Recorded {
  readonly type: string;
  readonly id: string;
  readonly inputs: Properties;
}

/** Runs the real program against providers that record what it declares. */
export interface Recorder {
  readonly engine: Engine;
  readonly created: Recorded[];
  readonly deleted: string[];
  /** What Okta says of the app. */
  features: string[];
  up(config: Record<string, unknown>): Promise<Deployment>;
  preview(config: Record<string, unknown>): Promise<Deployment>;
  /** The inputs of the resources of one type that were created, in order. */
  inputsOf(type: string): Properties[];
}

export interface OrgGroup {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

export const orgGroups: readonly OrgGroup[] = [
  { id: "00gEveryone", name: "Everyone", type: "BUILT_IN" },
  { id: "00gDevelopers", name: "Developers", type: "OKTA_GROUP" },
  { id: "00gDesigners", name: "Designers", type: "OKTA_GROUP" },
  { id: "00gFinance", name: "Finance", type: "OKTA_GROUP" },
  { id: "00gTwinA", name: "Twin", type: "OKTA_GROUP" },
  { id: "00gTwinB", name: "Twin", type: "OKTA_GROUP" },
  { id: "00gWorkday", name: "Workday people", type: "APP_GROUP" },
  ...Array.from({ length: 60 }, (_, index) => ({ id: `00gTeam${index}`, name: `Team ${index}`, type: "OKTA_GROUP" })),
];

const outputsOf = (type: string, id: string): Properties => ({
  arn: type.includes(":LogGroup") ? `arn:aws:logs:us-east-1:000000000000:log-group:${id}` : `arn:${type}:${id}`,
  apiEndpoint: "https://api.example.com",
  executionArn: "arn:execution",
  status: "ACTIVE",
});

export function createRecorder(): Recorder {
  const created: Recorded[] = [];
  const deleted: string[] = [];
  const handlerOf = (type: string): ResourceHandler => ({
    computed: ["arn", "apiEndpoint", "executionArn"],
    replaces: ["appId", "groupId", "sourceGroupId", "groupAssignments", "preconfiguredApp"],
    async create(inputs) {
      const id = `${type.split(":").at(-1) ?? ""}-${created.length}`;
      created.push({ type, id, inputs });
      return { id, outputs: { name: id, ...outputsOf(type, id) } };
    },
    read: async (_id, state) => state,
    update: async (id, _state, inputs) => ({ ...inputs, ...outputsOf(type, id) }),
    async delete(id) {
      deleted.push(id);
    },
  });
  const search = (text: string): readonly OrgGroup[] => {
    const [, property, operator, quoted] = /^(\S+) (\S+) (".*")$/.exec(text) ?? [];
    const wanted = String(JSON.parse(quoted ?? '""')).toLowerCase();
    return orgGroups.filter((group) => {
      const value = (property === "id" ? group.id : group.name).toLowerCase();
      return operator === "eq"
        ? value === wanted
        : operator === "sw"
          ? value.startsWith(wanted)
          : value.includes(wanted);
    });
  };
  const any = (prefix: string): Record<string, ResourceHandler> =>
    new Proxy<Record<string, ResourceHandler>>(
      {},
      {
        get: (_target, type) => (typeof type === "string" && type.startsWith(prefix) ? handlerOf(type) : undefined),
      },
    );
  const recorder: Recorder = {
    created,
    deleted,
    features: [],
    engine: createEngine({
      root,
      project: "okta-scim-directory",
      stack: "test",
      providers: [
        { package: "aws", resources: any("aws:"), functions: {} } satisfies Provider,
        {
          package: "okta",
          resources: any("okta:"),
          functions: {
            "okta:index/getGroups:getGroups": async ({ search: text }) => ({
              id: "groups",
              groups: search(String(text)),
            }),
            "okta:app/getSaml:getSaml": async ({ id }) => ({ id, features: recorder.features }),
            "okta:index/getApps:getApps": async () => ({
              id: "apps",
              apps: created
                .filter(({ type }) => type.startsWith("okta:app/autoLogin"))
                .map(({ id }) => ({ id, features: recorder.features })),
            }),
            "okta:user/getUserProfileMappingSource:getUserProfileMappingSource": async () => ({
              id: "otyUser",
              name: "user",
              type: "user",
            }),
          },
        } satisfies Provider,
        randomProvider(),
      ],
    }),
    up: (config) => recorder.engine.up(stackConfig(config)),
    preview: (config) => recorder.engine.preview(stackConfig(config)),
    inputsOf: (type) => created.filter((one) => one.type === type).map(({ inputs }) => inputs),
  };
  return recorder;
}

function stackConfig(config: Record<string, unknown>): { values: Record<string, string>; secretKeys: string[] } {
  const entries = Object.entries({ tenant: "acme", ...config }).map(([key, value]) => [
    `okta-scim-directory:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return {
    values: { "aws:region": "us-east-1", ...(Object.fromEntries(entries) as Record<string, string>) },
    secretKeys: [],
  };
}

export const allFeatures = ["PUSH_NEW_USERS", "PUSH_PROFILE_UPDATES", "PUSH_USER_DEACTIVATION", "GROUP_PUSH"];
