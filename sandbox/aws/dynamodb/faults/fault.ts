/** A DynamoDB request as a fault hook sees it. */
export interface FaultRequest {
  readonly action: string;
  /** The first table that the request names. */
  readonly table: string;
  /** Running number of the request, from 0. */
  readonly sequence: number;
}

/**
 * What happens to a request.
 * - `throttle`, `conflict`: refused before it reaches the engine. Only what AWS lets conflict does: writes and
 *   transactions.
 * - `unprocessed`: of a batch only the first half is done, the rest comes back to be sent again.
 * - `cut`: the connection ends without an answer, before anything was done; `lost`: after it was done.
 * - `delayMs`: done that much later, also when the client has given up meanwhile.
 */
export type Fault = "pass" | "throttle" | "conflict" | "unprocessed" | "cut" | "lost" | { readonly delayMs: number };

export type FaultHook = (request: FaultRequest) => Promise<Fault> | Fault;

type Body = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Body =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** A batch of one table cut in two; undefined for anything else, and for a batch that cannot be halved. */
export function halve(action: string, body: Body): { readonly first: Body; withRest(answer: Body): Body } | undefined {
  const isWrite = action === "BatchWriteItem";
  if (!isWrite && action !== "BatchGetItem") return undefined;
  const [table = "", ...others] = isRecord(body["RequestItems"]) ? Object.keys(body["RequestItems"]) : [];
  const asked: unknown = isRecord(body["RequestItems"]) ? body["RequestItems"][table] : undefined;
  const entries: unknown = isWrite ? asked : isRecord(asked) ? asked["Keys"] : undefined;
  if (others.length > 0 || !Array.isArray(entries) || entries.length < 2) return undefined;
  const half = Math.ceil(entries.length / 2);
  const of = (part: unknown[]): unknown => (isWrite ? part : { ...(isRecord(asked) ? asked : {}), Keys: part });
  const rest = { [table]: of(entries.slice(half)) };
  return {
    first: { ...body, RequestItems: { [table]: of(entries.slice(0, half)) } },
    withRest: (answer) => ({ ...answer, [isWrite ? "UnprocessedItems" : "UnprocessedKeys"]: rest }),
  };
}

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
