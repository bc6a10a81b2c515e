import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { runCommand } from "../../../../operations/live/commandLine.ts";
import type { ProjectCopy, RunningTenant } from "../../e2e/support.ts";
import type { PageOptions } from "./support.ts";

const folder = fileURLToPath(new URL("../../../../docs/", import.meta.url));

const usage = `usage: npm run screenshots -- [--look FOLDER]
Makes the pictures of docs/: starts a tenant, hires a person on its page, and photographs the page.
  --look FOLDER  writes every view at 390, 900 and 1440 px, light and dark, every dialog, long names, a first
                 deployment and a stopped tenant to the folder instead
Exit code: 0 made, 1 failed, 2 wrong usage.`;

/** Photographs every place of the page: views at every width in both themes, dialogs once in each theme. */
async function lookAtAll(page: Page, tenant: RunningTenant, project: ProjectCopy, into: string): Promise<void> {
  const { console: url } = tenant.ready;
  const { allLooks, photograph, twoLooks, wear } = await import("./looks.ts");
  const { dialogs, furnish, views } = await import("./places.ts");
  const { addExtremes, extremes } = await import("./extremes.ts");
  const { deletions, deployed, failedDeployment, notices, runningDeployment } = await import("./notices.ts");
  const { fileNotices, undoFile } = await import("./fileNotices.ts");
  await furnish(url);
  await page.locator("#deployment").getByRole("button", { name: "Dismiss" }).click();
  for (const view of views) {
    await view.open(page);
    await photograph(page, view, allLooks, into);
  }
  for (const dialog of [...dialogs, ...deletions]) {
    await wear(page, { colorScheme: "light", width: 1440 });
    await dialog.open(page);
    await photograph(page, dialog, twoLooks, into);
  }
  for (const place of fileNotices(() => project)) {
    await wear(page, { colorScheme: "light", width: 1440 });
    await place.open(page);
    await photograph(page, place, allLooks, into);
  }
  await undoFile(page, project);
  for (const look of allLooks) {
    await runningDeployment.open(page);
    await photograph(page, runningDeployment, [look], into);
    await deployed(page, "done");
  }
  await photograph(page, { ...runningDeployment, name: "deployment-done" }, allLooks, into);
  await failedDeployment.open(page);
  await photograph(page, failedDeployment, allLooks, into);
  await addExtremes(url);
  for (const place of [...extremes, ...notices]) {
    await wear(page, { colorScheme: "light", width: 1440 });
    await place.open(page);
    await photograph(page, place, allLooks, into);
  }
  await tenant.stop();
  await page.getByText("The tenant has stopped.").waitFor();
  await photograph(page, { name: "stopped", open: () => Promise.resolve() }, allLooks, into);
}

/** Photographs a tenant after its first deployment: where the page opens, and the live view. */
async function lookAtBeginning(browser: Browser, into: string): Promise<void> {
  const [{ npmStart }, { allLooks, photograph }, { show }] = await Promise.all([
    import("../../e2e/support.ts"),
    import("./looks.ts"),
    import("./places.ts"),
  ]);
  const tenant = await npmStart("--config", "connection=pending");
  try {
    const page = await browser.newPage();
    await page.goto(tenant.ready.console);
    const open = async (): Promise<void> => page.locator("#article .steps li").first().waitFor();
    await open();
    await photograph(page, { name: "first-deployment", open }, allLooks, into);
    await show(page, "live");
    await photograph(page, { name: "first-deployment-live", open }, allLooks, into);
  } finally {
    await tenant.stop();
  }
}

await runCommand({ usage, options: { look: { type: "string" } } }, async ({ values }) => {
  // Loaded after the options: the usage takes no seconds.
  const [{ copyOfProject, npmStartIn }, { openBrowser, openPage }] = await Promise.all([
    import("../../e2e/support.ts"),
    import("./support.ts"),
  ]);
  await mkdir(values.look ?? folder, { recursive: true });
  const project = await copyOfProject();
  const tenant = await npmStartIn(project.folder);
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
      await lookAtBeginning(browser, values.look);
      await lookAtAll(page, tenant, project, values.look);
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
    await project.remove();
  }
  return 0;
});
