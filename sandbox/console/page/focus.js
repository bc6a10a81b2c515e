/**
 * A control and what is around it, to find its successor after it is gone.
 * @typedef {{control: HTMLElement, name: string, parents: readonly Element[], row?: Row, opener?: Place}} Place
 * `opener` is the place from which the dialog around the control was opened
 * @typedef {{list: Element, key: string, index: number}} Row
 */

const CONTROLS = "button, a[href], input, select, textarea, summary";

/** @type {Place | undefined} */
let last;
/** @type {WeakMap<Element, Place>} */
const openers = new WeakMap();

/** @param {Element} control */
const nameOf = (control) => control.getAttribute("aria-label") ?? control.textContent ?? "";

/** Whether the control can have the focus. @param {HTMLElement} control */
const isUsable = (control) => control.isConnected && !control.matches(":disabled") && control.checkVisibility();

/** @param {Element} element */
function parentsOf(element) {
  const parents = [];
  for (let parent = element.parentElement; parent !== null; parent = parent.parentElement) parents.push(parent);
  return parents;
}

/** @param {HTMLElement} control @returns {Place} */
function placeOf(control) {
  const own = /** @type {HTMLElement | null} */ (control.closest("[data-key]"));
  const list = own?.parentElement;
  const dialog = control.closest("dialog");
  const opener = dialog === null ? undefined : openers.get(dialog);
  return {
    control,
    name: nameOf(control),
    parents: parentsOf(control),
    ...(own && list ? { row: { list, key: own.dataset["key"] ?? "", index: [...list.children].indexOf(own) } } : {}),
    ...(opener === undefined ? {} : { opener }),
  };
}

/** The control of that name, else the first one that can be used. @param {Element | undefined} holder @param {string} name */
function controlIn(holder, name) {
  if (holder?.isConnected !== true) return undefined;
  const controls = /** @type {HTMLElement[]} */ ([...holder.querySelectorAll(CONTROLS)]).filter(isUsable);
  return controls.find((control) => nameOf(control) === name) ?? controls[0];
}

/** The row of the same key, else the one that now stands there. @param {Row} row */
const rowNow = ({ list, key, index }) =>
  [...list.children].find((child) => /** @type {HTMLElement} */ (child).dataset["key"] === key) ??
  list.children[Math.min(index, list.childElementCount - 1)];

/**
 * The control itself, its successor in its row or in the part of the page around it, or the control that opened its
 * dialog.
 * @param {Place} place
 * @returns {HTMLElement | undefined}
 */
function successorOf({ control, name, parents, row, opener }) {
  if (isUsable(control)) return control;
  const inRow = row && controlIn(rowNow(row), name);
  if (inRow !== undefined) return inRow;
  for (const parent of parents) {
    if (parent.matches("main, body")) break;
    const found = controlIn(parent, name);
    if (found !== undefined) return found;
  }
  return opener && successorOf(opener);
}

/**
 * Gives a lost focus to the successor of the control that had it.
 * @param {readonly MutationRecord[]} [changes]
 */
function restore(changes = []) {
  if (last === undefined || document.activeElement !== document.body) return;
  const { control } = last;
  const hasMoved = changes.some(({ removedNodes }) => [...removedNodes].some((node) => node.contains(control)));
  if (isUsable(control) && !hasMoved) return;
  const successor = successorOf(last) ?? document.querySelector("main");
  last = undefined;
  successor?.focus();
}

/** Remembers where a dialog was opened, before it takes the focus. @param {Element} dialog */
export function rememberOpener(dialog) {
  if (last !== undefined) openers.set(dialog, last);
}

/**
 * Keeps the place of a keyboard: when the control with the focus is removed, hidden or disabled, because it was
 * pressed or because something changed elsewhere, its successor gets the focus.
 */
export function keepFocus() {
  document.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLElement) last = placeOf(target);
  });
  document.addEventListener("focusout", () => setTimeout(restore));
  // A person who clicks beside a control leaves it. Other losses may only be the first part of a change: a browser takes
  // the focus from a link to another view before the page hides the link.
  document.addEventListener("pointerdown", ({ target }) => {
    if (target instanceof Element && target.closest(CONTROLS) === null) last = undefined;
  });
  new MutationObserver((changes) => restore(changes)).observe(document.body, {
    attributeFilter: ["disabled", "hidden"],
    childList: true,
    subtree: true,
  });
}
