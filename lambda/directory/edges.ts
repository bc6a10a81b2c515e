import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { keys, type Item } from "./keys.ts";
import { N, numberOf, otherEnd } from "./values.ts";

/**
 * A membership: the epoch that added it and, once a large change removes it, the epoch of that change. It is stored twice,
 * under its group and under its user; one transaction always changes both items.
 */
export interface Edge {
  readonly userId: string;
  readonly added: number;
  readonly removed: number | undefined;
}

/** The attributes from which an edge under its group is read. */
export const EDGE_ATTRIBUTES = ["sk", "a", "r"] as const;

const addedIn = (item: Item): number => numberOf(item, "a");
const removedIn = (item: Item): number | undefined => (item["r"] === undefined ? undefined : numberOf(item, "r"));

/** Adds the edges of items under their group, by user. */
export function addEdges(edges: Map<string, Edge>, items: readonly Item[]): void {
  for (const item of items) {
    const userId = otherEnd(item);
    edges.set(userId, { userId, added: addedIn(item), removed: removedIn(item) });
  }
}

/** Reads an edge, and the group that it leads to, from the item under its user. */
export const decodeMembership = (item: Item, userId: string): Edge & { readonly groupId: string } => ({
  userId,
  groupId: otherEnd(item),
  added: addedIn(item),
  removed: removedIn(item),
});

/** Whether a group at this epoch has the member. Edges of later epochs belong to a change that is not committed. */
export const aliveAt = (edge: Pick<Edge, "added" | "removed">, epoch: number): boolean =>
  edge.added <= epoch && (edge.removed === undefined || edge.removed > epoch);

/** Whether no reader sees the edge any more, because a committed epoch removed it. */
export const isDead = ({ removed }: Edge, epoch: number): boolean => removed !== undefined && removed <= epoch;

/** The ids of the users whose edges are alive at an epoch. */
export function membersAt(edges: ReadonlyMap<string, Edge>, epoch: number): Set<string> {
  const members = new Set<string>();
  for (const edge of edges.values()) if (aliveAt(edge, epoch)) members.add(edge.userId);
  return members;
}

/** A change of one edge. */
export interface EdgeChange {
  readonly userId: string;
  /** The edge as it was read; undefined if there was none. The change applies only while the edge is still the same. */
  readonly from: Edge | undefined;
  /** Undefined if both items are deleted. */
  readonly to: Edge | undefined;
}

export interface EdgeTarget {
  readonly add: Iterable<string>;
  readonly remove: Iterable<string>;
}

/**
 * The changes that make `target` the members at `epoch`, which is not committed, without changing the members at the
 * committed epoch before it. Edges that an interrupted attempt already wrote need no change; dead edges are deleted.
 */
export function edgeChanges(edges: ReadonlyMap<string, Edge>, target: EdgeTarget, epoch: number): EdgeChange[] {
  const changes: EdgeChange[] = [];
  for (const userId of target.add) {
    const from = edges.get(userId);
    if (from !== undefined && aliveAt(from, epoch)) continue;
    const added = from !== undefined && aliveAt(from, epoch - 1) ? from.added : epoch;
    changes.push({ userId, from, to: { userId, added, removed: undefined } });
  }
  for (const userId of target.remove) {
    const from = edges.get(userId);
    if (from === undefined || from.removed === epoch) continue;
    const to = aliveAt(from, epoch - 1) ? { ...from, removed: epoch } : undefined;
    changes.push({ userId, from, to });
  }
  return changes;
}

type Conditional = Pick<NonNullable<TransactWriteItem["Delete"]>, "ConditionExpression" | "ExpressionAttributeValues">;

/** The condition that an edge is as it was read. */
export function asRead(from: Edge | undefined): Conditional {
  if (from === undefined) return { ConditionExpression: "attribute_not_exists(pk)" };
  const { added, removed } = from;
  return {
    ConditionExpression: `a = :a AND ${removed === undefined ? "attribute_not_exists(r)" : "r = :r"}`,
    ExpressionAttributeValues: { ":a": N(added), ...(removed === undefined ? {} : { ":r": N(removed) }) },
  };
}

/** Both items of a changed edge; the first one carries the condition. */
export function edgeItems(table: string, groupId: string, { userId, from, to }: EdgeChange): TransactWriteItem[] {
  const [forward, reverse] = [keys.member(groupId, userId), keys.membership(userId, groupId)];
  if (to === undefined) {
    return [
      { Delete: { TableName: table, Key: forward, ...asRead(from) } },
      { Delete: { TableName: table, Key: reverse } },
    ];
  }
  const attributes: Item = { a: N(to.added), ...(to.removed !== undefined && { r: N(to.removed) }) };
  const write = N(Math.floor(Math.random() * 2 ** 32));
  return [
    { Put: { TableName: table, Item: { ...forward, ...attributes }, ...asRead(from) } },
    { Put: { TableName: table, Item: { ...reverse, ...attributes, w: write } } },
  ];
}
