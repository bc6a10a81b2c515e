import type { Stored } from "../model.ts";
import { bindFilter, parseFilter } from "../scim/filter/index.ts";
import type { JsonObject } from "../model.ts";
import { indexPage } from "../scim/representation/resource.ts";
import { resolvePath, type Resolved } from "../scim/schema/resolve.ts";
import type { ResourceType } from "../scim/schema/index.ts";
import { answerCursorPage } from "./cursorPage.ts";
import { presentAll, type Entry } from "./entries.ts";
import { collect, select, type Selection } from "./find.ts";
import type { Query } from "./query.ts";
import type { Context } from "../service/context.ts";
import { comparePlaces, readSortBy, sortKey } from "./sort.ts";

/**
 * Answers a query over one resource type, or over several (RFC 7644 §3.4.2.1), as a ListResponse. Throws 400
 * `invalidFilter`, `invalidValue`, `tooMany`, `invalidCursor` or `expiredCursor`, 403 `sensitive`.
 */
export async function list(context: Context, types: readonly ResourceType[], query: Query): Promise<JsonObject> {
  const selections = await selectFrom(context, types, query.filter);
  const { sortBy, descending, paging } = query;
  const sorted = sortBy === undefined ? undefined : await sortAll(context, selections, sortBy, descending);
  if (paging.kind === "cursor") return answerCursorPage(context, { types, query, selections, sorted }, paging);
  const { startIndex, count } = paging;
  const { total, entries } = sorted
    ? { total: sorted.length, entries: sorted.slice(startIndex - 1, startIndex - 1 + count) }
    : await takeInOrder(context, selections, startIndex - 1, count);
  return indexPage(total, startIndex, await presentAll(context, types, query, entries));
}

/** What a filter selects of each type. A name that only another of the types defines is an attribute without a value. */
async function selectFrom(
  context: Context,
  types: readonly ResourceType[],
  filter: string | undefined,
): Promise<Selection[]> {
  const syntax = filter === undefined ? undefined : parseFilter(filter);
  const bound = types.map((type) => ({ type, filter: syntax && bindFilter(type, syntax, types) }));
  return Promise.all(bound.map(({ type, filter: own }) => select(context, type, own)));
}

/** Everything selected, in the order asked for. Throws 400 `tooMany` beyond 5,000 resources. */
async function sortAll(
  context: Context,
  selections: readonly Selection[],
  path: string,
  descending: boolean,
): Promise<Entry[]> {
  const orders = sortOrders(
    selections.map(({ type }) => type),
    path,
  );
  const entries: Entry[] = [];
  for (const [type, selection] of selections.entries()) {
    const order = orders[type];
    for (const stored of await collect(context, selection)) {
      const key = order && sortKey(selection.type, stored, order);
      entries.push({ place: { type, id: stored.id, key }, stored });
    }
  }
  return entries.toSorted((one, other) => comparePlaces(one.place, other.place, descending));
}

/** By what each type is sorted; undefined for a type that does not know the attribute, where another one does. */
function sortOrders(types: readonly ResourceType[], path: string): (Resolved | undefined)[] {
  const knowing = types.filter((type) => resolvePath(type, path) !== undefined);
  return types.map((type) => (knowing.length > 0 && !knowing.includes(type) ? undefined : readSortBy(type, path)));
}

/** A page of all selections one after the other, each in order of id. `offset` is 0-based. */
async function takeInOrder(
  context: Context,
  selections: readonly Selection[],
  offset: number,
  count: number,
): Promise<{ readonly total: number; readonly entries: readonly Entry[] }> {
  const entries: Entry[] = [];
  let total = 0;
  for (const [type, selection] of selections.entries()) {
    const skip = Math.max(0, offset - total);
    const page = await take(context, selection, skip, count - entries.length);
    entries.push(...page.resources.map((stored) => ({ place: { type, id: stored.id, key: undefined }, stored })));
    total += page.total;
  }
  return { total, entries };
}

async function take(
  context: Context,
  selection: Selection,
  offset: number,
  count: number,
): Promise<{ readonly total: number; readonly resources: readonly Stored[] }> {
  if (selection.resources.kind === "all") return context.directory.page(selection.type.name, offset, count);
  const all = await collect(context, selection);
  return { total: all.length, resources: all.slice(offset, offset + count) };
}
