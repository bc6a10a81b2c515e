import { byId, el, timeOf } from "./dom.js";

/** @typedef {{label: string, value: {text: string} | {at: string}, state: string, href: string}} Sign */

let shown = "";

/** Shows the signs of health in the head of the page. @param {readonly Sign[]} signs */
export function showHealth(signs) {
  const signature = JSON.stringify(signs);
  if (signature === shown) return;
  shown = signature;
  byId("health").replaceChildren(
    ...signs.map(({ label, value, state, href }) =>
      el("li", {}, el("a", { href, class: state }, `${label}: `, "at" in value ? timeOf(value.at) : value.text)),
    ),
  );
}
