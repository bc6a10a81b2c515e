import type { Page } from "playwright-core";
import type { Place } from "./places.ts";
import { violations } from "./support.ts";

/** A theme and a width of the page, in pixels. */
export interface Look {
  readonly colorScheme: "light" | "dark";
  readonly width: number;
}

const inBothThemes = (widths: readonly number[]): readonly Look[] =>
  (["light", "dark"] as const).flatMap((colorScheme) => widths.map((width) => ({ colorScheme, width })));

/** Both themes on a phone, a tablet and a desktop. */
export const allLooks = inBothThemes([390, 900, 1440]);

/** The same, also on a tablet in both directions: for pictures. */
export const pictureLooks = inBothThemes([390, 820, 900, 1024, 1440]);

/** Each theme once, on the widest and the narrowest screen. */
export const twoLooks: readonly Look[] = [
  { colorScheme: "light", width: 1440 },
  { colorScheme: "dark", width: 390 },
];

/** Gives the open page a look, without loading it again. */
export async function wear(page: Page, { colorScheme, width }: Look): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.setViewportSize({ width, height: 900 });
}

/** Elements that reach out of the screen or of the dialog sideways: they would be cut, or make the page scroll. */
const SPILLS = `[document.documentElement, ...document.querySelectorAll("dialog")]
  .filter((element) => element.scrollWidth > element.clientWidth)
  .map((element) => element.localName)`;

/** What is wrong with the open place in each look: the rules of axe that it breaks, and what it does not have room for. */
export async function faultsOf(page: Page, looks: readonly Look[]): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const look of looks) {
    await wear(page, look);
    const found = [...(await violations(page))];
    const spills = await page.evaluate<readonly string[]>(SPILLS);
    faults.push(
      ...[...found, ...spills.map((element) => `${element} scrolls sideways`)].map(
        (fault) => `${look.colorScheme} ${look.width}: ${fault}`,
      ),
    );
  }
  return faults;
}

/** Two frames: the first one after a change of the width may lack the text of a part that scrolls by itself. */
const PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))";

/** Writes a picture of the open place in each look. */
export async function photograph(
  page: Page,
  { name, at }: Place,
  looks: readonly Look[],
  folder: string,
): Promise<void> {
  for (const look of looks) {
    await wear(page, look);
    await page.evaluate(
      at === undefined
        ? "scrollTo(0, 0)"
        : `document.querySelector(${JSON.stringify(at)}).scrollIntoView({ block: "start" })`,
    );
    await page.evaluate(PAINTED);
    await page.screenshot({ path: `${folder}/${name}-${look.width}-${look.colorScheme}.png` });
  }
}
