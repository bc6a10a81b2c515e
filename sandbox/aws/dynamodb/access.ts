import type { Access } from "../iam/policy.ts";
import { isRecord } from "../../../operations/live/isRecord.ts";

const onTable = new Set(["GetItem", "PutItem", "UpdateItem", "DeleteItem", "DescribeTable", "DescribeTimeToLive"]);
const onTableOrIndex = new Set(["Query", "Scan"]);
const onTables = new Set(["BatchGetItem", "BatchWriteItem"]);
const transactWrites: Readonly<Record<string, string>> = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
};

/** Data operations: those that consume capacity. */
export const consumesCapacity = (operation: string): boolean =>
  onTableOrIndex.has(operation) ||
  onTables.has(operation) ||
  operation.startsWith("Transact") ||
  (onTable.has(operation) && operation.endsWith("Item"));

/**
 * The permissions that a DynamoDB request needs (Service Authorization Reference, "Actions, resources, and condition
 * keys for Amazon DynamoDB"). Transactions have no actions of their own: each item needs its own action.
 * @returns undefined for an unknown operation, and for a request that names no table
 */
export function accessesOf(
  operation: string,
  body: unknown,
  place: { region: string; account: string },
): Access[] | undefined {
  if (!isRecord(body)) return undefined;
  const arn = (table: string): string =>
    table.startsWith("arn:") ? table : `arn:aws:dynamodb:${place.region}:${place.account}:table/${table}`;
  const need = (action: string, table: unknown, suffix = ""): Access[] | undefined =>
    typeof table === "string" && table !== ""
      ? [{ action: `dynamodb:${action}`, resource: arn(table) + suffix }]
      : undefined;

  if (onTable.has(operation)) return need(operation, body["TableName"]);
  if (onTableOrIndex.has(operation)) {
    const index = body["IndexName"];
    return need(operation, body["TableName"], typeof index === "string" ? `/index/${index}` : "");
  }
  if (onTables.has(operation)) {
    const items = body["RequestItems"];
    return isRecord(items) ? all(Object.keys(items).map((table) => need(operation, table))) : undefined;
  }
  if (operation !== "TransactGetItems" && operation !== "TransactWriteItems") return undefined;
  const items = body["TransactItems"];
  if (!Array.isArray(items)) return undefined;
  return all(
    items.flatMap((item: unknown) => {
      if (!isRecord(item)) return [undefined];
      return Object.entries(item).map(([kind, part]) => {
        const action =
          operation === "TransactGetItems" ? (kind === "Get" ? "GetItem" : undefined) : transactWrites[kind];
        return action !== undefined && isRecord(part) ? need(action, part["TableName"]) : undefined;
      });
    }),
  );
}

/** The tables that a request names, in its order. */
export function tablesOf(accesses: readonly Access[]): string[] {
  return [...new Set(accesses.map(({ resource }) => resource.replace(/^.*:table\//, "").replace(/\/.*$/, "")))];
}

function all(needs: readonly (Access[] | undefined)[]): Access[] | undefined {
  const known: Access[] = [];
  for (const need of needs) {
    if (need === undefined) return undefined;
    known.push(...need);
  }
  return known.length === 0 ? undefined : known;
}
