import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { directoryTable } from "../../lambda/contract.ts";
import type { Stage } from "../config/keys.ts";

/**
 * The directory's table, from the definition that the function's queries use. DynamoDB encrypts it with a key that AWS
 * owns: a customer key would cost one dollar a month and calls to KMS, and anyone who can disable the key could make the
 * directory unreadable.
 */
export function createTable(
  name: string,
  { stage, streams }: { readonly stage: Stage; /** Whether changes are told to others. */ readonly streams: boolean },
  options: pulumi.CustomResourceOptions,
): aws.dynamodb.Table {
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
      ...(streams ? { streamEnabled: true, streamViewType: "NEW_AND_OLD_IMAGES" } : {}),
    },
    { ...options, protect: production, retainOnDelete: production },
  );
}
