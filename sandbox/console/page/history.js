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

/** The page that is wanted, until the server names it. */
function createWish() {
  /** @type {Wanted} */
  let wanted = { from: "" };
  let isStep = false;
  /** The entries before the page that was turned to. @type {number | undefined} */
  let ahead;
  return {
    get wanted() {
      return wanted;
    },
    /** Whether a person turned to the page, who may go back from it. */
    get isStep() {
      return isStep;
    },
    /** Wants a page by its name. @param {string} from */
    name: (from) => {
      wanted = { from };
      isStep = false;
      ahead = undefined;
    },
    /** @param {number} start */
    jump: (start) => {
      ahead = start;
      wanted = { start };
      isStep = true;
    },
    /**
     * Turns from the page that is shown. A turn before the answer to the one before it has no name of its page yet, so it
     * goes by the number of entries.
     * @param {number} start the entries before the shown page
     * @param {string} from the name of the page beside it
     * @param {number} step entries between the two
     */
    turn: (start, from, step) => {
      wanted = ahead === undefined ? { from } : { start: Math.max(0, ahead + step) };
      ahead = Math.max(0, (ahead ?? start) + step);
      isStep = true;
    },
  };
}

/**
 * Events and exchanges, a page at a time. The newest page shows whatever is newest; every other one keeps its first entry
 * when more happens.
 * @param {string} label
 * @param {string} ofRows the name of the list with its order
 * @param {{turned: () => void, moved: (isStep: boolean) => void}} on `turned` hears that another page is wanted, and
 *   `moved` that another one is shown; a step is one that a person goes back from
 */
export function createHistory(label, ofRows, { turned, moved }) {
  const wish = createWish();
  let shown = "";
  /** @type {Pick<HistoryPage, "start" | "previous" | "next">} */
  let found = { start: 0 };
  const rows = el("ul", { class: "rows", "aria-label": ofRows });
  const pager = createPager(label, {
    previous: () => turn(found.previous, -COUNT),
    next: () => turn(found.next, COUNT),
    jump: (number) => {
      wish.jump((number - 1) * COUNT);
      turned();
    },
  });

  /** @param {string | undefined} from @param {number} step */
  function turn(from, step) {
    if (from === undefined) return;
    wish.turn(found.start, from, step);
    turned();
  }

  return {
    rows,
    pager,
    /** The name of the page, for an address. */
    get from() {
      return "from" in wish.wanted ? wish.wanted.from : shown;
    },
    /** What the server is asked for. */
    query: () => ({ count: COUNT, ...wish.wanted }),
    /** Wants the page of an address. @param {string} from */
    follow: (from) => wish.name(from),
    /** @param {HistoryPage} page @param {{quietly: boolean}} options */
    show: (page, { quietly }) => {
      const { wanted, isStep } = wish;
      const isOther = page.from !== shown;
      const isCorrected = !("from" in wanted && wanted.from === page.from);
      reconcile(rows, page.items, entryKey, entryRow, { quietly: quietly || isOther });
      pager.show(placeOf(page));
      if (page.isGone)
        announce(`The entry of the address is not here, or no longer. This is the newest page of ${label}.`);
      found = page;
      shown = page.from;
      wish.name(shown);
      if (isCorrected || isStep) moved(isStep);
      if (isStep) rows.firstElementChild?.scrollIntoView({ block: "nearest" });
    },
    clear: () => {
      wish.name("");
      shown = "";
      found = { start: 0 };
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
