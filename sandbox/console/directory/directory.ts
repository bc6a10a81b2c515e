import { z } from "zod";
import type { ServedRequest } from "../../aws/index.ts";
import { createMembers, versionOf, type Members } from "./members.ts";
import { createNameIndex } from "./nameIndex.ts";
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
const identified = z.looseObject({ id: z.string() });

type DirectoryUser = z.infer<typeof user>;
type DirectoryGroup = z.infer<typeof group> & { readonly members: number };

/** The service, and the way to hear of its changes. */
export interface DirectoryAccess {
  readonly baseUrl: string;
  readonly token: string;
  /** The deployment that the service comes from: another one may have changed what it retains. */
  readonly deployment: object;
  /** Whether every change of the directory is told to `heard`. */
  readonly isHeard: boolean;
}

/** Reads the directory through its SCIM service. It reads no more than it needs to find and show a page. */
export interface Directory {
  users(query: DirectoryQuery & { readonly groupId?: string }): Promise<DirectoryPage<DirectoryUser>>;
  groups(query: DirectoryQuery): Promise<DirectoryPage<DirectoryGroup>>;
  resource(type: "Users" | "Groups", id: string): Promise<unknown>;
  /** Takes note of a request that the service has ended. */
  readonly heard: (request: ServedRequest) => void;
}

/** The most resources that the service reads to answer a query. */
const MOST_READ = 5000;
/** Ids in one filter: a filter has at most 4,096 characters. */
const MOST_IDS = 50;

export function createDirectory(access: () => DirectoryAccess): Directory {
  const reader = createScimReader(access);
  const members = createMembers(reader);
  const searcher: Searcher = { reader, refusedFrom: new Map() };
  const names = createNameIndex(reader);
  let deployment: object | undefined;
  /** A list that the service cannot sort at once is also too long to search at once. */
  let isLarge = false;
  const found = async (query: DirectoryQuery, groupId: string | undefined): Promise<readonly string[] | undefined> => {
    const now = access();
    if (now.deployment !== deployment) names.forget();
    deployment = now.deployment;
    // A search that has begun at a cursor continues there.
    const isIndexed = now.isHeard && isLarge && !query.page.startsWith("c");
    if (!isIndexed || query.search.trim() === "") return undefined;
    const ids = await names.find(query.search, query.signal);
    if (ids === undefined || groupId === undefined) return ids;
    const isMember = new Set(await members.idsOf(groupId, query.signal));
    return ids.filter((id) => isMember.has(id));
  };
  return {
    heard: names.heard,
    users: async ({ groupId, ...query }) => {
      const ids = await found(query, groupId);
      const page = await (ids !== undefined
        ? pageOf(searcher, ids, "name", query)
        : groupId === undefined
          ? readPage(searcher, userSearch, query)
          : readMembers(searcher, members, groupId, query));
      if (page.order === "service") {
        isLarge = true;
        if (access().isHeard) names.prepare();
      }
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
  return pageOf(searcher, ids, "service", query);
}

/** The page of the users with these ids, in their order. */
async function pageOf(
  { reader }: Searcher,
  ids: readonly string[],
  order: DirectoryPage<unknown>["order"],
  { page, count, signal }: DirectoryQuery,
): Promise<DirectoryPage<unknown>> {
  const start = withinList(startOf(page), ids.length, count);
  const items: z.infer<typeof identified>[] = [];
  for (let at = start; at < Math.min(start + count, ids.length); at += MOST_IDS) {
    const some = ids.slice(at, Math.min(at + MOST_IDS, start + count));
    const filter = some.map((id) => `id eq ${literal(id)}`).join(" or ");
    const wanted = { filter, attributes: userSearch.attributes, count: String(some.length) };
    const { Resources } = await reader.list("Users", wanted, signal);
    items.push(
      ...z
        .array(identified)
        .parse(Resources)
        .toSorted((a, b) => some.indexOf(a.id) - some.indexOf(b.id)),
    );
  }
  return { total: ids.length, start, items, order };
}
