import { isEqual } from "../directory/equal.ts";
import type { JsonObject, JsonValue, Stored } from "../model.ts";
import { project, type Projection } from "../scim/representation/projection.ts";
import { represent } from "../scim/representation/resource.ts";
import type { ResourceType } from "../scim/schema/index.ts";
import { isObject, own } from "../scim/values/json.ts";

/** An attribute whose value differs. */
export interface Difference {
  /** In the syntax of PATCH (RFC 7644 §3.5.2): `title`, `name.givenName`, `URN:department`. */
  readonly path: string;
  /** Undefined if the attribute is removed. */
  readonly value: JsonValue | undefined;
  readonly isNew: boolean;
}

const everything: Projection = { include: undefined, exclude: new Set() };
/** Not data of the resource. */
const generated = ["schemas", "id", "meta"];

/**
 * A resource as the service returns it: what the tenant retains, never a password. `members` only of a group whose
 * members are all known.
 */
export function shownResource(
  type: ResourceType,
  baseUrl: string,
  stored: Stored,
  members: readonly string[] | undefined,
): JsonObject {
  return project(type, everything, represent(type, baseUrl, stored, { members }));
}

/** The attributes that differ between two shown resources, in the order of their paths; all of `after` without `before`. */
export function differences(type: ResourceType, before: JsonObject | undefined, after: JsonObject): Difference[] {
  const extensions = new Set(type.extensions.map(({ id }) => id));
  const names = union(before, after).filter((name) => !generated.includes(name));
  return names.flatMap((name) => {
    const [old, current] = [before && own(before, name), own(after, name)];
    if (extensions.has(name)) return within(objectOf(old), objectOf(current), `${name}:`);
    return compare(name, old, current);
  });
}

const objectOf = (value: JsonValue | undefined): JsonObject => (isObject(value) ? value : {});

const union = (before: JsonObject = {}, after: JsonObject = {}): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();

const within = (before: JsonObject, after: JsonObject, prefix: string): Difference[] =>
  union(before, after).flatMap((name) => compare(prefix + name, own(before, name), own(after, name)));

function compare(path: string, before: JsonValue | undefined, after: JsonValue | undefined): Difference[] {
  if (isEqual(before, after)) return [];
  if (isObject(before) && isObject(after)) return within(before, after, `${path}.`);
  return [{ path, value: after, isNew: before === undefined }];
}
