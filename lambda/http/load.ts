import type { Stored } from "../directory/directory.ts";
import { ScimError } from "../scim/error.ts";
import type { JsonObject } from "../scim/json.ts";
import { project, wants, type Projection } from "../scim/projection.ts";
import { represent } from "../scim/resource.ts";
import type { ResourceType } from "../scim/schema/index.ts";
import { mapBounded } from "./concurrency.ts";
import type { Context } from "./service.ts";

/** Requests to the directory that one SCIM request keeps in flight. */
const WIDTH = 10;

/** The result of a read, or undefined where the resource is gone (404). */
export async function orAbsent<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof ScimError && error.status === 404) return undefined;
    throw error;
  }
}

/** A stored resource with the connections asked for, read where they are not at hand. Undefined where it is gone by now. */
export async function loadWith(
  { service, directory }: Context,
  type: ResourceType,
  stored: Stored,
  connections: { readonly members: boolean; readonly groups: boolean },
): Promise<JsonObject | undefined> {
  if (type.name === "User") {
    if (!connections.groups) return represent(type, service.baseUrl, stored);
    const groups = await orAbsent(directory.membershipsOf(stored.id));
    return groups && represent(type, service.baseUrl, stored, { groups });
  }
  if (!connections.members) return represent(type, service.baseUrl, stored);
  const whole = await orAbsent(directory.getGroupWithMembers(stored.id));
  return whole && represent(type, service.baseUrl, whole.group, { members: whole.members });
}

/** Stored resources as an answer shows them; those that vanished meanwhile are left out. */
export async function present(
  context: Context,
  type: ResourceType,
  projection: Projection,
  list: readonly Stored[],
): Promise<JsonObject[]> {
  const connections = { members: wants(type, projection, "members"), groups: wants(type, projection, "groups") };
  const loaded = await mapBounded(list, WIDTH, (stored) => loadWith(context, type, stored, connections));
  return loaded.flatMap((resource) => (resource ? [project(type, projection, resource)] : []));
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
