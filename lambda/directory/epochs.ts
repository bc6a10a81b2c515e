import type { JsonObject, MemberChange, WriteKind } from "../model.ts";
import { readDeletions } from "./deletions.ts";
import { digestOf } from "./digest.ts";
import { edgeChanges, membersAt, type EdgeChange } from "./edges.ts";
import { addedUsers, clearDead, outOfTime, writeEdges, type EpochWork } from "./epochWrites.ts";
import { BusyError, DirectoryError } from "./errors.ts";
import { documentChange, groupUpdate, inTransaction, readGroup, type Group } from "./group.ts";
import { dropIntent, ownedBy, parkIntent, takeIntent } from "./intent.ts";
import { decodeStored, listed } from "./items.ts";
import { markedUpdate } from "./marks.ts";
import { checkSomeoneExists, existingUsers, readEdges, targetOf, without, type Difference } from "./members.ts";
import { holderOf } from "./names.ts";
import type { Outcome } from "./outcome.ts";
import { createPace } from "./pace.ts";
import { busy, pause } from "./retry.ts";
import { userExists } from "./smallChange.ts";
import { refusedAt, transactWrite, updateItem, type Store } from "./store.ts";
import { finishOld } from "./unfinished.ts";
import { N } from "./values.ts";

export interface EpochChange {
  readonly attributes: JsonObject;
  readonly members: MemberChange | undefined;
  /**
   * The difference that `members` makes, if it was computed at the group's version and without an intent, and how many
   * users had been deleted before it was known which of them exist.
   */
  readonly difference?: (Difference & { readonly deletions: number }) | undefined;
  /** Of `members` (`changeId.ts`). */
  readonly changeId: string;
  /** The request that applies it; the same for all of its attempts. */
  readonly owner: string;
  readonly how: WriteKind;
}

/**
 * Applies a change of any size as one change: takes the group's intent, writes edges that only the next epoch shows,
 * and commits the epoch with one write. An idle intent of another request is taken over with its epoch number and its
 * edges. All edges are brought to this change's members, which resumes a repeated request and undoes any other. The
 * intent keeps the count of deletions from before the first lookup of users: if it is the same in the end, all of them
 * exist. An undefined outcome means that another change came first: read again.
 */
export async function applyEpoch(store: Store, group: Group, change: EpochChange): Promise<Outcome> {
  const { owner, changeId } = change;
  const count = group.intent?.deletions ?? change.difference?.deletions ?? (await readDeletions(store)).count;
  if (!(await takeIntent(store, group, { owner, change: changeId, deletions: count }))) return {};
  try {
    const { work, changes, ...planned } = await plan(store, group, change);
    if (!(await writeEdges(work, changes))) return {};
    const deletions = await readDeletions(store);
    if (deletions.count !== count && !(await removeDeleted(work))) return {};
    const { stored, nameHolder } = await commit(work, group, change, planned);
    if (stored === undefined) return { nameHolder };
    await finishQuietly(() => clearDead(work, work.after.values(), work.epoch));
    await finishOld(store, deletions.pending);
    const isExact = planned.isWhole && stored.version === String(group.version + 1);
    return { stored, members: isExact ? without(membersAt(work.after, work.epoch), deletions.users) : undefined };
  } catch (error) {
    if (isRefusal(error) && !group.hidden) await undo(store, group, owner);
    // If this fails too, the lease runs out. Only a client that is told to wait sends the change again.
    else await parkIntent(store, group.id, { owner, isRetried: error instanceof BusyError }).catch(() => undefined);
    throw error;
  }
}

/** Whether a repetition of the request would be refused, too: nobody resumes it. */
const isRefusal = (error: unknown): boolean => error instanceof DirectoryError && !(error instanceof BusyError);

/** Work that the next change of the whole list repeats if this request has no time for it. */
async function finishQuietly(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
  }
}

/** As in a difference. */
type Planned = Pick<Difference, "isWhole" | "replacesAll">;

async function plan(
  store: Store,
  group: Group,
  { members, difference, owner }: EpochChange,
): Promise<{ readonly work: EpochWork; readonly changes: readonly EdgeChange[] } & Planned> {
  const epoch = group.epoch + 1;
  const begin = (edges: Difference["edges"]): EpochWork => ({
    ...{ store, groupId: group.id, owner, epoch, pace: createPace(group.pace, Date.now()) },
    ...{ before: new Map(edges), after: new Map(edges) },
  });
  if (group.intent === undefined && difference !== undefined) {
    const { edges, isWhole, replacesAll } = difference;
    return { work: begin(edges), changes: edgeChanges(edges, difference, epoch), isWhole, replacesAll };
  }
  for (let attempt = 0; ; attempt += 1) {
    const read = await readEdges(store, group, attempt);
    if (read !== undefined) {
      const { edges, current: committed } = read;
      const { target, replacesAll } = targetOf(members, committed);
      const known = group.intent?.deletions === undefined ? committed : membersAt(edges, epoch);
      const users = await existingUsers(store, without(without(target, committed), known));
      const add = [...target].filter((id) => committed.has(id) || known.has(id) || users.has(id));
      const replaces = { replacesAll: replacesAll && !group.hidden };
      checkSomeoneExists(replaces, add);
      const remove = without(new Set(edges.keys()), new Set(add));
      return { work: begin(edges), changes: edgeChanges(edges, { add, remove }, epoch), isWhole: true, ...replaces };
    }
    if (outOfTime(store)) throw busy();
    await pause(attempt, store.deadline);
  }
}

