import { button, el, reconcile } from "./dom.js";
import { textOf } from "./server.js";

/**
 * @template T
 * @typedef {{items: readonly T[], total?: number, start?: number, next?: string, previous?: string}} Page
 */

/**
 * A list with a search field and pages, all of it read from the server.
 * @template T
 * @param {{
 *   label: string,
 *   load: (query: {search: string, page: string}) => Promise<Page<T>>,
 *   keyOf: (item: T) => string,
 *   row: (item: T) => Element,
 * }} options
 */
export function createList({ label, load, keyOf, row }) {
  let page = "";
  let asked = 0;
  let shown = 0;
  let loadedFor = "";
  const search = /** @type {HTMLInputElement} */ (
    el("input", {
      type: "search",
      placeholder: `Search ${label}`,
      "aria-label": `Search ${label}`,
      maxlength: "100",
      input: () => void turn(""),
    })
  );
  const rows = el("ul", { class: "rows", "aria-label": label });
  const problem = el("div", { role: "alert" });
  const where = el("span", {});
  const back = /** @type {HTMLButtonElement} */ (button("Previous", () => void turn(back.value)));
  const on = /** @type {HTMLButtonElement} */ (button("Next", () => void turn(on.value)));
  back.setAttribute("aria-label", `Previous page of ${label}`);
  on.setAttribute("aria-label", `Next page of ${label}`);

  /** @param {string} to */
  async function turn(to) {
    page = to;
    await refresh();
  }

  async function refresh() {
    const own = (asked += 1);
    try {
      const query = `${search.value}\n${page}`;
      const found = await load({ search: search.value, page });
      // An older question that is answered late does not overwrite a newer answer.
      if (own < shown) return;
      shown = own;
      reconcile(rows, found.items, keyOf, row, { quietly: query !== loadedFor });
      loadedFor = query;
      problem.replaceChildren();
      where.textContent = describe(found);
      back.value = found.previous ?? "";
      on.value = found.next ?? "";
      back.disabled = found.previous === undefined;
      on.disabled = found.next === undefined;
    } catch (error) {
      problem.replaceChildren(el("p", { class: "notice" }, textOf(error)));
    }
  }

  /** @param {Page<T>} found */
  function describe({ total, start, items }) {
    if (total === undefined) return `${items.length} of those that match`;
    if (total === 0) return "none";
    return start === undefined || items.length === 0
      ? `of ${total}`
      : `${start + 1}–${start + items.length} of ${total}`;
  }

  return {
    element: el(
      "div",
      {},
      el("div", { class: "bar" }, search),
      problem,
      rows,
      el("div", { class: "pager" }, back, where, on),
    ),
    refresh,
  };
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
    buttons: el("div", { class: "bar", role: "group", "aria-label": label }, ...buttons),
    holder,
    refresh,
    show,
  };
}
