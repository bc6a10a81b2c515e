import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { npmStart, type RunningTenant } from "../../support/e2e/support.ts";
import { openBrowser, openGroup, openPage, openPerson, violations } from "../../support/sandbox/browser/support.ts";

let browser: Browser;
let tenant: RunningTenant;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
  tenant = await npmStart("--show-secrets");
});
afterEach(() => page.close());
afterAll(async () => {
  await browser.close();
  await tenant.stop();
});

/** Runs the command as a person does. @returns the exit code and both outputs */
function verify(...options: string[]): Promise<{ code: number; out: string; err: string }> {
  const args = ["run", "--silent", "verify", "--", "--sandbox", "--stack", tenant.ready.stack, ...options];
  return new Promise((resolve) => {
    execFile("npm", args, (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }));
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
      page = await browser.newPage({ colorScheme, viewport: { width, height: 800 } });
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await page.goto(pathToFileURL(file).href);
      expect(await page.locator(".checks li").count()).toBe(checks.length);
      expect(await page.evaluate("getComputedStyle(document.body).color")).toBe(ink);
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      expect(await violations(page)).toEqual([]);
      expect(asked).toEqual([pathToFileURL(file).href]);
      if (width > 1000) await page.close();
    }
    await rm(folder, { recursive: true });
  });
});

describe("the page is accessible without sight or pointer", () => {
  it.each([
    ["light", "wide"],
    ["dark", "phone"],
  ] as const)("has no violation of axe's rules in %s on a %s screen, dialogs included", async (colorScheme, size) => {
    page = await openPage(browser, tenant.ready.console, { colorScheme, size });
    await page.locator("#exchanges .exchange").first().click();
    await page.locator("#exchanges .details h3").first().waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    await openPerson(page, "Amara Okafor");
    await page.getByRole("dialog").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Deactivate…" }).click();
    await page.getByRole("alertdialog").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await openGroup(page, "Developers");
    await page.getByRole("dialog").locator(".rows li").first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Unlink…" }).click();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.locator("#directory .row").first().click();
    await page.getByRole("dialog").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    for (const view of ["Step by step", "Stack"]) {
      await page.getByRole("link", { name: view }).click();
      if (view === "Step by step") await page.locator("#article .steps li").first().waitFor();
      expect(await violations(page)).toEqual([]);
    }
  });
});
