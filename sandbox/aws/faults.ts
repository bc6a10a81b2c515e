/** A DynamoDB request as a fault hook sees it. */
export interface FaultRequest {
  readonly action: string;
  /** The first table that the request names. */
  readonly table: string;
  /** Running number of the request, from 0. */
  readonly sequence: number;
}

/**
 * What happens to a request before it reaches the engine. `conflict` only befalls what AWS lets conflict: writes and
 * transactions. `cut` ends the connection without an answer.
 */
export type Fault = "pass" | "throttle" | "conflict" | "cut" | { readonly delayMs: number };

export type FaultHook = (request: FaultRequest) => Promise<Fault> | Fault;

const NAMESPACE = "com.amazonaws.dynamodb.v20120810#";
const singleWrites = new Set(["PutItem", "UpdateItem", "DeleteItem"]);

/** The answer (status 400) that stands for a fault, or undefined when the request goes on. */
export function faultAnswer(fault: Fault, action: string, body: unknown): Record<string, unknown> | undefined {
  if (fault === "throttle") {
    return {
      __type: `${NAMESPACE}ProvisionedThroughputExceededException`,
      message:
        "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.",
    };
  }
  if (fault !== "conflict") return undefined;
  if (action.startsWith("Transact")) {
    const items = body !== null && typeof body === "object" && "TransactItems" in body ? body.TransactItems : [];
    const count = Array.isArray(items) ? Math.max(1, items.length) : 1;
    const codes = Array.from({ length: count }, (_, index) => (index === 0 ? "TransactionConflict" : "None"));
    return {
      __type: `${NAMESPACE}TransactionCanceledException`,
      Message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(", ")}]`,
      CancellationReasons: codes.map((Code) =>
        Code === "None" ? { Code } : { Code, Message: "Transaction is ongoing for the item" },
      ),
    };
  }
  if (!singleWrites.has(action)) return undefined;
  return { __type: `${NAMESPACE}TransactionConflictException`, message: "Transaction is ongoing for the item" };
}
