import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  copyOfProject,
  eventually,
  npmStartIn,
  type ProjectCopy,
  type RunningTenant,
} from "../../support/e2e/support.ts";
import { announcements, says } from "../../support/sandbox/browser/announcements.ts";
import { keepDeploying, up } from "../../support/sandbox/browser/deploying.ts";
import * as pages from "../../support/sandbox/browser/support.ts";

let browser: Browser;
let project: ProjectCopy;
let tenant: RunningTenant;
let page: Page;

beforeAll(async () => {
  [browser, project] = await Promise.all([pages.openBrowser(), copyOfProject()]);
  tenant = await npmStartIn(project.folder, "--show-secrets");
});
beforeEach(async () => {
  page = await openStack();
  await settled();
});
afterEach(() => page.close());
afterAll(async () => {
  await browser.close();
  await tenant.stop();
  await project.remove();
});

async function openStack(look: pages.PageOptions = {}): Promise<Page> {
  const opened = await browser.newPage({
    viewport: pages.sizes[look.size ?? "wide"],
    colorScheme: look.colorScheme ?? "light",
    reducedMotion: "reduce",
  });
  await opened.goto(`${tenant.ready.console}#stack`);
  await opened.locator(".configuration > li").first().waitFor();
  return opened;
}
const panel = (of: Page = page): Locator => of.locator("#deployment");
const ended = (state: "done" | "failed", of: Page = page): Promise<void> =>
  panel(of).locator(".bar .tag", { hasText: state }).waitFor();
const waits = (of: Page): Promise<string | null> =>
  of.getByRole("button", { name: "Deploy", exact: true }).getAttribute("aria-disabled");
const isDeploying = async (): Promise<boolean> =>
  z.object({ deploying: z.boolean() }).parse(await (await fetch(new URL("api/tenant", tenant.ready.console))).json())
    .deploying;
/** Waits until no deployment runs. A page that has just been opened may not have heard of the one that does. */
const settled = async (of: Page = page): Promise<void> => {
  await eventually(isDeploying, (deploying) => !deploying);
  await eventually(
    () => waits(of),
    (waiting) => waiting === null,
  );
};
const row = (key: string): Locator =>
  page.locator(".configuration > li").filter({ has: page.getByText(key, { exact: true }) });

const groups = z.object({ Resources: z.array(z.object({ displayName: z.string() })).default([]) });
const isInDirectory = async (group: string): Promise<boolean> =>
  groups.parse((await tenant.scim("GET", "/Groups")).body).Resources.some(({ displayName }) => displayName === group);

const editFile: ProjectCopy["editStackFile"] = (change) => project.editStackFile(change);
async function fill(key: string, value: string): Promise<Locator> {
  await page.getByRole("button", { name: `Edit ${key}…` }).click();
  const dialog = page.getByRole("dialog", { name: `Edit ${key}` });
  await dialog.getByLabel(/^Value/).fill(value);
  await dialog.getByRole("button", { name: "Check and deploy" }).click();
  return dialog;
}

