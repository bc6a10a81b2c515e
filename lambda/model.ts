/**
 * The types that protocol (`scim/`), queries and storage (`directory/`) share. Types only: nothing here runs.
 */

/** A JSON value as parsed from a request body or a stored document. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
/** A JSON object. Objects made from client input have no prototype, or only their own keys are read. */
export interface JsonObject {
  [name: string]: JsonValue;
}

/** The resource types that the directory keeps. */
export type ResourceKind = "User" | "Group";

/**
 * A stored resource. `attributes` is the SCIM document without `schemas`, `id`, `meta`, `groups` and `members`:
 * canonical attribute names, extensions under their URN. Times are ISO 8601 with milliseconds.
 */
export interface Stored {
  readonly id: string;
  /** Opaque; changes with every visible change of the resource. */
  readonly version: string;
  readonly created: string;
  readonly lastModified: string;
  readonly attributes: JsonObject;
}

/**
 * A change of a group's members. `delta` costs as much as it names; `replace` and `edit` read the whole list. Ids of
 * users that do not exist are left out. A `replace` or `edit` to a list that names no existing user is rejected with
 * `UnknownMembersError`, because it would empty the group; a new group is the exception. An empty list empties the
 * group.
 */
export type MemberChange =
  | { readonly kind: "delta"; readonly add: ReadonlySet<string>; readonly remove: ReadonlySet<string> }
  | { readonly kind: "replace"; readonly members: ReadonlySet<string> }
  | { readonly kind: "edit"; edit(current: ReadonlySet<string>): ReadonlySet<string> };

/** A group after a change. */
export interface ChangedGroup extends Stored {
  /** The ids of its members in order, if the change had to know them all. */
  readonly members?: readonly string[] | undefined;
}

/** How a client asked for a change of a resource: by PUT, or in parts. The change events tell it. */
export type WriteKind = "put" | "patch";

export interface WriteOptions {
  /** The write is refused unless the stored version satisfies this predicate (If-Match, RFC 7644 §3.14). */
  readonly ifMatch?: ((version: string) => boolean) | undefined;
  /** `patch` by default. */
  readonly how?: WriteKind;
}

export interface Page {
  readonly total: number;
  readonly resources: readonly Stored[];
}

/** The time that a request has left. After it, the directory throws `BusyError`. */
export interface Deadline {
  /** Milliseconds left. */
  remaining(): number;
}

/** The requests to DynamoDB since the last call. */
export interface Usage {
  /** HTTP requests, retries included. */
  readonly requests: number;
  /** Read and write capacity units that DynamoDB reported; it reports none for a request that it refused. */
  readonly readUnits: number;
  readonly writeUnits: number;
  /** Responses that ask to slow down. */
  readonly throttles: number;
}

/**
 * The directory of one tenant. Its methods throw the errors of `directory/errors.ts`: `AbsentError`; `TakenError` for a
 * userName or group displayName in use (compared without case); `StaleError` if `ifMatch` rejects the version;
 * `TooLargeError`; `UnknownMembersError`; `BusyError` if contention, throttling or the deadline stops it.
 */
export interface Directory {
  createUser(attributes: JsonObject): Promise<Stored>;
  getUser(id: string): Promise<Stored>;
  /** Read-modify-write with optimistic concurrency: `change` is pure and may run again. An unchanged document writes nothing. */
  updateUser(id: string, change: (current: Stored) => JsonObject, options?: WriteOptions): Promise<Stored>;
  deleteUser(id: string, options?: WriteOptions): Promise<void>;
  findUserByUserName(userName: string): Promise<Stored | undefined>;
  /** At most `count` of the users with this externalId, which is not unique. In order of id. */
  findByExternalId(kind: ResourceKind, externalId: string, count: number): Promise<readonly Stored[]>;
  /** The user with the groups that it is a member of, without their members, in order of group id. */
  getUserWithGroups(id: string): Promise<{ readonly user: Stored; readonly groups: readonly Stored[] }>;
  /** The groups of a user, without their members, in order of id; none if the user does not exist. */
  groupsWithMember(userId: string): Promise<readonly Stored[]>;

  createGroup(attributes: JsonObject, members: ReadonlySet<string>): Promise<ChangedGroup>;
  /** The group without its members. */
  getGroup(id: string): Promise<Stored>;
  /** The group with the ids of its members, one consistent view, in order of id. */
  getGroupWithMembers(id: string): Promise<{ readonly group: Stored; readonly members: readonly string[] }>;
  updateGroup(
    id: string,
    change: (current: Stored) => { readonly attributes: JsonObject; readonly members?: MemberChange | undefined },
    options?: WriteOptions,
  ): Promise<ChangedGroup>;
  deleteGroup(id: string, options?: WriteOptions): Promise<void>;
  findGroupByDisplayName(displayName: string): Promise<Stored | undefined>;

  /** Resources in order of id. `offset` is 0-based; the cost is the same at any depth. */
  page(kind: ResourceKind, offset: number, count: number): Promise<Page>;
  /** The first `count` resources with an id after `after`, in order of id; fewer only if there are no more. */
  pageAfter(kind: ResourceKind, after: string | undefined, count: number): Promise<readonly Stored[]>;
  /** The last `count` resources with an id before `before`, in order of id; fewer only if there are no more. */
  pageBefore(kind: ResourceKind, before: string, count: number): Promise<readonly Stored[]>;
  count(kind: ResourceKind): Promise<number>;
}
