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
    const groups = await groupItems(store, before);
    // Edges and groups that are the same in both readings are those of the moment between them.
    const [after, again] = await Promise.all([
      readPartition(store, id),
      before.edges.length > 1 ? groupItems(store, before) : groups,
    ]);
    if (fingerprint(before) === fingerprint(after) && versions(groups) === versions(again))
      return { user: decodeStored(after.user), groups: shownGroups(after, groups) };
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

/** `w` tells an edge that was removed and written again from the one before. */
const fingerprint = ({ user, edges }: Partition): string =>
  JSON.stringify([user["v"]?.N, edges.map((edge) => ["sk", "a", "r", "w"].map((name) => edge[name]))]);

/** Every visible change of a group gives it another version. */
const versions = (groups: ReadonlyMap<string, Item>): string =>
  JSON.stringify([...groups].map(([id, item]) => [id, item["v"]?.N]).sort());

/** The items of the groups that edges lead to, by id, each as it is at some moment of the request. */
async function groupItems(store: Store, { edges }: Partition): Promise<ReadonlyMap<string, Item>> {
  const items = await batchGet(
    store,
    edges.map((edge) => keys.resource("Group", otherEnd(edge))),
  );
  return new Map(items.map((item) => [idOf(item), item]));
}

/** The groups whose committed epoch has the user, in order of id. */
function shownGroups({ user, edges }: Partition, items: ReadonlyMap<string, Item>): Stored[] {
  return edges.flatMap((edge) => {
    const membership = decodeMembership(edge, idOf(user));
    const item = items.get(membership.groupId);
    if (item === undefined || !isVisible(item)) return [];
    const { stored, epoch } = decodeGroup(item);
    return aliveAt(membership, epoch) ? [stored] : [];
  });
}
