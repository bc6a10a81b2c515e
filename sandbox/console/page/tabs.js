import { button, el } from "./dom.js";
import { remember } from "./route.js";

/**
 * @typedef {{
 *   element: Element,
 *   refresh: () => Promise<void>,
 *   values: () => import("./route.js").Values,
 *   follow: (asked: import("./route.js").Values) => void,
 *   whenMoved: (moved: (isStep: boolean) => void) => void,
 * }} Tab
 */

/** The name of a tab in an address. @param {string} name */
const slugOf = (name) => name.toLowerCase().replaceAll(" ", "-");

/**
 * Buttons of which one is pressed, and the list that it shows. Both are in the address.
 * @param {"org" | "directory"} part
 * @param {string} label
 * @param {Record<string, Tab>} lists by the button's text
 */
export function createTabs(part, label, lists) {
  const names = Object.keys(lists);
  const [first = ""] = names;
  let current = first;
  const holder = el("div", {});
  const buttons = names.map((name) => button(name, () => choose(name)));

  const values = () => ({ tab: current === first ? "" : slugOf(current), ...lists[current]?.values() });
  const refresh = async () => lists[current]?.refresh();

  /** @param {string} name */
  function show(name) {
    current = name;
    for (const one of buttons) one.setAttribute("aria-pressed", String(one.textContent === name));
    holder.replaceChildren(lists[name]?.element ?? "");
  }

  /** @param {string} name */
  function choose(name) {
    show(name);
    remember(part, values(), true);
    void refresh();
  }

  /** Shows the list of an address, or the first one. @param {import("./route.js").Values} asked @returns what is shown */
  function follow(asked) {
    const name = names.find((one) => slugOf(one) === asked["tab"]) ?? first;
    lists[name]?.follow(asked);
    if (name !== current) {
      show(name);
      void refresh();
    }
    return values();
  }

  for (const [name, list] of Object.entries(lists))
    list.whenMoved((isStep) => {
      if (name === current) remember(part, values(), isStep);
    });
  show(current);
  return {
    element: el("div", {}, el("div", { class: "tabs", role: "group", "aria-label": label }, ...buttons), holder),
    refresh,
    follow,
  };
}