describe("a deployment in view", () => {
  it("is started with the keyboard, keeps the focus, and shows stages and the result until it is dismissed", async () => {
    const button = page.getByRole("button", { name: "Deploy", exact: true });
    await button.focus();
    await page.keyboard.press("Enter");
    await panel().getByText("Run the program and change the resources").waitFor();
    await ended("done");
    expect(await button.evaluate("document.activeElement.textContent")).toBe("Deploy");
    await panel()
      .getByText(/nothing changed, \d+ unchanged/)
      .waitFor();
    expect(await panel().locator(".stages .tag").allTextContents()).toEqual(["done", "done"]);
    expect(await page.locator("#deployment-spoken").textContent()).toMatch(/^Deployment done: nothing changed/);
    expect(await pages.violations(page)).toEqual([]);
    await page.reload();
    await ended("done");
    await panel().getByRole("button", { name: "Dismiss" }).focus();
    await page.keyboard.press("Enter");
    await panel().waitFor({ state: "hidden" });
  });

  it("is seen in every tab and after a reload while it runs, also if npm run up started it, and buttons wait", async () => {
    const other = await openStack({ size: "phone", colorScheme: "dark" });
    const letEnd = await keepDeploying(tenant, project);
    await panel(other).getByText("npm run up").waitFor();
    await page.reload();
    await panel().getByText("npm run up").waitFor();
    for (const each of [page, other]) {
      await panel(each).locator(".stages").getByText("Run the program and change the resources").waitFor();
      expect(await waits(each)).toBe("true");
    }
    await page.getByRole("button", { name: "Deploy", exact: true }).click({ force: true });
    await says(page, "A deployment is running");
    expect(await pages.violations(other)).toEqual([]);
    expect(await other.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    await letEnd();
    for (const each of [page, other]) {
      await ended("done", each);
      await settled(each);
    }
    await panel().getByRole("button", { name: "Dismiss" }).click();
    await panel(other).waitFor({ state: "hidden" });
    await other.close();
  });

  it("that two tabs start at once runs once: the second tab is told that it waits", async () => {
    const other = await openStack();
    const letGo = await project.holdDeployments();
    const told = async (of: Page): Promise<string> =>
      [...announcements(of), ...(await of.locator("dialog .notice").allTextContents())].join("");
    for (const each of [page, other]) await each.getByRole("button", { name: "Deploy with refresh" }).waitFor();
    await Promise.all(
      [page, other].map((each) => each.getByRole("button", { name: "Deploy with refresh" }).dispatchEvent("click")),
    );
    await eventually(
      async () => [await told(page), await told(other)],
      (texts) => texts.filter((text) => text.includes("A deployment is running")).length === 1,
    );
    await letGo();
    for (const each of [page, other]) {
      await each.keyboard.press("Escape");
      await ended("done", each);
      await settled(each);
    }
    await other.close();
  });

  it("goes on if its tab is loaded again in the middle, and its failure stays in both tabs", async () => {
    const other = await openStack({ size: "phone" });
    const letGo = await project.holdDeployments();
    await fill("pushGroups", `["Developers","Designers","Nobody"]`);
    await panel(other)
      .getByText(/pushGroups, set on the page/)
      .waitFor();
    await page.reload();
    await panel().locator(".bar .tag", { hasText: "runs" }).waitFor();
    await letGo();
    for (const each of [page, other]) {
      await ended("failed", each);
      await settled(each);
      await panel(each).locator(".notice").getByText(`no group "Nobody" exists in the Okta org`).waitFor();
      expect(await panel(each).locator(".stages .tag").allTextContents()).toContain("failed");
    }
    await other.reload();
    await ended("failed", other);
    expect(await panel(other).locator(".stages").textContent()).toBe(await panel().locator(".stages").textContent());
    await other.close();
  });

  it("keeps the message of a failure with its lines, and says which resource failed", async () => {
    await up(tenant, project.folder, { pushGroups: `["Developers","Nobody"]` });
    await ended("failed");
    const message = panel().locator(".notice");
    expect(await message.textContent()).toContain(`no group "Nobody" exists in the Okta org`);
    await page.reload();
    await ended("failed");
    expect(await message.textContent()).toContain(`no group "Nobody" exists in the Okta org`);
    expect(await pages.violations(page)).toEqual([]);
    await page.setViewportSize(pages.sizes.phone);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    await panel().getByRole("button", { name: "Hide details" }).click();
    await message.waitFor({ state: "hidden" });
  });
});

describe("the configuration on the page", () => {
  it("is checked like the program checks it before anything is deployed", async () => {
    const before = await panel().textContent();
    const dialog = await fill("throttle", `{"ratePerSecond": 0, "burst": "many"}`);
    const problem = dialog.getByRole("alert");
    await problem.getByText(/ratePerSecond/).waitFor();
    expect(await problem.textContent()).toContain("burst");
    expect(await pages.violations(page)).toEqual([]);
    expect(await panel().textContent()).toBe(before);
    await dialog.getByLabel(/^Value/).fill(`{"ratePerSecond": 7, "burst": 9}`);
    await dialog.getByRole("button", { name: "Check and deploy" }).focus();
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await ended("done");
    await panel()
      .getByText(/updated/)
      .first()
      .waitFor();
    await row("throttle").getByText("set on this page").waitFor();
    await page.getByRole("button", { name: "Use the file’s throttle" }).click();
    await row("throttle").getByText("set on this page").waitFor({ state: "detached" });
  });

  it("is read from the stack's file again: a change in it is named as it happens, in every view, until it is deployed", async () => {
    const change = "Pulumi.dev.yaml changed: pushGroups.";
    const notice = page.locator("#stack .stack-file");
    await editFile((text) => text.replace("- Designers", "- Designers\n    - Finance"));
    await notice.getByText(`${change} Deploy to use it.`).waitFor();
    await row("pushGroups").getByText("not deployed").waitFor();
    await page.getByRole("link", { name: "Live", exact: true }).click();
    await page.locator("#stack-file").getByText(`${change} The next deployment uses it.`).waitFor();
    await page.locator("#stack-file").getByRole("link", { name: "Go to Stack" }).press("Enter");
    await page.locator("#stack-file").waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Deploy", exact: true }).press("Enter");
    await panel().locator(".changes").getByText("created").first().waitFor();
    await notice.waitFor({ state: "hidden" });
    await row("pushGroups").getByText("not deployed").waitFor({ state: "detached" });
    await settled();
    expect(await isInDirectory("Finance")).toBe(true);
    await editFile((text) => text);
    await notice.getByText(change).waitFor();
  });

  it("says why the stack's file cannot be deployed, until the edit is undone", async () => {
    const notice = page.locator("#stack .stack-file");
    await editFile((text) => text.replace("- Designers", "- nam: Designers"));
    await notice.getByText(/It cannot be deployed as it is/).waitFor();
    await notice.getByText(/pushGroups\[1\]: .*; allowed: .*; fix: pulumi config .*--stack dev/).waitFor();
    await editFile(() => "config: [\n");
    await notice.getByText("Pulumi.dev.yaml is not a stack file: ").waitFor();
    expect(await page.getByText("Pulumi.dev.yaml is not a stack file: ").count()).toBe(1);
    await page.getByRole("button", { name: "Deploy", exact: true }).press("Enter");
    await ended("failed");
    expect(await panel().locator(".notice").textContent()).toContain("Pulumi.dev.yaml is not a stack file: ");
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.getByRole("link", { name: "Live", exact: true }).click();
    await page.locator("#stack-file").getByText("It cannot be deployed as it is.").waitFor();
    await editFile((text) => text.replace("- Designers", "- Designers\n    - Finance"));
    await page.locator("#stack-file").waitFor({ state: "hidden" });
  });

  it("says which value counts if the page hides the one in the stack's file, and uses the file's on demand", async () => {
    const wide = `{"ratePerSecond":500,"burst":1000}`;
    await fill("throttle", `{"ratePerSecond": 7, "burst": 9}`);
    await row("throttle").getByText("set on this page").waitFor();
    await settled();
    await editFile((text) => `${text}  okta-scim-directory:throttle: ${wide}\n`);
    const unused = page
      .locator("#stack .stack-file")
      .getByText(/throttle, which has no effect: the value set on this page counts/);
    await unused.waitFor();
    await row("throttle").getByText(`The value set on this page counts. The file has ${wide}`).waitFor();
    await page.getByRole("button", { name: "Use the file’s throttle" }).press("Enter");
    // The file no longer has Finance, so this deployment ends its push.
    const question = page.getByRole("alertdialog", { name: "Stop pushing Finance?" });
    await question.getByText("In the directory Finance is deleted.").waitFor();
    await question.getByRole("button", { name: "Remove and deploy" }).press("Enter");
    await unused.waitFor({ state: "detached" });
    await row("throttle").getByText("The file has").waitFor({ state: "detached" });
    await settled();
    await editFile((text) => text);
  });

  it("loses a pushed group in three clicks, and the group goes from the directory", async () => {
    await page.goto(tenant.ready.console);
    expect(await isInDirectory("Designers")).toBe(true);
    const other = await openStack();
    await other.getByRole("button", { name: `Remove "Designers"…` }).click();
    await page.getByRole("link", { name: "Stack", exact: true }).click();
    await page.getByRole("button", { name: `Remove "Designers"…` }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Remove and deploy" }).click();
    await panel().locator(".changes").getByText("deleted").first().waitFor();
    await eventually(
      () => isInDirectory("Designers"),
      (there) => !there,
    );
    expect(await isInDirectory("Developers")).toBe(true);
    // The other tab asks about an entry that is gone: it is told so, and its buttons do not wait for a deployment.
    await settled();
    await other.getByRole("alertdialog").getByRole("button", { name: "Remove and deploy" }).click();
    await other
      .getByRole("dialog", { name: "Nothing was deployed" })
      .getByText("The configuration no longer has")
      .waitFor();
    await settled(other);
    await other.close();
  });
});
