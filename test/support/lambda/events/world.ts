import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { setTimeout as sleep } from "node:timers/promises";
import { feedTable } from "../../../../lambda/contract.ts";
import { createClient } from "../../../../lambda/directory/client.ts";
import type { Store } from "../../../../lambda/directory/store.ts";
import { brokenInvariants } from "../directory/invariants.ts";
import { startServices } from "../protocol/service.ts";
import type { World } from "../faults/world.ts";
import { viewOf, type EventTenant } from "./tenant.ts";
import { createSdkClient, createTable, readStream, type StreamReader } from "./stream.ts";

/** A SCIM service with `events`, as the model drives it, and its stream. */
export interface EventWorld extends World, Pick<EventTenant, "read" | "state"> {
  readonly stream: StreamReader;
  readonly feed: Store;
}

const ATTEMPTS = 60;

export async function startEventWorld(): Promise<EventWorld> {
  const services = await startServices();
  const { cloud } = services;
  const service = await services.service("standard", { events: true });
  const { tableName } = service;
  const endpoint = cloud.dynamodbEndpoint;
  const sdk = createSdkClient(endpoint);
  const place = { region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const client = createClient({ ...place, endpoint: new URL(endpoint) });
  const { Table } = await sdk.send(new DescribeTableCommand({ TableName: tableName }));
  const stream = await readStream(endpoint, Table?.LatestStreamArn ?? "");
  await createTable(sdk, `${tableName}-feed`, feedTable);
  const lasting = { remaining: () => 25_000 };
  return {
    tenant: { cloud },
    ...viewOf({ client, table: tableName, deadline: lasting }),
    stream,
    feed: { client, table: `${tableName}-feed`, deadline: lasting },
    invariants: () => brokenInvariants(sdk, tableName),
    async scim(method, path, body) {
      for (let failedBefore = 0; failedBefore < ATTEMPTS; failedBefore += 1) {
        const sent = body === undefined ? {} : { raw: JSON.stringify(body) };
        const answer = await service.send(method, path, sent).catch(() => undefined);
        if (answer === undefined) continue;
        if (answer.status !== 429 && answer.status < 500)
          return { status: answer.status, body: answer.body, failedBefore };
        await sleep(Number(answer.headers.get("retry-after") ?? 0.05) * 1_000);
      }
      throw new Error(`${method} ${path} had no final answer`);
    },
    async close() {
      stream.close();
      client.close();
      sdk.destroy();
      await services.close();
    },
  };
}