/**
 * Removes the edges that this change added for users that were deleted meanwhile. It must run after the edges are
 * written: a deletion that begins later finds the edges and waits for this change. Returns false if the intent was
 * lost.
 */
async function removeDeleted(work: EpochWork): Promise<boolean> {
  const added = addedUsers(work);
  const users = await existingUsers(work.store, added);
  const remove = added.filter((id) => !users.has(id));
  return writeEdges(work, edgeChanges(work.after, { add: [], remove }, work.epoch));
}

/** The digest of the new members. For a delta, only the difference is known. */
function newDigest({ before, after, epoch }: EpochWork, group: Group, isWhole: boolean): number | undefined {
  const sum = digestOf(membersAt(after, epoch));
  if (isWhole) return sum;
  return group.digest === undefined ? undefined : group.digest + sum - digestOf(membersAt(before, group.epoch));
}

async function commit(
  work: EpochWork,
  group: Group,
  { attributes, members: wanted, owner, how }: EpochChange,
  { isWhole, replacesAll }: Planned,
): Promise<Outcome> {
  const { store } = work;
  const members = [...membersAt(work.after, work.epoch)];
  checkSomeoneExists({ replacesAll }, members);
  const document = await documentChange(store, group, attributes);
  const { expression, values, names } = ownedBy(owner);
  const digest = newDigest(work, group, isWhole);
  const mark = { how: group.hidden ? "create" : how, members: wanted && "many" } as const;
  const marks = markedUpdate(store, mark);
  const update = groupUpdate(group, document, owner, {
    set: ["e = :next", ...(digest === undefined ? [] : ["d = :d"]), ...marks.set],
    remove: ["intent", "unborn", ...marks.remove],
    condition: `${expression} AND attribute_not_exists(gone)`,
    values: {
      ...values,
      ...marks.values,
      ":next": N(work.epoch),
      ...(digest === undefined ? {} : { ":d": N(digest) }),
    },
    names,
  });
  const others = [
    ...document.moved.items,
    ...(group.hidden ? listed(store.table, "Group", group.id, 1) : []),
    // A deletion may have begun since its users were removed: the list must not empty the group.
    ...(replacesAll ? members.slice(0, 1).map((id) => userExists(store.table, id)) : []),
  ];
  if (others.length === 0) {
    const item = await updateItem(store, update);
    if (item !== undefined) return { stored: decodeStored(item) };
  } else {
    const refused = await transactWrite(store, [...others, inTransaction(store.table, update)]);
    const nameHolder = refused && holderOf(refused, document.moved.nameIndex);
    if (nameHolder !== undefined && !refusedAt(refused ?? [], others.length)) {
      await withdraw(work, group);
      return { nameHolder };
    }
  }
  // The change was committed by a transaction, or by an update whose answer was lost, or not at all.
  const after = await readGroup(store, group.id);
  return { stored: after?.committedBy === owner ? after.stored : undefined };
}

/** Undoes what was written for a change that cannot be committed, and drops the intent. */
async function withdraw(work: EpochWork, group: Group): Promise<void> {
  const { store, groupId, owner, epoch } = work;
  for (let attempt = 0; ; attempt += 1) {
    const read = await readEdges(store, group, attempt);
    if (read !== undefined) {
      const { edges, current: add } = read;
      const remove = without(new Set(edges.keys()), add);
      const undone = { ...work, before: new Map(edges), after: new Map(edges) };
      if (await writeEdges(undone, edgeChanges(edges, { add, remove }, epoch))) {
        await dropIntent(store, groupId, owner);
      }
      return;
    }
    await pause(attempt, store.deadline);
  }
}

/** Undoes a large change whose client has not come back, as far as the time allows. */
export async function rollBack(store: Store, group: Group, owner: string): Promise<void> {
  const claim = { owner, change: undefined, deletions: group.intent?.deletions };
  if (await takeIntent(store, group, claim)) await undo(store, group, owner);
}

/** Undoes a large change of this owner as far as the time allows. */
async function undo(store: Store, group: Group, owner: string): Promise<void> {
  const work: EpochWork = {
    ...{ store, groupId: group.id, owner, epoch: group.epoch + 1, pace: createPace(group.pace, Date.now()) },
    ...{ before: new Map(), after: new Map() },
  };
  await finishQuietly(async () => {
    try {
      await withdraw(work, group);
    } catch (error) {
      await parkIntent(store, group.id, { owner, isRetried: false }).catch(() => undefined);
      throw error;
    }
  });
}
