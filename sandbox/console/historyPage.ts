import type { TimelineEntry } from "./happening.ts";

/** The place of a page in a history. If neither `from` nor `start` is given, it is the newest page. */
export interface HistoryQuery {
  /** Entries on a page. */
  readonly count: number;
  /** The id of the page's first entry. It wins over `start`. */
  readonly from?: string | undefined;
  /** The entries before the page. */
  readonly start?: number | undefined;
}

/** A page of a history. The pages are named by their first entry, so that new entries do not move what a page shows. */
export interface HistoryPage {
  readonly total: number;
  /** The entries before this page. */
  readonly start: number;
  readonly items: readonly TimelineEntry[];
  /** The name of this page. The newest page is `""`, and shows whatever is newest. */
  readonly from: string;
  /** The name of the page before; undefined on the first one. */
  readonly previous?: string;
  /** The name of the page after; undefined on the last one. */
  readonly next?: string;
  /** Whether `from` names an entry that the history does not have, or no longer. This is then the newest page. */
  readonly isGone: boolean;
}

/**
 * Cuts a page out of a history.
 * @param entries in the order in which they are listed
 * @param newest where the newest entry stands
 */
export function historyPage(
  entries: readonly TimelineEntry[],
  { count, from, start }: HistoryQuery,
  newest: "first" | "last",
): HistoryPage {
  const total = entries.length;
  const last = newest === "first" ? Math.max(0, Math.floor((total - 1) / count) * count) : Math.max(0, total - count);
  const newestStart = newest === "first" ? 0 : last;
  const named = from === undefined || from === "" ? undefined : entries.findIndex(({ id }) => String(id) === from);
  const isGone = named === -1;
  const asked = isGone ? newestStart : (named ?? start ?? newestStart);
  // A page of the newest-last order that would be short is the newest page.
  const at = named !== undefined && newest === "first" ? asked : Math.min(asked, last);
  const nameAt = (place: number): string => (place === newestStart ? "" : String(entries[place]?.id ?? ""));
  return {
    total,
    start: at,
    items: entries.slice(at, at + count),
    from: nameAt(at),
    ...(at > 0 ? { previous: nameAt(Math.max(0, at - count)) } : {}),
    ...(at + count < total ? { next: nameAt(newest === "first" ? at + count : Math.min(at + count, last)) } : {}),
    isGone,
  };
}
