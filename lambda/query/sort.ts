import type { JsonValue, Stored } from "../model.ts";
import { isPrimary } from "../scim/values/elements.ts";
import { read } from "../scim/values/place.ts";
import { isObject, own } from "../scim/values/json.ts";
import { ScimError } from "../scim/error.ts";
import { comparable } from "../scim/filter/index.ts";
import { limits } from "../scim/limits.ts";
import { represent } from "../scim/representation/resource.ts";
import { findAttribute, resolvePath, type Resolved } from "../scim/schema/resolve.ts";
import type { ResourceType } from "../scim/schema/index.ts";

/** A value by which resources are sorted; undefined for a resource without one. */
export type SortKey = string | number | undefined;

/** A position in a list. */
export interface ListPosition {
  /** Index of the resource type among those that the query is over. */
  readonly type: number;
  readonly id: string;
  /** Undefined for a list that is not sorted, and for a resource without a value. */
  readonly key: SortKey;
}

/** A resource of a list, with its position in it. */
export interface Entry {
  readonly position: ListPosition;
  readonly stored: Stored;
}

/** Reads `sortBy` (RFC 7644 §3.4.2.3). Throws 400 `invalidValue` for an attribute that the type does not define or cannot order. */
export function readSortBy(type: ResourceType, path: string): Resolved {
  const found = resolvePath(type, path);
  if (!found) {
    throw ScimError.invalidValue(
      `sortBy names ${JSON.stringify(path.slice(0, 100))}, which ${type.name} does not define.`,
    );
  }
  const sub = found.sub ?? findAttribute(found.attribute.subAttributes ?? [], "value");
  if (found.attribute.type === "complex" && !sub)
    throw ScimError.invalidValue(`sortBy must name a sub-attribute of ${path}.`);
  if (["members", "groups", "schemas", "password"].includes(found.attribute.name)) {
    throw ScimError.invalidValue(`${path} cannot be sorted by.`);
  }
  return { ...found, sub };
}

/** The value by which a resource is sorted; for a multi-valued attribute the primary value, or else the first. */
export function sortKey(type: ResourceType, stored: Stored, sortBy: Resolved): SortKey {
  const { extension, attribute, sub } = sortBy;
  const value = read(represent(type, "", stored), { extension, attribute });
  const one: JsonValue | undefined = Array.isArray(value) ? (value.find(isPrimary) ?? value[0]) : value;
  const part = sub && isObject(one) ? own(one, sub.name) : one;
  const key = part === undefined ? undefined : comparable(sub ?? attribute, part);
  if (typeof key === "boolean") return Number(key);
  if (typeof key === "string") return key.slice(0, limits.sortKey);
  return typeof key === "number" ? key : undefined;
}

/**
 * The order of RFC 7644 §3.4.2.3: resources without a value come last when ascending, first when descending. Ties are in
 * order of type and id in both.
 */
export function comparePositions(one: ListPosition, other: ListPosition, descending: boolean): number {
  const byKey = compareKeys(one.key, other.key);
  if (byKey !== 0) return descending ? -byKey : byKey;
  if (one.type !== other.type) return one.type - other.type;
  return one.id === other.id ? 0 : one.id < other.id ? -1 : 1;
}

function compareKeys(left: SortKey, right: SortKey): number {
  if (left === right) return 0;
  if (left === undefined) return 1;
  if (right === undefined) return -1;
  return left < right ? -1 : 1;
}
