import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { ResourceKind } from "../model.ts";
import { keys, type Item } from "./keys.ts";
import { getItem, type Store } from "./store.ts";
import { N, numberOf } from "./values.ts";

/**
 * The deletions that have begun and are not finished. The transaction that adds an entry here commits the deletion; the
 * edges are removed afterwards. Readers leave out the users that are named here, so a deletion is complete for every
 * reader from its first write. A request that finds an old entry finishes that deletion.
 */
export interface Deletions {
  /** How many users were ever deleted. While this number stays the same, a user that existed still exists. */
  readonly count: number;
  readonly users: ReadonlySet<string>;
  readonly pending: readonly PendingDeletion[];
}

export interface PendingDeletion {
  readonly kind: ResourceKind;
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

const prefixes = { User: "u:", Group: "g:" } as const;
const nameOf = (kind: ResourceKind, id: string): string => prefixes[kind] + id;

export function decodeDeletions(item: Item = {}): Deletions {
  const pending = Object.keys(item).flatMap((name): PendingDeletion[] => {
    const kind = name.startsWith(prefixes.User) ? "User" : name.startsWith(prefixes.Group) ? "Group" : undefined;
    return kind === undefined ? [] : [{ kind, id: name.slice(prefixes[kind].length), since: numberOf(item, name) }];
  });
  return {
    count: numberOf(item, "n"),
    users: new Set(pending.filter(({ kind }) => kind === "User").map(({ id }) => id)),
    pending,
  };
}

/** The unfinished deletions, strongly consistent. Costs one read. */
export const readDeletions = async (store: Store): Promise<Deletions> =>
  decodeDeletions(await getItem(store, keys.deletions));

/** The transaction item that commits a deletion. */
export const enterDeletion = (table: string, kind: ResourceKind, id: string): TransactWriteItem => ({
  Update: {
    TableName: table,
    Key: keys.deletions,
    UpdateExpression: `SET #id = :now${kind === "User" ? " ADD n :one" : ""}`,
    ExpressionAttributeNames: { "#id": nameOf(kind, id) },
    ExpressionAttributeValues: { ":now": N(Date.now()), ...(kind === "User" && { ":one": N(1) }) },
  },
});

/** The transaction item that finishes a deletion. */
export const removeDeletion = (table: string, kind: ResourceKind, id: string): TransactWriteItem => ({
  Update: {
    TableName: table,
    Key: keys.deletions,
    UpdateExpression: "REMOVE #id",
    ExpressionAttributeNames: { "#id": nameOf(kind, id) },
  },
});
