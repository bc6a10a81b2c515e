import { byId, el } from "./dom.js";
import { createHistory } from "./history.js";
import { createLatest } from "./latest.js";
import { remember } from "./route.js";
import { textOf } from "./server.js";

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
  let loadedFor = "";
  const latest = createLatest();
  const { search, kind } = createFilter(filtered);
  let searched = "";
  const problem = el("div", { role: "alert" });
  const empty = el("p", { class: "empty", hidden: true });
  const history = createHistory("exchanges", "Events and exchanges, newest first", {
    turned: () => void refresh(),
    moved: (isStep) => remember("exchanges", values(), isStep),
  });

  const values = () => ({ kind: kind.value, search: search.value, from: history.from });

  /** @param {boolean} isChoice a search is a step of the history at its first letter, a choice each time */
  function filtered(isChoice) {
    const isStep = isChoice || searched === "";
    searched = search.value;
    history.follow("");
    remember("exchanges", values(), isStep);
    void refresh();
  }

  /** Shows the filter and the page of an address. @param {import("./route.js").Values} asked @returns what it shows */
  function follow({ kind: wanted = "", search: text = "", from = "" }) {
    const before = JSON.stringify(values());
    search.value = text;
    searched = text;
    kind.value = Object.hasOwn(KINDS, wanted) ? wanted : "all";
    history.follow(from);
    if (JSON.stringify(values()) !== before) void refresh();
    return values();
  }

  /** @type {import("./latest.js").Read} */
  async function read(ask) {
    const query = { search: search.value, kind: kind.value };
    const found = await ask("timeline", { ...query, ...history.query() });
    problem.replaceChildren();
    history.show(found, { quietly: JSON.stringify(query) !== loadedFor });
    loadedFor = JSON.stringify(query);
    empty.hidden = found.total > 0;
    empty.textContent =
      search.value === "" && kind.value === "all"
        ? "Nothing has happened yet."
        : "No event or exchange matches the filter.";
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
    ...[problem, history.rows, empty, ...history.pager.elements],
  );
  return { refresh, follow };
}
