import type {
  AttributeDefinition,
  CreateTableCommandInput,
  GlobalSecondaryIndex,
  KeySchemaElement,
} from "@aws-sdk/client-dynamodb";
import { z } from "zod";

const projection = z.enum(["ALL", "KEYS_ONLY", "INCLUDE"]);
const globalIndex = z.looseObject({
  name: z.string(),
  hashKey: z.string({ error: "an index needs its hashKey" }),
  rangeKey: z.string().optional(),
  projectionType: projection,
  nonKeyAttributes: z.array(z.string()).optional(),
});
const localIndex = z.looseObject({
  name: z.string(),
  rangeKey: z.string(),
  projectionType: projection,
  nonKeyAttributes: z.array(z.string()).optional(),
});

/** The inputs of aws.dynamodb.Table that affect the engine. */
export const tableInputs = z
  .looseObject({
    name: z.string().regex(/^[a-zA-Z0-9_.-]{3,255}$/, "a table's name has 3 to 255 letters, digits, _, - and ."),
    hashKey: z.string(),
    rangeKey: z.string().optional(),
    attributes: z.array(z.object({ name: z.string(), type: z.enum(["S", "N", "B"]) })),
    billingMode: z.enum(["PAY_PER_REQUEST", "PROVISIONED"]).default("PROVISIONED"),
    readCapacity: z.number().optional(),
    writeCapacity: z.number().optional(),
    globalSecondaryIndexes: z.array(globalIndex).default([]),
    localSecondaryIndexes: z.array(localIndex).default([]),
    ttl: z.looseObject({ attributeName: z.string().default(""), enabled: z.boolean().default(false) }).optional(),
    streamEnabled: z.boolean().default(false),
    streamViewType: z.enum(["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"]).optional(),
    deletionProtectionEnabled: z.boolean().default(false),
  })
  .superRefine((table, context) => {
    const complain = (message: string): void => {
      context.addIssue({ code: "custom", message });
    };
    const indexes = [...table.globalSecondaryIndexes, ...table.localSecondaryIndexes];
    const keys = new Set(
      [table, ...indexes].flatMap((part) => [part["hashKey"], part.rangeKey]).filter((key) => typeof key === "string"),
    );
    const declared = new Set(table.attributes.map(({ name }) => name));
    for (const key of keys) if (!declared.has(key)) complain(`the key ${key} is not among the attributes`);
    for (const name of declared)
      if (!keys.has(name)) complain(`all attributes must be indexed. Unused attributes: ["${name}"]`);
    if (table.ttl?.enabled && table.ttl.attributeName === "") complain("ttl needs an attributeName");
    if (table.streamEnabled && table.streamViewType === undefined) complain("streamEnabled needs a streamViewType");
    if (
      table.billingMode === "PROVISIONED" &&
      (table.readCapacity === undefined || table.writeCapacity === undefined)
    ) {
      complain("a table with billingMode PROVISIONED needs readCapacity and writeCapacity");
    }
  });

export type TableInputs = z.infer<typeof tableInputs>;

/** The CreateTable request for a declared table. */
export function createRequest(table: TableInputs): CreateTableCommandInput {
  const { name, hashKey, rangeKey, billingMode, globalSecondaryIndexes, localSecondaryIndexes } = table;
  const throughput = { ReadCapacityUnits: table.readCapacity, WriteCapacityUnits: table.writeCapacity };
  return {
    TableName: name,
    KeySchema: keySchema(hashKey, rangeKey),
    AttributeDefinitions: attributeDefinitions(table),
    BillingMode: billingMode,
    DeletionProtectionEnabled: table.deletionProtectionEnabled,
    ...(billingMode === "PROVISIONED" ? { ProvisionedThroughput: throughput } : {}),
    ...(globalSecondaryIndexes.length === 0
      ? {}
      : {
          GlobalSecondaryIndexes: globalSecondaryIndexes.map((index) => ({
            ...globalIndexRequest(index),
            ...(billingMode === "PROVISIONED" ? { ProvisionedThroughput: throughput } : {}),
          })),
        }),
    ...(localSecondaryIndexes.length === 0
      ? {}
      : {
          LocalSecondaryIndexes: localSecondaryIndexes.map((index) => ({
            IndexName: index.name,
            KeySchema: keySchema(hashKey, index.rangeKey),
            Projection: projectionOf(index),
          })),
        }),
    ...(table.streamEnabled
      ? { StreamSpecification: { StreamEnabled: true, StreamViewType: table.streamViewType } }
      : {}),
  };
}

export function attributeDefinitions(table: TableInputs): AttributeDefinition[] {
  return table.attributes.map((each) => ({ AttributeName: each.name, AttributeType: each.type }));
}

export function globalIndexRequest(index: TableInputs["globalSecondaryIndexes"][number]): GlobalSecondaryIndex {
  return {
    IndexName: index.name,
    KeySchema: keySchema(index.hashKey, index.rangeKey),
    Projection: projectionOf(index),
  };
}

function keySchema(hashKey: string, rangeKey: string | undefined): KeySchemaElement[] {
  const hash: KeySchemaElement = { AttributeName: hashKey, KeyType: "HASH" };
  return rangeKey === undefined ? [hash] : [hash, { AttributeName: rangeKey, KeyType: "RANGE" }];
}

function projectionOf(index: { projectionType: z.infer<typeof projection>; nonKeyAttributes?: string[] | undefined }) {
  const { projectionType: ProjectionType, nonKeyAttributes: NonKeyAttributes } = index;
  return NonKeyAttributes === undefined ? { ProjectionType } : { ProjectionType, NonKeyAttributes };
}
