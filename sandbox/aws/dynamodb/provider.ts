import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  ResourceNotFoundException,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  type DynamoDBClient,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import { setTimeout as sleep } from "node:timers/promises";
import type { Place } from "../support/place.ts";
import type { Properties, ResourceHandler } from "../../engine/provider.ts";
import { readInputs } from "../support/read.ts";
import {
  attributeDefinitions,
  createRequest,
  globalIndexRequest,
  tableInputs,
  type TableInputs,
} from "./tableInputs.ts";

const COMPUTED = ["arn", "streamArn", "streamLabel"];

/**
 * Tables on the engine. Point-in-time recovery and encryption are only recorded: the engine has neither.
 * @param dynamodb talks to the engine itself, past the guard: a deployment does not act under the function's role
 */
export function dynamodbResources(place: Place, dynamodb: DynamoDBClient): Record<string, ResourceHandler> {
  return { "aws:dynamodb/table:Table": table(place, dynamodb) };
}

function table({ account, region }: Place, dynamodb: DynamoDBClient): ResourceHandler {
  return {
    autoName: "name",
    computed: COMPUTED,
    replaces: ["name", "hashKey", "rangeKey", "localSecondaryIndexes"],
    async create(inputs) {
      const declared = readInputs(tableInputs, inputs);
      const { name, ttl } = declared;
      await dynamodb.send(new CreateTableCommand(createRequest(declared)));
      await whenActive(dynamodb, name);
      if (ttl?.enabled) await setTimeToLive(dynamodb, name, ttl);
      const arn = `arn:aws:dynamodb:${region}:${account}:table/${name}`;
      const label = declared.streamEnabled ? new Date().toISOString().replace(/Z$/, "") : "";
      const streamArn = label === "" ? "" : `${arn}/stream/${label}`;
      return { id: name, outputs: { ...inputs, arn, streamArn, streamLabel: label } };
    },
    read: async (id, state) => ((await describe(dynamodb, id)) ? state : undefined),
    async update(id, state, inputs) {
      const before = readInputs(tableInputs, state);
      const after = readInputs(tableInputs, inputs);
      await updateProtection(dynamodb, before, after);
      await updateIndexes(dynamodb, before, after);
      if (JSON.stringify(before.ttl) !== JSON.stringify(after.ttl)) {
        if (before.ttl?.enabled) await setTimeToLive(dynamodb, id, { ...before.ttl, enabled: false });
        if (after.ttl?.enabled) await setTimeToLive(dynamodb, id, after.ttl);
      }
      return { ...inputs, ...kept(state) };
    },
    async delete(id) {
      try {
        await dynamodb.send(new DeleteTableCommand({ TableName: id }));
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
      }
    },
  };
}

const kept = (state: Properties): Properties => Object.fromEntries(COMPUTED.map((key) => [key, state[key]]));

async function describe(dynamodb: DynamoDBClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await dynamodb.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function whenActive(dynamodb: DynamoDBClient, name: string): Promise<void> {
  for (;;) {
    const found = await describe(dynamodb, name);
    const isActive = (status: string | undefined): boolean => status === undefined || status === "ACTIVE";
    if (
      isActive(found?.TableStatus) &&
      (found?.GlobalSecondaryIndexes ?? []).every((index) => isActive(index.IndexStatus))
    )
      return;
    await sleep(20);
  }
}

async function setTimeToLive(
  dynamodb: DynamoDBClient,
  name: string,
  ttl: NonNullable<TableInputs["ttl"]>,
): Promise<void> {
  const TimeToLiveSpecification = { AttributeName: ttl.attributeName, Enabled: ttl.enabled };
  await dynamodb.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification }));
}

async function updateProtection(dynamodb: DynamoDBClient, before: TableInputs, after: TableInputs): Promise<void> {
  if (before.deletionProtectionEnabled === after.deletionProtectionEnabled) return;
  const DeletionProtectionEnabled = after.deletionProtectionEnabled;
  await dynamodb.send(new UpdateTableCommand({ TableName: after.name, DeletionProtectionEnabled }));
  await whenActive(dynamodb, after.name);
}

/** Indexes are deleted and created one at a time, as AWS demands; a changed one is deleted and created. */
async function updateIndexes(dynamodb: DynamoDBClient, before: TableInputs, after: TableInputs): Promise<void> {
  const same = (a: TableInputs["globalSecondaryIndexes"][number]): boolean =>
    [before, after].every(({ globalSecondaryIndexes: all }) =>
      all.some((b) => JSON.stringify(a) === JSON.stringify(b)),
    );
  const AttributeDefinitions = attributeDefinitions(after);
  for (const { name: IndexName } of before.globalSecondaryIndexes.filter((index) => !same(index))) {
    const GlobalSecondaryIndexUpdates = [{ Delete: { IndexName } }];
    await dynamodb.send(new UpdateTableCommand({ TableName: after.name, GlobalSecondaryIndexUpdates }));
    await whenActive(dynamodb, after.name);
  }
  for (const index of after.globalSecondaryIndexes.filter((candidate) => !same(candidate))) {
    const GlobalSecondaryIndexUpdates = [{ Create: globalIndexRequest(index) }];
    await dynamodb.send(
      new UpdateTableCommand({ TableName: after.name, AttributeDefinitions, GlobalSecondaryIndexUpdates }),
    );
    await whenActive(dynamodb, after.name);
  }
}
