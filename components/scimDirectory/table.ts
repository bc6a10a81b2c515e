import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { directoryTable } from "../../lambda/contract.ts";
import type { Stage } from "./index.ts";

/**
 * The directory's table, from the definition that the function's queries are written against. DynamoDB encrypts it with
 * a key that AWS owns: a customer's key would cost a dollar a month and a call to KMS now and then, and would let whoever
 * may disable the key take the directory away.
 */
export function createTable(name: string, stage: Stage, options: pulumi.CustomResourceOptions): aws.dynamodb.Table {
  const production = stage === "production";
  return new aws.dynamodb.Table(
    `${name}-directory`,
    {
      billingMode: "PAY_PER_REQUEST",
      hashKey: directoryTable.hashKey,
      rangeKey: directoryTable.rangeKey,
      attributes: directoryTable.attributes.map(({ name, type }) => ({ name, type })),
      ttl: { attributeName: directoryTable.ttlAttribute, enabled: true },
      pointInTimeRecovery: { enabled: production },
      deletionProtectionEnabled: production,
    },
    { ...options, protect: production, retainOnDelete: production },
  );
}
