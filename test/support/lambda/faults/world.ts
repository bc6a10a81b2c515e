import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "../../../../lambda/directory/client.ts";
import { createDirectory, type Directory } from "../../../../lambda/directory/index.ts";
import { startTenant, type Tenant } from "../../../../sandbox/tenant/tenant.ts";
import { brokenInvariants } from "../directory/invariants.ts";

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** Earlier answers that do not tell whether the request was performed: a broken connection, 429 and 5xx. */
  readonly failedBefore: number;
}

/** A SCIM service on this machine: a client that retries as Okta does, and a view without faults. */
export interface Scene {
  /** Sends a request until it has a final answer. Honours `Retry-After`. @throws Error after 30 attempts */
  scim(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Reads DynamoDB directly, with the code of the service. */
  readonly directory: Directory;
}

/** The SCIM service of a tenant. */
export interface World extends Scene {
  readonly tenant: Pick<Tenant, "cloud">;
  invariants(): Promise<string[]>;
  close(): Promise<void>;
}

const ATTEMPTS = 30;

export async function startWorld(): Promise<World> {
  const tenant = await startTenant({
    stack: "dev",
    config: new Map([
      ["connection", "pending"],
      ["throttle", '{"ratePerSecond":10000,"burst":5000}'],
    ]),
    port: 0,
  });
  const endpoint = tenant.cloud.dynamodbEndpoint;
  const place = { region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const client = new DynamoDBClient({ ...place, endpoint });
  const used = createClient({ ...place, endpoint: new URL(endpoint) });
  const [tableName = ""] = tenant.cloud.tableNames();
  const base = String(tenant.outputs["scimBaseUrl"]);
  const headers = {
    authorization: String(tenant.outputs["scimAuthorization"]),
    "content-type": "application/scim+json",
  };
  return {
    tenant,
    directory: createDirectory({ client: used, tableName, deadline: { remaining: () => 25_000 } }),
    invariants: () => brokenInvariants(client, tableName),
    async scim(method, path, body) {
      const seen: string[] = [];
      for (let failedBefore = 0; failedBefore < ATTEMPTS; failedBefore += 1) {
        const response = await fetch(`${base}${path}`, {
          method,
          headers,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }).catch((error: unknown) => String(error));
        if (typeof response === "string") {
          seen.push(response);
          continue;
        }
        const text = await response.text();
        if (response.status !== 429 && response.status < 500) {
          return {
            status: response.status,
            body: text === "" ? undefined : (JSON.parse(text) as unknown),
            failedBefore,
          };
        }
        seen.push(`${response.status} ${text}`);
        await sleep(Number(response.headers.get("retry-after") ?? 0.05) * 1_000);
      }
      throw new Error(`${method} ${path} had no final answer: ${seen.slice(-3).join("; ")}`);
    },
    async close() {
      client.destroy();
      used.close();
      await tenant.close();
    },
  };
}
