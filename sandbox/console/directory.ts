import { z } from "zod";

/** One page of a list of the directory. `next` and `previous` are tokens of `page`. */
export interface DirectoryPage<T> {
  /** Undefined while a search goes through a directory that is too large to count matches. */
  readonly total?: number;
  readonly items: readonly T[];
  readonly next?: string;
  readonly previous?: string;
}

export interface DirectoryQuery {
  readonly search: string;
  /** `i26` starts at the 26th; `c…` is a cursor; empty is the first page. */
  readonly page: string;
  readonly count: number;
}

const listResponse = z.object({
  totalResults: z.int(),
  nextCursor: z.string().optional(),
  Resources: z.array(z.unknown()).default([]),
});
const user = z.object({
  id: z.string(),
  userName: z.string(),
  displayName: z.string().optional(),
  active: z.boolean().default(true),
  title: z.string().optional(),
});
const group = z.object({ id: z.string(), displayName: z.string() });
const refusal = z.object({ detail: z.string(), scimType: z.string().optional() });

export type DirectoryUser = z.infer<typeof user>;
export type DirectoryGroup = z.infer<typeof group> & { readonly members: number };

/** The service refused or did not answer; the message is for the reader of the page. */
export class DirectoryFailure extends Error {
  readonly scimType: string | undefined;

  constructor(message: string, scimType?: string) {
    super(message);
    this.scimType = scimType;
  }
}

/** Reads the directory through its SCIM service, one request at a time and never more than what is shown. */
export interface Directory {
  users(query: DirectoryQuery & { readonly groupId?: string }): Promise<DirectoryPage<DirectoryUser>>;
  groups(query: DirectoryQuery): Promise<DirectoryPage<DirectoryGroup>>;
  resource(type: "Users" | "Groups", id: string): Promise<unknown>;
}

/** Beyond this the service would read too much to sort. */
const MOST_SORTED = 500;
/** Requests of one search; it goes on with the next page. */
const MOST_STEPS = 10;

const literal = (text: string): string => JSON.stringify(text);

export function createDirectory(access: () => { readonly baseUrl: string; readonly token: string }): Directory {
  let last: Promise<unknown> = Promise.resolve();
  const get = (path: string, parameters: Readonly<Record<string, string>> = {}): Promise<unknown> => {
    const work = last.then(async () => {
      const { baseUrl, token } = access();
      const query = new URLSearchParams(parameters).toString();
      const response = await fetch(`${baseUrl}/${path}${query === "" ? "" : `?${query}`}`, {
        headers: { authorization: `Bearer ${token}`, accept: "application/scim+json" },
      }).catch((error: unknown) => {
        throw new DirectoryFailure(
          `The service does not answer: ${error instanceof Error ? error.message : String(error)}`,
        );
      });
      const body: unknown = await response.json().catch(() => undefined);
      if (response.ok) return body;
      const told = refusal.safeParse(body);
      throw new DirectoryFailure(
        `The service answered ${response.status}${told.success ? `: ${told.data.detail}` : ""}`,
        told.data?.scimType,
      );
    });
    last = work.catch(() => undefined);
    return work;
  };
  const list = async (
    path: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<z.infer<typeof listResponse>> => listResponse.parse(await get(path, parameters));

  async function byIndex(
    path: string,
    parameters: Readonly<Record<string, string>>,
    { sortBy, page, count }: { readonly sortBy: string; readonly page: string; readonly count: number },
  ): Promise<DirectoryPage<unknown>> {
    const { totalResults: total } = await list(path, { ...parameters, count: "0" });
    const asked = Number(/^i(\d+)$/.exec(page)?.[1] ?? 1);
    const start = asked > total ? Math.max(1, Math.floor((total - 1) / count) * count + 1) : asked;
    const order: Record<string, string> = total <= MOST_SORTED ? { sortBy } : {};
    const { Resources } = await list(path, {
      ...parameters,
      ...order,
      startIndex: String(start),
      count: String(count),
    });
    return {
      total,
      items: Resources,
      ...(start + count <= total ? { next: `i${start + count}` } : {}),
      ...(start > 1 ? { previous: `i${Math.max(1, start - count)}` } : {}),
    };
  }

  /** Pages of RFC 9865, which go on where an index page would be refused as too much; some of them are empty. */
  async function byCursor(
    path: string,
    parameters: Readonly<Record<string, string>>,
    { page, count }: { readonly page: string; readonly count: number },
  ): Promise<DirectoryPage<unknown>> {
    const items: unknown[] = [];
    let cursor: string | undefined = page.startsWith("c") ? page.slice(1) : "";
    for (let step = 0; step < MOST_STEPS && cursor !== undefined && items.length < count; step += 1) {
      const part: z.infer<typeof listResponse> = await list(path, {
        ...parameters,
        cursor,
        count: String(count - items.length),
      });
      items.push(...part.Resources);
      cursor = part.nextCursor;
    }
    return {
      items,
      ...(cursor === undefined ? {} : { next: `c${cursor}` }),
      ...(page === "" ? {} : { previous: "" }),
    };
  }

  async function read(
    path: string,
    parameters: Readonly<Record<string, string>>,
    query: { readonly sortBy: string; readonly page: string; readonly count: number },
  ): Promise<DirectoryPage<unknown>> {
    if (query.page.startsWith("c")) return byCursor(path, parameters, query);
    try {
      return await byIndex(path, parameters, query);
    } catch (error) {
      if (!(error instanceof DirectoryFailure) || error.scimType !== "tooMany") throw error;
      return byCursor(path, parameters, { ...query, page: "" });
    }
  }

  const searchIn = (search: string, names: readonly string[]): string[] =>
    search.trim() === "" ? [] : [`(${names.map((name) => `${name} co ${literal(search.trim())}`).join(" or ")})`];
  const filterOf = (parts: readonly string[]): Record<string, string> =>
    parts.length === 0 ? {} : { filter: parts.join(" and ") };

  return {
    users: async ({ search, groupId, ...paging }) => {
      const filter = filterOf([
        ...(groupId === undefined ? [] : [`groups.value eq ${literal(groupId)}`]),
        ...searchIn(search, ["userName", "displayName"]),
      ]);
      const attributes = "userName,displayName,active,title";
      const page = await read("Users", { ...filter, attributes }, { ...paging, sortBy: "userName" });
      return { ...page, items: z.array(user).parse(page.items) };
    },
    groups: async ({ search, ...paging }) => {
      const filter = filterOf(searchIn(search, ["displayName"]));
      const parameters = { ...filter, attributes: "displayName" };
      const page = await read("Groups", parameters, { ...paging, sortBy: "displayName" });
      const items: DirectoryGroup[] = [];
      for (const one of z.array(group).parse(page.items)) {
        const { totalResults } = await list("Users", { filter: `groups.value eq ${literal(one.id)}`, count: "0" });
        items.push({ ...one, members: totalResults });
      }
      return { ...page, items };
    },
    resource: (type, id) =>
      get(`${type}/${encodeURIComponent(id)}`, type === "Groups" ? { excludedAttributes: "members" } : {}),
  };
}
