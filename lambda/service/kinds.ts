import { mapBounded } from "../concurrency.ts";
import type {
  ChangedGroup,
  Directory,
  JsonObject,
  MemberChange,
  ResourceKind,
  Stored,
  WriteOptions,
} from "../model.ts";
import { isOver, timeIsOver } from "../query/deadline.ts";
import { tooManyFound } from "../query/plan.ts";
import { WIDTH } from "../query/source.ts";
import { limits } from "../scim/limits.ts";
import type { Connections } from "../scim/representation/resource.ts";
import type { Context } from "./context.ts";
import { orAbsent } from "./errors.ts";

/** A resource after a change. */
export interface Change {
  readonly attributes: JsonObject;
  /** Only for a group. */
  readonly members?: MemberChange | undefined;
}

/** A resource and its connections, from one read. */
export interface Connected {
  readonly stored: Stored;
  readonly connections: Connections;
}

/** How the directory serves one resource type: every difference between users and groups. */
export interface Kind {
  /** The attribute that holds a resource's connections. */
  readonly connection: "groups" | "members";
  /** Whether a PATCH returns the resource although the client asks for no `attributes`. */
  readonly isAnsweredByPatch: boolean;
  /** Attributes that PUT keeps if its document leaves them out, beside `members`. */
  readonly kept: readonly string[];
  create(directory: Directory, attributes: JsonObject, members: ReadonlySet<string>): Promise<ChangedGroup>;
  get(directory: Directory, id: string): Promise<Stored>;
  getConnected(directory: Directory, id: string): Promise<Connected>;
  update(
    directory: Directory,
    id: string,
    change: (current: Stored) => Change,
    options: WriteOptions,
  ): Promise<ChangedGroup>;
  remove(directory: Directory, id: string, options: WriteOptions): Promise<void>;
  /** The attributes by which the directory finds resources; a query prefers the first. */
  readonly lookups: Readonly<Record<string, FindByValue>>;
}

/** Finds resources by an attribute's value, in order of id. Throws 400 `tooMany` beyond 5,000. */
export type FindByValue = (context: Context, value: string) => Promise<readonly Stored[]>;

export const kinds: Readonly<Record<ResourceKind, Kind>> = {
  User: {
    connection: "groups",
    isAnsweredByPatch: true,
    // A client that leaves `active` out does not mean to change who may sign in.
    kept: ["active"],
    create: (directory, attributes) => directory.createUser({ active: true, ...attributes }),
    get: (directory, id) => directory.getUser(id),
    async getConnected(directory, id) {
      const { user, groups } = await directory.getUserWithGroups(id);
      return { stored: user, connections: { groups } };
    },
    update: (directory, id, change, options) =>
      directory.updateUser(id, (current) => change(current).attributes, options),
    remove: (directory, id, options) => directory.deleteUser(id, options),
    lookups: {
      id: async ({ directory }, id) => listOf(await orAbsent(directory.getUser(id))),
      userName: async ({ directory }, userName) => listOf(await directory.findUserByUserName(userName)),
      externalId: ({ directory }, externalId) => directory.findByExternalId("User", externalId, limits.scan + 1),
      groups: usersOfGroup,
    },
  },
  Group: {
    connection: "members",
    // The members of a group cost a read.
    isAnsweredByPatch: false,
    kept: [],
    create: (directory, attributes, members) => directory.createGroup(attributes, members),
    get: (directory, id) => directory.getGroup(id),
    async getConnected(directory, id) {
      const { group, members } = await directory.getGroupWithMembers(id);
      return { stored: group, connections: { members } };
    },
    update: (directory, id, change, options) => directory.updateGroup(id, change, options),
    remove: (directory, id, options) => directory.deleteGroup(id, options),
    lookups: {
      members: ({ directory }, userId) => directory.groupsWithMember(userId),
      id: async ({ directory }, id) => listOf(await orAbsent(directory.getGroup(id))),
      displayName: async ({ directory }, displayName) => listOf(await directory.findGroupByDisplayName(displayName)),
      externalId: ({ directory }, externalId) => directory.findByExternalId("Group", externalId, limits.scan + 1),
    },
  },
};

const listOf = (found: Stored | undefined): readonly Stored[] => (found ? [found] : []);

async function usersOfGroup({ directory, deadline }: Context, groupId: string): Promise<readonly Stored[]> {
  const members = (await orAbsent(directory.getGroupWithMembers(groupId)))?.members ?? [];
  if (members.length > limits.scan) throw tooManyFound();
  const users = await mapBounded(
    members,
    WIDTH,
    (id) => orAbsent(directory.getUser(id)),
    () => isOver(deadline),
  );
  if (users.length < members.length)
    throw timeIsOver("User", "Read the group with attributes=members, and its members by id.");
  return users.filter((user) => user !== undefined);
}
