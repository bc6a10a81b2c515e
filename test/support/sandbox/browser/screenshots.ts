import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { UsageError, runCommand } from "../../../../operations/live/commandLine.ts";
import type { ProjectCopy, RunningTenant } from "../../e2e/support.ts";
import type { PageOptions } from "./support.ts";

const folder = fileURLToPath(new URL("../../../../docs/", import.meta.url));

const usage = `usage: npm run screenshots -- [--look FOLDER [--seed N]]
Makes the pictures of docs/: starts a tenant, hires a person on its page, and photographs the page.
  --look FOLDER  writes every view at 390, 820, 900, 1024 and 1440 px, light and dark, every dialog, long names, a first
                 deployment, the report of verify and a stopped tenant to the folder instead
  --seed N       with --look: writes the views of a tenant of N people, and the dialogs that list people or groups
Exit code: 0 made, 1 failed, 2 wrong usage.`;

/** Photographs every place of the page: views at every width in both themes, dialogs once in each theme. */
async function lookAtAll(
  [browser, page]: readonly [Browser, Page],
  tenant: RunningTenant,
  project: ProjectCopy,
  into: string,
): Promise<void> {
  const { console: url } = tenant.ready;
  const { photograph, pictureLooks, twoLooks, wear } = await import("./looks.ts");
  const { furnish } = await import("./furnish.ts");
  const { dialogs, views } = await import("./places.ts");
  const { addExtremes, extremes } = await import("./extremes.ts");
  const { deletions, deployed, failedDeployment, notices, runningDeployment } = await import("./notices.ts");
  const { fileNotices, undoFile } = await import("./fileNotices.ts");
  await furnish(url);
  await page.locator("#deployment").getByRole("button", { name: "Dismiss" }).click();
  for (const view of views) {
    await view.open(page);
    await photograph(page, view, pictureLooks, into);
  }
  for (const dialog of [...dialogs, ...deletions]) {
    await wear(page, { colorScheme: "light", width: 1440 });
    await dialog.open(page);
    await photograph(page, dialog, twoLooks, into);
  }
  for (const place of fileNotices(() => project)) {
    await wear(page, { colorScheme: "light", width: 1440 });
    await place.open(page);
    await photograph(page, place, pictureLooks, into);
  }
  await undoFile(page, project);
  for (const look of pictureLooks) {
    await runningDeployment.open(page);
    await photograph(page, runningDeployment, [look], into);
    await deployed(page, "done");
  }
  await photograph(page, { ...runningDeployment, name: "deployment-done" }, pictureLooks, into);
  await failedDeployment.open(page);
  await photograph(page, failedDeployment, pictureLooks, into);
  await lookAtReport(browser, tenant, project, into);
  await addExtremes(url);
  for (const place of [...extremes, ...notices]) {
    await wear(page, { colorScheme: "light", width: 1440 });
    await place.open(page);
    await photograph(page, place, pictureLooks, into);
  }
  await tenant.stop();
  await page.getByText("The tenant has stopped.").waitFor();
  await photograph(page, { name: "stopped", open: () => Promise.resolve() }, pictureLooks, into);
}

/** Photographs the report of `npm run verify -- --html`. */
async function lookAtReport(
  browser: Browser,
  { ready }: RunningTenant,
  project: ProjectCopy,
  into: string,
): Promise<void> {
  const { photograph, pictureLooks } = await import("./looks.ts");
  const file = join(into, "report.html");
  const options = ["run", "--silent", "verify", "--", "--sandbox", "--stack", ready.stack, "--html", file];
  // Exit code 1 says that a check is wrong: the report shows it. Without a report the page does not open.
  await promisify(execFile)("npm", options, { cwd: project.folder }).catch(() => undefined);
  const page = await browser.newPage();
  await page.goto(pathToFileURL(file).href);
  await photograph(page, { name: "report", open: () => Promise.resolve() }, pictureLooks, into);
  await page.close();
}

/** Photographs the places that show many rows, in a tenant of many people. */
async function lookAtMany(page: Page, url: string, into: string): Promise<void> {
  const { photograph, pictureLooks, twoLooks, wear } = await import("./looks.ts");
  const { furnish } = await import("./furnish.ts");
  const { dialogs, views } = await import("./places.ts");
  await furnish(url);
  for (const view of views) {
    await wear(page, { colorScheme: "light", width: 1440 });
    await view.open(page);
    await photograph(page, view, pictureLooks, into);
  }
  for (const dialog of dialogs.filter(({ name }) => ["hire", "person", "group", "directory-group"].includes(name))) {
    await wear(page, { colorScheme: "light", width: 1440 });
    await dialog.open(page);
    await photograph(page, dialog, twoLooks, into);
  }
}

/** Photographs a tenant after its first deployment: where the page opens, and the live view. */
async function lookAtBeginning(browser: Browser, into: string): Promise<void> {
  const [{ npmStart }, { photograph, pictureLooks }, { show }] = await Promise.all([
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
    await photograph(page, { name: "first-deployment", open }, pictureLooks, into);
    await show(page, "live");
    await photograph(page, { name: "first-deployment-live", open }, pictureLooks, into);
  } finally {
    await tenant.stop();
  }
}

/** Hires a person on the page, and waits until Okta has provisioned and pushed them. */
async function hire(page: Page): Promise<void> {
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
}

/** Makes the pictures of docs/. */
async function illustrate(page: Page, browser: Browser, url: string): Promise<void> {
  const { openPage } = await import("./support.ts");
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
}

await runCommand({ usage, options: { look: { type: "string" }, seed: { type: "string" } } }, async ({ values }) => {
  const { look, seed } = values;
  if (seed !== undefined && look === undefined) throw new UsageError("--seed needs --look FOLDER");
  // Loaded after the options: the usage takes no seconds.
  const [{ copyOfProject, npmStartIn }, { openBrowser, openPage }] = await Promise.all([
    import("../../e2e/support.ts"),
    import("./support.ts"),
  ]);
  const into = resolve(look ?? folder);
  await mkdir(into, { recursive: true });
  const project = await copyOfProject();
  const tenant = await npmStartIn(project.folder, ...(seed === undefined ? [] : ["--seed", seed]));
  const browser = await openBrowser();
  try {
    const { console: url } = tenant.ready;
    const page = await openPage(browser, url);
    if (seed !== undefined) {
      await lookAtMany(page, url, into);
      return 0;
    }
    await hire(page);
    if (look === undefined) {
      await illustrate(page, browser, url);
      return 0;
    }
    await lookAtBeginning(browser, into);
    await lookAtAll([browser, page], tenant, project, into);
  } finally {
    await browser.close();
    await tenant.stop();
    await project.remove();
  }
  return 0;
});
