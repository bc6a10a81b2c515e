import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TimelineEntry } from "../../../sandbox/console/happening.ts";
import { historyPage, type HistoryPage, type HistoryQuery } from "../../../sandbox/console/historyPage.ts";

type Newest = "first" | "last";

const entryOf = (id: number): TimelineEntry => ({
  ...{ kind: "event", id: String(id), at: "", text: "", who: "", targets: [], failed: false },
});

/** A history of the events 1, 2, 3, … in the order in which it is listed. */
function history(total: number, newest: Newest): TimelineEntry[] {
  const entries = Array.from({ length: total }, (_, index) => entryOf(index + 1));
  return newest === "first" ? entries.reverse() : entries;
}
const page = (total: number, newest: Newest, query: Partial<HistoryQuery> = {}): HistoryPage =>
  historyPage(history(total, newest), { count: 10, ...query }, newest);
const idsOf = ({ items }: HistoryPage): readonly number[] => items.map(({ id }) => Number(id));

const newest = fc.constantFrom<Newest>("first", "last");
const totals = fc.integer({ min: 0, max: 100 });

describe("the page of a history", () => {
  it("is the newest one without a name: its rows, their place, and the page beside it", () => {
    expect(page(25, "first")).toMatchObject({ total: 25, start: 0, from: "", next: "15", isGone: false });
    expect(idsOf(page(25, "first"))).toEqual([25, 24, 23, 22, 21, 20, 19, 18, 17, 16]);
    expect(page(25, "first").previous).toBeUndefined();
    expect(page(25, "last")).toMatchObject({ total: 25, start: 15, from: "", previous: "6", isGone: false });
    expect(idsOf(page(25, "last"))).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25]);
    expect(page(25, "last").next).toBeUndefined();
  });

  it("is the newest one if its name is not in the history, and says so", () => {
    for (const order of ["first", "last"] as const) {
      const isGone = true;
      expect(page(25, order, { from: "nobody" })).toEqual({ ...page(25, order), isGone });
      expect(page(0, order, { from: "constructor" })).toEqual({ ...page(0, order), isGone });
    }
  });

  it("is at most as long as a page, and the nearest one to a place that the history does not have", () => {
    fc.assert(
      fc.property(newest, totals, fc.integer({ min: 0, max: 10_000 }), (order, total, start) => {
        const found = page(total, order, { start });
        expect(found.items.length).toBe(Math.min(10, total - found.start));
        if (start < total) expect(found.start).toBeLessThanOrEqual(start);
        if (total > 0) expect(found.items.length).toBeGreaterThan(0);
      }),
    );
  });

  it("leads to every entry by its neighbours, in both directions", () => {
    fc.assert(
      fc.property(newest, totals, fc.constantFrom("previous", "next"), (order, total, way) => {
        const seen = new Set<number>();
        let shown: HistoryPage | undefined = page(total, order, { start: way === "next" ? 0 : total });
        let pages = 0;
        while (shown !== undefined) {
          idsOf(shown).forEach((id) => seen.add(id));
          const name: string | undefined = shown[way];
          shown = name === undefined ? undefined : page(total, order, { from: name });
          expect(pages++).toBeLessThanOrEqual(total / 10 + 1);
        }
        expect(seen.size).toBe(total);
      }),
    );
  });

  it("keeps its entries while more happens, unless it is the newest one", () => {
    fc.assert(
      fc.property(newest, totals, fc.nat(100), fc.nat(100), (order, total, start, more) => {
        const before = page(total, order, { start });
        const after = page(total + more, order, { from: before.from });
        const isNewest = before.from === "";
        expect(idsOf(after).slice(0, before.items.length)).toEqual(
          isNewest ? idsOf(page(total + more, order)).slice(0, before.items.length) : idsOf(before),
        );
      }),
    );
  });
});
