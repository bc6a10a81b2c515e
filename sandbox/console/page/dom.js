import { rememberOpener } from "./focus.js";
import { once } from "./once.js";

/** @typedef {Node | string | number | undefined | false} Child */

/**
 * Creates an element. Text is always set as text, because names come from people.
 * @param {string} tag
 * @param {Record<string, string | boolean | ((event: Event) => void)>} attributes a function listens to the event of
 * its name
 * @param {...Child} children
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false) element.setAttribute(name, value);
  }
  element.append(
    ...children
      .filter((child) => child !== undefined && child !== false)
      .map((child) => (child instanceof Node ? child : String(child))),
  );
  return element;
}

/** A button that works once until it is done. @param {string} label @param {(event: Event) => unknown} click @param {string} [kind] */
export const button = (label, click, kind = "") =>
  el("button", { type: "button", class: kind, click: once(click) }, label);

/** Names a control in full for those who do not see its row. @param {Element} control @param {string} name */
export function named(control, name) {
  control.setAttribute("aria-label", name);
  return control;
}

/** @param {string} text @param {string} [kind] */
export const tag = (text, kind = "") => el("span", { class: `tag ${kind}` }, text);

/** The name of an item. Lists show two lines of it; the whole of a longer one appears on hover. @param {string} text */
export const nameText = (text) => el("span", { class: "name", ...(text.length > 40 ? { title: text } : {}) }, text);

/** A point in time in local form. @param {string} at ISO 8601 */
export const timeOf = (at) =>
  el("time", { datetime: at, title: at }, new Date(at).toLocaleTimeString("en-GB", { hour12: false }));

/** @param {string} id */
export function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
}

/** @type {WeakMap<Element, {key: string, signature: string}>} */
const drawn = new WeakMap();

/**
 * Makes a list show these items. A row that has not changed stays as it is, with its focus and what is open in it; one
 * that is new or has changed lights up for a moment. The key of a row leads a focus from a row to its successor.
 * @template T
 * @param {Element} list
 * @param {readonly T[]} items
 * @param {(item: T) => string} keyOf
 * @param {(item: T) => Element} make
 * @param {{quietly: boolean}} options
 */
