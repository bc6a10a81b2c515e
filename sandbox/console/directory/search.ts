import { DirectoryFailure, type Parameters, type ScimReader } from "./scimReader.ts";
import type { DirectoryPage, DirectoryQuery } from "./page.ts";

/** Sorting reads the whole list for each page. Beyond this size, a page would take too long. */
export const MOST_SORTED = 500;
/** Requests for one page of a search. The next page continues. */
const MOST_STEPS = 10;
export const literal = (text: string): string => JSON.stringify(text);
const anyOf = (names: readonly string[], operator: "co" | "eq", value: string): string =>
  `(${names.map((name) => `${name} ${operator} ${literal(value)}`).join(" or ")})`;
const filtered = (parts: readonly string[]): Parameters => (parts.length === 0 ? {} : { filter: parts.join(" and ") });
export const startOf = (page: string): number => (/^\d+$/.test(page) ? Number(page) : 0);
/** The start of the page, or of the last page if the list became shorter. */
export const withinList = (start: number, total: number, count: number): number =>
  start < total ? start : Math.max(0, Math.floor((total - 1) / count) * count);
const all = (): boolean => true;
const isTooMany = (error: unknown): boolean => error instanceof DirectoryFailure && error.scimType === "tooMany";

export interface Search {
  readonly path: "Users" | "Groups";
  /** Filters that define the whole list, without the text of the search. */
  readonly scope: readonly string[];
  readonly attributes: string;
  /** Attributes that may contain the text, and attributes that may equal it. */
  readonly names: readonly string[];
  readonly keys: readonly string[];
  readonly sortBy: string;
}

export const userSearch: Search = {
  path: "Users",
  scope: [],
  attributes: "userName,displayName,active,title",
  names: ["userName", "displayName", "title"],
  keys: ["userName", "externalId"],
  sortBy: "userName",
};
export const groupSearch: Search = {
  path: "Groups",
  scope: [],
  attributes: "displayName,meta.version",
  names: ["displayName"],
  keys: ["displayName", "externalId"],
  sortBy: "displayName",
};

/** The inputs of a search. */
export interface Searcher {
  readonly reader: ScimReader;
  /**
   * The size of a list that the service has refused to search at once. Asking again for a list of that size or more
   * would only cost time.
   */
  readonly refusedFrom: Map<string, number>;
}

/** A page of everything that the parameters select, with its count. */
async function byIndex(
  { list }: ScimReader,
  { path, sortBy, attributes }: Search,
  parameters: Parameters,
  { page, count, signal }: DirectoryQuery,
): Promise<DirectoryPage<unknown>> {
  const window = (start: number): Parameters => ({ startIndex: String(start + 1), count: String(count), attributes });
  const asked = startOf(page);
  const unsorted = await list(path, { ...parameters, ...window(asked) }, signal);
  const { totalResults: total = unsorted.Resources.length } = unsorted;
  const start = withinList(asked, total, count);
  const isSorted = total <= MOST_SORTED;
  const order = isSorted ? "name" : "service";
  if (start === asked && (total < 2 || !isSorted)) return { total, start, items: unsorted.Resources, order };
  const { Resources } = await list(path, { ...parameters, ...window(start), ...(isSorted ? { sortBy } : {}) }, signal);
  return { total, start, items: Resources, order };
}

/** Pages of RFC 9865. They continue if an index page would be refused as too much; some of them are empty. */
async function byCursor(
  { list }: ScimReader,
  { path, scope, names, attributes }: Search,
  { search, page, count, signal }: DirectoryQuery,
  keep: (item: unknown) => boolean = all,
): Promise<DirectoryPage<unknown>> {
  const items: unknown[] = [];
  const filter = filtered([...scope, anyOf(names, "co", search)]);
  let cursor: string | undefined = page.slice("c".length);
  for (let step = 0; step < MOST_STEPS && cursor !== undefined && items.length < count; step += 1) {
    const wanted = { cursor, count: String(count - items.length), attributes };
    const part = await list(path, { ...filter, ...wanted }, signal);
    items.push(...part.Resources.filter(keep));
    cursor = part.nextCursor;
  }
  if (cursor !== undefined) return { items, order: "service", next: `c${cursor}` };
  // A walk that started at the first page and has ended has counted everything.
  return { items, order: "service", ...(page === "c" ? { total: items.length, start: 0 } : {}) };
}

/**
 * Finds the resources with the text in a name. If that is too much for one answer, it first looks up the resources
 * whose whole name or key is the text; the following pages walk through the directory.
 * @param keep selects from the whole directory, if only a walk can tell
 */
export async function find(
  { reader, refusedFrom }: Searcher,
  what: Search,
  query: DirectoryQuery,
  keep?: (item: unknown) => boolean,
): Promise<DirectoryPage<unknown>> {
  const { path, scope, names, keys, attributes } = what;
  const search = query.search.trim();
  if (query.page.startsWith("c")) return byCursor(reader, what, { ...query, search }, keep);
  const size = (await reader.list(path, { count: "0" }, query.signal)).totalResults ?? 0;
  const isWhole = scope.length === 0;
  const isTooLarge = keep !== undefined || (isWhole && size >= (refusedFrom.get(path) ?? Infinity));
  if (!isTooLarge) {
    try {
      return await byIndex(reader, what, filtered([...scope, anyOf(names, "co", search)]), query);
    } catch (error) {
      if (!isTooMany(error)) throw error;
      if (isWhole) refusedFrom.set(path, size);
    }
  }
  const exact = filtered([...scope, anyOf(keys, "eq", search)]);
  const { Resources } = await reader.list(path, { ...exact, attributes, count: String(query.count) }, query.signal);
  const found = Resources.filter(keep ?? all);
  if (found.length > 0) return { items: found, order: "service", isExact: true, next: "c" };
  return byCursor(reader, what, { ...query, search, page: "c" }, keep);
}

/** A page of the whole list, or of the resources with the text in a name. */
export const readPage = (searcher: Searcher, what: Search, query: DirectoryQuery): Promise<DirectoryPage<unknown>> =>
  query.search.trim() === ""
    ? byIndex(searcher.reader, what, filtered(what.scope), query)
    : find(searcher, what, query);
