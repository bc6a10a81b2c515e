import type { Directory, ResourceKind, Stored } from "../model.ts";
import { isVisible } from "./group.ts";
import { decodeStored, numberOf, textOf } from "./items.ts";
import { externalIdHash, keys, partition, type Item } from "./keys.ts";
import type { Store } from "./store.ts";

type Listing = Pick<Directory, "page" | "pageAfter" | "pageBefore" | "count" | "findByExternalId">;

interface Counter {
  readonly prefix: string;
  readonly count: number;
}

const byId = (one: Stored, other: Stored): number => (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);

/** Where a resource's listing entry is: at most `skip` entries after the first one with this prefix. */
export function locate(
  counters: readonly Counter[],
  offset: number,
): { readonly prefix: string; readonly skip: number } | undefined {
  let before = 0;
  for (const { prefix, count } of counters) {
    if (offset < before + count) return { prefix, skip: offset - before };
    before += count;
  }
  return undefined;
}

export function createListing(store: Store): Listing {
  async function counters(kind: ResourceKind): Promise<Counter[]> {
    const found: Counter[] = [];
    for await (const page of store.query(partition.counters(kind))) {
      found.push(
        ...page.map((item) => ({
          prefix: textOf(item, "sk"),
          count: numberOf(item, "n"),
        })),
      );
    }
    return found;
  }

  const sum = (all: readonly Counter[]): number => all.reduce((total, { count }) => total + count, 0);

  /** At most `limit` ids from a place in the listing on. */
  async function listedIds(kind: ResourceKind, from: string | undefined, limit: number): Promise<string[]> {
    const ids: string[] = [];
    for await (const page of store.query(partition.listing(kind), {
      limit,
      ...(from !== undefined && { from }),
    })) {
      ids.push(...page.map((item) => textOf(item, "sk")));
      if (ids.length >= limit) break;
    }
    return ids.slice(0, limit);
  }

  async function resources(kind: ResourceKind, ids: readonly string[]): Promise<Stored[]> {
    const items = await store.batchGet(ids.map((id) => keys.resource(kind, id)));
    const shown = (item: Item): boolean => isVisible(item) && item["deleting"] === undefined;
    return items.filter(shown).map(decodeStored).sort(byId);
  }

  /** A listing entry may be of a resource that is on its way out: a page of entries is no full page of resources. */
  async function* shownPages(
    kind: ResourceKind,
    range: { from?: string; before?: string },
    limit: number,
  ): AsyncGenerator<Stored[]> {
    for await (const page of store.query(partition.listing(kind), { ...range, limit })) {
      yield await resources(
        kind,
        page.map((item) => textOf(item, "sk")),
      );
    }
  }

  return {
    async page(kind, offset, count) {
      const all = await counters(kind);
      const total = sum(all);
      const start = count > 0 ? locate(all, Math.max(0, offset)) : undefined;
      if (start === undefined) return { total, resources: [] };
      const ids = await listedIds(kind, start.prefix, start.skip + count);
      return { total, resources: await resources(kind, ids.slice(start.skip)) };
    },
    async pageAfter(kind, after, count) {
      const found: Stored[] = [];
      // The smallest string after an id.
      const range = after === undefined ? {} : { from: `${after}\u0000` };
      for await (const page of shownPages(kind, range, count)) {
        found.push(...page);
        if (found.length >= count) break;
      }
      return found.slice(0, count);
    },
    async pageBefore(kind, before, count) {
      let found: Stored[] = [];
      for await (const page of shownPages(kind, { before }, count)) {
        found = [...page, ...found];
        if (found.length >= count) break;
      }
      return found.slice(-count);
    },
    async count(kind) {
      return sum(await counters(kind));
    },
    async findByExternalId(kind, externalId, count) {
      const ids: string[] = [];
      for await (const page of store.query(partition.externalId(externalIdHash(kind, externalId)))) {
        ids.push(...page.map((item) => textOf(item, "sk")));
        if (ids.length >= count) break;
      }
      return resources(kind, ids.slice(0, count));
    },
  };
}
