import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../../../operations/live/commandLine.ts";
import type { PageOptions } from "./support.ts";

const folder = fileURLToPath(new URL("../../../../docs/", import.meta.url));

const usage = `usage: npm run screenshots -- [--help]
Makes the pictures of docs/: starts a tenant, hires a person on its page, and photographs the page.
Exit code: 0 made, 1 failed, 2 wrong usage.`;

await runCommand({ usage, options: {} }, async () => {
  // Loaded after the options: the usage takes no seconds.
  const [{ npmStart }, { openBrowser, openPage }] = await Promise.all([
    import("../../e2e/support.ts"),
    import("./support.ts"),
  ]);
  await mkdir(folder, { recursive: true });
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
