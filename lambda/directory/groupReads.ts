import type { Stored } from "../model.ts";
import { decodeDeletions } from "./deletions.ts";
import { digestOf } from "./digest.ts";
import { addEdges, EDGE_ATTRIBUTES, isDead, membersAt, type Edge } from "./edges.ts";
import { clearEdges } from "./epochWrites.ts";
import { AbsentError, DirectoryError } from "./errors.ts";
import { decodeGroup, GROUP_ATTRIBUTES, isTombstone, isVisible, readGroup, type Group } from "./group.ts";
import { isId, keys, partition, type Item } from "./keys.ts";
import { giveDigest, without } from "./members.ts";
import { findByName } from "./reservations.ts";
import { busy, pause } from "./retry.ts";
import { queryPages, transactGet, transactWrite, type Store } from "./store.ts";
import { finishOld } from "./unfinished.ts";
import { isResource, numberOf } from "./values.ts";

/** Attempts to read a group while changes overtake the reads. */
const ATTEMPTS = 12;
/** Dead edges that one transaction deletes, at most. */
const EDGES_A_TRANSACTION = 49;

export interface GroupWithMembers {
  readonly group: Stored;
  readonly members: readonly string[];
}

/** @throws AbsentError */
export async function visibleGroup(store: Store, id: string): Promise<Group> {
  const group = await readGroup(store, id);
  if (group === undefined || group.hidden) throw new AbsentError("Group", id);
  return group;
}

/** The visible group with this name, compared without case and without its members; undefined if there is none. */
export async function findGroupByDisplayName(store: Store, displayName: string): Promise<Stored | undefined> {
  return findByName(store, "Group", displayName, async (id) => {
    const group = await readGroup(store, id);
    return group === undefined || group.hidden ? undefined : group.stored;
  });
}

/**
 * The group with its members, both of one committed state. @throws AbsentError; BusyError if changes overtake every
 * attempt
 */
export async function getGroupWithMembers(store: Store, id: string): Promise<GroupWithMembers> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const read = await readPartition(store, id);
    if (read.group.digest === undefined) {
      await giveDigest(store, read.group);
      continue;
    }
    const verified = await verify(store, read, attempt === ATTEMPTS - 1);
    if (verified !== undefined) return verified;
    await pause(attempt, store.deadline);
  }
  throw busy(1);
}

interface Partition {
  readonly group: Group;
  readonly edges: ReadonlyMap<string, Edge>;
}

/** The attributes that a read of the whole partition returns. Without the partition key, an answer is half as long. */
const attributes = [...EDGE_ATTRIBUTES, ...GROUP_ATTRIBUTES];

async function readPartition(store: Store, id: string): Promise<Partition> {
  if (!isId(id)) throw new AbsentError("Group", id);
  let found: Item | undefined;
  const edges = new Map<string, Edge>();
  for await (const page of queryPages(store, partition.resource("Group", id), { attributes })) {
    // The group comes first: its sort key is the lowest.
    const [first] = page;
    if (first !== undefined && isResource(first)) found = page.shift();
    addEdges(edges, page);
  }
  if (found === undefined || !isVisible(found)) throw new AbsentError("Group", id);
  return { group: decodeGroup({ ...found, ...keys.resource("Group", id) }), edges };
}

/**
 * The group and members that were read, if they are the committed state now. The digest proves that the edges belong to
 * the version that was read, in whatever order and in however many pieces DynamoDB read them. The transaction proves
 * that this version is current at a moment for which it also tells the deleted users.
 */
async function verify(store: Store, read: Partition, isLast: boolean): Promise<GroupWithMembers | undefined> {
  const { group, edges } = read;
  const members = membersAt(edges, group.epoch);
  if (digestOf(members) !== group.digest && !isLast) return undefined;
  const [now, deletionsItem] = await transactGet(store, [keys.resource("Group", group.id), keys.deletions]);
  if (now === undefined || isTombstone(now) || numberOf(now, "v") !== group.version) return undefined;
  const deletions = decodeDeletions(deletionsItem);
  const shown = without(members, deletions.users);
  await tidy(store, read, deletions.pending);
  return { group: withVersion(group.stored, members, shown), members: [...shown].sort() };
}

/** Until the edges of a deleted user are removed, the version differs between the states with and without the user. */
function withVersion(stored: Stored, members: ReadonlySet<string>, shown: ReadonlySet<string>): Stored {
  if (members.size === shown.size) return stored;
  return { ...stored, version: `${stored.version}.${digestOf(without(members, shown))}` };
}

/** Removes a few leftovers of other requests. The answer does not depend on it. */
async function tidy(
  store: Store,
  { group, edges }: Partition,
  pending: Parameters<typeof finishOld>[1],
): Promise<void> {
  const dead: Edge[] = [];
  for (const edge of edges.values()) {
    if (isDead(edge, group.epoch)) dead.push(edge);
    if (dead.length === EDGES_A_TRANSACTION) break;
  }
  try {
    if (dead.length > 0 && group.intent === undefined) {
      await clearEdges(store, group.id, dead, (items) => transactWrite(store, items));
    }
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
  }
  await finishOld(store, pending);
}
