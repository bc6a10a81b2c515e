import type { Fault } from "./fault.ts";

const NAMESPACE = "com.amazonaws.dynamodb.v20120810#";
const singleWrites = new Set(["PutItem", "UpdateItem", "DeleteItem"]);

/** One entry of a cancelled transaction's `CancellationReasons`. */
interface Reason {
  readonly Code: string;
  readonly Message?: string;
}

/** The answer (status 400) to a request that `throttle` or `conflict` hits; undefined if the request is performed. */
export function refusalOf(
  fault: Fault,
  action: string,
  body: Readonly<Record<string, unknown>>,
): Record<string, unknown> | undefined {
  if (fault === "throttle") {
    return {
      __type: `${NAMESPACE}ProvisionedThroughputExceededException`,
      message:
        "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.",
    };
  }
  if (fault !== "conflict") return undefined;
  if (action.startsWith("Transact")) {
    const items = body["TransactItems"];
    const count = Array.isArray(items) ? Math.max(1, items.length) : 1;
    return cancelled(
      Array.from({ length: count }, (_, index) =>
        index === 0
          ? { Code: "TransactionConflict", Message: "Transaction is ongoing for the item" }
          : { Code: "None" },
      ),
    );
  }
  if (!singleWrites.has(action)) return undefined;
  return { __type: `${NAMESPACE}TransactionConflictException`, message: "Transaction is ongoing for the item" };
}

/** A transaction that DynamoDB cancelled, with one reason for each of its items. */
export function cancelled(reasons: readonly Reason[]): Record<string, unknown> {
  const codes = reasons.map(({ Code }) => Code).join(", ");
  return {
    __type: `${NAMESPACE}TransactionCanceledException`,
    Message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    CancellationReasons: reasons,
  };
}
