import { button, el, reconcile } from "./dom.js";
import { get, textOf } from "./server.js";

/** Rows on a page. */
const COUNT = 12;
/** Milliseconds without a key after which a search is sent. */
const TYPING = 200;
/** Milliseconds after which a list says that it is still looking. */
const PATIENCE = 400;

/**
 * What the server says of a page of a list: counted, or where to go on.
 * @template T
 * @typedef {{items: readonly T[], total?: number, start?: number, next?: string, order?: "name" | "service", isExact?: boolean}} Page
 */

const number = (/** @type {number} */ value) => value.toLocaleString("en");

/**
 * A list with a search field and pages, all of it read from the server a page at a time.
 * @template T
 * @param {{
 *   label: string,
 *   path: string,
 *   more?: Record<string, string>,
 *   keyOf?: (item: T) => string,
 *   row: (item: T) => Element,
 * }} options `more` are further parameters of the path
 */
export function createList({ label, path, more = {}, keyOf = (item) => /** @type {any} */ (item).id, row }) {
  let page = "";
  /** Pages that led to this one, where the server counts none. @type {string[]} */
  let trail = [];
  let loadedFor = "";
  /** @type {Page<T>} */
  let found = { items: [] };
  let asking = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;

  const search = /** @type {HTMLInputElement} */ (
    el("input", {
      type: "search",
      placeholder: `Search ${label}`,
      "aria-label": `Search ${label}`,
      maxlength: "100",
      input: () => {
        clearTimeout(typing);
        typing = setTimeout(() => {
          trail = [];
          void turn("");
        }, TYPING);
      },
    })
  );
  const rows = el("ul", { class: "rows", "aria-label": label });
  const problem = el("div", { role: "alert" });
  const empty = el("p", { class: "empty", hidden: true });
  const note = el("p", { class: "quiet", hidden: true });
  const where = el("span", { class: "where" });
  const back = /** @type {HTMLButtonElement} */ (button("Previous", () => void turn(previous() ?? "")));
  const on = /** @type {HTMLButtonElement} */ (button("Next", forward));
  back.disabled = on.disabled = true;
  back.setAttribute("aria-label", `Previous page of ${label}`);
  on.setAttribute("aria-label", `Next page of ${label}`);
  const jump = /** @type {HTMLInputElement} */ (
    el("input", {
      type: "number",
      min: "1",
      "aria-label": `Page of ${label}`,
      change: () => {
        if (jump.checkValidity() && jump.value !== "") void turn(String((Number(jump.value) - 1) * COUNT));
      },
    })
  );
  const pages = el("span", {});
  const jumping = el("label", { class: "jump", hidden: true }, "Page ", jump, pages);

  const isCounted = () => found.start !== undefined && found.total !== undefined;
  const previous = () => {
    if (!isCounted()) return trail.at(-1);
    const { start = 0 } = found;
    return start > 0 ? String(Math.max(0, start - COUNT)) : undefined;
  };
  const next = () => {
    const { start = 0, total = 0 } = found;
    if (!isCounted()) return found.next;
    return start + COUNT < total ? String(start + COUNT) : undefined;
  };
  function forward() {
    const to = next();
    if (to === undefined) return;
    const from = page;
    if (!isCounted()) trail.push(from);
    void turn(to);
  }

  /** What a person asks for does not wait for what was asked before. @param {string} to */
  async function turn(to) {
    if (trail.at(-1) === to) trail.pop();
    page = to;
    asking.abort();
    asking = new AbortController();
    await read(asking.signal);
  }

  /** @param {AbortSignal} signal */
  async function read(signal) {
    const query = `${search.value}\n${page}`;
    const patience = setTimeout(() => (where.textContent = "looking…"), query === loadedFor ? 60_000 : PATIENCE);
    try {
      const answer = await get(path, { search: search.value, page, count: COUNT, ...more }, signal);
      if (signal.aborted) return;
      found = answer;
      reconcile(rows, found.items, keyOf, row, { quietly: query !== loadedFor });
      loadedFor = query;
      problem.replaceChildren();
      showPlace();
    } catch (error) {
      if (signal.aborted) return;
      problem.replaceChildren(el("p", { class: "notice" }, textOf(error)));
      where.textContent = "";
    } finally {
      clearTimeout(patience);
    }
  }

  function showPlace() {
    const { start = 0, total = 0, order } = found;
    where.textContent = describe();
    const sought = search.value.trim();
    empty.hidden = found.items.length > 0 || next() !== undefined;
    empty.textContent = sought === "" ? "Nothing here yet." : `No name here has “${sought}” in it.`;
    back.disabled = previous() === undefined;
    on.disabled = next() === undefined;
    const many = Math.ceil(total / COUNT);
    jumping.hidden = !isCounted() || many < 3;
    jump.max = String(many);
    if (document.activeElement !== jump) jump.value = String(Math.floor(start / COUNT) + 1);
    pages.textContent = ` of ${number(many)}`;
    note.hidden = !(order === "service" && isCounted());
    note.textContent = "Too many to sort by name: this is the service’s own order. Search finds anybody.";
  }

  function describe() {
    const { items, total, start = 0, isExact } = found;
    if (!isCounted()) {
      if (isExact === true) return "the whole name matches; Next looks for more";
      if (found.next !== undefined) return items.length === 0 ? "none so far" : `${items.length} here, maybe more`;
      return items.length === 0 ? "no more" : `${items.length} here, no more`;
    }
    return total === 0 ? "0" : `${number(start + 1)}–${number(start + items.length)} of ${number(total ?? 0)}`;
  }

  return {
    element: el(
      "div",
      {},
      el("div", { class: "bar" }, search),
      problem,
      rows,
      empty,
      el("div", { class: "pager" }, back, where, on),
      jumping,
      note,
    ),
    /** Reads again what is shown. */
    refresh: () => read(asking.signal),
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
    element: el("div", {}, el("div", { class: "tabs", role: "group", "aria-label": label }, ...buttons), holder),
    refresh,
  };
}
