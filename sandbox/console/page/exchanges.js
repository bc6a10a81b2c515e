import { announce, button, byId, el, reconcile, tag, timeOf } from "./dom.js";
import { get, post, textOf } from "./server.js";

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

const round = (/** @type {number} */ units) => Math.round(units * 10) / 10;

/** @param {any} cost */
const costOf = (cost) =>
  cost === undefined
    ? []
    : [
        `DynamoDB: ${cost.requests} ${cost.requests === 1 ? "request" : "requests"}, ${round(cost.readUnits)} RCU, ${round(cost.writeUnits)} WCU`,
      ];

/** @param {any} event */
const eventRow = (event) =>
  el(
    "li",
    { class: event.failed ? "event failed" : "event" },
    el("span", { class: "line" }, el("span", {}, event.text), timeOf(event.at)),
    el("span", { class: "quiet" }, event.reason ?? event.who),
  );

/** @param {any} exchange */
function exchangeRow(exchange) {
  const details = el("div", { class: "details", hidden: true });
  const head = el(
    "button",
    {
      type: "button",
      class: "row exchange",
      "aria-expanded": "false",
      click: () => {
        const opens = details.hidden;
        details.hidden = !opens;
        head.setAttribute("aria-expanded", String(opens));
        if (opens && details.childElementCount === 0) void fill(details, exchange.id);
      },
    },
    el(
      "span",
      { class: "line" },
      el("span", { class: "name" }, exchange.what),
      timeOf(exchange.at),
      tag(
        exchange.status === 0 ? "no answer" : exchange.status,
        exchange.failed ? "bad" : exchange.method === "GET" ? "" : "good",
      ),
    ),
    el("span", { class: "quiet mono clip" }, el("span", { class: "method" }, exchange.method), ` ${exchange.path}`),
    el("span", { class: "quiet" }, [`${exchange.ms} ms`, ...costOf(exchange.cost)].join(" · ")),
  );
  return el("li", {}, head, details);
}

/** @param {Record<string, string>} headers */
const headerText = (headers) =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");

/** @param {Element} details @param {number} id */
async function fill(details, id) {
  try {
    const full = await get("exchange", { id });
    const withToken = /** @type {HTMLInputElement} */ (el("input", { type: "checkbox" }));
    const command = el("pre", { tabindex: "0", hidden: true, "aria-label": "curl command" });
    const copy = async () => {
      const { command: text } = await post("curl", { id, withToken: withToken.checked });
      command.textContent = text;
      command.hidden = false;
      await navigator.clipboard.writeText(text).then(
        () => announce("The curl command is on the clipboard"),
        () => announce("The browser does not allow access to the clipboard; copy the curl command from the page"),
      );
    };
    details.replaceChildren(
      el(
        "div",
        { class: "bar" },
        button("Copy as curl", () => void copy()),
        el("label", { class: "check" }, withToken, "with the token"),
      ),
      command,
      el("h3", {}, "Request"),
      el("pre", { tabindex: "0" }, `${full.method} ${full.url}\n${headerText(full.requestHeaders)}`),
      (full.requestBody !== undefined && el("pre", { tabindex: "0" }, full.requestBody)) || "",
      el("h3", {}, full.status === 0 ? "No answer" : `Answer ${full.status}`),
      (Object.keys(full.responseHeaders).length > 0 &&
        el("pre", { tabindex: "0" }, headerText(full.responseHeaders))) ||
        "",
      (full.responseBody !== undefined && el("pre", { tabindex: "0" }, full.responseBody)) || "",
    );
  } catch (error) {
    details.replaceChildren(el("p", { class: "notice" }, textOf(error)));
  }
}

export function createExchanges() {
  let count = STEP;
  let asked = 0;
  let loadedFor = "";
  const search = /** @type {HTMLInputElement} */ (
    el("input", {
      type: "search",
      placeholder: "Filter exchanges",
      "aria-label": "Filter exchanges",
      maxlength: "100",
      input: () => void refresh(),
    })
  );
  const kind = /** @type {HTMLSelectElement} */ (
    el(
      "select",
      { "aria-label": "Kind of exchanges", change: () => void refresh() },
      ...Object.entries(KINDS).map(([value, label]) => el("option", { value }, label)),
    )
  );
  const rows = el("ul", { class: "rows", "aria-label": "Events and exchanges, newest first" });
  const empty = el("p", { class: "empty", hidden: true });
  const where = el("span", {});
  const more = /** @type {HTMLButtonElement} */ (
    button("Show more", () => {
      count = Math.min(MOST, count + STEP);
      void refresh();
    })
  );

  async function refresh() {
    const own = (asked += 1);
    const query = `${search.value}\n${kind.value}\n${count}`;
    const found = await get("timeline", { search: search.value, kind: kind.value, count });
    if (own !== asked) return;
    reconcile(
      rows,
      found.items,
      (/** @type {any} */ item) => `${item.kind} ${item.id}`,
      (/** @type {any} */ item) => (item.kind === "event" ? eventRow(item) : exchangeRow(item)),
      { quietly: query !== loadedFor },
    );
    loadedFor = query;
    empty.hidden = found.total > 0;
    empty.textContent =
      search.value === "" && kind.value === "all"
        ? "Nothing has happened yet."
        : "No event or exchange matches the filter.";
    where.textContent = `${found.items.length} of ${found.total.toLocaleString("en")}`;
    more.disabled = found.items.length === found.total || count === MOST;
  }

  byId("exchanges").append(
    el("p", { class: "quiet" }, "Okta's events, and the SCIM requests that follow from them."),
    el(
      "div",
      { class: "bar" },
      search,
      kind,
      el("a", { class: "button", href: "/api/exchanges.json", download: "exchanges.json" }, "Export JSON"),
    ),
    rows,
    empty,
    el("div", { class: "pager" }, where, more),
  );
  return { refresh };
}
