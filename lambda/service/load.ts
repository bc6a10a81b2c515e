import { AbsentError } from "../directory/errors.ts";
import type { Directory, Stored } from "../model.ts";
import { ScimError } from "../scim/error.ts";
import type { JsonObject } from "../model.ts";
import { limits } from "../scim/limits.ts";
import { project, wants, type Projection } from "../scim/representation/projection.ts";
import { represent, type Connections } from "../scim/representation/resource.ts";
import type { ResourceType } from "../scim/schema/index.ts";
import { mapBounded } from "../query/concurrency.ts";
import type { Context } from "./context.ts";

/** Requests to the directory that one SCIM request keeps in flight. */
export const WIDTH = 10;

/** The result of a read, or undefined where the resource is gone. */
export async function orAbsent<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof AbsentError) return undefined;
    throw error;
  }
}

/** Which connections are read together with a resource. */
export interface Wanted {
  readonly members: boolean;
  readonly groups: boolean;
}

export const wantedBy = (type: ResourceType, projection: Projection): Wanted => ({
  members: wants(type, projection, "members"),
  groups: wants(type, projection, "groups"),
});

/** A resource with the connections asked for, from one read. Throws 404. */
export async function load(
  directory: Directory,
  type: ResourceType,
  id: string,
  wanted: Wanted,
): Promise<{ readonly stored: Stored; readonly connections: Connections }> {
  if (type.name === "User" && wanted.groups) {
    const { user, groups } = await directory.getUserWithGroups(id);
    return { stored: user, connections: { groups } };
  }
  if (type.name === "Group" && wanted.members) {
    const { group, members } = await directory.getGroupWithMembers(id);
    return { stored: group, connections: { members } };
  }
  const stored = await (type.name === "User" ? directory.getUser(id) : directory.getGroup(id));
  return { stored, connections: {} };
}

/** A stored resource with the connections asked for, read where they are not at hand. Undefined where it is gone by now. */
export async function loadWith(
  { service, directory }: Context,
  type: ResourceType,
  stored: Stored,
  wanted: Wanted,
): Promise<JsonObject | undefined> {
  if (!(type.name === "User" ? wanted.groups : wanted.members)) return represent(type, service.baseUrl, stored);
  const loaded = await orAbsent(load(directory, type, stored.id, wanted));
  return loaded && represent(type, service.baseUrl, loaded.stored, loaded.connections);
}

/**
 * Stored resources as an answer shows them, in order; undefined for one that vanished meanwhile. Throws 400 `tooMany`
 * where they have more than 50,000 members together.
 */
export async function present(
  context: Context,
  type: ResourceType,
  projection: Projection,
  list: readonly Stored[],
): Promise<(JsonObject | undefined)[]> {
  const wanted = wantedBy(type, projection);
  const shown: (JsonObject | undefined)[] = [];
  let members = 0;
  for (let start = 0; start < list.length; start += WIDTH) {
    const loaded = await Promise.all(
      list.slice(start, start + WIDTH).map((stored) => loadWith(context, type, stored, wanted)),
    );
    for (const resource of loaded) {
      const own = resource?.["members"];
      members += Array.isArray(own) ? own.length : 0;
      shown.push(resource && project(type, projection, resource));
    }
    if (list.length > 1 && members > limits.pageMembers) {
      throw ScimError.tooMany(
        `The groups on this page have more than ${limits.pageMembers} members together. Ask with excludedAttributes=members or with a smaller count.`,
      );
    }
  }
  return shown;
}

/** Reads by id what a list of ids names, in order; absent ones are left out. */
export async function readAll<T>(ids: readonly string[], get: (id: string) => Promise<T>): Promise<T[]> {
  const found = await mapBounded(ids, WIDTH, (id) => orAbsent(get(id)));
  return found.flatMap((item) => (item === undefined ? [] : [item]));
}

/** Keeps what satisfies an asynchronous condition, in order. */
export async function filterBounded<T>(items: readonly T[], holds: (item: T) => Promise<boolean>): Promise<T[]> {
  const kept = await mapBounded(items, WIDTH, holds);
  return items.filter((_, index) => kept[index]);
}
