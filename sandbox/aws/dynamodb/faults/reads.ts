import { isRecord } from "../../../../operations/live/isRecord.ts";
import { entriesOf, requestItems } from "./batches.ts";
import type { MixedRead, PiecewiseRead } from "./fault.ts";

type Body = Readonly<Record<string, unknown>>;

/** Sends one request to the engine. @returns its answer, or undefined if the engine refused it */
export type Ask = (body: Body) => Promise<Body | undefined>;

/**
 * Bytes of items in one page of Query or Scan, measured as JSON, which is longer. A page may be shorter than on AWS.
 */
const PAGE_BYTES = 1024 * 1024;

/** Whether AWS reads this request item by item (Developer Guide, "Isolation levels for DynamoDB transactions"). */
export const isReadCommitted = (action: string): boolean =>
  action === "Query" || action === "Scan" || action === "BatchGetItem";

/**
 * Reads some items of a page at a time, with other writers' changes between them.
 * @returns undefined if the engine refused a part
 */
export async function readInPieces(
  action: string,
  body: Body,
  { pieces, between }: PiecewiseRead,
  ask: Ask,
): Promise<Body | undefined> {
  const entries = entriesOf(action, body);
  let merged: Body | undefined;
  if (entries !== undefined) {
    for (let at = 0; at < entries.length; at += pieces) {
      if (at > 0) await between();
      const RequestItems = requestItems(body, entries.slice(at, at + pieces));
      const part = await ask({ ...body, RequestItems });
      if (part === undefined) return undefined;
      merged = merge(merged, part);
    }
    return merged;
  }
  const limit = typeof body["Limit"] === "number" ? body["Limit"] : Infinity;
  for (let start = body["ExclusiveStartKey"]; ; start = merged["LastEvaluatedKey"]) {
    const left = limit - numberOf(merged?.["ScannedCount"]);
    const from = start === undefined ? {} : { ExclusiveStartKey: start };
    const part = await ask({ ...body, ...from, Limit: Math.min(pieces, left) });
    if (part === undefined) return undefined;
    merged = merge(merged, part);
    const isFull = numberOf(merged["ScannedCount"]) >= limit || JSON.stringify(merged["Items"]).length > PAGE_BYTES;
    if (merged["LastEvaluatedKey"] === undefined || isFull) return merged;
    await between();
  }
}

/**
 * Reads the whole page at two moments and takes each item from one of them.
 * @param keyNames of the table
 * @returns undefined if the engine refused a part
 */
export async function readMixed(
  action: string,
  body: Body,
  { mixed, between }: MixedRead,
  keyNames: readonly string[],
  ask: Ask,
): Promise<Body | undefined> {
  const first = await ask(body);
  if (first === undefined) return undefined;
  await between();
  const second = await ask(body);
  if (second === undefined) return undefined;
  // The items of a Query share their partition key.
  const names = action === "Query" && body["IndexName"] === undefined ? keyNames.slice(1) : keyNames;
  if ([first, second].some((answer) => isPart(answer) || !holdsKeys(answer, names))) {
    return readInPieces(action, body, { pieces: 1, between }, ask);
  }
  const isBackwards = body["ScanIndexForward"] === false;
  const choose = (before: unknown, after: unknown): unknown[] => {
    const items = mixItems(before, after, names, mixed);
    return isBackwards ? items.reverse() : items;
  };
  if (action !== "BatchGetItem") {
    const Items = choose(first["Items"], second["Items"]);
    const hasItems = second["Items"] !== undefined;
    return hasItems ? { ...second, Items, Count: Items.length } : second;
  }
  const before = isRecord(first["Responses"]) ? first["Responses"] : {};
  const after = isRecord(second["Responses"]) ? second["Responses"] : {};
  const tables = Object.keys({ ...before, ...after });
  return { ...second, Responses: Object.fromEntries(tables.map((name) => [name, choose(before[name], after[name])])) };
}

const isPart = (answer: Body): boolean =>
  answer["LastEvaluatedKey"] !== undefined ||
  (isRecord(answer["UnprocessedKeys"]) && Object.keys(answer["UnprocessedKeys"]).length > 0);

/** Whether the items can be distinguished: a projection may leave out their keys. */
function holdsKeys(answer: Body, keyNames: readonly string[]): boolean {
  const responses = isRecord(answer["Responses"]) ? Object.values(answer["Responses"]) : [answer["Items"] ?? []];
  return responses.flat().every((item) => isRecord(item) && keyNames.every((name) => name in item));
}

/** The items in the order of their keys. */
function mixItems(
  before: unknown,
  after: unknown,
  keyNames: readonly string[],
  isSecond: (index: number) => boolean,
): unknown[] {
  const keyOf = (item: unknown): string => JSON.stringify(isRecord(item) ? keyNames.map((name) => item[name]) : []);
  const old = itemsByKey(before, keyOf);
  const fresh = itemsByKey(after, keyOf);
  const order = [...new Set([...old.keys(), ...fresh.keys()])].sort();
  return order.flatMap((key, index) => (isSecond(index) ? fresh : old).get(key) ?? []);
}

const itemsByKey = (items: unknown, keyOf: (item: unknown) => string): Map<string, unknown> =>
  new Map(Array.isArray(items) ? items.map((item: unknown) => [keyOf(item), item]) : []);

function merge(merged: Body | undefined, part: Body): Body {
  if (merged === undefined) return part;
  const { LastEvaluatedKey: _, ...before } = merged;
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
  const result: Record<string, unknown> = { ...before, ...part };
  if (isRecord(part["Responses"]) || isRecord(before["Responses"])) {
    const a = isRecord(before["Responses"]) ? before["Responses"] : {};
    const b = isRecord(part["Responses"]) ? part["Responses"] : {};
    result["Responses"] = Object.fromEntries(
      Object.keys({ ...a, ...b }).map((table) => [table, [...list(a[table]), ...list(b[table])]]),
    );
    result["UnprocessedKeys"] = { ...recordOf(before["UnprocessedKeys"]), ...recordOf(part["UnprocessedKeys"]) };
    return result;
  }
  if (part["Items"] !== undefined) result["Items"] = [...list(before["Items"]), ...list(part["Items"])];
  for (const name of ["Count", "ScannedCount"]) result[name] = numberOf(before[name]) + numberOf(part[name]);
  return result;
}

const recordOf = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});
const numberOf = (value: unknown): number => (typeof value === "number" ? value : 0);