export function reconcile(list, items, keyOf, make, { quietly }) {
  const before = new Map([...list.children].map((child) => [drawn.get(child)?.key ?? "", child]));
  const wanted = items.map((item) => {
    const key = keyOf(item);
    const signature = JSON.stringify(item);
    const known = before.get(key);
    if (known !== undefined && drawn.get(known)?.signature === signature) return known;
    const row = make(item);
    drawn.set(row, { key, signature });
    row.setAttribute("data-key", key);
    if (!quietly) row.classList.add("changed");
    return row;
  });
  const keep = new Set(wanted);
  for (const child of [...list.children]) if (!keep.has(child)) child.remove();
  wanted.forEach((row, index) => {
    if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
  });
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let clearing;

/** Every open dialog says it too: what is behind a dialog is dim, and is not read aloud. @param {string} text */
function say(text) {
  for (const toast of document.querySelectorAll(".toast")) toast.textContent = text;
}

/** @param {string} text */
export function announce(text) {
  say(text);
  clearTimeout(clearing);
  clearing = setTimeout(() => say(""), 8000);
}

/** How each dialog says what was refused. @type {WeakMap<Element, (text: string) => void>} */
const failures = new WeakMap();

/** Says what was refused: in the dialog that is open, which stays as it is, or else for a moment. @param {string} text */
export function refuse(text) {
  const open = [...document.querySelectorAll("dialog[open]")].flatMap((dialog) => failures.get(dialog) ?? []);
  (open.at(-1) ?? announce)(text);
}

/** @param {HTMLDialogElement} dialog */
function showDialog(dialog) {
  rememberOpener(dialog);
  dialog.querySelector(".toast")?.remove();
  dialog.append(el("p", { class: "toast", role: "status" }));
  document.body.append(dialog);
  dialog.showModal();
}

/** @typedef {{field: string, text: string}} Problem `field` is the name in the request */

let problemsMade = 0;

/**
 * Says what was refused with the names of the dialog's fields, marks these fields, and goes to the first one.
 * @param {HTMLElement} dialog
 * @param {readonly Problem[]} problems
 */
function fieldLines(dialog, problems) {
  const fieldOf = (/** @type {string} */ name) =>
    [...dialog.querySelectorAll("input, select, textarea")].find(
      (each) => each.getAttribute("name") === name || each.getAttribute("data-covers") === name,
    );
  const named = new Set(problems.map(({ field }) => field));
  // A field may stand for a second one of the request, which has the same problem.
  const own = problems.filter(({ field }) => {
    const name = fieldOf(field)?.getAttribute("name") ?? field;
    return name === field || !named.has(name);
  });
  const lines = own.map(({ field, text }) => {
    problemsMade += 1;
    const id = `problem-${problemsMade}`;
    const input = fieldOf(field);
    const label = input && dialog.querySelector(`label[for="${input.id}"]`)?.textContent;
    if (input !== undefined) mark(input, id);
    const name = label?.replace(/ \(.*\)$/, "") ?? field;
    return el("p", { id }, name === "" ? text : `${name}: ${text}`);
  });
  /** @type {HTMLElement | null} */ (dialog.querySelector("[aria-invalid]"))?.focus({ preventScroll: true });
  return lines;
}

/** Marks a field until a person changes it. @param {Element} input @param {string} id of the sentence about it */
function mark(input, id) {
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", id);
  input.addEventListener("input", () => unmark(input), { once: true });
}

/** @param {Element} input */
function unmark(input) {
  input.removeAttribute("aria-invalid");
  input.removeAttribute("aria-describedby");
}

/**
 * Opens a dialog; Escape, Close and following a link in it end it. The focus starts in its first field, or at its
 * heading if it has none.
 * @param {string} title
 * @param {...Child} content
 */
export function openDialog(title, ...content) {
  const alert = el("div", { role: "alert" });
  const follow = (/** @type {Event} */ { target }) => {
    if (target instanceof Element && target.closest("a") !== null) dialog.close();
  };
  const dialog = /** @type {HTMLDialogElement} */ (
    el("dialog", { "aria-label": title, click: follow, close: () => dialog.remove() })
  );
  const heading = el("h2", { title, tabindex: "-1" }, title);
  dialog.append(
    el(
      "div",
      { class: "line head" },
      heading,
      button("Close", () => dialog.close()),
    ),
    el("div", { class: "content" }, alert, ...content),
  );
  if (dialog.querySelector("[autofocus]") === null)
    (dialog.querySelector(".content :is(input, select, textarea)") ?? heading).setAttribute("autofocus", "");
  showDialog(dialog);
  /**
   * Says what was refused. A dialog that closed when the request was sent opens again as it was.
   * @param {string} text @param {readonly Problem[]} [problems] the same for each field
   */
  const fail = (text, problems = []) => {
    if (!dialog.open) showDialog(dialog);
    for (const marked of dialog.querySelectorAll("[aria-invalid]")) unmark(marked);
    const lines = problems.length === 0 ? [el("p", {}, text)] : fieldLines(dialog, problems);
    alert.replaceChildren(el("div", { class: "notice" }, ...lines));
    alert.scrollIntoView({ block: "nearest" });
  };
  failures.set(dialog, fail);
  return { close: () => dialog.close(), fail };
}

/** @typedef {{title: string, text: string, verb: string, kind?: "primary"}} Question `kind` is set if nothing is lost */

/**
 * Asks for confirmation of a change with large effects. Cancel has the focus, and Escape cancels.
 * @param {Question} question
 * @returns {Promise<boolean>}
 */
export function ask({ title, text, verb, kind }) {
  return new Promise((resolve) => {
    questions += 1;
    const id = `question-${questions}`;
    const dialog = /** @type {HTMLDialogElement} */ (
      el("dialog", {
        class: "question",
        role: "alertdialog",
        "aria-label": title,
        "aria-describedby": id,
        close: () => {
          dialog.remove();
          resolve(dialog.returnValue === "sure");
        },
      })
    );
    dialog.append(
      el(
        "div",
        { class: "content" },
        el("h2", {}, title),
        el("p", { id }, text),
        el(
          "div",
          { class: "bar end" },
          button("Cancel", () => dialog.close()),
          button(verb, () => dialog.close("sure"), kind ?? "danger solid"),
        ),
      ),
    );
    showDialog(dialog);
  });
}

let questions = 0;
