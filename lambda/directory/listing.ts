import type { Page, ResourceKind, Stored } from "../model.ts";
import { isVisible } from "./group.ts";
import { decodeStored } from "./items.ts";
import { externalIdHash, keys, partition } from "./keys.ts";
import { batchGet, queryPages, type Store } from "./store.ts";
import { isDeleting } from "./userDeletion.ts";
import { numberOf, textOf } from "./values.ts";

interface Counter {
  readonly prefix: string;
  readonly count: number;
}

const byId = (one: Stored, other: Stored): number => (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);

/** The position of a resource's listing entry: at most `skip` entries after the first one with this prefix. */
function locate(
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

async function readCounters(store: Store, kind: ResourceKind): Promise<Counter[]> {
  const found: Counter[] = [];
  for await (const page of queryPages(store, partition.counters(kind))) {
    found.push(...page.map((item) => ({ prefix: textOf(item, "sk"), count: numberOf(item, "n") })));
  }
  return found;
}

const sum = (all: readonly Counter[]): number => all.reduce((total, { count }) => total + count, 0);

/** At most `limit` ids, from a position in the listing on. */
async function listedIds(store: Store, kind: ResourceKind, from: string, limit: number): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of queryPages(store, partition.listing(kind), { limit, from })) {
    ids.push(...page.map((item) => textOf(item, "sk")));
    if (ids.length >= limit) break;
  }
  return ids.slice(0, limit);
}

async function resources(store: Store, kind: ResourceKind, ids: readonly string[]): Promise<Stored[]> {
  const items = await batchGet(
    store,
    ids.map((id) => keys.resource(kind, id)),
  );
  return items
    .filter((item) => isVisible(item) && !isDeleting(item))
    .map(decodeStored)
    .sort(byId);
}

/** The resource of a listing entry may be deleted meanwhile, so a page of entries may show fewer resources. */
async function* shownPages(
  store: Store,
  kind: ResourceKind,
  range: { from?: string; before?: string },
  limit: number,
): AsyncGenerator<Stored[]> {
  for await (const page of queryPages(store, partition.listing(kind), { ...range, limit })) {
    const ids = page.map((item) => textOf(item, "sk"));
    yield await resources(store, kind, ids);
  }
}

/** Resources in order of id. `offset` is 0-based; the cost is the same at any depth. */
export async function page(store: Store, kind: ResourceKind, offset: number, count: number): Promise<Page> {
  const all = await readCounters(store, kind);
  const total = sum(all);
  const start = count > 0 ? locate(all, Math.max(0, offset)) : undefined;
  if (start === undefined) return { total, resources: [] };
  const ids = await listedIds(store, kind, start.prefix, start.skip + count);
  return { total, resources: await resources(store, kind, ids.slice(start.skip)) };
}

/** The first `count` resources with an id after `after`, in order of id; fewer only if there are no more. */
export async function pageAfter(
  store: Store,
  kind: ResourceKind,
  after: string | undefined,
  count: number,
): Promise<Stored[]> {
  const found: Stored[] = [];
  // The smallest string after an id.
  const range = after === undefined ? {} : { from: `${after}\u0000` };
  for await (const shown of shownPages(store, kind, range, count)) {
    found.push(...shown);
    if (found.length >= count) break;
  }
  return found.slice(0, count);
}

/** The last `count` resources with an id before `before`, in order of id; fewer only if there are no more. */
export async function pageBefore(store: Store, kind: ResourceKind, before: string, count: number): Promise<Stored[]> {
  let found: Stored[] = [];
  for await (const shown of shownPages(store, kind, { before }, count)) {
    found = [...shown, ...found];
    if (found.length >= count) break;
  }
  return found.slice(-count);
}

/** The number of resources of a kind, from the counters. */
export const countResources = async (store: Store, kind: ResourceKind): Promise<number> =>
  sum(await readCounters(store, kind));

/** At most `count` of the resources with an externalId, which is not unique. In order of id. */
export async function findByExternalId(
  store: Store,
  kind: ResourceKind,
  externalId: string,
  count: number,
): Promise<Stored[]> {
  const ids: string[] = [];
  for await (const found of queryPages(store, partition.externalId(externalIdHash(kind, externalId)))) {
    ids.push(...found.map((item) => textOf(item, "sk")));
    if (ids.length >= count) break;
  }
  return resources(store, kind, ids.slice(0, count));
}
