import { edgeChanges, edgeItems, isDead, membersAt, asRead, type Edge, type EdgeChange } from "./edges.ts";
import { chunks } from "./bounded.ts";
import { fence } from "./intent.ts";
import { keys } from "./keys.ts";
import { edgesTo } from "./members.ts";
import { batchSize, passed, reserve, slowDown, toRemember, type Pace } from "./pace.ts";
import { busy, pause, wait } from "./retry.ts";
import { refusedAt, transactWrite, type Store } from "./store.ts";
import { isThrottle } from "./transient.ts";
import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";

/** Milliseconds reserved for parking the intent and for the answer. */
const PARKING_TIME = 2_000;

/** A large change of a group while its request holds the intent. */
export interface EpochWork {
  readonly store: Store;
  readonly groupId: string;
  readonly owner: string;
  /** The epoch that the change commits. */
  readonly epoch: number;
  readonly pace: Pace;
  /** The edges before the change: all edges of the group, or those that a delta names. */
  readonly before: Map<string, Edge>;
  /** The same edges after the change. */
  readonly after: Map<string, Edge>;
}

/** Whether the request must stop now to park its intent before the deadline. */
export const outOfTime = ({ deadline }: Store): boolean => deadline.remaining() < PARKING_TIME;

/** Waits until the pace allows these edges. @throws BusyError if it would be too late to write them */
async function keepPace({ store, pace }: EpochWork, edges: number): Promise<void> {
  const delay = reserve(pace, edges, Date.now());
  if (store.deadline.remaining() - delay < PARKING_TIME) throw busy();
  if (delay > 0) await wait(delay, store.deadline);
}

/** Writes one transaction of edges. Throttling by DynamoDB lowers the pace. */
async function writeAtPace(work: EpochWork, edges: number, items: readonly TransactWriteItem[]) {
  const { store, pace } = work;
  const refused = await transactWrite(store, items, async (error, attempt) => {
    if (!isThrottle(error)) return pause(attempt, store.deadline, error);
    const delay = slowDown(pace, edges, Date.now());
    if (store.deadline.remaining() - delay < PARKING_TIME) throw busy(undefined, error);
    await wait(delay, store.deadline, error);
  });
  if (refused === undefined) passed(pace, edges);
  return refused;
}

/**
 * Makes changes in transactions that each hold the intent and renew its lease, so that a request that lost the intent
 * writes nothing more, however late. Returns false if the intent was lost. @throws BusyError when the time is up
 */
export async function writeEdges(work: EpochWork, changes: readonly EdgeChange[]): Promise<boolean> {
  const { store, groupId, owner, pace } = work;
  let pending = [...changes];
  while (pending.length > 0) {
    const chunk = pending.slice(0, batchSize(pace));
    if (outOfTime(store)) throw busy();
    await keepPace(work, chunk.length);
    const items = chunk.flatMap((change) => edgeItems(store.table, groupId, change));
    const refused = await writeAtPace(work, chunk.length, [
      fence(store.table, groupId, owner, toRemember(pace)),
      ...items,
    ]);
    if (refused === undefined) {
      pending = pending.slice(chunk.length);
      for (const { userId, to } of chunk) setEdge(work.after, userId, to);
      continue;
    }
    if (refusedAt(refused, 0)) return false;
    const stale = new Set(chunk.filter((_, at) => refusedAt(refused, 1 + 2 * at)));
    pending = [...(await compareAgain(work, [...stale])), ...pending.filter((change) => !stale.has(change))];
  }
  return true;
}

function setEdge(edges: Map<string, Edge>, userId: string, edge: Edge | undefined): void {
  if (edge === undefined) edges.delete(userId);
  else edges.set(userId, edge);
}

/** Reads the edges again that another change overtook, and returns the changes that lead to the same members. */
async function compareAgain(work: EpochWork, stale: readonly EdgeChange[]): Promise<EdgeChange[]> {
  const ids = stale.map(({ userId }) => userId);
  const current = await edgesTo(work.store, work.groupId, ids);
  for (const id of ids) {
    setEdge(work.before, id, current.get(id));
    setEdge(work.after, id, current.get(id));
  }
  const isAdded = ({ to }: EdgeChange): boolean => to !== undefined && to.removed === undefined;
  const of = (changes: readonly EdgeChange[]): string[] => changes.map(({ userId }) => userId);
  const add = of(stale.filter(isAdded));
  const remove = of(stale.filter((change) => !isAdded(change)));
  return edgeChanges(current, { add, remove }, work.epoch);
}

/** Deletes dead edges, as far as the time allows. No reader sees them. */
export async function clearDead(work: EpochWork, edges: Iterable<Edge>, epoch: number): Promise<void> {
  const dead = [...edges].filter((edge) => isDead(edge, epoch));
  for (const chunk of chunks(dead, batchSize(work.pace))) {
    if (outOfTime(work.store)) return;
    await keepPace(work, chunk.length);
    await clearEdges(work.store, work.groupId, chunk, (items) => writeAtPace(work, chunk.length, items));
  }
}

/** Deletes the dead edges of one transaction, except those of users that were added again since. */
export async function clearEdges(
  store: Store,
  groupId: string,
  dead: readonly Edge[],
  write: (items: readonly TransactWriteItem[]) => ReturnType<typeof transactWrite>,
): Promise<void> {
  for (let rest = dead; rest.length > 0;) {
    const current = rest;
    const refused = await write(
      current.flatMap((edge): TransactWriteItem[] => [
        { Delete: { TableName: store.table, Key: keys.member(groupId, edge.userId), ...asRead(edge) } },
        { Delete: { TableName: store.table, Key: keys.membership(edge.userId, groupId) } },
      ]),
    );
    if (refused === undefined) return;
    rest = current.filter((_, at) => !refusedAt(refused, 2 * at));
  }
}

/** The users that are members after the change and were not before it. */
export const addedUsers = ({ before, after, epoch }: EpochWork): string[] => {
  const members = membersAt(before, epoch - 1);
  return [...membersAt(after, epoch)].filter((id) => !members.has(id));
};
