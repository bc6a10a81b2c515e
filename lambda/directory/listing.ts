import type { Directory, ResourceKind, Stored } from "./directory.ts";
import { decodeStored, numberOf, textOf } from "./items.ts";
import { keys, partition, externalIdHash, type Item } from "./keys.ts";
import type { Store } from "./store.ts";

type Listing = Pick<Directory, "page" | "pageAfter" | "count" | "findByExternalId">;

export function createListing(store: Store): Listing {
  async function counters(kind: ResourceKind): Promise<{ readonly digits: string; readonly count: number }[]> {
    const all: Item[] = [];
    for await (const page of store.query(partition.counters(kind))) all.push(...page);
    return all.map((item) => ({ digits: textOf(item, "sk"), count: numberOf(item, "n") }));
  }

  async function idsFrom(kind: ResourceKind, from: string | undefined, wanted: number): Promise<string[]> {
    const ids: string[] = [];
    const range = { limit: wanted, ...(from === undefined ? {} : { from }) };
    for await (const page of store.query(partition.listing(kind), range)) {
      ids.push(...page.map((item) => textOf(item, "sk")));
      if (ids.length >= wanted) break;
    }
    return ids.slice(0, wanted);
  }

  /** In the order of the ids; one that was deleted since it was listed is left out. */
  async function fetch(kind: ResourceKind, ids: readonly string[]): Promise<Stored[]> {
    const items = await store.batchGet(ids.map((id) => keys.resource(kind, id)));
    const byId = new Map(
      items
        .filter((item) => item["gone"] === undefined && item["deleting"] === undefined)
        .map((item) => [textOf(item, "pk").slice(2), item]),
    );
    return ids.flatMap((id) => {
      const item = byId.get(id);
      return item === undefined ? [] : [decodeStored(item)];
    });
  }

  return {
    async page(kind, offset, count) {
      const counts = await counters(kind);
      const total = counts.reduce((sum, one) => sum + one.count, 0);
      if (count === 0 || offset >= total) return { total, resources: [] };
      // The digits that the offset falls in; the few ids before it are read and skipped.
      let before = 0;
      let start: string | undefined;
      for (const { digits, count: inDigits } of counts) {
        start = digits;
        if (before + inDigits > offset) break;
        before += inDigits;
      }
      const skipped = offset - before;
      const ids = await idsFrom(kind, start, skipped + count);
      return { total, resources: await fetch(kind, ids.slice(skipped)) };
    },
    async pageAfter(kind, after, count) {
      // "!" is the smallest printable character, so this is the first key behind `after`.
      const ids = await idsFrom(kind, after === undefined ? undefined : `${after}!`, count);
      return fetch(kind, ids);
    },
    async count(kind) {
      return (await counters(kind)).reduce((sum, one) => sum + one.count, 0);
    },
    async findByExternalId(kind, externalId) {
      const ids: string[] = [];
      for await (const page of store.query(partition.externalId(externalIdHash(kind, externalId)))) {
        ids.push(...page.map((item) => textOf(item, "sk")));
      }
      return fetch(kind, ids);
    },
  };
}
