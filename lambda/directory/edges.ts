import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { N, numberOf, textOf } from "./items.ts";
import { keys, type Item } from "./keys.ts";

/**
 * A membership: the epoch that added it and, once a large change takes it out, the one that removed it. It is stored
 * twice, under its group and under its user, and both items change in one transaction always.
 */
export interface Edge {
  readonly userId: string;
  readonly added: number;
  readonly removed: number | undefined;
}

export function decodeEdge(item: Item): Edge {
  return {
    userId: textOf(item, "sk").slice(2),
    added: numberOf(item, "a"),
    removed: item["r"] === undefined ? undefined : numberOf(item, "r"),
  };
}

/** Whether a group at this epoch has the member. Edges of later epochs are changes that are not committed. */
export function isAlive(edge: Item, epoch: number): boolean {
  return aliveAt(decodeEdge(edge), epoch);
}

export function aliveAt(edge: Pick<Edge, "added" | "removed">, epoch: number): boolean {
  return edge.added <= epoch && (edge.removed === undefined || edge.removed > epoch);
}

/** What one edge becomes. */
export interface EdgeChange {
  readonly userId: string;
  /** Undefined where both of its items go. */
  readonly to: { readonly added: number; readonly removed: number | undefined } | undefined;
  /** A member of the committed epoch: the change is made only while the edge is there, or it would bring back one that left. */
  readonly isCommitted: boolean;
}

export interface EdgeTarget {
  readonly add: Iterable<string>;
  readonly remove: Iterable<string>;
}

/**
 * The changes that make `target` the members at `epoch`, which is not committed, and leave the committed one before it as
 * it is. Edges that are right already, from an attempt that was cut short, need none; dead ones are cleared away.
 */
export function edgeChanges(edges: ReadonlyMap<string, Edge>, target: EdgeTarget, epoch: number): EdgeChange[] {
  const changes: EdgeChange[] = [];
  for (const userId of target.add) {
    const edge = edges.get(userId);
    if (edge !== undefined && aliveAt(edge, epoch)) continue;
    const isCommitted = edge !== undefined && aliveAt(edge, epoch - 1);
    changes.push({ userId, isCommitted, to: { added: isCommitted ? edge.added : epoch, removed: undefined } });
  }
  for (const userId of target.remove) {
    const edge = edges.get(userId);
    if (edge === undefined || edge.removed === epoch) continue;
    const isCommitted = aliveAt(edge, epoch - 1);
    changes.push({ userId, isCommitted, to: isCommitted ? { added: edge.added, removed: epoch } : undefined });
  }
  return changes;
}

/** The edges as they are after the changes. */
export function changed(edges: ReadonlyMap<string, Edge>, changes: readonly EdgeChange[]): Map<string, Edge> {
  const after = new Map(edges);
  for (const { userId, to } of changes) {
    if (to === undefined) after.delete(userId);
    else after.set(userId, { userId, ...to });
  }
  return after;
}

/** Both items of a changed edge; the first one carries the condition. */
export function edgeItems(
  table: string,
  groupId: string,
  { userId, to, isCommitted }: EdgeChange,
): TransactWriteItem[] {
  const [forward, reverse] = [keys.member(groupId, userId), keys.membership(userId, groupId)];
  if (to === undefined) {
    return [{ Delete: { TableName: table, Key: forward } }, { Delete: { TableName: table, Key: reverse } }];
  }
  const attributes: Item = { a: N(to.added), ...(to.removed !== undefined && { r: N(to.removed) }) };
  const condition = isCommitted ? { ConditionExpression: "attribute_exists(pk)" } : {};
  return [
    { Put: { TableName: table, Item: { ...forward, ...attributes }, ...condition } },
    { Put: { TableName: table, Item: { ...reverse, ...attributes } } },
  ];
}

/** The items that clear a dead edge away, unless its user was added again since. */
export function clearingItems(table: string, groupId: string, userId: string, removed: number): TransactWriteItem[] {
  const condition = { ConditionExpression: "r = :r", ExpressionAttributeValues: { ":r": N(removed) } };
  return [
    { Delete: { TableName: table, Key: keys.member(groupId, userId), ...condition } },
    { Delete: { TableName: table, Key: keys.membership(userId, groupId), ...condition } },
  ];
}
