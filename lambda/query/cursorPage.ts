import type { Stored } from "../model.ts";
import type { JsonObject } from "../model.ts";
import { limits } from "../scim/limits.ts";
import { cursorPage } from "../scim/representation/resource.ts";
import type { ResourceType } from "../scim/schema/index.ts";
import type { Position, QueryIdentity } from "./cursor.ts";
import type { Selection } from "./find.ts";
import { presentAll, type Entry } from "./entries.ts";
import type { Paging, Query } from "./query.ts";
import type { Context } from "../service/context.ts";
import { comparePlaces, type Place } from "./sort.ts";

/** A list to be paged through. */
export interface Source {
  readonly types: readonly ResourceType[];
  readonly query: Query;
  /** Of each type. */
  readonly selections: readonly Selection[];
  /** All of them in order, where the query sorts. */
  readonly sorted: readonly Entry[] | undefined;
}

/** Part of a list: what is on it, and the place from which the list goes on, in either direction; undefined at its end. */
interface Part {
  readonly entries: readonly Entry[];
  readonly next: Place | undefined;
  readonly previous: Place | undefined;
}

/**
 * A page of RFC 9865. Without `sortBy` it goes by id, which never changes: whoever exists throughout is visited exactly
 * once. With a filter that no key serves, a page ends after 5,000 resources read, maybe empty, and the next one goes on.
 */
export async function answerCursorPage(
  context: Context,
  source: Source,
  { cursor, count }: Paging & { readonly kind: "cursor" },
): Promise<JsonObject> {
  const { types, query } = source;
  const { cursors } = context.service;
  const identity: QueryIdentity = [
    ...types.map(({ name }) => name),
    query.filter,
    query.sortBy?.toLowerCase(),
    query.descending,
  ];
  const from = cursor === undefined ? undefined : cursors.open(cursor, identity);
  const part = source.sorted
    ? ofSorted(source.sorted, from, count, query.descending)
    : await walk(context, source.selections, from, count);
  const seal = (direction: Position["direction"], place: Place | undefined): string | undefined =>
    place && cursors.seal({ direction, ...place }, identity);
  return cursorPage({
    total: source.sorted?.length ?? (await totalOf(context, source.selections)),
    next: seal("next", part.next),
    previous: seal("previous", part.previous),
    resources: await presentAll(context, types, query, part.entries),
  });
}

function ofSorted(all: readonly Entry[], from: Position | undefined, count: number, descending: boolean): Part {
  let start = 0;
  if (from?.direction === "next") {
    const at = all.findIndex(({ place }) => comparePlaces(place, from, descending) > 0);
    start = at < 0 ? all.length : at;
  } else if (from) {
    start = all.filter(({ place }) => comparePlaces(place, from, descending) < 0).length - count;
  }
  const entries = all.slice(Math.max(0, start), Math.max(0, start + count));
  const last = entries.at(-1);
  return {
    entries,
    next: last && last !== all.at(-1) ? last.place : undefined,
    previous: start > 0 ? entries[0]?.place : undefined,
  };
}

/** The entries after a place, or before it, in order of type and id. */
async function walk(
  context: Context,
  selections: readonly Selection[],
  from: Position | undefined,
  count: number,
): Promise<Part> {
  const backwards = from?.direction === "previous";
  const entries: Entry[] = [];
  let type = from?.type ?? 0;
  let id = from?.id;
  let stopped: Place | undefined;
  // One more than the page holds tells whether there is another page.
  while (entries.length <= count && !stopped) {
    const selection = selections[type];
    if (!selection) break;
    const step = await advance(context, selection, { backwards, id, count: count + 1 - entries.length });
    const found = step.found.map((stored) => ({ place: { type, id: stored.id, key: undefined }, stored }));
    if (backwards) entries.unshift(...found);
    else entries.push(...found);
    if (step.stopped !== undefined && entries.length <= count) stopped = { type, id: step.stopped, key: undefined };
    type += backwards ? -1 : 1;
    id = undefined;
  }
  const hasMore = entries.length > count || stopped !== undefined;
  const page = backwards ? entries.slice(-count) : entries.slice(0, count);
  const edge = (backwards ? page.at(0) : page.at(-1))?.place;
  const onward = hasMore ? (entries.length > count ? edge : stopped) : undefined;
  const back = from && ((backwards ? page.at(-1) : page.at(0))?.place ?? beyond(from));
  return { entries: page, next: backwards ? back : onward, previous: backwards ? onward : back };
}

/** A place from which the way back includes the resource at this one. */
function beyond({ direction, type, id }: Position): Place {
  return { type, id: direction === "next" ? `${id}\u0000` : id, key: undefined };
}

interface Step {
  /** In order of id. */
  readonly found: readonly Stored[];
  /** The last id read, where the bound ended the reading before the end of the list. */
  readonly stopped: string | undefined;
}

/** Goes on from an id, or from the end of the list that the direction starts at, until `count` are found. */
async function advance(
  { directory }: Context,
  { type: { name }, resources }: Selection,
  { backwards, id, count }: { readonly backwards: boolean; readonly id: string | undefined; readonly count: number },
): Promise<Step> {
  // The greatest text there can be after any id: ids are ASCII.
  const before = id ?? "\uffff";
  if (resources.kind === "atHand") {
    const found = backwards
      ? resources.list.filter((stored) => stored.id < before).slice(-count)
      : resources.list.filter((stored) => id === undefined || stored.id > id).slice(0, count);
    return { found, stopped: undefined };
  }
  const pageFrom = (place: string | undefined, size: number): Promise<readonly Stored[]> =>
    backwards ? directory.pageBefore(name, place ?? before, size) : directory.pageAfter(name, place, size);
  if (resources.kind === "all") return { found: await pageFrom(id, count), stopped: undefined };

  let found: readonly Stored[] = [];
  let place = id;
  for (let read = 0; read < limits.scan;) {
    const page = await pageFrom(place, limits.maxCount);
    const kept = await resources.keep(page);
    found = backwards ? [...kept, ...found] : [...found, ...kept];
    if (found.length >= count)
      return { found: backwards ? found.slice(-count) : found.slice(0, count), stopped: undefined };
    if (page.length < limits.maxCount) return { found, stopped: undefined };
    place = (backwards ? page[0] : page.at(-1))?.id;
    read += page.length;
  }
  return { found, stopped: place };
}

/** Undefined where only reading everything could tell; a client then goes by `nextCursor` alone (RFC 9865 §2). */
async function totalOf({ directory }: Context, selections: readonly Selection[]): Promise<number | undefined> {
  let total = 0;
  for (const { type, resources } of selections) {
    if (resources.kind === "filtered") return undefined;
    total += resources.kind === "all" ? await directory.count(type.name) : resources.list.length;
  }
  return total;
}
