import { announce, el } from "./dom.js";

/**
 * @typedef {{previous: () => void, next: () => void, jump: (number: number) => void}} PagerHandlers `jump` gets the number
 *   of a page, counted from 1
 * @typedef {{where: string, hasPrevious: boolean, hasNext: boolean, page?: number, pages?: number}} PagerPlace `page` and
 *   `pages` are set if the pages are counted
 * @typedef {ReturnType<typeof createPager>} Pager
 */

/**
 * The place of a page in its list, and the ways to the other pages.
 * @param {string} label
 * @param {PagerHandlers} on
 */
export function createPager(label, on) {
  const where = el("span", { class: "where" });
  const previous = createTurn("Previous", label, on.previous);
  const next = createTurn("Next", label, on.next);
  const jump = createJump(label, on.jump);
  const pages = el("span", {});
  const jumping = el("label", { class: "jump", hidden: true }, "Page ", jump, pages);
  return {
    elements: [el("div", { class: "pager" }, previous, where, next), jumping],
    where,
    /** @param {PagerPlace} place */
    show: ({ where: text, hasPrevious, hasNext, page = 1, pages: count = 0 }) => {
      where.textContent = text;
      previous.disabled = !hasPrevious;
      next.disabled = !hasNext;
      jumping.hidden = count < 3;
      jump.max = String(count);
      // A number that a person types stays.
      if (document.activeElement !== jump || jump.value === jump.dataset["page"]) jump.value = String(page);
      jump.dataset["page"] = String(page);
      pages.textContent = ` of ${count.toLocaleString("en")}`;
    },
  };
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

/** @param {string} label @param {(number: number) => void} changed */
function createJump(label, changed) {
  const jump = /** @type {HTMLInputElement} */ (
    el("input", {
      type: "number",
      min: "1",
      "aria-label": `Page of ${label}`,
      change: () => {
        const most = Number(jump.max);
        const asked = jump.value === "" ? Number(jump.dataset["page"]) : Math.floor(Number(jump.value));
        const page = Math.min(Math.max(asked, 1), most);
        if (jump.value !== String(page)) sayPages(label, most, page);
        jump.value = String(page);
        changed(page);
      },
    })
  );
  return jump;
}
