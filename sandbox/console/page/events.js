import { deploy, deployButton } from "./deployment.js";
import { button, el, openDialog, reconcile, tag } from "./dom.js";
import { form } from "./form.js";
import { createLatest } from "./latest.js";
import { act } from "./server.js";

/** @typedef {{jti: string, line: string}} ChangeEvent */
/** @typedef {{name: string, push?: string, waiting: string, events: readonly ChangeEvent[]}} Receiver */

/** Milliseconds between two looks: nothing tells the page of a new event. */
const PACE = 2000;

/** The receivers of change events, what waits for each of them, and ways to add one and to acknowledge. */
export function createEvents() {
  const list = el("div", { class: "receivers" });
  const none = el(
    "p",
    {},
    "Nobody is told of changes. Add a receiver: the next deployment creates what its events need.",
  );
  const element = el(
    "section",
    { class: "flat", "aria-labelledby": "change-events-title" },
    el("h3", { id: "change-events-title" }, "Change events"),
    none,
    list,
    el("div", { class: "bar" }, deployButton("Add a receiver…", add)),
  );
  let isFirst = true;
  const latest = createLatest();

  /** @type {import("./latest.js").Read} */
  async function read(ask) {
    /** @type {{receivers: readonly Receiver[]}} */
    const { receivers } = await ask("change-events");
    none.hidden = receivers.length > 0;
    reconcile(list, receivers, ({ name }) => name, receiverPart, { quietly: isFirst });
    isFirst = false;
  }
  const refresh = async () => void (await latest(read));
  const look = async () => {
    if (element.offsetParent !== null) await refresh().catch(() => undefined);
    setTimeout(look, PACE);
  };
  setTimeout(look, PACE);
  return { element, refresh };
}

/** @param {Receiver} receiver */
function receiverPart({ name, push, waiting, events }) {
  const state = push === undefined ? `${waiting} wait` : `pushed to ${push}`;
  const jtis = events.map(({ jti }) => jti);
  return el(
    "div",
    {},
    el("h4", {}, name, " ", tag(state, waiting === "0" ? "good" : "doubt")),
    events.length > 0 && el("ol", { class: "mono" }, ...events.map(({ line }) => el("li", {}, line))),
    push === undefined &&
      events.length > 0 &&
      el(
        "div",
        { class: "bar" },
        button(`Acknowledge these for ${name}`, () => act({ action: "acknowledge", receiver: name, events: jtis })),
      ),
  );
}

function add() {
  const fields = [
    { name: "name", label: "Name", required: true, focus: true },
    { name: "push", label: "Address to push to (https; empty for a receiver that polls)" },
  ];
  const dialog = openDialog(
    "Add a receiver",
    form(fields, "Add and deploy", (values) => deploy({ action: "addReceiver", ...values }, undefined, dialog)),
  );
}
