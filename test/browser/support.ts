import { chromium, type Browser, type Page } from "playwright-core";

/** Debian's, or the one that CHROMIUM names. */
const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** Headless, and without a sandbox of its own, which containers do not allow; it opens nothing but this machine's page. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });

export const sizes = { wide: { width: 1280, height: 760 }, phone: { width: 390, height: 844 } } as const;

/** Opens the page and waits until it shows the org, the exchanges and the directory. */
export async function openPage(
  browser: Browser,
  url: string,
  look: { readonly size?: keyof typeof sizes; readonly colorScheme?: "light" | "dark" } = {},
): Promise<Page> {
  const page = await browser.newPage({
    viewport: sizes[look.size ?? "wide"],
    colorScheme: look.colorScheme ?? "light",
    reducedMotion: "reduce",
  });
  await page.goto(url);
  await page.locator("#org .rows li").first().waitFor();
  await page.locator("#directory .pager").first().waitFor();
  return page;
}
