import { announce, button, el, nameText, tag, timeOf } from "./dom.js";
import { storyAddress } from "./route.js";
import { get, post, textOf } from "./server.js";

const round = (/** @type {number} */ units) => Math.round(units * 10) / 10;

/** @param {any} cost */
const costOf = (cost) =>
  cost === undefined
    ? []
    : [
        `DynamoDB: ${cost.requests} ${cost.requests === 1 ? "request" : "requests"}, ${round(cost.readUnits)} RCU, ${round(cost.writeUnits)} WCU`,
      ];

/** The cause of a failure, above it. @param {any} cause */
const causeLine = ({ what, status }) =>
  el("span", { class: "quiet" }, `Because: ${what}, ${status === 0 ? "no answer" : `answer ${status}`}`);

/** The people and groups of an event, with links to their stories. @param {any} event */
const targetLine = ({ who, targets }) =>
  el(
    "span",
    { class: "quiet" },
    ...(targets.length === 0
      ? [who]
      : targets.flatMap((/** @type {any} */ target, /** @type {number} */ index) => [
          index > 0 && " · ",
          el("a", { href: storyAddress(target) }, target.name),
        ])),
  );

/** @param {any} event */
const eventRow = (event) =>
  el(
    "li",
    { class: event.failed ? "event failed" : "event" },
    event.cause !== undefined && causeLine(event.cause),
    el("span", { class: "line" }, el("span", {}, event.text), timeOf(event.at)),
    event.reason !== undefined && el("span", { class: "quiet" }, event.reason),
    targetLine(event),
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
      nameText(exchange.what),
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
        button("Copy as curl", () => copy()),
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

/** @param {any} entry */
export const entryKey = (entry) => `${entry.kind} ${entry.id}`;

/** The row of an event in Okta or of an exchange. @param {any} entry */
export const entryRow = (entry) => (entry.kind === "event" ? eventRow(entry) : exchangeRow(entry));
