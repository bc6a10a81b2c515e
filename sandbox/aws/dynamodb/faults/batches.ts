import { isRecord } from "../../../../operations/live/isRecord.ts";

type Body = Readonly<Record<string, unknown>>;

/** One entry of a batch: a put or delete request of BatchWriteItem, or a key of BatchGetItem. */
export interface Entry {
  readonly table: string;
  readonly value: unknown;
}

/** The entries of a BatchGetItem or BatchWriteItem in their order; undefined for any other request. */
export function entriesOf(action: string, body: Body): Entry[] | undefined {
  if (action !== "BatchWriteItem" && action !== "BatchGetItem") return undefined;
  const tables = isRecord(body["RequestItems"]) ? Object.entries(body["RequestItems"]) : [];
  return tables.flatMap(([table, asked]) => {
    const values: unknown = isRecord(asked) ? asked["Keys"] : asked;
    return Array.isArray(values) ? values.map((value: unknown) => ({ table, value })) : [];
  });
}

/** The `RequestItems` of the same batch with only some of its entries. */
export function requestItems(body: Body, entries: readonly Entry[]): Record<string, unknown> {
  const asked = isRecord(body["RequestItems"]) ? body["RequestItems"] : {};
  const items: Record<string, unknown> = {};
  for (const table of new Set(entries.map((entry) => entry.table))) {
    const values = entries.filter((entry) => entry.table === table).map(({ value }) => value);
    const declared = asked[table];
    items[table] = isRecord(declared) ? { ...declared, Keys: values } : values;
  }
  return items;
}

/** The answer to a part of a batch, with the other entries as unprocessed. */
export function withUnprocessed(action: string, body: Body, answer: Body, rest: readonly Entry[]): Body {
  const name = action === "BatchWriteItem" ? "UnprocessedItems" : "UnprocessedKeys";
  const before = isRecord(answer[name]) ? answer[name] : {};
  return { ...answer, [name]: { ...before, ...requestItems(body, rest) } };
}
