import type { Deadline, Stored } from "../model.ts";
import type { Filter } from "../scim/filter/index.ts";
import { limits } from "../scim/limits.ts";
import type { CursorPosition, Cursors, QueryIdentity } from "./cursor.ts";
import { isOver } from "./deadline.ts";
import type { CursorPage } from "./page.ts";
import type { Paging, Query } from "./query.ts";
import { keep, type TypeSelection } from "./select.ts";
import { comparePositions, type Entry, type ListPosition } from "./sort.ts";

/** A list to be paged through. */
interface PagedList {
  readonly query: Query;
  /** Of each resource type. */
  readonly selections: readonly TypeSelection[];
  /** All entries in order, if the query sorts. */
  readonly sorted: readonly Entry[] | undefined;
}

type PagePart = Pick<CursorPage, "entries" | "next" | "previous">;

/**
 * A page of RFC 9865. Without `sortBy` the order is that of ids, which never change: a resource that exists throughout
 * is visited exactly once. A page of a scan ends after 5,000 resources read or when the time is over. It may be empty;
 * its cursor continues from there.
 */
export async function readCursorPage(
  { query, selections, sorted }: PagedList,
  { cursor, count }: Paging & { readonly kind: "cursor" },
  { cursors, deadline }: { readonly cursors: Cursors; readonly deadline: Deadline },
): Promise<CursorPage> {
  const identity: QueryIdentity = [
    ...selections.map(({ source }) => source.type.name),
    query.filter,
    query.sortBy?.toLowerCase(),
    query.descending,
  ];
  const from = cursor === undefined ? undefined : cursors.open(cursor, identity);
  const part = sorted
    ? partOfSorted(sorted, from, count, query.descending)
    : await walk(selections, from, count, deadline);
  const total = sorted?.length ?? (await totalOf(selections));
  return { kind: "cursor", query: identity, backwards: from?.direction === "previous", total, ...part };
}

function partOfSorted(
  all: readonly Entry[],
  from: CursorPosition | undefined,
  count: number,
  descending: boolean,
): PagePart {
  let start = 0;
  if (from?.direction === "next") {
    const at = all.findIndex(({ position }) => comparePositions(position, from, descending) > 0);
    start = at < 0 ? all.length : at;
  } else if (from) {
    start = all.filter(({ position }) => comparePositions(position, from, descending) < 0).length - count;
  }
  const entries = all.slice(Math.max(0, start), Math.max(0, start + count));
  const last = entries.at(-1);
  return {
    entries,
    next: last && last !== all.at(-1) ? last.position : undefined,
    previous: start > 0 ? entries[0]?.position : undefined,
  };
}

/** The entries after a position, or before it, in order of type and id. */
async function walk(
  selections: readonly TypeSelection[],
  from: CursorPosition | undefined,
  count: number,
  deadline: Deadline,
): Promise<PagePart> {
  const backwards = from?.direction === "previous";
  const entries: Entry[] = [];
  let type = from?.type ?? 0;
  let id = from?.id;
  let stopped: ListPosition | undefined;
  // One entry more than the page holds tells whether there is another page.
  while (entries.length <= count && !stopped) {
    const selection = selections[type];
    if (!selection) break;
    const step = await advance(selection, { backwards, id, count: count + 1 - entries.length }, deadline);
    const found = step.found.map((stored) => ({ position: { type, id: stored.id, key: undefined }, stored }));
    if (backwards) entries.unshift(...found);
    else entries.push(...found);
    if (step.stopped !== undefined && entries.length <= count) stopped = { type, id: step.stopped, key: undefined };
    type += backwards ? -1 : 1;
    id = undefined;
  }
  const hasMore = entries.length > count || stopped !== undefined;
  const page = backwards ? entries.slice(-count) : entries.slice(0, count);
  const edge = (backwards ? page.at(0) : page.at(-1))?.position;
  const onward = hasMore ? (entries.length > count ? edge : stopped) : undefined;
  const back = from && ((backwards ? page.at(-1) : page.at(0))?.position ?? beyond(from));
  return { entries: page, next: backwards ? back : onward, previous: backwards ? onward : back };
}

/** A position from which the way back includes the resource at this one. */
function beyond({ direction, type, id }: CursorPosition): ListPosition {
  return { type, id: direction === "next" ? `${id}\u0000` : id, key: undefined };
}

interface Range {
  readonly backwards: boolean;
  /** Undefined for the end of the list that the direction starts at. */
  readonly id: string | undefined;
  readonly count: number;
}

interface ReadRange {
  /** In order of id. */
  readonly found: readonly Stored[];
  /** The last id read, if a bound ended the reading before the end of the list. */
  readonly stopped: string | undefined;
}

/** The greatest text after any id: ids are ASCII. */
const AFTER_ALL_IDS = "\uffff";

/** Reads on from an id until `count` resources are found. */
async function advance({ source, resources }: TypeSelection, range: Range, deadline: Deadline): Promise<ReadRange> {
  const { backwards, id, count } = range;
  const before = id ?? AFTER_ALL_IDS;
  switch (resources.kind) {
    case "found": {
      const found = backwards
        ? resources.list.filter((stored) => stored.id < before).slice(-count)
        : resources.list.filter((stored) => id === undefined || stored.id > id).slice(0, count);
      return { found, stopped: undefined };
    }
    case "all": {
      const found = await (backwards ? source.pageBefore(before, count) : source.pageAfter(id, count));
      return { found, stopped: undefined };
    }
    case "scan":
      return scan({ source, filter: resources.filter }, range, deadline);
  }
}

async function scan(
  { source, filter }: Pick<TypeSelection, "source"> & { readonly filter: Filter },
  { backwards, id, count }: Range,
  deadline: Deadline,
): Promise<ReadRange> {
  const found: Stored[] = [];
  const inOrderOfId = (): Stored[] => (backwards ? found.toReversed() : found);
  let place = id;
  for (let total = 0; total < limits.scan && (total === 0 || !isOver(deadline));) {
    const page = backwards
      ? (await source.pageBefore(place ?? AFTER_ALL_IDS, limits.maxCount)).toReversed()
      : await source.pageAfter(place, limits.maxCount);
    const { kept, read } = await keep(source, [filter], page, deadline);
    found.push(...kept.slice(0, count - found.length));
    if (found.length === count || (read === page.length && page.length < limits.maxCount)) {
      return { found: inOrderOfId(), stopped: undefined };
    }
    place = page[read - 1]?.id;
    total += read;
  }
  return { found: inOrderOfId(), stopped: place };
}

async function totalOf(selections: readonly TypeSelection[]): Promise<number | undefined> {
  let total = 0;
  for (const { source, resources } of selections) {
    if (resources.kind === "scan") return undefined;
    total += resources.kind === "all" ? await source.count() : resources.list.length;
  }
  return total;
}
