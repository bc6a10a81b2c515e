import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DescribeTableCommand,
  paginateScan,
  type AttributeDefinition,
  type AttributeValue,
  type DynamoDBClient,
  type KeySchemaElement,
} from "@aws-sdk/client-dynamodb";

/**
 * A table as a backup or an export keeps it: its keys and its items, without its settings (TTL, protection, recovery).
 */
export interface TableBackup {
  readonly name: string;
  readonly keySchema: KeySchemaElement[];
  readonly attributeDefinitions: AttributeDefinition[];
  readonly items: readonly Record<string, AttributeValue>[];
}

const BATCH = 25;

/** Stands in for AWS's backups, which the engine lacks. Indexes are not kept; the directory has none. */
export async function backUpTable(client: DynamoDBClient, name: string): Promise<TableBackup> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
  const items: Record<string, AttributeValue>[] = [];
  for await (const page of paginateScan({ client }, { TableName: name, ConsistentRead: true })) {
    items.push(...(page.Items ?? []));
  }
  return {
    name,
    keySchema: Table?.KeySchema ?? [],
    attributeDefinitions: Table?.AttributeDefinitions ?? [],
    items,
  };
}

/**
 * Creates the table again under its old name. @throws ResourceInUseException if a table of that name exists, as in AWS
 */
export async function restoreTable(client: DynamoDBClient, backup: TableBackup): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: backup.name,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: backup.keySchema,
      AttributeDefinitions: backup.attributeDefinitions,
    }),
  );
  for (let at = 0; at < backup.items.length; at += BATCH) {
    let pending = backup.items.slice(at, at + BATCH).map((Item) => ({ PutRequest: { Item } }));
    while (pending.length > 0) {
      const { UnprocessedItems } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [backup.name]: pending } }),
      );
      pending = (UnprocessedItems?.[backup.name] ?? []).flatMap(({ PutRequest }) =>
        PutRequest?.Item ? [{ PutRequest: { Item: PutRequest.Item } }] : [],
      );
    }
  }
}
