import type { Deadline, Directory } from "../model.ts";
import type { DynamoDb } from "./client.ts";
import { deleteGroup } from "./groupDeletion.ts";
import { createGroup } from "./groupCreation.ts";
import { findGroupByDisplayName, getGroupWithMembers, visibleGroup } from "./groupReads.ts";
import { updateGroup } from "./groups.ts";
import { countResources, findByExternalId, page, pageAfter, pageBefore } from "./listing.ts";
import { getUserWithGroups, groupsWithMember } from "./memberships.ts";
import type { Store } from "./store.ts";
import { deleting } from "./unfinished.ts";
import { deleteUser } from "./userDeletion.ts";
import { createUser, findUserByUserName, getUser, updateUser } from "./users.ts";

export type { Deadline, Directory, Stored } from "../model.ts";

export interface DirectoryOptions {
  /** Of DynamoDB. The directory retries; the client does not. */
  readonly client: DynamoDb;
  readonly tableName: string;
  /** Of the request that this directory serves. */
  readonly deadline: Deadline;
  /** The id of that request, if its changes are told to others; it becomes the `txn` of their events. */
  readonly transaction?: string | undefined;
}

/** The directory of one tenant for one request. Errors of the access policy (`AccessDeniedException`) come through unchanged. */
export function createDirectory({ client, tableName, deadline, transaction }: DirectoryOptions): Directory {
  const store: Store = { client, table: tableName, deadline, transaction };
  return {
    createUser: (attributes) => createUser(store, attributes),
    getUser: (id) => getUser(store, id),
    updateUser: (id, change, options) => updateUser(store, id, change, options),
    deleteUser: (id, options) => deleting(store, deleteUser(store, id, options)),
    findUserByUserName: (userName) => findUserByUserName(store, userName),
    findByExternalId: (kind, externalId, count) => findByExternalId(store, kind, externalId, count),
    getUserWithGroups: (id) => getUserWithGroups(store, id),
    groupsWithMember: (userId) => groupsWithMember(store, userId),
    createGroup: (attributes, members) => createGroup(store, attributes, members),
    getGroup: async (id) => (await visibleGroup(store, id)).stored,
    getGroupWithMembers: (id) => getGroupWithMembers(store, id),
    updateGroup: (id, change, options) => updateGroup(store, id, change, options),
    deleteGroup: (id, options) => deleting(store, deleteGroup(store, id, options)),
    findGroupByDisplayName: (displayName) => findGroupByDisplayName(store, displayName),
    page: (kind, offset, count) => page(store, kind, offset, count),
    pageAfter: (kind, after, count) => pageAfter(store, kind, after, count),
    pageBefore: (kind, before, count) => pageBefore(store, kind, before, count),
    count: (kind) => countResources(store, kind),
  };
}
