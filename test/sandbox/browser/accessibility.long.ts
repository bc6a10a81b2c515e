import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { copyOfProject, npmStartIn, type ProjectCopy, type RunningTenant } from "../../support/e2e/support.ts";
import { fileNotices, undoFile } from "../../support/sandbox/browser/fileNotices.ts";
import { allLooks, faultsOf, wear } from "../../support/sandbox/browser/looks.ts";
import { deletions, deployed, failedDeployment, isDeploying, notices } from "../../support/sandbox/browser/notices.ts";
import { keepDeploying } from "../../support/sandbox/browser/deploying.ts";
import { furnish } from "../../support/sandbox/browser/furnish.ts";
import { dialogs, stack, views } from "../../support/sandbox/browser/places.ts";
import { openBrowser, openPage, violations } from "../../support/sandbox/browser/support.ts";

let browser: Browser;
let project: ProjectCopy;
let tenant: RunningTenant;
let page: Page;

beforeAll(async () => {
  [browser, project] = await Promise.all([openBrowser(), copyOfProject()]);
  tenant = await npmStartIn(project.folder, "--show-secrets");
});
afterAll(async () => {
  await browser.close();
  await tenant.stop();
  await project.remove();
});

/** Runs the command as a person does. @returns the exit code and both outputs */
function verify(...options: string[]): Promise<{ code: number; out: string; err: string }> {
  const args = ["run", "--silent", "verify", "--", "--sandbox", "--stack", tenant.ready.stack, ...options];
  return new Promise((resolve) => {
    execFile("npm", args, { cwd: project.folder }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

describe("the checks as one page", () => {
  it("hold no secret, show as styled text in both themes and on a phone, and break no rule of axe", async () => {
    const folder = await mkdtemp(join(tmpdir(), "okta-scim-report-"));
    const file = join(folder, "checks.html");
    const { code, out, err } = await verify("--json", "--html", file);
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining(`Wrote ${file}`) as unknown });
    const { checks } = z.object({ checks: z.array(z.object({ title: z.string() })) }).parse(JSON.parse(out));
    const text = await readFile(file, "utf8");
    expect(text).not.toContain(tenant.ready.outputs.scimToken);
    expect(text).not.toContain(tenant.ready.okta.apiToken);
    for (const [colorScheme, width, ink] of [
      ["light", 1440, "rgb(29, 33, 38)"],
      ["dark", 390, "rgb(232, 230, 225)"],
    ] as const) {
      const report = await browser.newPage({ colorScheme, viewport: { width, height: 800 } });
      const asked: string[] = [];
      report.on("request", (request) => asked.push(request.url()));
      await report.goto(pathToFileURL(file).href);
      expect(await report.locator(".checks li").count()).toBe(checks.length);
      expect(await report.evaluate("getComputedStyle(document.body).color")).toBe(ink);
      expect(await report.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      expect(await violations(report)).toEqual([]);
      expect(asked).toEqual([pathToFileURL(file).href]);
      await report.close();
    }
    await rm(folder, { recursive: true });
  });
});

describe("the page is accessible without sight or pointer", () => {
  beforeAll(async () => {
    await furnish(tenant.ready.console);
    page = await openPage(browser, tenant.ready.console);
    await page.locator("#deployment").getByRole("button", { name: "Dismiss" }).click();
    await page.locator("#deployment").waitFor({ state: "hidden" });
  });
  afterAll(() => page.close());

  it.each(views)("breaks no rule of axe in either theme at any width: $name", async ({ open }) => {
    await open(page);
    expect(await faultsOf(page, allLooks)).toEqual([]);
  });

  it.each([...dialogs, ...deletions])(
    "breaks no rule of axe in either theme at any width, dialog: $name",
    async ({ open }) => {
      await wear(page, { colorScheme: "light", width: 1440 });
      await open(page);
      expect(await faultsOf(page, allLooks)).toEqual([]);
    },
  );

  it.each([
    "hire",
    "person",
    "group",
    "unlink",
    "create-group",
    "push-by-name",
    "push-by-rule",
    "add-rule",
    "edit",
    "add-receiver",
  ])("starts where one types, dialog: %s", async (name) => {
    await dialogs.find((dialog) => dialog.name === name)?.open(page);
    await page.locator("dialog :is(input, select, textarea):focus").waitFor();
  });

  it.each(["rule", "directory-user"])(
    "starts at the heading where there is nothing to type, dialog: %s",
    async (name) => {
      await dialogs.find((dialog) => dialog.name === name)?.open(page);
      await page.locator("dialog h2:focus").waitFor();
    },
  );

  it("breaks no rule of axe in either theme at any width while a deployment runs, and after it ended", async () => {
    await stack(page);
    const letEnd = await keepDeploying(tenant, project);
    await isDeploying(page);
    expect(await faultsOf(page, allLooks)).toEqual([]);
    await isDeploying(page);
    await letEnd();
    await deployed(page, "done");
    expect(await faultsOf(page, allLooks)).toEqual([]);
  });

  it("breaks no rule of axe in either theme at any width after a deployment failed", async () => {
    await failedDeployment.open(page);
    await page.locator("#deployment .notice").getByText('"Nobody"').first().waitFor();
    expect(await faultsOf(page, allLooks)).toEqual([]);
  });

  describe("with a stack's file that was edited", () => {
    afterAll(() => undoFile(page, project));
    it.each(fileNotices(() => project))(
      "breaks no rule of axe in either theme at any width: $name",
      async ({ open }) => {
        await wear(page, { colorScheme: "light", width: 1440 });
        await open(page);
        expect(await faultsOf(page, allLooks)).toEqual([]);
      },
    );
  });

  it.each(notices)("breaks no rule of axe in either theme at any width, notice: $name", async ({ open }) => {
    await wear(page, { colorScheme: "light", width: 1440 });
    await open(page);
    expect(await faultsOf(page, allLooks)).toEqual([]);
  });

  it("breaks no rule of axe in either theme at any width after the tenant stopped", async () => {
    expect(await tenant.stop()).toBe(0);
    await page.getByRole("alert").getByText("The tenant has stopped.").waitFor();
    expect(await faultsOf(page, allLooks)).toEqual([]);
  });
});
