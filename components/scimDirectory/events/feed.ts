import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { feedTable } from "../../../lambda/contract.ts";
import type { Stage } from "../../config/keys.ts";

/** The table of the events that receivers poll, protected like the directory: it holds what they have not seen yet. */
export function createFeedTable(name: string, stage: Stage, options: pulumi.CustomResourceOptions): aws.dynamodb.Table {
  const production = stage === "production";
  return new aws.dynamodb.Table(
    `${name}-feed`,
    {
      billingMode: "PAY_PER_REQUEST",
      hashKey: feedTable.hashKey,
      rangeKey: feedTable.rangeKey,
      attributes: feedTable.attributes.map(({ name: attribute, type }) => ({ name: attribute, type })),
      ttl: { attributeName: feedTable.ttlAttribute, enabled: true },
      pointInTimeRecovery: { enabled: production },
      deletionProtectionEnabled: production,
    },
    { ...options, protect: production, retainOnDelete: production },
  );
}
