import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createClient, type DynamoDb } from "../../../../lambda/directory/client.ts";
import { createDirectory } from "../../../../lambda/directory/index.ts";
import type { Cloud, FaultHook } from "../../../../sandbox/aws/index.ts";
import { startServices, type RunningService } from "../protocol/service.ts";
import { brokenInvariants } from "../directory/invariants.ts";
import type { Scene } from "./world.ts";

/** A SCIM service with a table of its own, whose DynamoDB is disturbed apart from the others'. */
export interface Lane extends Scene {
  readonly service: RunningService;
  /** Users of its directory, to be members. */
  readonly people: readonly string[];
  /** Of its own requests. */
  faults: FaultHook | undefined;
  invariants(): Promise<string[]>;
}

export interface Lanes {
  readonly cloud: Cloud;
  readonly lanes: readonly Lane[];
  /** Does all of them, each on a lane that is free. */
  each<T>(tasks: readonly T[], work: (lane: Lane, task: T) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/**
 * The function as AWS runs it, several times side by side: while one waits for an answer that does not come, the others
 * work.
 */
export async function startLanes(count: number, peopleEach: number): Promise<Lanes> {
  const services = await startServices();
  const { cloud } = services;
  const endpoint = cloud.dynamodbEndpoint;
  const place = { region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const client = new DynamoDBClient({ ...place, endpoint });
  const used = createClient({ ...place, endpoint: new URL(endpoint) });
  const lanes: Lane[] = [];
  for (let at = 0; at < count; at += 1)
    lanes.push(await startLane(await services.service("standard"), { client, used }, peopleEach));
  const byTable = new Map(lanes.map((lane) => [lane.service.tableName, lane]));
  cloud.faults = (request) => byTable.get(request.table)?.faults?.(request) ?? "pass";
  return {
    cloud,
    lanes,
    async each(tasks, work) {
      let next = 0;
      const run = async (lane: Lane): Promise<void> => {
        for (let task = tasks[next++]; task !== undefined; task = tasks[next++]) await work(lane, task);
      };
      await Promise.all(lanes.map(run));
    },
    async close() {
      client.destroy();
      used.close();
      await services.close();
    },
  };
}

async function startLane(
  service: RunningService,
  { client, used }: { readonly client: DynamoDBClient; readonly used: DynamoDb },
  peopleEach: number,
): Promise<Lane> {
  const { tableName } = service;
  const directory = createDirectory({ client: used, tableName, deadline: { remaining: () => 25_000 } });
  const made = Array.from({ length: peopleEach }, (_, at) => directory.createUser({ userName: `p${at}@example.com` }));
  const people = (await Promise.all(made)).map(({ id }) => id);
  return {
    service,
    directory,
    people,
    faults: undefined,
    async scim(method, path, body) {
      const answer = await service.send(method, path, { raw: JSON.stringify(body) });
      return { status: answer.status, body: answer.body, failedBefore: 0 };
    },
    invariants: () => brokenInvariants(client, tableName),
  };
}
