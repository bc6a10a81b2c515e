import { bounded, restLine, showRest } from "./bounded.js";
import { button, el, named, reconcile } from "./dom.js";
import { driftTag } from "./drift.js";
import { createLatest } from "./latest.js";
import { act } from "./server.js";

/** @param {any} rule */
const pushRuleRow = ({ id, name, match, text, drift }) =>
  el(
    "li",
    { class: "line" },
    el("span", {}, `${name}: ${match === "startsWith" ? "starts with" : "contains"} “${text}” `, driftTag({ drift })),
    named(
      button("Remove rule", () => act({ action: "removePushRule", rule: id })),
      `Remove rule ${name}`,
    ),
  );

/** The push rules of the app. */
export function createPushRules() {
  const list = el("ul", { class: "entries" });
  const rest = restLine();
  const latest = createLatest();
  /** @type {import("./latest.js").Read} */
  const read = async (ask) => {
    const { rules } = await ask("org/push");
    const { shown, more } = bounded(/** @type {any[]} */ (rules));
    reconcile(list, shown, (rule) => rule.id, pushRuleRow, { quietly: true });
    showRest(rest, more, ", which show as these are removed");
  };
  return { elements: [list, rest], refresh: async () => void (await latest(read)) };
}
