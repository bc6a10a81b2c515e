import { el } from "./dom.js";
import { createLatest } from "./latest.js";
import { once } from "./once.js";

let fieldsMade = 0;

/** @typedef {{value: string, label: string}} Option */
/**
 * What goes with a text that is typed.
 * @template T
 * @typedef {(text: string, ask: import("./latest.js").Ask) => Promise<readonly T[]>} Find
 */

/**
 * What may be typed in a field, read again as a person types.
 * @param {string} id
 * @param {Element} input
 * @param {Find<string>} suggest
 */
function suggestions(id, input, suggest) {
  const list = el("datalist", { id });
  const latest = createLatest();
  const read = () =>
    latest(async (ask) => {
      const texts = await suggest(/** @type {HTMLInputElement} */ (input).value, ask);
      list.replaceChildren(...texts.map((value) => el("option", { value })));
    });
  input.addEventListener("input", () => void read());
  void read();
  return list;
}

/**
 * A form whose fields have names and labels.
 * @param {readonly {
 *   name: string,
 *   label: string,
 *   value?: string,
 *   required?: boolean,
 *   focus?: boolean,
 *   options?: readonly Option[],
 *   find?: Find<Option>,
 *   covers?: string,
 *   suggest?: Find<string>,
 * }[]} fields a field with options is a list to choose from; `find` narrows one down that is too long; `suggest` names
 * what may be typed; `covers` is a second field of the request that gets the same value; `focus` is where typing starts
 * @param {string} submit what the button says
 * @param {(values: Record<string, string>) => unknown} done
 * @param {"primary" | "inline"} [kind] the main thing of its dialog, or one of several in a line
 */
export function form(fields, submit, done, kind = "primary") {
  const inputs = fields.map((field) => {
    const { name, label, value = "", required = false, focus = false, options, find, suggest, covers = false } = field;
    fieldsMade += 1;
    const id = `field-${fieldsMade}`;
    /** @param {readonly Option[]} some */
    const choices = (some) =>
      some.map((one) => el("option", { value: one.value, selected: one.value === value }, one.label));
    const typed = { id, name, value, required, autofocus: focus, autocomplete: "off", maxlength: "2000" };
    const list = suggest !== undefined && `${id}-suggestions`;
    const input =
      options === undefined
        ? el("input", { ...typed, list, "data-covers": covers })
        : el("select", { id, name, required, autofocus: focus }, ...choices(options));
    const latest = createLatest();
    const narrow = async (/** @type {Event} */ event) => {
      const text = /** @type {HTMLInputElement} */ (event.target).value;
      await latest(async (ask) => input.replaceChildren(...choices((await find?.(text, ask)) ?? [])));
    };
    return el(
      "div",
      { class: "field" },
      el("label", { for: id }, label),
      find !== undefined &&
        el("input", { type: "search", placeholder: "Find", "aria-label": `Find for: ${label}`, input: narrow }),
      input,
      suggest !== undefined && suggestions(`${id}-suggestions`, input, suggest),
    );
  });
  /** @param {Event} event */
  const send = (event) => {
    const data = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    return done(Object.fromEntries([...data].map(([name, value]) => [name, String(value)])));
  };
  return el(
    "form",
    { submit: once(send), class: kind === "inline" ? "inline" : "" },
    el("div", { class: "fields" }, ...inputs),
    kind === "primary"
      ? el("div", { class: "bar end" }, el("button", { type: "submit", class: "primary" }, submit))
      : el("button", { type: "submit" }, submit),
  );
}
