import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { runCommand } from "../../../../operations/live/commandLine.ts";
import type { PageOptions } from "./support.ts";

const folder = fileURLToPath(new URL("../../../../docs/", import.meta.url));

const usage = `usage: npm run screenshots -- [--look FOLDER]
Makes the pictures of docs/: starts a tenant, hires a person on its page, and photographs the page.
  --look FOLDER  writes every view at 390, 900 and 1440 px, light and dark, to the folder instead, to look at
Exit code: 0 made, 1 failed, 2 wrong usage.`;

/** Every view: its address, and an element that is there once the view is complete. */
const views = [
  ["live", "#live", "#directory .rows li"],
  ["article", "#article", "#article .steps li"],
  ["stack", "#stack", "#stack dd"],
] as const;
const widths = [390, 900, 1440];

/** Photographs a view at every width in both themes: the first screen, as a person sees it. */
async function look(
  browser: Browser,
  url: string,
  into: string,
  [name, hash, shows]: readonly string[],
): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of widths) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" });
      await page.goto(`${url}${hash ?? ""}`);
      await page
        .locator(shows ?? "")
        .first()
        .waitFor();
      await page.screenshot({ path: join(into, `${name ?? ""}-${width}-${colorScheme}.png`) });
      await page.close();
    }
  }
}

await runCommand({ usage, options: { look: { type: "string" } } }, async ({ values }) => {
  // Loaded after the options: the usage takes no seconds.
  const [{ npmStart }, { openBrowser, openPage }] = await Promise.all([
    import("../../e2e/support.ts"),
    import("./support.ts"),
  ]);
  await mkdir(values.look ?? folder, { recursive: true });
  const tenant = await npmStart();
  const browser = await openBrowser();
  try {
    const { console: url } = tenant.ready;
    const page = await openPage(browser, url);
    await page.getByRole("button", { name: "Hire…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("First name").fill("Aiko");
    await dialog.getByLabel("Last name").fill("Tanaka");
    await dialog.getByLabel("Login").fill("aiko.tanaka@example.com");
    await dialog.getByLabel("Title").fill("Product Designer");
    await dialog.getByLabel("Group", { exact: true }).selectOption({ label: "Designers" });
    await dialog.getByRole("button", { name: "Hire", exact: true }).click();
    await page.locator("#exchanges").getByText("set 6 members of group Designers").waitFor();
    await page.locator("#directory").getByText("Aiko Tanaka").waitFor();
    await page.locator("#status").waitFor({ state: "hidden" });
    if (values.look !== undefined) {
      await page.locator("#org").getByRole("searchbox").fill("aiko");
      await page.locator("#org .rows").getByRole("button", { name: "Aiko Tanaka" }).click();
      await page.getByRole("link", { name: "What happened" }).click();
      const story = ["story", new URL(page.url()).hash, "#story .rows li"];
      for (const view of [...views, story]) await look(browser, url, values.look, view);
      return 0;
    }
    await page.screenshot({ path: `${folder}page-light.png` });
    const shoot = async (
      name: string,
      { hash = "", shows, ...look }: PageOptions & { hash?: string; shows: string },
    ): Promise<void> => {
      const other = await openPage(browser, url, look);
      await other.goto(`${url}#${hash}`);
      await other.locator(shows).first().waitFor();
      await other.screenshot({ path: `${folder}${name}.png` });
      await other.close();
    };
    await shoot("page-dark", { colorScheme: "dark", shows: "#directory .rows li" });
    await shoot("page-steps", { hash: "article", shows: "#article .steps li" });
    await shoot("page-phone", { size: "phone", hash: "exchanges", shows: "#exchanges .rows li" });
  } finally {
    await browser.close();
    await tenant.stop();
  }
  return 0;
});
