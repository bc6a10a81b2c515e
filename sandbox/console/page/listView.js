import { announce, el } from "./dom.js";
import { describePage, isCounted, nextPage, nthPage, ofPages, pageCount, pageNumber, previousPage } from "./paging.js";

/** Milliseconds without a key after which a search is sent. */
const TYPING = 200;

/**
 * @typedef {{
 *   search: () => void,
 *   previous: () => void,
 *   next: () => void,
 *   jump: (page: string) => void,
 * }} ListHandlers
 */

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
  const where = el("span", { class: "where" });
  const previous = createTurn("Previous", label, on.previous);
  const next = createTurn("Next", label, on.next);
  const jump = createJump(label, on.jump);
  const pages = el("span", {});
  const jumping = el("label", { class: "jump", hidden: true }, "Page ", jump, pages);
  const element = el(
    "div",
    {},
    el("div", { class: "bar" }, search),
    problem,
    rows,
    empty,
    el("div", { class: "pager" }, previous, where, next),
    jumping,
    note,
  );
  return { element, search, rows, problem, empty, note, where, previous, next, jump, pages, jumping };
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

/** @param {string} name @param {string} label @param {() => void} click */
function createTurn(name, label, click) {
  // Several clicks in a row turn several pages.
  const turn = /** @type {HTMLButtonElement} */ (el("button", { type: "button", click }, name));
  turn.disabled = true;
  turn.setAttribute("aria-label", `${name} page of ${label}`);
  return turn;
}

/** Says which pages there are, after another one was asked for. @param {string} label @param {number} most @param {number} page */
export const sayPages = (label, most, page) =>
  announce(`The pages of ${label} are 1 to ${most.toLocaleString("en")}. This is page ${page.toLocaleString("en")}.`);

/** @param {string} label @param {(page: string) => void} changed */
function createJump(label, changed) {
  const jump = /** @type {HTMLInputElement} */ (
    el("input", {
      type: "number",
      min: "1",
      "aria-label": `Page of ${label}`,
      change: () => {
        const most = Number(jump.max);
        const asked = jump.value === "" ? Number(jump.dataset["page"]) : Math.floor(Number(jump.value));
        const page = String(Math.min(Math.max(asked, 1), most));
        if (jump.value !== page) sayPages(label, most, Number(page));
        jump.value = page;
        changed(nthPage(Number(page)));
      },
    })
  );
  return jump;
}

/**
 * Shows the place of a page in its list and the pages around it.
 * @param {ListView} view
 * @param {import("./paging.js").Page<unknown>} found
 * @param {readonly string[]} trail pages that led to this one, if the server does not count
 */
export function showPlace(view, found, trail) {
  const { search, empty, note, where, previous, next, jump, pages, jumping } = view;
  where.textContent = describePage(found);
  const sought = search.value.trim();
  empty.hidden = found.items.length > 0 || nextPage(found) !== undefined;
  empty.textContent = sought === "" ? "Nothing here yet." : `Nothing here contains “${sought}”.`;
  previous.disabled = previousPage(found, trail) === undefined;
  next.disabled = nextPage(found) === undefined;
  jumping.hidden = !isCounted(found) || pageCount(found) < 3;
  jump.max = String(pageCount(found));
  jump.dataset["page"] = String(pageNumber(found));
  if (document.activeElement !== jump) jump.value = String(pageNumber(found));
  pages.textContent = ofPages(found);
  note.hidden = !(found.order === "service" && isCounted(found));
  note.textContent = "The list is too long to sort by name and has the service’s own order. Search finds every name.";
}
