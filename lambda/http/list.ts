import type { Stored } from "../directory/directory.ts";
import { invalidValue, isPrimary } from "../scim/document/coerce.ts";
import { read } from "../scim/document/location.ts";
import { isObject, own } from "../scim/document/values.ts";
import { ScimError } from "../scim/error.ts";
import { bindFilter, comparable, parseFilter, type Syntax } from "../scim/filter/index.ts";
import type { JsonObject, JsonValue } from "../scim/json.ts";
import { readProjection } from "../scim/projection.ts";
import { listResponse, represent } from "../scim/resource.ts";
import { findAttribute, resolvePath, type Resolved } from "../scim/schema/resolve.ts";
import type { ResourceType } from "../scim/schema/index.ts";
import { atHand, everything, scan, search, type Found } from "./find.ts";
import { present } from "./load.ts";
import type { Query } from "./query.ts";
import type { Context } from "./service.ts";

/**
 * Answers a query over one resource type, or over several (RFC 7644 §3.4.2.1), as a ListResponse. Throws 400
 * `invalidFilter`, `invalidValue` or `tooMany`.
 */
export async function list(context: Context, types: readonly ResourceType[], query: Query): Promise<JsonObject> {
  const syntax = query.filter === undefined ? undefined : parseFilter(query.filter);
  const resources: JsonObject[] = [];
  let total = 0;
  let offset = query.startIndex - 1;
  for (const { type, found } of await findIn(context, types, query, syntax)) {
    const room = query.count - resources.length;
    if (room <= 0) {
      total += await found.total();
      continue;
    }
    const page = await found.take(offset, room);
    const projection = readProjection(type, query.attributes, query.excludedAttributes);
    resources.push(...(await present(context, type, projection, page.resources)));
    total += page.total;
    offset = Math.max(0, offset - page.total);
  }
  return listResponse(total, query.startIndex, resources);
}

/** A type that does not define what a query over several names has no matches; one type alone refuses the query. */
async function findIn(
  context: Context,
  types: readonly ResourceType[],
  query: Query,
  syntax: Syntax | undefined,
): Promise<{ readonly type: ResourceType; readonly found: Found }[]> {
  const results: { type: ResourceType; found: Found }[] = [];
  let refusal: ScimError | undefined;
  for (const type of types) {
    try {
      results.push({ type, found: await find(context, type, query, syntax) });
    } catch (error) {
      const isForeign =
        error instanceof ScimError && (error.scimType === "invalidFilter" || error.scimType === "invalidValue");
      if (!isForeign) throw error;
      refusal = error;
    }
  }
  if (refusal && results.length === 0) throw refusal;
  return results;
}

async function find(context: Context, type: ResourceType, query: Query, syntax: Syntax | undefined): Promise<Found> {
  const sortBy = query.sortBy === undefined ? undefined : readSortBy(type, query.sortBy);
  if (!syntax && !sortBy) return everything(context, type.name);
  const matching = syntax ? await search(context, type, bindFilter(type, syntax)) : await scan(context, type.name);
  return atHand(sortBy ? sorted(context, type, matching, sortBy, query.descending) : matching);
}

function readSortBy(type: ResourceType, path: string): Resolved {
  const found = resolvePath(type, path);
  if (!found)
    throw invalidValue(`sortBy names ${JSON.stringify(path.slice(0, 100))}, which ${type.name} does not define.`);
  const sub = found.sub ?? findAttribute(found.attribute.subAttributes ?? [], "value");
  if (found.attribute.type === "complex" && !sub) throw invalidValue(`sortBy must name a sub-attribute of ${path}.`);
  if (["members", "groups"].includes(found.attribute.name)) throw invalidValue(`${path} cannot be sorted by.`);
  return { ...found, sub };
}

/** In the order of RFC 7644 §3.4.2.3: without a value last when ascending, first when descending; ties in order of id. */
function sorted(
  { service }: Context,
  type: ResourceType,
  resources: readonly Stored[],
  sortBy: Resolved,
  descending: boolean,
): readonly Stored[] {
  const keyed = resources.map((stored) => ({ stored, key: sortKey(represent(type, service.baseUrl, stored), sortBy) }));
  const direction = descending ? -1 : 1;
  return keyed.toSorted((a, b) => direction * compareKeys(a.key, b.key)).map(({ stored }) => stored);
}

type SortKey = string | number | undefined;

function compareKeys(left: SortKey, right: SortKey): number {
  if (left === right) return 0;
  if (left === undefined) return 1;
  if (right === undefined) return -1;
  return left < right ? -1 : 1;
}

/** A multi-valued attribute sorts by its primary value, else by its first. */
function sortKey(resource: JsonObject, { extension, attribute, sub }: Resolved): SortKey {
  const value = read(resource, { extension, attribute });
  const one: JsonValue | undefined = Array.isArray(value) ? (value.find(isPrimary) ?? value[0]) : value;
  const part = sub && isObject(one) ? own(one, sub.name) : one;
  const key = part === undefined ? undefined : comparable(sub ?? attribute, part);
  if (typeof key === "boolean") return Number(key);
  return typeof key === "string" || typeof key === "number" ? key : undefined;
}
