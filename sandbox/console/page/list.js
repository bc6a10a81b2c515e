import { button, el, reconcile } from "./dom.js";
import { createListView, showPlace } from "./listView.js";
import { COUNT, isCounted, nextPage, previousPage } from "./paging.js";
import { get, textOf } from "./server.js";

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
 * @typedef {Required<Omit<ListOptions<T>, "label">> & {
 *   view: import("./listView.js").ListView,
 *   search: string,
 *   page: string,
 *   trail: string[],
 *   loadedFor: string,
 *   found: import("./paging.js").Page<T>,
 *   asking: AbortController,
 * }} List
 */

/**
 * A list with a search field and pages, read from the server a page at a time.
 * @template T
 * @param {ListOptions<T>} options
 */
export function createList({ label, path, more = {}, keyOf = (item) => /** @type {any} */ (item).id, row }) {
  const view = createListView(label, {
    search: () => {
      list.search = view.search.value;
      list.trail = [];
      void turn(list, "");
    },
    previous: () => void turn(list, previousPage(list.found, list.trail) ?? ""),
    next: () => forward(list),
    jump: (page) => void turn(list, page),
  });
  /** @type {List<T>} */
  const list = {
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
    asking: new AbortController(),
  };
  return {
    element: view.element,
    /** Reads the shown page again. */
    refresh: () => read(list, list.asking.signal),
  };
}

/** @template T @param {List<T>} list */
function forward(list) {
  const to = nextPage(list.found);
  if (to === undefined) return;
  if (!isCounted(list.found)) list.trail.push(list.page);
  void turn(list, to);
}

/**
 * Goes to a page. A read that is still under way is aborted: the person no longer waits for it.
 * @template T
 * @param {List<T>} list
 * @param {string} to
 */
async function turn(list, to) {
  if (list.trail.at(-1) === to) list.trail.pop();
  list.page = to;
  list.asking.abort();
  list.asking = new AbortController();
  await read(list, list.asking.signal);
}

/**
 * @template T
 * @param {List<T>} list
 * @param {AbortSignal} signal
 */
async function read(list, signal) {
  const { path, more, keyOf, row, view, search, page } = list;
  const query = `${search}\n${page}`;
  const wait = query === list.loadedFor ? 60_000 : PATIENCE;
  const patience = setTimeout(() => (view.where.textContent = "looking…"), wait);
  try {
    const answer = await get(path, { search, page, count: COUNT, ...more }, signal);
    if (signal.aborted) return;
    list.found = answer;
    reconcile(view.rows, list.found.items, keyOf, row, { quietly: query !== list.loadedFor });
    list.loadedFor = query;
    view.problem.replaceChildren();
    showPlace(view, list.found, list.trail);
  } catch (error) {
    if (signal.aborted) return;
    view.problem.replaceChildren(el("p", { class: "notice" }, textOf(error)));
    view.where.textContent = "";
  } finally {
    clearTimeout(patience);
  }
}

/**
 * Buttons of which one is pressed, and the list that it shows.
 * @param {string} label
 * @param {Record<string, {element: Element, refresh: () => Promise<void>}>} lists by the button's text
 */
export function createTabs(label, lists) {
  const names = Object.keys(lists);
  let current = names[0] ?? "";
  const holder = el("div", {});
  const buttons = names.map((name) => button(name, () => show(name)));
  /** @param {string} name */
  function show(name) {
    current = name;
    for (const one of buttons) one.setAttribute("aria-pressed", String(one.textContent === name));
    holder.replaceChildren(lists[name]?.element ?? "");
    void refresh();
  }
  async function refresh() {
    await lists[current]?.refresh();
  }
  show(current);
  return {
    element: el("div", {}, el("div", { class: "tabs", role: "group", "aria-label": label }, ...buttons), holder),
    refresh,
  };
}
