import type { Page } from "playwright-core";

declare const controls: Controls;

/** The functions of the script below; each takes an element. */
export interface Controls {
  /** The names of the controls that a person can use now. */
  keys(): readonly string[];
  keyOf(control: unknown): string;
  /** Presses of Tab from the focus to the control; negative for Shift+Tab. */
  steps(control: unknown): number;
  isFocused(control: unknown): boolean;
  choices(menu: unknown): { readonly selected: number; readonly labels: readonly string[] };
}

/** Runs in the page: names every control by the part of the page or the dialog that it is in, its kind, and its name. */
const SCRIPT = `window.controls = (() => {
  const ALL = "button, a[href], input, select, textarea, summary";
  const trim = (text) => (text ?? "").replace(/\\s+/g, " ").trim();
  const top = () => [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  const isUsable = (one) => one.checkVisibility() && !one.matches(":disabled");
  const usable = () => [...top().querySelectorAll(ALL)].filter(isUsable);
  const kindOf = (one) =>
    one.localName === "a" ? "link" : one.localName === "button" || one.localName === "summary" ? one.localName
    : one.localName === "select" ? "menu" : one.type === "radio" || one.type === "checkbox" ? one.type : "field";
  const nameOf = (one) => trim(one.getAttribute("aria-label") ?? one.labels?.[0]?.textContent ?? one.textContent);
  const placeOf = (one) => {
    const dialog = one.closest("dialog");
    if (dialog !== null) return "dialog " + dialog.getAttribute("aria-label");
    // Several views show the same list of drift.
    if (one.closest(".drift") !== null) return "drift";
    return one.closest("section[id]")?.id ?? one.closest("header, main")?.localName ?? "page";
  };
  const keyOf = (one) => {
    const list = one.closest("ul[aria-label]")?.getAttribute("aria-label");
    const isRow = list !== undefined && (one.localName === "a" || one.matches(".row"));
    return placeOf(one) + " > " + (isRow ? kindOf(one) + " in " + list : kindOf(one) + " " + nameOf(one));
  };
  const stops = () => [...top().querySelectorAll(ALL + ", [tabindex='0']")].filter(isUsable)
    .filter((one) => one.type !== "radio" || one.checked);
  const steps = (target) => {
    const all = stops();
    const from = document.activeElement;
    const to = all.indexOf(target);
    if (all.includes(from)) return to - all.indexOf(from);
    const passed = all.filter((one) => from.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING).length;
    return to >= passed ? to - passed + 1 : to - passed;
  };
  return {
    keys: () => usable().filter((one) => one.readOnly !== true).map(keyOf),
    keyOf,
    steps,
    isFocused: (one) => one === document.activeElement,
    choices: (menu) => ({ selected: menu.selectedIndex, labels: [...menu.options].map((one) => one.label) }),
  };
})()`;

/** Teaches a page, and each document that it loads later, to name its controls. */
export async function nameControls(page: Page): Promise<void> {
  await page.addInitScript(SCRIPT);
  await page.evaluate(SCRIPT);
}

/** A control that holds data in its name stands for all of its kind. */
const GENERIC: readonly (readonly [RegExp, string])[] = [
  [/^(header > link [^:]+):.*$/, "$1"],
  [/(?<= button )Checking…$/, "Check again"],
  [/(?<= button )Edit \w+…$/, "Edit KEY…"],
  [/^dialog Edit \w+/, "dialog Edit KEY"],
  [/(?<= button )Remove ["{[].*…$/, "Remove ENTRY…"],
  [/(?<= button )Use (?:the file|--config)’s \w+$/, "Use the file’s KEY"],
  [/(?<= summary )\w+ as YAML$/, "KEY as YAML"],
  [/(?<= button )Copy \w+ as YAML$/, "Copy KEY as YAML"],
  [/(?<= button )Retry .*$/, "Retry JOB"],
  [/(?<= button )Remove rule .+$/, "Remove rule NAME"],
  [/(?<= button )Declare .+…$/, "Declare NAME…"],
  [/(?<= button )Acknowledge these for .+$/, "Acknowledge these for NAME"],
];

/** @param records names of people, groups and rules that a test opens, each with its kind */
export function genericOf(key: string, records: Readonly<Record<string, string>>): string {
  const known = Object.entries(records).sort(([one], [other]) => other.length - one.length);
  const named = known.reduce((text, [name, kind]) => text.replaceAll(name, kind), key);
  return GENERIC.reduce((text, [pattern, generic]) => text.replace(pattern, generic), named);
}

/** The controls that a person can use now, in their generic names. */
export async function controlsOf(page: Page, records: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return (await page.evaluate(() => controls.keys())).map((key) => genericOf(key, records));
}
