import { z } from "zod";
import { createMembers, versionOf } from "./members.ts";
import { DirectoryFailure, createScimReader, type Parameters } from "./scimReader.ts";

/** One page of a list of the directory. */
export interface DirectoryPage<T> {
  readonly items: readonly T[];
  /** Undefined while a search goes through a directory that is too large to count matches. */
  readonly total?: number;
  /** Where the page starts, from 0; undefined where `total` is. */
  readonly start?: number;
  /** The token of the next page, in place of `total` and `start`. */
  readonly next?: string;
  /** By name, or in the service's own order where the list is too long to sort. */
  readonly order: "name" | "service";
  /** What was searched for is the whole name or key of these; the next page looks for it in all names. */
  readonly isExact?: boolean;
}

export interface DirectoryQuery {
  readonly search: string;
  /** `24` starts after the 24th; `c…` goes on at a cursor; empty is the first page. */
  readonly page: string;
  readonly count: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
}

const user = z.object({
  id: z.string(),
  userName: z.string(),
  displayName: z.string().optional(),
  active: z.boolean().default(true),
  title: z.string().optional(),
});
const group = z.object({ id: z.string(), displayName: z.string() });

export type DirectoryUser = z.infer<typeof user>;
export type DirectoryGroup = z.infer<typeof group> & { readonly members: number };

/** Reads the directory through its SCIM service, never more than what is shown and what finding it takes. */
export interface Directory {
  users(query: DirectoryQuery & { readonly groupId?: string }): Promise<DirectoryPage<DirectoryUser>>;
  groups(query: DirectoryQuery): Promise<DirectoryPage<DirectoryGroup>>;
  resource(type: "Users" | "Groups", id: string): Promise<unknown>;
}

/** Sorting reads the whole list for each page of it: beyond this a page would take too long to turn. */
const MOST_SORTED = 500;
/** What the service reads at most to answer a query. */
const MOST_READ = 5000;
/** Requests of one page of a search. The next page goes on. */
const MOST_STEPS = 10;
/** Ids in one filter, which has 4,096 characters at most. */
const MOST_IDS = 50;

const literal = (text: string): string => JSON.stringify(text);
const anyOf = (names: readonly string[], operator: "co" | "eq", value: string): string =>
  `(${names.map((name) => `${name} ${operator} ${literal(value)}`).join(" or ")})`;
const filtered = (parts: readonly string[]): Parameters => (parts.length === 0 ? {} : { filter: parts.join(" and ") });
const startOf = (page: string): number => (/^\d+$/.test(page) ? Number(page) : 0);
/** Where a list has become shorter, its last page. */
const withinList = (start: number, total: number, count: number): number =>
  start < total ? start : Math.max(0, Math.floor((total - 1) / count) * count);
const all = (): boolean => true;
const isTooMany = (error: unknown): boolean => error instanceof DirectoryFailure && error.scimType === "tooMany";

interface Search {
  readonly path: "Users" | "Groups";
  /** What the list is over, without what is searched for. */
  readonly scope: readonly string[];
  readonly attributes: string;
  /** Where a part of what is searched for may stand, and what all of it may be. */
  readonly names: readonly string[];
  readonly keys: readonly string[];
  readonly sortBy: string;
}

const userSearch: Search = {
  path: "Users",
  scope: [],
  attributes: "userName,displayName,active,title",
  names: ["userName", "displayName"],
  keys: ["userName", "externalId"],
  sortBy: "userName",
};
const groupSearch: Search = {
  path: "Groups",
  scope: [],
  attributes: "displayName,meta.version",
  names: ["displayName"],
  keys: ["displayName", "externalId"],
  sortBy: "displayName",
};

