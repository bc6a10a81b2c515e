import type { Locator, Page } from "playwright-core";
import { eventually } from "../../e2e/support.ts";
import { ignoreAnnouncements } from "./announcements.ts";
import { controlsOf, genericOf, type Controls } from "./controls.ts";

declare const controls: Controls;

/** A person at the page, with a mouse or with the keyboard alone. It remembers every control that it has used. */
export interface Hand {
  readonly name: "mouse" | "keyboard";
  /** Presses a button, follows a link, opens what a summary has. */
  press(control: Locator): Promise<void>;
  fill(field: Locator, text: string): Promise<void>;
  /** Chooses the option with this label. */
  choose(menu: Locator, label: string): Promise<void>;
  /** Checks a box or one of several radio buttons. */
  check(box: Locator): Promise<void>;
  /** Leaves the open dialog without an effect: by its Close or Cancel, or with Escape. */
  leave(): Promise<void>;
}

/** The controls that both hands have had in front of them, and the ones that each has used. */
export interface Ledger {
  /** Names of people, groups and rules that occur in names of controls, each with its kind. */
  readonly records: Readonly<Record<string, string>>;
  readonly seen: Set<string>;
  readonly used: Readonly<Record<Hand["name"], Set<string>>>;
}

type Ways = Omit<Hand, "name">;

export const isFocused = (control: Locator): Promise<boolean> =>
  control.evaluate((one: unknown) => controls.isFocused(one));
const keyOf = (control: Locator): Promise<string> => control.evaluate((one: unknown) => controls.keyOf(one));

const mouse = (page: Page): Ways => ({
  press: (control) => control.click(),
  fill: async (field, text) => {
    await field.click();
    await field.fill(text);
  },
  choose: async (menu, label) => {
    await menu.selectOption({ label });
  },
  check: (box) => box.check(),
  leave: () => leaving(page).click(),
});

const leaving = (page: Page): Locator =>
  page
    .locator("dialog")
    .last()
    .getByRole("button", { name: /^(Close|Cancel)$/ });

/** Goes to a control with Tab or Shift+Tab from where the focus is. @throws Error if it is not reached */
async function reach(page: Page, control: Locator): Promise<void> {
  // As a mouse waits: a list may still be looking, and a deployment may run.
  await control.waitFor();
  await eventually(() => control.isEnabled(), Boolean);
  // A list that changes in the meantime moves the control: the way is found again from where the focus is then.
  for (let round = 0; round < 20; round += 1) {
    if (await isFocused(control)) return;
    const steps = await control.evaluate((one: unknown) => controls.steps(one));
    for (let step = 0; step < Math.abs(steps); step += 1) await page.keyboard.press(steps > 0 ? "Tab" : "Shift+Tab");
  }
  if (!(await isFocused(control))) throw new Error(`Tab does not reach ${await keyOf(control)}`);
}

const keyboard = (page: Page): Ways => ({
  press: async (control) => {
    await reach(page, control);
    await page.keyboard.press("Enter");
  },
  fill: async (field, text) => {
    await reach(page, field);
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.press("Delete");
    await page.keyboard.type(text);
  },
  choose: async (menu, label) => {
    await reach(page, menu);
    const { selected, labels } = await menu.evaluate((one: unknown) => controls.choices(one));
    const steps = labels.indexOf(label) - selected;
    for (let step = 0; step < Math.abs(steps); step += 1) {
      await page.keyboard.press(steps > 0 ? "ArrowDown" : "ArrowUp");
    }
  },
  check: async (box) => {
    const isRadio = (await box.getAttribute("type")) === "radio";
    if (isRadio && (await box.isChecked())) return;
    if (!isRadio) {
      await reach(page, box);
      await page.keyboard.press("Space");
      return;
    }
    await reach(page, page.locator("dialog").last().locator("input[type=radio]:checked"));
    await page.keyboard.press("ArrowDown");
  },
  leave: () => page.keyboard.press("Escape"),
});

/** @param ledger what both hands write to */
export function createHand(name: Hand["name"], page: Page, ledger: Ledger): Hand {
  const ways = { mouse, keyboard }[name](page);
  const note = async (control: Locator): Promise<void> => {
    await control.first().waitFor();
    for (const key of await controlsOf(page, ledger.records)) ledger.seen.add(key);
    ledger.used[name].add(genericOf(await keyOf(control), ledger.records));
  };
  const noting =
    <More extends readonly unknown[]>(way: (control: Locator, ...more: More) => Promise<void>) =>
    async (control: Locator, ...more: More): Promise<void> => {
      await note(control);
      await way(control, ...more);
    };
  return {
    name,
    press: noting((control) => {
      ignoreAnnouncements(page);
      return ways.press(control);
    }),
    fill: noting(ways.fill),
    choose: noting(ways.choose),
    check: noting(ways.check),
    leave: async () => {
      await note(leaving(page));
      await ways.leave();
    },
  };
}

/** Whether the keyboard still has a place on the page. */
export const hasFocus = (page: Page): Promise<boolean> =>
  page.evaluate("document.activeElement !== document.body").then((answer) => answer === true);
