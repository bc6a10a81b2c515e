import { el } from "./dom.js";
import { createPager } from "./pager.js";
import { describePage, isCounted, nextPage, pageCount, pageNumber, previousPage } from "./paging.js";

/** Milliseconds without a key after which a search is sent. */
const TYPING = 200;

/** @typedef {import("./pager.js").PagerHandlers & {search: () => void}} ListHandlers */

/** @typedef {ReturnType<typeof createListView>} ListView */

/**
 * The elements of a list: search field, rows, pager.
 * @param {string} label
 * @param {ListHandlers} on
 */
export function createListView(label, on) {
  const search = createSearch(label, on.search);
  const rows = el("ul", { class: "rows", "aria-label": label });
  const problem = el("div", { role: "alert" });
  const empty = el("p", { class: "empty", hidden: true });
  const note = el("p", { class: "quiet", hidden: true });
  const pager = createPager(label, on);
  const element = el(
    "div",
    {},
    el("div", { class: "bar" }, search),
    ...[problem, rows, empty, ...pager.elements, note],
  );
  return { element, search, rows, problem, empty, note, pager };
}

/** @param {string} label @param {() => void} changed */
function createSearch(label, changed) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;
  return /** @type {HTMLInputElement} */ (
    el("input", {
      type: "search",
      placeholder: `Search ${label}`,
      "aria-label": `Search ${label}`,
      maxlength: "100",
      input: () => {
        clearTimeout(typing);
        typing = setTimeout(changed, TYPING);
      },
    })
  );
}

/**
 * Shows the place of a page in its list and the pages around it.
 * @param {ListView} view
 * @param {import("./paging.js").Page<unknown>} found
 * @param {readonly string[]} trail pages that led to this one, if the server does not count
 */
export function showPlace(view, found, trail) {
  const { search, empty, note, pager } = view;
  const sought = search.value.trim();
  empty.hidden = found.items.length > 0 || nextPage(found) !== undefined;
  empty.textContent = sought === "" ? "Nothing here yet." : `Nothing here contains “${sought}”.`;
  pager.show({
    where: describePage(found),
    hasPrevious: previousPage(found, trail) !== undefined,
    hasNext: nextPage(found) !== undefined,
    ...(isCounted(found) ? { page: pageNumber(found), pages: pageCount(found) } : {}),
  });
  note.hidden = !(found.order === "service" && isCounted(found));
  note.textContent = "The list is too long to sort by name and has the service’s own order. Search finds every name.";
}
