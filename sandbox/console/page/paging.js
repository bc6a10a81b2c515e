/** Rows on a page. */
export const COUNT = 12;

/**
 * A page of a list as the server answers it. Where the server counts, `total` and `start` (rows before this page) are
 * set; where it does not, `next` names the following page.
 * @template T
 * @typedef {{items: readonly T[], total?: number, start?: number, next?: string, order?: "name" | "service", isExact?: boolean}} Page
 */

/** @param {number} value */
const number = (value) => value.toLocaleString("en");

/** The page of a counted list that begins after this many rows. @param {number} start */
const pageAt = (start) => (start === 0 ? "" : String(start));

/** The most pages of a list that an address can name: the server counts up to as many rows. */
const MOST_PAGES = 99_999;

/** The number that a text names, or the nearest one that a page can have. @param {string} text */
export const readNumber = (text) => (/^\d+$/.test(text) ? Math.min(Math.max(Number(text), 1), MOST_PAGES) : 1);

/** The number of a page; 1 if the server does not count. @param {string} page */
export const numberOf = (page) => (/^\d+$/.test(page) ? Math.floor(Number(page) / COUNT) + 1 : 1);

/** @param {Page<unknown>} found */
export const isCounted = ({ start, total }) => start !== undefined && total !== undefined;

/**
 * The page before this one; undefined on the first.
 * @param {Page<unknown>} found
 * @param {readonly string[]} trail pages that led to this one, if the server does not count
 */
export function previousPage(found, trail) {
  if (!isCounted(found)) return trail.at(-1);
  const { start = 0 } = found;
  return start > 0 ? pageAt(Math.max(0, start - COUNT)) : undefined;
}

/** The page after this one; undefined on the last. @param {Page<unknown>} found */
export function nextPage(found) {
  const { start = 0, total = 0 } = found;
  if (!isCounted(found)) return found.next;
  return start + COUNT < total ? pageAt(start + COUNT) : undefined;
}

/** The page of a counted list with this number, counted from 1. @param {number} nth */
export const nthPage = (nth) => pageAt((nth - 1) * COUNT);

/** The page that was found; the first one of a list that is not counted. @param {Page<unknown>} found */
export const pageOf = ({ start = 0 }) => pageAt(start);

/** The number of this page, counted from 1. @param {Page<unknown>} found */
export const pageNumber = (found) => numberOf(pageOf(found));

/** @param {Page<unknown>} found */
export const pageCount = ({ total = 0 }) => Math.ceil(total / COUNT);

/** `13–24 of 1,234`, or as much as is known if the server does not count. @param {Page<unknown>} found */
export function describePage(found) {
  const { items, total = 0, start = 0, isExact } = found;
  if (!isCounted(found)) {
    if (isExact === true) return "the whole name matches; Next looks for more";
    if (found.next !== undefined) return items.length === 0 ? "none so far" : `${items.length} here, maybe more`;
    return items.length === 0 ? "no more" : `${items.length} here, no more`;
  }
  return total === 0 ? "0" : `${number(start + 1)}–${number(start + items.length)} of ${number(total)}`;
}
