import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { npmStart, type RunningTenant } from "../../support/e2e/support.ts";
import { openBrowser, openGroup, openPage, openPerson, violations } from "../../support/sandbox/browser/support.ts";

let browser: Browser;
let tenant: RunningTenant;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
  tenant = await npmStart();
});
afterEach(() => page.close());
afterAll(async () => {
  await browser.close();
  await tenant.stop();
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
