import { button, byId, el, reconcile } from "./dom.js";
import { entryKey, entryRow } from "./entries.js";
import { createLatest } from "./latest.js";
import { remember } from "./route.js";
import { textOf } from "./server.js";

const STEP = 40;
const MOST = 1000;
const KINDS = {
  all: "Everything",
  exchanges: "Exchanges",
  writes: "Writes",
  users: "Users",
  groups: "Groups",
  failed: "Failed",
};

/** @param {(isStep: boolean) => void} changed */
function createFilter(changed) {
  const search = /** @type {HTMLInputElement} */ (
    el("input", {
      type: "search",
      placeholder: "Filter exchanges",
      "aria-label": "Filter exchanges",
      maxlength: "100",
      input: () => changed(false),
    })
  );
  const kind = /** @type {HTMLSelectElement} */ (
    el(
      "select",
      { "aria-label": "Kind of exchanges", change: () => changed(true) },
      ...Object.entries(KINDS).map(([value, label]) => el("option", { value }, label)),
    )
  );
  return { search, kind };
}

const download = () =>
  el("a", { class: "button", href: "/api/exchanges.json", download: "exchanges.json" }, "Export JSON");

export function createExchanges() {
  let count = STEP;
  let loadedFor = "";
  const latest = createLatest();
  const { search, kind } = createFilter(filtered);
  let searched = "";
  const rows = el("ul", { class: "rows", "aria-label": "Events and exchanges, newest first" });
  const problem = el("div", { role: "alert" });
  const empty = el("p", { class: "empty", hidden: true });
  const where = el("span", {});
  const more = /** @type {HTMLButtonElement} */ (
    button("Show more", () => {
      count = Math.min(MOST, count + STEP);
      void refresh();
    })
  );

  const values = () => ({ kind: kind.value, search: search.value });

  /** @param {boolean} isChoice a search is a step of the history at its first letter, a choice each time */
  function filtered(isChoice) {
    const isStep = isChoice || searched === "";
    searched = search.value;
    remember("exchanges", values(), isStep);
    void refresh();
  }

  /** Shows the filter of an address. @param {import("./route.js").Values} asked @returns what it shows */
  function follow({ kind: wanted = "", search: text = "" }) {
    search.value = text;
    searched = text;
    kind.value = Object.hasOwn(KINDS, wanted) ? wanted : "all";
    return values();
  }

  /** @type {import("./latest.js").Read} */
  async function read(ask) {
    const query = `${search.value}\n${kind.value}\n${count}`;
    const found = await ask("timeline", { search: search.value, kind: kind.value, count });
    problem.replaceChildren();
    reconcile(rows, found.items, entryKey, entryRow, { quietly: query !== loadedFor });
    loadedFor = query;
    empty.hidden = found.total > 0;
    empty.textContent =
      search.value === "" && kind.value === "all"
        ? "Nothing has happened yet."
        : "No event or exchange matches the filter.";
    where.textContent = `${found.items.length} of ${found.total.toLocaleString("en")}`;
    more.disabled = found.items.length === found.total || count === MOST;
  }

  async function refresh() {
    try {
      await latest(read);
    } catch (error) {
      problem.replaceChildren(el("p", { class: "notice" }, textOf(error)));
    }
  }

  byId("exchanges").append(
    el("p", { class: "quiet" }, "Okta's events, and the SCIM requests that follow from them."),
    el("div", { class: "bar" }, search, kind, download()),
    ...[problem, rows, empty],
    el("div", { class: "pager" }, where, more),
  );
  return { refresh, follow };
}
