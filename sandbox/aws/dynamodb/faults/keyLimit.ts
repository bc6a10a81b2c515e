import { isRecord } from "../../../../operations/live/isRecord.ts";
import { cancelled } from "./answers.ts";
import { entriesOf, type Entry } from "./batches.ts";

type Body = Readonly<Record<string, unknown>>;

/**
 * The limits of one partition key per second. AWS: 1,000 write units and 3,000 read units, whatever the table's size
 * (Developer Guide, "Designing partition keys to distribute your workload").
 */
export interface KeyLimit {
  readonly writeUnits: number;
  /** Default: three times the write units. */
  readonly readUnits?: number;
}

/** Name of a table's partition key; undefined if there is no such table. */
export type HashKeyOf = (table: string) => Promise<string | undefined>;

export type Verdict =
  | { readonly kind: "all" }
  | { readonly kind: "none"; readonly refusal: Record<string, unknown> }
  /** The entries of a batch that are performed. */
  | { readonly kind: "some"; readonly done: readonly Entry[]; readonly rest: readonly Entry[] };

export interface KeyLimiter {
  /** Admits the parts of a request that their keys have units for, and charges its writes. */
  admit(action: string, body: Body): Promise<Verdict>;
  /** Charges a read, whose size is known only from its answer. */
  chargeRead(action: string, body: Body, units: number): Promise<void>;
}

const THROTTLED =
  "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or " +
  "index so please try again shortly. If exceptions persist, check if you have a hot key: " +
  "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html";
const singles = new Set(["PutItem", "UpdateItem", "DeleteItem", "GetItem", "Query"]);

/** One partition key that a request uses. */
interface Use {
  readonly key: string;
  /** Write units; 0 for a read. */
  readonly units: number;
}

/** @param now milliseconds of a clock that never goes back */
export function createKeyLimiter(
  { writeUnits, readUnits = 3 * writeUnits }: KeyLimit,
  hashKeyOf: HashKeyOf,
  now: () => number = () => performance.now(),
): KeyLimiter {
  const writes = createBuckets(writeUnits, now);
  const reads = createBuckets(readUnits, now);
  const isAdmitted = ({ key, units }: Use): boolean => (units > 0 ? writes : reads).has(key);
  const charge = (uses: readonly Use[]): void => {
    for (const { key, units } of uses) if (units > 0) writes.take(key, units);
  };
  return {
    async admit(action, body) {
      const entries = entriesOf(action, body);
      const uses = await usesOf(action, body, hashKeyOf);
      const admitted = uses.map(isAdmitted);
      if (admitted.every((is) => is)) {
        charge(uses);
        return { kind: "all" };
      }
      if (action.startsWith("Transact")) {
        const reasons = admitted.map((is) => (is ? { Code: "None" } : { Code: "ThrottlingError", Message: THROTTLED }));
        return { kind: "none", refusal: cancelled(reasons) };
      }
      if (entries !== undefined && admitted.some((is) => is)) {
        charge(uses.filter((_, index) => admitted[index]));
        const done = entries.filter((_, index) => admitted[index]);
        return { kind: "some", done, rest: entries.filter((_, index) => !admitted[index]) };
      }
      const __type = "com.amazon.coral.availability#ThrottlingException";
      return { kind: "none", refusal: { __type, message: THROTTLED } };
    },
    async chargeRead(action, body, units) {
      const uses = (await usesOf(action, body, hashKeyOf)).filter((use) => use.units === 0);
      for (const { key } of uses) reads.take(key, units / uses.length);
    },
  };
}

/** Buckets of one second's units. A request passes while any unit is left, and may leave a debt, as large items do. */
function createBuckets(
  perSecond: number,
  now: () => number,
): { has(key: string): boolean; take(key: string, units: number): void } {
  const buckets = new Map<string, { units: number; at: number }>();
  const fill = (key: string): { units: number; at: number } => {
    const bucket = buckets.get(key) ?? { units: perSecond, at: now() };
    const at = now();
    bucket.units = Math.min(perSecond, bucket.units + ((at - bucket.at) / 1000) * perSecond);
    bucket.at = at;
    buckets.set(key, bucket);
    return bucket;
  };
  return {
    has: (key) => fill(key).units > 0,
    take: (key, units) => {
      fill(key).units -= units;
    },
  };
}

/** The partition keys that a request uses, in the order of its items. A Scan uses none by name. */
async function usesOf(action: string, body: Body, hashKeyOf: HashKeyOf): Promise<Use[]> {
  const use = async (table: unknown, item: unknown, units: number): Promise<Use> => {
    const name = typeof table === "string" ? await hashKeyOf(table) : undefined;
    const value = isRecord(item) && name !== undefined ? item[name] : undefined;
    return { key: JSON.stringify([table, value]), units };
  };
  const entries = entriesOf(action, body);
  if (entries !== undefined) {
    return Promise.all(
      entries.map(({ table, value }) => {
        if (action === "BatchGetItem") return use(table, value, 0);
        const [request] = isRecord(value) ? Object.values(value) : [];
        const { Item, Key } = isRecord(request) ? request : {};
        return use(table, Item ?? Key, unitsOf(Item));
      }),
    );
  }
  if (action.startsWith("Transact") && Array.isArray(body["TransactItems"])) {
    return Promise.all(
      body["TransactItems"].map((entry: unknown) => {
        const [[kind, part] = ["", undefined]] = isRecord(entry) ? Object.entries(entry) : [];
        const { TableName, Item, Key } = isRecord(part) ? part : {};
        return use(TableName, Item ?? Key, kind === "Get" ? 0 : 2 * unitsOf(Item));
      }),
    );
  }
  if (action === "Query") return queried(body, hashKeyOf);
  if (!singles.has(action)) return [];
  return [await use(body["TableName"], body["Item"] ?? body["Key"], action === "GetItem" ? 0 : unitsOf(body["Item"]))];
}

/** The partition of a Query: the value with which its key condition compares the partition key. */
async function queried(body: Body, hashKeyOf: HashKeyOf): Promise<Use[]> {
  const { TableName, KeyConditionExpression: condition, ExpressionAttributeValues: values } = body;
  const hash = typeof TableName === "string" ? await hashKeyOf(TableName) : undefined;
  if (hash === undefined || typeof condition !== "string" || !isRecord(values)) return [];
  const names = isRecord(body["ExpressionAttributeNames"]) ? body["ExpressionAttributeNames"] : {};
  for (const [, name = "", placeholder = ""] of condition.matchAll(/(#?\w+)\s*=\s*(:\w+)/g)) {
    if ((names[name] ?? name) === hash) return [{ key: JSON.stringify([TableName, values[placeholder]]), units: 0 }];
  }
  return [];
}

/**
 * Write units of an item: one per started KB. An update or delete counts as one, because its item is not known here.
 */
const unitsOf = (item: unknown): number => Math.max(1, Math.ceil(sizeOf(item) / 1024));

/** Bytes of an item or attribute value, as DynamoDB counts them (Developer Guide, "Item sizes and formats"). */
function sizeOf(value: unknown): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (Array.isArray(value)) return value.reduce<number>((sum, inner) => sum + 1 + sizeOf(inner), 3);
  if (!isRecord(value)) return 1;
  return Object.entries(value).reduce((sum, [name, inner]) => sum + Buffer.byteLength(name) + sizeOf(inner), 0);
}
