import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium, type Browser, type Page } from "playwright-core";
import { z } from "zod";
import { keepAnnouncements } from "./announcements.ts";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Debian's Chromium, or the one that CHROMIUM names. */
const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** Milliseconds that every wait for the page may take: a busy machine is slow, and that is no fault of the page. */
const PATIENCE = 120_000;

/** Headless, and without Chromium's own sandbox, which containers do not allow. It opens only this machine's page. */
export async function openBrowser(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  browser.on("context", (context) => {
    context.setDefaultTimeout(PATIENCE);
    void keepAnnouncements(context);
  });
  return browser;
}

export const sizes = { wide: { width: 1280, height: 760 }, phone: { width: 390, height: 844 } } as const;

export interface PageOptions {
  readonly size?: keyof typeof sizes;
  readonly colorScheme?: "light" | "dark";
}

/** Opens the page and waits until it shows the org, the exchanges and the directory. */
export async function openPage(browser: Browser, url: string, look: PageOptions = {}): Promise<Page> {
  const page = await browser.newPage({
    viewport: sizes[look.size ?? "wide"],
    colorScheme: look.colorScheme ?? "light",
    reducedMotion: "reduce",
  });
  await page.goto(url);
  await page.locator("#org .rows li").first().waitFor();
  await page.locator("#exchanges .rows li").first().waitFor();
  await page.locator("#directory .where", { hasText: /\d/ }).waitFor();
  return page;
}

/**
 * Keeps the page from every tenant until `look` has ended: one that starts again may be back before a slow test has seen
 * the page wait for it. The open connection stays, so the page hears of the end.
 */
export async function outOfReach(page: Page, look: () => Promise<void>): Promise<void> {
  const ways = ["**/api/tenant*", "**/api/events"];
  for (const way of ways) await page.route(way, (route) => route.abort());
  try {
    await look();
  } finally {
    for (const way of ways) await page.unroute(way);
  }
}

/** Opens a person of the org; the first of that name, which many people share in a large tenant. */
export async function openPerson(page: Page, name: string): Promise<void> {
  await page.locator("#org").getByRole("button", { name: "People", exact: true }).click();
  await page.locator("#org").getByRole("searchbox").fill(name);
  await page.locator("#org .rows").getByRole("button", { name }).first().click();
}

/** Opens a group of the org. */
export async function openGroup(page: Page, name: string): Promise<void> {
  await page.locator("#org").getByRole("button", { name: "Groups", exact: true }).click();
  await page.locator("#org .rows").getByRole("button", { name }).click();
}

/**
 * The violations that axe finds in what a person can use: the open dialog, which makes everything behind it inert, or
 * the whole page. Each names the rule and the place.
 */
export async function violations(of: Page): Promise<readonly string[]> {
  if ((await of.evaluate("typeof axe")) === "undefined") await of.evaluate(axeSource);
  const found: unknown = await of.evaluate(
    "axe.run([...document.querySelectorAll('dialog')].at(-1) ?? document, { resultTypes: ['violations'] })",
  );
  const { violations } = z
    .object({ violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })) })
    .parse(found);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
