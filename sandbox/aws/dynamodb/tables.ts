import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  ResourceNotFoundException,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  type DynamoDBClient,
  type TableDescription,
  type UpdateTableCommandInput,
} from "@aws-sdk/client-dynamodb";
import { setTimeout as sleep } from "node:timers/promises";
import { attributeDefinitions, createRequest, globalIndexRequest, type TableInputs } from "./tableInputs.ts";

/**
 * The tables of this sandbox on the engine. Point-in-time recovery and encryption are only recorded: the engine has
 * neither.
 */
export class Tables {
  readonly #client: DynamoDBClient;
  readonly #names = new Set<string>();

  /** @param client talks to the engine directly, past the guard: a deployment does not act under the function's role */
  constructor(client: DynamoDBClient) {
    this.#client = client;
  }

  /** @throws ResourceInUseException if there is a table of that name */
  async create(table: TableInputs): Promise<void> {
    await this.#client.send(new CreateTableCommand(createRequest(table)));
    this.#names.add(table.name);
    await whenActive(this.#client, table.name);
    if (table.ttl?.enabled) await setTimeToLive(this.#client, table.name, table.ttl);
  }

  /** Names of the tables that this sandbox created and did not delete. */
  names(): readonly string[] {
    return [...this.#names];
  }

  async exists(name: string): Promise<boolean> {
    return (await describe(this.#client, name)) !== undefined;
  }

  async update(before: TableInputs, after: TableInputs): Promise<void> {
    await updateProtection(this.#client, before, after);
    await updateStream(this.#client, before, after);
    await updateIndexes(this.#client, before, after);
    if (JSON.stringify(before.ttl) === JSON.stringify(after.ttl)) return;
    if (before.ttl?.enabled) await setTimeToLive(this.#client, after.name, { ...before.ttl, enabled: false });
    if (after.ttl?.enabled) await setTimeToLive(this.#client, after.name, after.ttl);
  }

  async delete(name: string): Promise<void> {
    try {
      await this.#client.send(new DeleteTableCommand({ TableName: name }));
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
    }
    this.#names.delete(name);
  }

  /** Deletes every remaining table, including protected ones, so that a shared engine does not keep them. */
  async deleteAll(): Promise<void> {
    for (const name of this.#names) {
      const found = await describe(this.#client, name);
      if (found?.DeletionProtectionEnabled === true) {
        await this.#client.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: false }));
        await whenActive(this.#client, name);
      }
      await this.delete(name);
    }
  }
}

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

/** A stream does not change: another view of the changes is another stream. */
async function updateStream(dynamodb: DynamoDBClient, before: TableInputs, after: TableInputs): Promise<void> {
  if (before.streamEnabled === after.streamEnabled && before.streamViewType === after.streamViewType) return;
  const update = async (StreamSpecification: UpdateTableCommandInput["StreamSpecification"]): Promise<void> => {
    await dynamodb.send(new UpdateTableCommand({ TableName: after.name, StreamSpecification }));
    await whenActive(dynamodb, after.name);
  };
  if (before.streamEnabled) await update({ StreamEnabled: false });
  if (after.streamEnabled) await update({ StreamEnabled: true, StreamViewType: after.streamViewType });
}

/** Indexes are deleted and created one at a time, as AWS demands. A changed index is deleted and created again. */
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
