import { createHash, randomUUID } from "node:crypto";
import type { asset } from "@pulumi/pulumi";
import { BASE_PATH, routePaths } from "../../../../lambda/contract.ts";
import { bundleFunction } from "../../../../components/scimDirectory/bundle.ts";
import { requiredActions } from "../../../../lambda/accessPatterns.ts";
import { directoryTable } from "../../../../lambda/table.ts";
import type { JsonObject, JsonValue } from "../../../../lambda/model.ts";
import type { AttributesSetting } from "../../../../lambda/scim/schema/index.ts";
import type { Cloud } from "../../../../sandbox/aws/index.ts";
import { Archive } from "../../../../sandbox/engine/provider.ts";
import { create, startTestCloud, TRUST } from "../../sandbox/aws/stack.ts";

export const TOKEN = "a-token-of-the-protocol-tests";

export interface Sent {
  readonly body?: JsonValue | undefined;
  /** A body as it is, instead of JSON. */
  readonly raw?: string | Uint8Array<ArrayBuffer> | undefined;
  readonly headers?: Record<string, string>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Empty if the answer has no body. */
  readonly body: JsonObject;
  readonly id: string;
}

/** A SCIM service as AWS runs it: the bundle in the function host, behind the gateway, on the DynamoDB engine. */
export interface RunningService {
  readonly baseUrl: string;
  readonly tableName: string;
  send(method: string, target: string, sent?: Sent): Promise<Answer>;
  /**
   * Replaces the actions on its table that the function's policy allows; initially those that the component declares.
   */
  allow(actions: readonly string[]): Promise<void>;
}

export interface RunningCloud {
  readonly cloud: Cloud;
  /** The functions' log, one JSON object per line. */
  readonly lines: readonly string[];
  readonly denied: readonly string[];
  /** `events`: as where a tenant has `events`, with the stream of the table. */
  service(attributes: AttributesSetting, options?: { readonly events: boolean }): Promise<RunningService>;
  close(): Promise<void>;
}

export async function startServices(): Promise<RunningCloud> {
  const lines: string[] = [];
  const denied: string[] = [];
  const cloud = await startTestCloud({
    onLog: ({ line }) => lines.push(line),
    onDenied: ({ message }) => denied.push(message),
  });
  return {
    cloud,
    lines,
    denied,
    service: (attributes, { events } = { events: false }) => deploy(cloud, `scim-${randomUUID()}`, attributes, events),
    close: () => cloud.close(),
  };
}

/** The inputs of the function's policy: the actions on its table that it allows. */
const policyOf = (name: string, tableArn: unknown, Action: readonly string[]) => ({
  name,
  role: name,
  policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action, Resource: tableArn }],
  }),
});

const variablesOf = (name: string, baseUrl: string, attributes: AttributesSetting, events: boolean) => ({
  TABLE_NAME: name,
  BASE_URL: baseUrl,
  TOKEN_HASHES: JSON.stringify([{ generation: 1, sha256: createHash("sha256").update(TOKEN).digest("hex") }]),
  ATTRIBUTES: JSON.stringify(attributes),
  ...(events && { EVENTS: "1" }),
});

/** Built from the component's own definitions, without the Pulumi program and the Okta half. */
async function deploy(
  cloud: Cloud,
  name: string,
  attributes: AttributesSetting,
  events: boolean,
): Promise<RunningService> {
  const table = await create(cloud, "aws:dynamodb/table:Table", {
    name,
    billingMode: "PAY_PER_REQUEST",
    hashKey: directoryTable.hashKey,
    rangeKey: directoryTable.rangeKey,
    attributes: directoryTable.attributes.map((attribute) => ({ ...attribute })),
    ...(events && { streamEnabled: true, streamViewType: "NEW_AND_OLD_IMAGES" }),
  });
  const role = await create(cloud, "aws:iam/role:Role", { name, assumeRolePolicy: TRUST });
  const policy = await create(
    cloud,
    "aws:iam/rolePolicy:RolePolicy",
    policyOf(name, table.outputs["arn"], requiredActions),
  );
  const api = await create(cloud, "aws:apigatewayv2/api:Api", { name, protocolType: "HTTP" });
  const { apiEndpoint: endpoint, executionArn } = api.outputs;
  if (typeof endpoint !== "string" || typeof executionArn !== "string") throw new Error("the API has no address");
  const baseUrl = `${endpoint}${BASE_PATH}`;
  const fn = await create(cloud, "aws:lambda/function:Function", {
    name,
    role: role.outputs["arn"],
    runtime: "nodejs20.x",
    handler: "index.handler",
    code: await bundledCode(),
    timeout: 29,
    memorySize: 512,
    environment: {
      variables: variablesOf(name, baseUrl, attributes, events),
    },
  });
  await create(cloud, "aws:lambda/permission:Permission", {
    action: "lambda:InvokeFunction",
    function: name,
    principal: "apigateway.amazonaws.com",
    sourceArn: `${executionArn}/*/*`,
  });
  const integration = await create(cloud, "aws:apigatewayv2/integration:Integration", {
    apiId: api.id,
    integrationType: "AWS_PROXY",
    integrationUri: fn.outputs["arn"],
    payloadFormatVersion: "2.0",
  });
  for (const path of Object.values(routePaths)) {
    await create(cloud, "aws:apigatewayv2/route:Route", {
      apiId: api.id,
      routeKey: `ANY ${path}`,
      target: `integrations/${integration.id}`,
    });
  }
  await create(cloud, "aws:apigatewayv2/stage:Stage", { apiId: api.id, name: "$default", autoDeploy: true });
  return {
    baseUrl,
    tableName: name,
    send: (method, target, sent = {}) => send(baseUrl + target, method, sent),
    allow: async (actions) => {
      await cloud.provider.resources["aws:iam/rolePolicy:RolePolicy"]?.update(
        policy.id,
        policy.outputs,
        policyOf(name, table.outputs["arn"], actions),
      );
    },
  };
}

let bundled: Promise<Archive> | undefined;

function bundledCode(): Promise<Archive> {
  bundled ??= (async () => {
    const assets = await bundleFunction().assets;
    const code = assets["index.js"] as asset.StringAsset;
    return new Archive(new Map([["index.js", await code.text]]));
  })();
  return bundled;
}

async function send(url: string, method: string, { body, raw, headers = {} }: Sent): Promise<Answer> {
  const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/scim+json", ...headers },
    ...(content === undefined ? {} : { body: content }),
  });
  const text = await response.text();
  const answer = text === "" ? {} : (JSON.parse(text) as JsonObject);
  const { id } = answer;
  return { status: response.status, headers: response.headers, body: answer, id: typeof id === "string" ? id : "" };
}

/** The resources of a ListResponse. */
export function resourcesOf({ body }: Pick<Answer, "body">): JsonObject[] {
  const { Resources } = body;
  return Array.isArray(Resources) ? (Resources as JsonObject[]) : [];
}
