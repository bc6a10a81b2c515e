import { randomUUID } from "node:crypto";
import type { CancellationReason } from "@aws-sdk/client-dynamodb";
import { aliveAt, edgeWrites, type Edge, type EdgeTarget } from "./edges.ts";
import type { MemberPlan } from "./groups.ts";
import { N, S, numberOf, textOf } from "./items.ts";
import { keys, type Item } from "./keys.ts";
import { groupItems, type GroupUpdate } from "./members.ts";
import { busy } from "./retry.ts";
import type { Store } from "./store.ts";

/** Milliseconds before the deadline at which a large change stops and leaves the rest to the retry. */
const PARK_BEFORE = 2_000;
/** Milliseconds that clocks of two functions may differ by. */
const CLOCK_SKEW = 5_000;

/** A large change that is not committed. */
export interface Intent {
  readonly epoch: number;
  readonly holder: string;
  /** Epoch milliseconds after which the owner cannot be alive any more. */
  readonly until: number;
  /** Whether the owner stopped and left the rest to the next request. */
  readonly parked: boolean;
}

export function intentOf(item: Item): Intent | undefined {
  const map = item["intent"]?.M;
  if (map === undefined) return undefined;
  return {
    epoch: numberOf(map, "epoch"),
    holder: textOf(map, "holder"),
    until: numberOf(map, "until"),
    parked: map["parked"]?.BOOL === true,
  };
}

class Parked extends Error {}

export interface Epochs {
  /**
   * Applies a change of any size: the edges of the next epoch are written while readers see the committed one, and one
   * write of the group's item makes them visible. With `adopted`, all edges of the group, it finishes or discards what
   * an earlier request left. Undefined when committed, else why it was refused.
   * @throws ScimError 429 when the deadline comes first; a retry goes on from there
   */
  apply(
    update: GroupUpdate,
    plan: MemberPlan,
    how: {
      readonly adopted: ReadonlyMap<string, Edge> | undefined;
      existing(ids: readonly string[]): Promise<ReadonlySet<string>>;
    },
  ): Promise<readonly CancellationReason[] | undefined>;
}

export function createEpochs(store: Store): Epochs {
  const { deadline } = store;

  async function take(update: GroupUpdate, holder: string): Promise<boolean> {
    const { item } = update;
    const previous = intentOf(item);
    const intent = {
      M: {
        epoch: N(numberOf(item, "e") + 1),
        holder: S(holder),
        until: N(Date.now() + deadline.remaining() + CLOCK_SKEW),
      },
    };
    const free = previous ? "intent.holder = :previous" : "attribute_not_exists(intent)";
    const taken = await store.update({
      key: keys.resource("Group", textOf(item, "pk").slice(2)),
      expression: "SET intent = :intent",
      condition: `attribute_not_exists(gone) AND e = :e AND ${free}${update.exact ? " AND v = :v" : ""}`,
      values: {
        ":intent": intent,
        ":e": N(numberOf(item, "e")),
        ...(previous ? { ":previous": S(previous.holder) } : {}),
        ...(update.exact ? { ":v": N(numberOf(item, "v")) } : {}),
      },
    });
    return taken !== undefined;
  }

  async function park(item: Item, holder: string): Promise<void> {
    await store.update({
      key: keys.resource("Group", textOf(item, "pk").slice(2)),
      expression: "SET intent.parked = :true",
      condition: "intent.holder = :holder",
      values: { ":true": { BOOL: true }, ":holder": S(holder) },
    });
  }

  const inTime = async (): Promise<void> => {
    if (deadline.remaining() < PARK_BEFORE) throw new Parked();
  };

  async function write(
    groupId: string,
    edges: ReadonlyMap<string, Edge>,
    target: EdgeTarget,
    epoch: number,
  ): Promise<void> {
    const writes = edgeWrites(groupId, edges, target, epoch);
    await store.batchWrite(writes.forwardPuts, inTime);
    await store.batchWrite(writes.reverse, inTime);
    await store.batchWrite(writes.forwardDeletes, inTime);
  }

  return {
    async apply(update, plan, { adopted, existing }) {
      const { item } = update;
      const groupId = textOf(item, "pk").slice(2);
      const epoch = numberOf(item, "e") + 1;
      const holder = randomUUID();
      if (!(await take(update, holder))) return [{ Code: "ConditionalCheckFailed" }];
      try {
        const target = adopted === undefined ? plan : wholeTarget(adopted, plan, epoch);
        await write(groupId, adopted ?? plan.edges, target, epoch);
        // A deletion marks its user before it looks for edges, and the edges are there now: one of the two sees the other.
        const added = [...plan.add];
        const there = await existing(added);
        const gone = added.filter((user) => !there.has(user));
        if (gone.length > 0) {
          const written = new Map(gone.map((userId) => [userId, { userId, added: epoch, removed: undefined }]));
          await write(groupId, written, { add: [], remove: gone }, epoch);
        }
      } catch (error) {
        if (!(error instanceof Parked)) throw error;
        await park(item, holder);
        throw busy();
      }
      return store.transact(
        groupItems(store, update, epoch - 1, {
          set: ", e = :next",
          condition: "intent.holder = :holder",
          values: { ":next": N(epoch), ":holder": S(holder) },
        }),
      );
    },
  };
}

/** The whole list that an adopted change must end at: the committed members with this plan applied. */
function wholeTarget(edges: ReadonlyMap<string, Edge>, plan: MemberPlan, epoch: number): EdgeTarget {
  const members = new Set([...edges.values()].filter((edge) => aliveAt(edge, epoch - 1)).map((edge) => edge.userId));
  for (const user of plan.add) members.add(user);
  for (const user of plan.remove) members.delete(user);
  return { add: members, remove: [...edges.keys()].filter((user) => !members.has(user)) };
}
