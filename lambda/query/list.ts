import type { Deadline, Page } from "../model.ts";
import { bindFilter, parseFilter } from "../scim/filter/index.ts";
import { resolvePath, type Resolved } from "../scim/schema/resolve.ts";
import type { ResourceType } from "../scim/schema/index.ts";
import type { Cursors } from "./cursor.ts";
import { readCursorPage } from "./cursorPage.ts";
import type { IndexPage, ListPage } from "./page.ts";
import type { Query } from "./query.ts";
import { collect, select, type TypeSelection } from "./select.ts";
import { comparePositions, readSortBy, sortKey, type Entry } from "./sort.ts";
import type { Source } from "./source.ts";

/** The inputs of a query besides its sources. */
export interface QueryTools {
  readonly cursors: Cursors;
  readonly deadline: Deadline;
}

/**
 * Reads the page that a query asks for, over one resource type or several (RFC 7644 §3.4.2.1). Throws 400 `invalidFilter`,
 * `invalidValue`, `tooMany`, `invalidCursor` or `expiredCursor`, 403 `sensitive`.
 */
export async function readPage(sources: readonly Source[], query: Query, tools: QueryTools): Promise<ListPage> {
  const { deadline } = tools;
  const selections = await selectFrom(sources, query.filter, deadline);
  const { sortBy, descending, paging } = query;
  const sorted = sortBy === undefined ? undefined : await sortAll(selections, sortBy, descending, deadline);
  if (paging.kind === "cursor") return readCursorPage({ query, selections, sorted }, paging, tools);
  const { startIndex, count } = paging;
  const part = sorted
    ? { total: sorted.length, entries: sorted.slice(startIndex - 1, startIndex - 1 + count) }
    : await takeInOrder(selections, startIndex - 1, count, deadline);
  return { kind: "index", startIndex, ...part };
}

/**
 * The resources of each type that a filter selects. An attribute that only another of the types defines has no value.
 */
async function selectFrom(
  sources: readonly Source[],
  filter: string | undefined,
  deadline: Deadline,
): Promise<TypeSelection[]> {
  const syntax = filter === undefined ? undefined : parseFilter(filter);
  const types = sources.map(({ type }) => type);
  const bound = sources.map((source) => ({ source, filter: syntax && bindFilter(source.type, syntax, types) }));
  return Promise.all(bound.map(({ source, filter: own }) => select(source, own, deadline)));
}

/** Every selected resource, in the requested order. Throws 400 `tooMany` beyond 5,000 or if it takes too long. */
async function sortAll(
  selections: readonly TypeSelection[],
  path: string,
  descending: boolean,
  deadline: Deadline,
): Promise<Entry[]> {
  const orders = sortOrders(
    selections.map(({ source }) => source.type),
    path,
  );
  const entries: Entry[] = [];
  for (const [type, selection] of selections.entries()) {
    const order = orders[type];
    for (const stored of await collect(selection, deadline)) {
      const key = order && sortKey(selection.source.type, stored, order);
      entries.push({ position: { type, id: stored.id, key }, stored });
    }
  }
  return entries.toSorted((one, other) => comparePositions(one.position, other.position, descending));
}

/** The attribute by which each type is sorted; undefined for a type without it, if another type has it. */
function sortOrders(types: readonly ResourceType[], path: string): (Resolved | undefined)[] {
  const knowing = types.filter((type) => resolvePath(type, path) !== undefined);
  return types.map((type) => (knowing.length > 0 && !knowing.includes(type) ? undefined : readSortBy(type, path)));
}

/** A page of all selections one after the other, each in order of id. `offset` is 0-based. */
async function takeInOrder(
  selections: readonly TypeSelection[],
  offset: number,
  count: number,
  deadline: Deadline,
): Promise<Pick<IndexPage, "total" | "entries">> {
  const entries: Entry[] = [];
  let total = 0;
  for (const [type, selection] of selections.entries()) {
    const skip = Math.max(0, offset - total);
    const page = await take(selection, skip, count - entries.length, deadline);
    entries.push(...page.resources.map((stored) => ({ position: { type, id: stored.id, key: undefined }, stored })));
    total += page.total;
  }
  return { total, entries };
}

async function take(selection: TypeSelection, offset: number, count: number, deadline: Deadline): Promise<Page> {
  if (selection.resources.kind === "all") return selection.source.page(offset, count);
  const all = await collect(selection, deadline);
  return { total: all.length, resources: all.slice(offset, offset + count) };
}
