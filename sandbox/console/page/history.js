import { announce, el, reconcile } from "./dom.js";
import { entryKey, entryRow } from "./entries.js";
import { createPager } from "./pager.js";
import { describePage } from "./paging.js";

/** Rows on a page. */
const COUNT = 40;

/**
 * A page of events and exchanges as the server answers it. `from` names the page by its first entry; the newest page is
 * `""`.
 * @typedef {{
 *   items: readonly any[], total: number, start: number, from: string, previous?: string, next?: string, isGone: boolean,
 * }} HistoryPage
 * @typedef {{from: string} | {start: number}} Wanted a page by its name, or by the number of entries before it
 */

/**
 * Events and exchanges, a page at a time. The newest page shows whatever is newest; every other one keeps its first entry
 * when more happens.
 * @param {string} label
 * @param {string} ofRows the name of the list with its order
 * @param {{turned: () => void, moved: (isStep: boolean) => void}} on `turned` hears that another page is wanted, and
 *   `moved` that another one is shown; a step is one that a person goes back from
 */
export function createHistory(label, ofRows, { turned, moved }) {
  /** The page that is wanted, until the server names it. @type {Wanted} */
  let wanted = { from: "" };
  let isStep = false;
  let shown = "";
  /** @type {Pick<HistoryPage, "previous" | "next">} */
  let found = {};
  const rows = el("ul", { class: "rows", "aria-label": ofRows });
  const pager = createPager(label, {
    previous: () => turn(found.previous),
    next: () => turn(found.next),
    jump: (number) => goTo({ start: (number - 1) * COUNT }),
  });

  /** @param {string | undefined} from */
  const turn = (from) => from !== undefined && goTo({ from });

  /** @param {Wanted} to */
  function goTo(to) {
    wanted = to;
    isStep = true;
    turned();
  }

  return {
    rows,
    pager,
    /** The name of the page, for an address. */
    get from() {
      return "from" in wanted ? wanted.from : shown;
    },
    /** What the server is asked for. */
    query: () => ({ count: COUNT, ...wanted }),
    /** Wants the page of an address. @param {string} from */
    follow: (from) => {
      wanted = { from };
      isStep = false;
    },
    /** @param {HistoryPage} page @param {{quietly: boolean}} options */
    show: (page, { quietly }) => {
      const isOther = page.from !== shown;
      const isCorrected = !("from" in wanted && wanted.from === page.from);
      const wasAsked = isStep;
      reconcile(rows, page.items, entryKey, entryRow, { quietly: quietly || isOther });
      pager.show(placeOf(page));
      if (page.isGone)
        announce(`The entry of the address is not among the ${label}, or no longer. This is the newest page.`);
      found = page;
      shown = page.from;
      wanted = { from: shown };
      isStep = false;
      if (isCorrected || wasAsked) moved(wasAsked);
      if (wasAsked) rows.firstElementChild?.scrollIntoView({ block: "nearest" });
    },
    clear: () => {
      wanted = { from: "" };
      isStep = false;
      shown = "";
      found = {};
      rows.replaceChildren();
      pager.show({ where: "", hasPrevious: false, hasNext: false });
    },
  };
}

/** @param {HistoryPage} page @returns {import("./pager.js").PagerPlace} */
function placeOf(page) {
  const { items, start, total, previous, next } = page;
  return {
    where: describePage(page),
    hasPrevious: previous !== undefined,
    hasNext: next !== undefined,
    page: Math.max(1, Math.ceil((start + items.length) / COUNT)),
    pages: Math.ceil(total / COUNT),
  };
}
