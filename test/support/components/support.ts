import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { createEngine, type Deployment, type Engine } from "../../../sandbox/engine/index.ts";
import type { Properties, Provider, ResourceHandler } from "../../../sandbox/engine/provider.ts";
import { randomProvider } from "../../../sandbox/engine/random.ts";
import { PUBLIC_KEY } from "./kms.ts";
import { orgGroups, searchGroups, type OrgGroup } from "./org.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

export interface Recorded {
  readonly type: string;
  readonly id: string;
  readonly inputs: Properties;
}

export interface Updated {
  readonly type: string;
  readonly inputs: Properties;
}

/** Runs the real program against providers that record what it declares. */
export interface Recorder {
  readonly engine: Engine;
  readonly created: Recorded[];
  readonly updated: Updated[];
  readonly deleted: string[];
  readonly warnings: string[];
  /** The groups of the org. */
  readonly groups: OrgGroup[];
  /** The app as Okta returns it. */
  features: string[];
  up(config: Record<string, unknown>): Promise<Deployment>;
  preview(config: Record<string, unknown>): Promise<Deployment>;
  /** The inputs of the resources of one type that were created, in order. */
  inputsOf(type: string): Properties[];
}

const functions: Provider["functions"] = {
  "aws:index/getRegion:getRegion": async () => ({ region: "us-east-1" }),
  "aws:kms/getPublicKey:getPublicKey": async ({ keyId }) => ({ keyId, publicKey: PUBLIC_KEY }),
};

const proof = {
  resourceRecordName: "_proof",
  resourceRecordType: "CNAME",
  resourceRecordValue: "value",
};

/** KMS names its keys by UUIDs. */
const uuidOf = (id: string): string =>
  createHash("md5")
    .update(id)
    .digest("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");

function arnOf(type: string, id: string): string {
  if (type.endsWith(":LogGroup")) return `arn:aws:logs:us-east-1:000000000000:log-group:${id}`;
  if (type.endsWith(":Table")) return `arn:aws:dynamodb:us-east-1:000000000000:table/${id}`;
  if (type.endsWith("/key:Key")) return `arn:aws:kms:us-east-1:000000000000:key/${uuidOf(id)}`;
  if (type.endsWith(":EventRule")) return `arn:aws:events:us-east-1:000000000000:rule/${id}`;
  return `arn:${type}:${id}`;
}

const outputsOf = (type: string, id: string): Properties => ({
  arn: arnOf(type, id),
  ...(type.endsWith(":Table") ? { streamArn: `${arnOf(type, id)}/stream/2026-11-26T00:00:00.000` } : {}),
  ...(type.endsWith(":Queue") ? { url: `https://sqs.us-east-1.amazonaws.com/000000000000/${id}` } : {}),
  apiEndpoint: "https://api.example.com",
  executionArn: `arn:aws:execute-api:us-east-1:000000000000:${id}`,
  status: "ACTIVE",
  ...(type === "aws:acm/certificate:Certificate" ? { domainValidationOptions: [proof] } : {}),
  ...(type === "aws:apigatewayv2/domainName:DomainName"
    ? { domainNameConfiguration: { targetDomainName: "target.example.com", hostedZoneId: "ZTARGET" } }
    : {}),
});

/** A handler for every type that begins with the prefix. */
const resourcesBelow = (
  prefix: string,
  handlerOf: (type: string) => ResourceHandler,
): Record<string, ResourceHandler> =>
  new Proxy<Record<string, ResourceHandler>>(
    {},
    {
      get: (_target, type) => (typeof type === "string" && type.startsWith(prefix) ? handlerOf(type) : undefined),
    },
  );

export function createRecorder(): Recorder {
  const created: Recorded[] = [];
  const updated: Updated[] = [];
  const deleted: string[] = [];
  const warnings: string[] = [];
  const groups = [...orgGroups];
  const handlerOf = (type: string): ResourceHandler => ({
    computed: ["arn", "apiEndpoint", "executionArn", "streamArn", "url"],
    replaces: ["appId", "groupId", "sourceGroupId", "groupAssignments", "preconfiguredApp"],
    async create(inputs) {
      const id = `${type.split(":").at(-1) ?? ""}-${created.length}`;
      created.push({ type, id, inputs });
      if (type === "okta:group/group:Group") groups.push({ id, name: String(inputs["name"]), type: "OKTA_GROUP" });
      return { id, outputs: { name: id, ...outputsOf(type, id) } };
    },
    read: async (_id, state) => state,
    async update(id, _state, inputs) {
      updated.push({ type, inputs });
      return { ...inputs, ...outputsOf(type, id) };
    },
    delete: async (id) => void deleted.push(id),
  });
  const recorder: Recorder = {
    created,
    updated,
    deleted,
    warnings,
    groups,
    features: [],
    engine: createEngine({
      root,
      project: "okta-scim-directory",
      stack: "test",
      onEvent: (event) => {
        if (event.kind === "log" && event.severity === "warning") warnings.push(event.message);
      },
      providers: [
        { package: "aws", resources: resourcesBelow("aws:", handlerOf), functions } satisfies Provider,
        {
          package: "okta",
          resources: resourcesBelow("okta:", handlerOf),
          functions: {
            "okta:index/getGroups:getGroups": async ({ search: text }) => ({
              id: "groups",
              groups: searchGroups(groups, text),
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

/** The message of the error that the work ends with. */
export const errorOf = async (work: Promise<unknown>): Promise<string> => {
  const reason: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  return reason instanceof Error ? reason.message : "no error";
};
