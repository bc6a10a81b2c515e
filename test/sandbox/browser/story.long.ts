import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { npmStart, type RunningTenant } from "../../support/e2e/support.ts";
import { lengthenOutage } from "../../support/sandbox/browser/places.ts";
import { openBrowser, openGroup, openPage, openPerson, violations } from "../../support/sandbox/browser/support.ts";

let browser: Browser;
let tenant: RunningTenant;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
  tenant = await npmStart();
  page = await openPage(browser, tenant.ready.console);
});
afterAll(async () => {
  await browser.close();
  await tenant.stop();
});

const story = () => page.locator("#story");
const told = (): Promise<readonly string[]> => story().locator(".rows > li").allTextContents();
const button = (name: string) => page.getByRole("button", { name, exact: true });

describe("a person's story", () => {
  it("opens from the person, tells both sides in order, and has an address", async () => {
    await openPerson(page, "Amara Okafor");
    await page.getByRole("link", { name: "What happened" }).focus();
    await page.keyboard.press("Enter");
    await story().getByRole("heading", { name: "Amara Okafor" }).and(page.locator(":focus")).waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
    await story().getByText("amara.okafor@example.com · active · provisioned").waitFor();
    const rows = async (): Promise<string> => (await told()).join("\n");
    await expect
      .poll(rows)
      .toMatch(/Create Okta user[^]*create person amara\.okafor@example\.com[^]*set \d members of group Developers/);
    expect(await rows()).not.toContain("jonas");
    expect(await violations(page)).toEqual([]);
    await page.reload();
    await story().getByRole("heading", { name: "Amara Okafor" }).waitFor();
    expect(new URL(page.url()).hash).toMatch(/^#\/person\/00u\w+$/);
  });

  it("goes on live while the person changes, and opens the exchanges", async () => {
    await button("Change…").click();
    await page.getByRole("dialog").getByLabel("Title").fill("Fellow");
    await button("Save profile").click();
    const last = story().locator(".rows > li", { hasText: "replace person amara.okafor@example.com" }).last();
    await last.getByRole("button").first().click();
    await last.getByText('"title": "Fellow"').first().waitFor();
  });

  it("survives the person, and says that there never was another one", async () => {
    await button("Change…").click();
    await button("Deactivate…").click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Deactivate", exact: true }).click();
    await story().getByText("deprovisioned").waitFor();
    await button("Change…").click();
    await button("Delete…").click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete", exact: true }).click();
    await story().getByText("no longer in Okta").waitFor();
    await story().getByText("deactivate person amara.okafor@example.com").first().waitFor();
    await page.goto(`${tenant.ready.console}#/person/00uNobody`);
    await story().getByText("This tenant has had no such person.").waitFor();
    await story().getByRole("heading", { name: "Person", exact: true }).waitFor();
    expect(await story().textContent()).not.toContain("amara");
  });
});

describe("an address that names nothing", () => {
  it.each(["#/person/", "#/person/%E0%A4%A", "#/person/00u%2F..%2F", "#/group/", "#/group/nope"])(
    "of a story says so, without the head of the story before: %s",
    async (address) => {
      await page.goto(`${tenant.ready.console}#live`);
      await openPerson(page, "Jonas Lindqvist");
      await page.getByRole("link", { name: "What happened" }).click();
      await story().getByText("jonas.lindqvist@example.com · active · provisioned").waitFor();
      await page.goto(`${tenant.ready.console}${address}`);
      await story()
        .getByText(/no such (?:person|group)/)
        .waitFor();
      expect((await story().textContent())?.toLowerCase()).not.toContain("jonas");
      expect(await told()).toEqual([]);
      expect(await violations(page)).toEqual([]);
    },
  );

  it("of a view says so, and the skip link stays in its view", async () => {
    await page.goto(`${tenant.ready.console}#nonsense`);
    await page.getByRole("heading", { name: "There is no such page" }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.goto(`${tenant.ready.console}#stack`);
    await page.locator(".skip").focus();
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
    expect(new URL(page.url()).hash).toBe("#stack");
  });
});

describe("a group's story", () => {
  it("has what a person did in the Admin Console, and the failure with its cause above it", async () => {
    await page.getByRole("link", { name: "Live", exact: true }).click();
    await button("Break the network").click();
    await button("Restore the network").waitFor();
    await lengthenOutage(tenant.ready.console);
    await openGroup(page, "Designers");
    await button("Push now").click();
    await page.getByRole("button", { name: "Retry push group Designers" }).waitFor();
    await button("Restore the network").click();
    await button("Break the network").waitFor();
    await openGroup(page, "Designers");
    await page.getByRole("link", { name: "What happened" }).click();
    await story().getByRole("heading", { name: "Designers" }).waitFor();
    const failure = story().locator(".event.failed").last();
    expect(await failure.locator("span").first().textContent()).toMatch(/^Because: .*, no answer$/);
    await expect.poll(async () => (await told()).at(-1)).toMatch(/Push group to external application/);
    const rows = await told();
    const at = (text: RegExp): number => rows.findLastIndex((row) => text.test(row));
    expect(at(/Okta pushes the whole group again/)).toBeGreaterThan(0);
    expect(at(/Okta pushes the whole group again/)).toBeLessThan(at(/no answer/));
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 760 });
  });
});

describe("the filter of the exchanges", () => {
  it("is in the address, and the back button returns to the filter before", async () => {
    await page.goto(`${tenant.ready.console}#exchanges?kind=failed&search=designers`);
    const [kind, search] = [page.getByLabel("Kind of exchanges"), page.getByLabel("Filter exchanges")];
    await expect.poll(() => kind.inputValue()).toBe("failed");
    expect(await search.inputValue()).toBe("designers");
    await kind.selectOption("users");
    await search.fill("clara moreau?&=");
    await page.locator("#exchanges").getByText("No event or exchange matches the filter.").waitFor();
    await expect.poll(() => new URL(page.url()).hash).toBe("#exchanges?kind=users&search=clara+moreau%3F%26%3D");
    await page.goBack();
    await expect.poll(() => kind.inputValue()).toBe("failed");
    await page.goForward();
    await expect.poll(() => search.inputValue()).toBe("clara moreau?&=");
    await page.getByRole("link", { name: /^Last push: / }).click();
    await expect.poll(() => kind.inputValue()).toBe("writes");
    await page.locator("#exchanges .rows > li").getByRole("link").first().waitFor({ state: "detached" });
  });

  it("leads from an event to the story of its person", async () => {
    await page.goto(`${tenant.ready.console}#exchanges?search=jonas`);
    await page.locator("#exchanges").getByRole("link", { name: "jonas.lindqvist@example.com" }).first().click();
    await story().getByRole("heading", { name: "Jonas Lindqvist" }).waitFor();
    await page.goBack();
    await page.locator("#exchanges").getByRole("link", { name: "jonas.lindqvist@example.com" }).first().waitFor();
  });
});
