import type { BrowserContext, Page } from "playwright-core";
import { eventually } from "../../e2e/support.ts";

/** What a page has announced, and how much of it a test has waited for. */
interface Heard {
  readonly texts: string[];
  read: number;
}

const pages = new WeakMap<Page, Heard>();

function heardOn(page: Page): Heard {
  const heard = pages.get(page) ?? { texts: [], read: 0 };
  pages.set(page, heard);
  return heard;
}

/** Runs in each document. An announcement is replaced by the next one, or goes away after some seconds. */
const SCRIPT = `new MutationObserver((changes) => {
  for (const { target, addedNodes } of changes)
    if (target.id === "status") for (const { textContent } of addedNodes) announced(textContent);
}).observe(document, { childList: true, subtree: true });`;

/** Keeps what the pages of a browser announce. */
export async function keepAnnouncements(context: BrowserContext): Promise<void> {
  await Promise.all([
    context.exposeBinding("announced", ({ page }, text: string) => void heardOn(page).texts.push(text)),
    context.addInitScript(SCRIPT),
  ]);
}

/** Everything that the page has announced, oldest first. */
export const announcements = (page: Page): readonly string[] => heardOn(page).texts;

/** The next `says` waits for an announcement after this. */
export function ignoreAnnouncements(page: Page): void {
  const heard = heardOn(page);
  heard.read = heard.texts.length;
}

/** Waits until the page announces a text, or takes the announcement if it was made since the one that was waited for last. */
export async function says(page: Page, wanted: string | RegExp): Promise<void> {
  const heard = heardOn(page);
  const isWanted = (text: string): boolean => (typeof wanted === "string" ? text.includes(wanted) : wanted.test(text));
  const find = (): number => heard.texts.findIndex((text, index) => index >= heard.read && isWanted(text));
  await eventually(
    () => Promise.resolve({ wanted: String(wanted), heard: heard.texts.slice(heard.read), at: find() }),
    ({ at }) => at >= 0,
  );
  heard.read = find() + 1;
}
