import { isRecord } from "../../../operations/live/isRecord.ts";

/** Asks the engine to describe a table. @returns DescribeTable's answer, or undefined if the engine refused */
export type Describe = (table: string) => Promise<Readonly<Record<string, unknown>> | undefined>;

/** A table's key attributes, the partition key first; empty if there is no such table. */
export type KeyNames = (table: string) => Promise<readonly string[]>;

/** Asks for each table once: keys never change. */
export function createKeyNames(describe: Describe): KeyNames {
  const known = new Map<string, readonly string[]>();
  return async (table) => {
    const cached = known.get(table);
    if (cached !== undefined) return cached;
    const description = (await describe(table))?.["Table"];
    const schema: unknown = isRecord(description) ? description["KeySchema"] : undefined;
    if (!Array.isArray(schema)) return [];
    const names = ["HASH", "RANGE"].flatMap((type) =>
      schema.flatMap((part: unknown) =>
        isRecord(part) && part["KeyType"] === type ? [String(part["AttributeName"])] : [],
      ),
    );
    known.set(table, names);
    return names;
  };
}