export function createDirectory(access: () => { readonly baseUrl: string; readonly token: string }): Directory {
  const reader = createScimReader(access);
  const { get, list } = reader;
  const members = createMembers(reader);
  /** Of how many resources on the service has refused to search at once: asking it again would only cost time. */
  const refusedFrom = new Map<string, number>();

  /** A page of everything that the parameters select, counted. */
  async function byIndex(
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
    const { Resources } = await list(
      path,
      { ...parameters, ...window(start), ...(isSorted ? { sortBy } : {}) },
      signal,
    );
    return { total, start, items: Resources, order };
  }

  /** Pages of RFC 9865, which go on where an index page would be refused as too much; some of them are empty. */
  async function byCursor(
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
    // What began at the start and is at the end has been counted.
    return { items, order: "service", ...(page === "c" ? { total: items.length, start: 0 } : {}) };
  }

  /**
   * Finds what has the text in a name. Where that is too much for one answer, whatever the text is the whole name or
   * key of is found by its key and shown first; the pages after it are a walk through the directory.
   * @param keep what of the whole directory counts, where only a walk can tell
   */
  async function find(
    what: Search,
    query: DirectoryQuery,
    keep?: (item: unknown) => boolean,
  ): Promise<DirectoryPage<unknown>> {
    const { path, scope, names, keys, attributes } = what;
    const search = query.search.trim();
    if (query.page.startsWith("c")) return byCursor(what, { ...query, search }, keep);
    const size = (await list(path, { count: "0" }, query.signal)).totalResults ?? 0;
    const isWhole = scope.length === 0;
    const isTooLarge = keep !== undefined || (isWhole && size >= (refusedFrom.get(path) ?? Infinity));
    if (!isTooLarge) {
      try {
        return await byIndex(what, filtered([...scope, anyOf(names, "co", search)]), query);
      } catch (error) {
        if (!isTooMany(error)) throw error;
        if (isWhole) refusedFrom.set(path, size);
      }
    }
    const exact = filtered([...scope, anyOf(keys, "eq", search)]);
    const { Resources } = await list(path, { ...exact, attributes, count: String(query.count) }, query.signal);
    const found = Resources.filter(keep ?? all);
    if (found.length > 0) return { items: found, order: "service", isExact: true, next: "c" };
    return byCursor(what, { ...query, search, page: "c" }, keep);
  }

  const read = (what: Search, query: DirectoryQuery): Promise<DirectoryPage<unknown>> =>
    query.search.trim() === "" ? byIndex(what, filtered(what.scope), query) : find(what, query);

  /** Members of a group: what the service can read at once is its answer, of a larger group a page's members by id. */
  async function readMembers(groupId: string, query: DirectoryQuery): Promise<DirectoryPage<unknown>> {
    const ids = await members.idsOf(groupId, query.signal);
    const isSearch = query.search.trim() !== "";
    if (ids.length <= (isSearch ? MOST_READ : MOST_SORTED))
      return read({ ...userSearch, scope: [`groups.value eq ${literal(groupId)}`] }, query);
    const isMember = new Set(ids);
    if (isSearch) return find(userSearch, query, (item) => isMember.has(user.parse(item).id));
    const start = withinList(startOf(query.page), ids.length, query.count);
    const items: unknown[] = [];
    for (let at = start; at < Math.min(start + query.count, ids.length); at += MOST_IDS) {
      const some = ids.slice(at, Math.min(at + MOST_IDS, start + query.count));
      const filter = some.map((id) => `id eq ${literal(id)}`).join(" or ");
      const wanted = { filter, attributes: userSearch.attributes, count: String(some.length) };
      items.push(...(await list("Users", wanted, query.signal)).Resources);
    }
    return { total: ids.length, start, items, order: "service" };
  }

  return {
    users: async ({ groupId, ...query }) => {
      const page = await (groupId === undefined ? read(userSearch, query) : readMembers(groupId, query));
      return { ...page, items: z.array(user).parse(page.items) };
    },
    groups: async (query) => {
      const page = await read(groupSearch, query);
      const items: DirectoryGroup[] = [];
      for (const one of page.items) {
        const { id, displayName } = group.parse(one);
        const ids = await members.idsAt(id, versionOf(one), query.signal);
        items.push({ id, displayName, members: ids.length });
      }
      return { ...page, items };
    },
    resource: (type, id) =>
      get(`${type}/${encodeURIComponent(id)}`, type === "Groups" ? { excludedAttributes: "members" } : {}),
  };
}
