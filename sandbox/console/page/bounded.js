import { el } from "./dom.js";

/** The most rows of a list that has no pages. */
const MOST = 40;

/**
 * The rows of a list that has no pages, in their order.
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => boolean} [isUrgent] these come before the others if there are too many
 * @returns {{shown: readonly T[], more: number}} `more` rows are left out
 */
export function bounded(items, isUrgent = () => false) {
  const more = items.length - MOST;
  if (more <= 0) return { shown: items, more: 0 };
  const urgent = items.filter(isUrgent);
  const others = items.filter((item) => !isUrgent(item));
  const kept = new Set([...urgent, ...others].slice(0, MOST));
  return { shown: items.filter((item) => kept.has(item)), more };
}

/** The line below a list that says how many rows are left out. */
export const restLine = () => el("p", { class: "quiet rest", hidden: true });

/** @param {HTMLElement} line @param {number} more @param {string} [where] where the rows are, after a number of them */
export function showRest(line, more, where = "") {
  line.hidden = more === 0;
  line.textContent = `and ${more.toLocaleString("en")} more${where}`;
}
