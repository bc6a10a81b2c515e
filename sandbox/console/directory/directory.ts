import { z } from "zod";
import { createMembers, versionOf, type Members } from "./members.ts";
import type { DirectoryPage, DirectoryQuery } from "./page.ts";
import { createScimReader } from "./scimReader.ts";
import {
  MOST_SORTED,
  find,
  groupSearch,
  literal,
  readPage,
  startOf,
  userSearch,
  withinList,
  type Searcher,
} from "./search.ts";

const user = z.object({
  id: z.string(),
  userName: z.string(),
  displayName: z.string().optional(),
  active: z.boolean().default(true),
  title: z.string().optional(),
});
const group = z.object({ id: z.string(), displayName: z.string() });

type DirectoryUser = z.infer<typeof user>;
type DirectoryGroup = z.infer<typeof group> & { readonly members: number };

/** Reads the directory through its SCIM service. It reads no more than it needs to find and show a page. */
export interface Directory {
  users(query: DirectoryQuery & { readonly groupId?: string }): Promise<DirectoryPage<DirectoryUser>>;
  groups(query: DirectoryQuery): Promise<DirectoryPage<DirectoryGroup>>;
  resource(type: "Users" | "Groups", id: string): Promise<unknown>;
}

/** The most resources that the service reads to answer a query. */
const MOST_READ = 5000;
/** Ids in one filter: a filter has at most 4,096 characters. */
const MOST_IDS = 50;

export function createDirectory(access: () => { readonly baseUrl: string; readonly token: string }): Directory {
  const reader = createScimReader(access);
  const members = createMembers(reader);
  const searcher: Searcher = { reader, refusedFrom: new Map() };
  return {
    users: async ({ groupId, ...query }) => {
      const page = await (groupId === undefined
        ? readPage(searcher, userSearch, query)
        : readMembers(searcher, members, groupId, query));
      return { ...page, items: z.array(user).parse(page.items) };
    },
    groups: async (query) => {
      const page = await readPage(searcher, groupSearch, query);
      const items: DirectoryGroup[] = [];
      for (const one of page.items) {
        const { id, displayName } = group.parse(one);
        const ids = await members.idsAt(id, versionOf(one), query.signal);
        items.push({ id, displayName, members: ids.length });
      }
      return { ...page, items };
    },
    resource: (type, id) =>
      reader.get(`${type}/${encodeURIComponent(id)}`, type === "Groups" ? { excludedAttributes: "members" } : {}),
  };
}

/**
 * Members of a group: by one query, if the service can read the group at once; for a larger group, only the page's
 * members, by id.
 */
async function readMembers(
  searcher: Searcher,
  members: Members,
  groupId: string,
  query: DirectoryQuery,
): Promise<DirectoryPage<unknown>> {
  const ids = await members.idsOf(groupId, query.signal);
  const isSearch = query.search.trim() !== "";
  if (ids.length <= (isSearch ? MOST_READ : MOST_SORTED))
    return readPage(searcher, { ...userSearch, scope: [`groups.value eq ${literal(groupId)}`] }, query);
  const isMember = new Set(ids);
  if (isSearch) return find(searcher, userSearch, query, (item) => isMember.has(user.parse(item).id));
  const start = withinList(startOf(query.page), ids.length, query.count);
  const items: unknown[] = [];
  for (let at = start; at < Math.min(start + query.count, ids.length); at += MOST_IDS) {
    const some = ids.slice(at, Math.min(at + MOST_IDS, start + query.count));
    const filter = some.map((id) => `id eq ${literal(id)}`).join(" or ");
    const wanted = { filter, attributes: userSearch.attributes, count: String(some.length) };
    items.push(...(await searcher.reader.list("Users", wanted, query.signal)).Resources);
  }
  return { total: ids.length, start, items, order: "service" };
}
