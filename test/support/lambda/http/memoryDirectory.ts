import { randomUUID } from "node:crypto";
import type { Directory, ResourceKind, Stored } from "../../../../lambda/model.ts";
import { AbsentError, StaleError, TakenError, UnknownMembersError } from "../../../../lambda/directory/errors.ts";
import type { JsonObject } from "../../../../lambda/model.ts";
import { applyMembers } from "../../../../lambda/scim/patch/members.ts";

function textOf(attributes: JsonObject, name: string): string {
  const value = attributes[name];
  return typeof value === "string" ? value : "";
}

/** The stored resources, and the operations on them. */
function createStore() {
  const stores = { User: new Map<string, Stored>(), Group: new Map<string, Stored>() };
  const members = new Map<string, ReadonlySet<string>>();
  let versions = 0;

  const nameOf = (kind: ResourceKind, { attributes }: Pick<Stored, "attributes">): string =>
    textOf(attributes, kind === "User" ? "userName" : "displayName").toLowerCase();
  const all = (kind: ResourceKind): Stored[] => [...stores[kind].values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const byName = (kind: ResourceKind, name: string): Stored | undefined =>
    all(kind).find((stored) => nameOf(kind, stored) === name.toLowerCase());
  const read = (kind: ResourceKind, id: string): Stored => {
    const stored = stores[kind].get(id);
    if (!stored) throw new AbsentError(kind, id);
    return stored;
  };
  const save = (kind: ResourceKind, before: Stored | undefined, attributes: JsonObject): Stored => {
    const owner = byName(kind, nameOf(kind, { attributes }));
    if (owner && owner.id !== before?.id)
      throw new TakenError(kind, kind === "User" ? "userName" : "displayName", nameOf(kind, { attributes }));
    const now = new Date().toISOString();
    const id = before?.id ?? randomUUID();
    const stored = { id, version: String(++versions), created: before?.created ?? now, lastModified: now, attributes };
    stores[kind].set(id, stored);
    return stored;
  };
  const known = (ids: ReadonlySet<string>): Set<string> => new Set([...ids].filter((id) => stores.User.has(id)));
  const check = (stored: Stored, ifMatch?: (version: string) => boolean): void => {
    if (ifMatch && !ifMatch(stored.version)) throw new StaleError(stored.version);
  };
  const groupsWith = (userId: string): Stored[] =>
    [...stores.Group.values()].filter(({ id }) => members.get(id)?.has(userId));
  return { stores, members, all, byName, read, save, known, check, groupsWith };
}

function directoryOf(store: ReturnType<typeof createStore>): Directory {
  const { stores, members, all, byName, read, save, known, check, groupsWith } = store;
  return {
    createUser: async (attributes) => save("User", undefined, attributes),
    getUser: async (id) => read("User", id),
    updateUser: async (id, change, options) => {
      const current = read("User", id);
      check(current, options?.ifMatch);
      return save("User", current, change(current));
    },
    deleteUser: async (id, options) => {
      check(read("User", id), options?.ifMatch);
      stores.User.delete(id);
      for (const [groupId, ids] of members) members.set(groupId, new Set([...ids].filter((member) => member !== id)));
    },
    findUserByUserName: async (userName) => byName("User", userName),
    findByExternalId: async (kind, externalId) =>
      all(kind).filter(({ attributes }) => attributes["externalId"] === externalId),
    getUserWithGroups: async (id) => ({ user: read("User", id), groups: groupsWith(id) }),
    groupsWithMember: async (id) => groupsWith(id),
    createGroup: async (attributes, ids) => {
      const stored = save("Group", undefined, attributes);
      const existing = known(ids);
      members.set(stored.id, existing);
      return { ...stored, members: [...existing].sort() };
    },
    getGroup: async (id) => read("Group", id),
    getGroupWithMembers: async (id) => ({ group: read("Group", id), members: [...(members.get(id) ?? [])].sort() }),
    updateGroup: async (id, change, options) => {
      const current = read("Group", id);
      check(current, options?.ifMatch);
      const changed = change(current);
      const asked = changed.members && applyMembers(changed.members, members.get(id) ?? new Set());
      const next = asked && known(asked);
      if (changed.members?.kind !== "delta" && asked?.size && next?.size === 0) throw new UnknownMembersError();
      const stored = save("Group", current, changed.attributes);
      if (next) members.set(id, next);
      return stored;
    },
    deleteGroup: async (id, options) => {
      check(read("Group", id), options?.ifMatch);
      stores.Group.delete(id);
      members.delete(id);
    },
    findGroupByDisplayName: async (name) => byName("Group", name),
    page: async (kind, offset, count) => ({
      total: stores[kind].size,
      resources: all(kind).slice(offset, offset + count),
    }),
    pageAfter: async (kind, after, count) =>
      all(kind)
        .filter(({ id }) => after === undefined || id > after)
        .slice(0, count),
    pageBefore: async (kind, before, count) =>
      all(kind)
        .filter(({ id }) => id < before)
        .slice(-count),
    count: async (kind) => stores[kind].size,
  };
}

/** A directory in memory without concurrency; `calls` names the called methods. */
export function createMemoryDirectory(): { readonly directory: Directory; readonly calls: string[] } {
  const calls: string[] = [];
  const recorded = new Proxy(directoryOf(createStore()), {
    get(target, name, receiver) {
      if (typeof name === "string") calls.push(name);
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
  return { directory: recorded, calls };
}
