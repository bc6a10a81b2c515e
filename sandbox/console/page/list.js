import { el, reconcile } from "./dom.js";
import { createLatest } from "./latest.js";
import { createListView, showPlace } from "./listView.js";
import { sayPages } from "./pager.js";
import {
  COUNT,
  isCounted,
  nextPage,
  nthPage,
  numberOf,
  pageCount,
  pageNumber,
  pageOf,
  previousPage,
  readNumber,
} from "./paging.js";
import { textOf } from "./server.js";

/** Milliseconds after which a list says that it is still looking. */
const PATIENCE = 400;

/**
 * @template T
 * @typedef {{
 *   label: string,
 *   path: string,
 *   more?: Record<string, string>,
 *   keyOf?: (item: T) => string,
 *   row: (item: T) => Element,
 * }} ListOptions `more` are further parameters of the path
 */

/**
 * A list and its place: the text searched for, which is not always the one that is being typed; the page asked for; and the
 * pages that led to it if the server does not count.
 * @template T
 * @typedef {Required<ListOptions<T>> & {
 *   view: import("./listView.js").ListView,
 *   search: string,
 *   page: string,
 *   trail: string[],
 *   loadedFor: string,
 *   found: import("./paging.js").Page<T>,
 *   latest: ReturnType<typeof createLatest>,
 *   moved: (isStep: boolean) => void,
 * }} List `moved` hears of another search or page; a step is one that a person goes back from
 */

/**
 * A list with a search field and pages, read from the server a page at a time.
 * @template T
 * @param {ListOptions<T>} options
 */
export function createList({ label, path, more = {}, keyOf = (item) => /** @type {any} */ (item).id, row }) {
  const view = createListView(label, {
    search: () => {
      if (view.search.value === list.search) return;
      const isFirstLetter = list.search === "";
      list.search = view.search.value;
      list.trail = [];
      void turn(list, "", isFirstLetter);
    },
    previous: () => void turn(list, previousPage(list.found, list.trail) ?? ""),
    next: () => forward(list),
    jump: (number) => void turn(list, nthPage(number)),
  });
  /** @type {List<T>} */
  const list = {
    label,
    path,
    more,
    keyOf,
    row,
    view,
    search: "",
    page: "",
    trail: [],
    loadedFor: "",
    found: { items: [] },
    latest: createLatest(),
    moved: () => {},
  };
  return {
    element: view.element,
    /** Reads the shown page again. */
    refresh: () => read(list),
    /** What an address says of the list. */
    values: () => ({ search: list.search.trim(), page: String(numberOf(list.page)) }),
    /** @param {import("./route.js").Values} asked */
    follow: (asked) => follow(list, asked),
    /** @param {(isStep: boolean) => void} moved */
    whenMoved: (moved) => {
      list.moved = moved;
    },
  };
}

/** Shows what an address says of the list. @template T @param {List<T>} list @param {import("./route.js").Values} asked */
function follow(list, { search = "", page = "" }) {
  const number = readNumber(page);
  if (search === list.search.trim() && number === numberOf(list.page)) return;
  list.search = search;
  list.view.search.value = search;
  list.trail = [];
  list.page = nthPage(number);
  void read(list);
}

/** @template T @param {List<T>} list */
function forward(list) {
  const to = nextPage(list.found);
  if (to === undefined) return;
  if (!isCounted(list.found)) list.trail.push(list.page);
  void turn(list, to);
}

/**
 * Goes to a page.
 * @template T
 * @param {List<T>} list
 * @param {string} to
 */
async function turn(list, to, isStep = true) {
  if (list.trail.at(-1) === to) list.trail.pop();
  list.page = to;
  list.moved(isStep);
  await read(list);
}

/**
 * Takes over the page that was found in place of one that the list does not have.
 * @template T
 * @param {List<T>} list
 * @param {boolean} isAsked whether a person asked for the page, instead of the list getting shorter
 */
function correct(list, isAsked) {
  const { found, page, label } = list;
  const isNumbered = /^\d+$/.test(page);
  if (!isNumbered || page === pageOf(found)) return;
  list.page = pageOf(found);
  list.moved(false);
  if (isAsked && pageCount(found) > 0) sayPages(label, pageCount(found), pageNumber(found));
}

/**
 * Reads the page that the list is at.
 * @template T
 * @param {List<T>} list
 */
async function read(list) {
  const { path, more, keyOf, row, view, search, page } = list;
  const query = `${search}\n${page}`;
  const wait = query === list.loadedFor ? 60_000 : PATIENCE;
  const patience = setTimeout(() => (view.pager.where.textContent = "looking…"), wait);
  try {
    await list.latest(async (ask) => {
      list.found = await ask(path, { search, page, count: COUNT, ...more });
      const isNew = query !== list.loadedFor;
      reconcile(view.rows, list.found.items, keyOf, row, { quietly: isNew });
      correct(list, isNew);
      list.loadedFor = `${search}\n${list.page}`;
      view.problem.replaceChildren();
      showPlace(view, list.found, list.trail);
    });
  } catch (error) {
    view.problem.replaceChildren(el("p", { class: "notice" }, textOf(error)));
    view.pager.where.textContent = "";
  } finally {
    clearTimeout(patience);
  }
}
