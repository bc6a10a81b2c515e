import type { Stored } from "../model.ts";
import { aliveAt, decodeMembership } from "./edges.ts";
import { AbsentError } from "./errors.ts";
import { decodeGroup, isVisible } from "./group.ts";
import { decodeStored } from "./items.ts";
import { isId, keys, partition, type Item } from "./keys.ts";
import { busy, pause } from "./retry.ts";
import { batchGet, queryPages, type Store } from "./store.ts";
import { isDeleting } from "./userDeletion.ts";
import { idOf, isResource, otherEnd } from "./values.ts";

/** Attempts to read a user while changes overtake the reads. */
const ATTEMPTS = 12;

export interface UserWithGroups {
  readonly user: Stored;
  readonly groups: readonly Stored[];
}

/**
 * The user with its groups, all of one committed state. @throws AbsentError; BusyError if changes overtake every
 * attempt
 */
export async function getUserWithGroups(store: Store, id: string): Promise<UserWithGroups> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const before = await readPartition(store, id);
    const groups = await groupsOf(store, before);
    // Edges that are the same before and after their groups were read are those of the moment between.
    const after = await readPartition(store, id);
    if (isSame(before, after)) return { user: decodeStored(after.user), groups };
    await pause(attempt, store.deadline);
  }
  throw busy(1);
}

/** The groups of a user; none if the user does not exist. */
export async function groupsWithMember(store: Store, userId: string): Promise<readonly Stored[]> {
  try {
    return (await getUserWithGroups(store, userId)).groups;
  } catch (error) {
    if (error instanceof AbsentError) return [];
    throw error;
  }
}

interface Partition {
  readonly user: Item;
  /** In order of the group's id. */
  readonly edges: readonly Item[];
}

/** The user and its edges, which share a partition. */
async function readPartition(store: Store, id: string): Promise<Partition> {
  const items: Item[] = [];
  if (isId(id)) for await (const page of queryPages(store, partition.resource("User", id))) items.push(...page);
  const user = items.find(isResource);
  if (user === undefined || isDeleting(user)) throw new AbsentError("User", id);
  return { user, edges: items.filter((item) => !isResource(item)) };
}

const fingerprint = ({ user, edges }: Partition): string =>
  JSON.stringify([user["v"]?.N, edges.map((edge) => [edge["sk"]?.S, edge["a"]?.N, edge["r"]?.N])]);

const isSame = (one: Partition, other: Partition): boolean => fingerprint(one) === fingerprint(other);

/** The groups that edges lead to, if their committed epoch has the edge, in order of id. */
async function groupsOf(store: Store, { user, edges }: Partition): Promise<Stored[]> {
  const items = await batchGet(
    store,
    edges.map((edge) => keys.resource("Group", otherEnd(edge))),
  );
  const groups = new Map(items.filter(isVisible).map((item) => [idOf(item), decodeGroup(item)]));
  return edges.flatMap((edge) => {
    const membership = decodeMembership(edge, idOf(user));
    const group = groups.get(membership.groupId);
    return group !== undefined && aliveAt(membership, group.epoch) ? [group.stored] : [];
  });
}
