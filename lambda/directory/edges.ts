import type { WriteRequest } from "@aws-sdk/client-dynamodb";
import { N, numberOf, textOf } from "./items.ts";
import { keys, type Item } from "./keys.ts";

/** Seconds after which DynamoDB may remove the edge of a member that a large change took out. */
const DEAD_EDGE_TTL = 24 * 60 * 60;

/** A membership: added in an epoch and, once a large change removes it, removed in one. */
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

export function aliveAt(
  edge: { readonly added: number; readonly removed: number | undefined },
  epoch: number,
): boolean {
  return edge.added <= epoch && (edge.removed === undefined || edge.removed > epoch);
}

export interface EdgeWrites {
  /** Written before the reverse ones, so that every reverse edge has its forward one. */
  readonly forwardPuts: readonly WriteRequest[];
  readonly reverse: readonly WriteRequest[];
  /** Deleted after the reverse ones, for the same reason. */
  readonly forwardDeletes: readonly WriteRequest[];
  /** The users whose edges this epoch added or removes, in this attempt or an earlier one. */
  readonly touched: readonly string[];
}

/**
 * The writes that make `target` the members at `epoch`, which is not committed, and leave every earlier epoch as it is.
 * Edges that are right already, from an attempt that was cut short, need none.
 */
export function edgeWrites(
  groupId: string,
  edges: ReadonlyMap<string, Edge>,
  target: EdgeTarget,
  epoch: number,
): EdgeWrites {
  const forwardPuts: WriteRequest[] = [];
  const reverse: WriteRequest[] = [];
  const forwardDeletes: WriteRequest[] = [];
  const touched = new Set(
    [...edges.values()].filter((edge) => edge.added === epoch || edge.removed === epoch).map(({ userId }) => userId),
  );
  const put = (userId: string, attributes: Item): void => {
    touched.add(userId);
    forwardPuts.push({
      PutRequest: { Item: { ...keys.member(groupId, userId), ...attributes } },
    });
    reverse.push({
      PutRequest: {
        Item: { ...keys.membership(userId, groupId), ...attributes },
      },
    });
  };
  for (const userId of target.add) {
    const edge = edges.get(userId);
    if (edge !== undefined && aliveAt(edge, epoch)) continue;
    const committed = edge !== undefined && aliveAt(edge, epoch - 1);
    put(userId, { a: N(committed ? edge.added : epoch) });
  }
  for (const userId of target.remove) {
    const edge = edges.get(userId);
    if (edge === undefined || !aliveAt(edge, epoch)) continue;
    if (edge.added === epoch) {
      forwardDeletes.push({
        DeleteRequest: { Key: keys.member(groupId, userId) },
      });
      reverse.push({
        DeleteRequest: { Key: keys.membership(userId, groupId) },
      });
    } else {
      const ttl = Math.floor(Date.now() / 1000) + DEAD_EDGE_TTL;
      put(userId, { a: N(edge.added), r: N(epoch), ttl: N(ttl) });
    }
  }
  return { forwardPuts, reverse, forwardDeletes, touched: [...touched] };
}

export interface EdgeTarget {
  readonly add: Iterable<string>;
  readonly remove: Iterable<string>;
}
