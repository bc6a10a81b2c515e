import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { npmStart, type RunningTenant } from "../../support/e2e/support.ts";
import { says } from "../../support/sandbox/browser/announcements.ts";
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
    await story().getByText("deleted, no longer in Okta").waitFor();
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

describe("the lists of the org and of the directory", () => {
  const go = (address: string) => page.goto(`${tenant.ready.console}${address}`);
  const hash = (): string => new URL(page.url()).hash;
  const part = (id: "org" | "directory") => page.locator(`#${id}`);
  const shows = (id: "org" | "directory", where: string): Promise<void> =>
    part(id).locator(".where").getByText(where, { exact: true }).waitFor();
  const searches = (id: "org" | "directory") => part(id).getByRole("searchbox");

  it("have list, search and page in the address, and Back and Forward go through them", async () => {
    await go("#live");
    await shows("org", "1–12 of 25");
    await part("org")
      .getByRole("button", { name: /^Next page/ })
      .click();
    await shows("org", "13–24 of 25");
    expect(hash()).toBe("#org?orgPage=2");
    await part("org").getByRole("spinbutton").fill("3");
    await page.keyboard.press("Enter");
    await shows("org", "25–25 of 25");
    expect(hash()).toBe("#org?orgPage=3");
    await searches("org").pressSequentially("jonas");
    await shows("org", "1–1 of 1");
    // A pause between two letters sends the first ones alone, which find the same person.
    await expect.poll(hash).toBe("#org?orgSearch=jonas");
    await part("org").getByRole("button", { name: "Push Groups", exact: true }).click();
    await shows("org", "1–2 of 2");
    expect(hash()).toBe("#org?org=push-groups");
    await part("directory")
      .getByRole("button", { name: /^Next page/ })
      .click();
    await shows("directory", "13–13 of 13");
    expect(hash()).toBe("#directory?org=push-groups&directoryPage=2");
    for (const [where, address] of [
      ["1–2 of 2", "#org?org=push-groups"],
      ["1–1 of 1", "#org?orgSearch=jonas"],
      ["25–25 of 25", "#org?orgPage=3"],
      ["13–24 of 25", "#org?orgPage=2"],
      ["1–12 of 25", "#live"],
    ] as const) {
      await page.goBack();
      await shows("org", where);
      expect(hash()).toBe(address);
    }
    expect(await searches("org").inputValue()).toBe("");
    for (let step = 0; step < 3; step += 1) await page.goForward();
    await shows("org", "1–1 of 1");
    expect(await searches("org").inputValue()).toBe("jonas");
  });

  it.each([
    ["#org?org=groups&orgSearch=des", "org", "1–1 of 1"],
    ["#org?org=rules", "org", "1–2 of 2"],
    ["#org?org=push-groups&orgSearch=Developers", "org", "1–1 of 1"],
    ["#directory?directorySearch=moreau", "directory", "1–1 of 1"],
    ["#directory?directory=groups&directorySearch=no+such+group", "directory", "0"],
    ["#exchanges?kind=writes&search=amara&orgPage=2&directoryPage=2", "org", "13–24 of 25"],
  ] as const)("survive a reload: %s", async (address, id, where) => {
    await go(address);
    await shows(id, where);
    await page.reload();
    await shows(id, where);
    expect(hash()).toBe(address);
  });

  it("stay as they are when a link leads to another part or view, and start again at the link of the view itself", async () => {
    await go("#org?orgSearch=jonas");
    await shows("org", "1–1 of 1");
    await page.getByRole("link", { name: /^Last push: / }).click();
    await expect.poll(hash).toBe("#exchanges?kind=writes&orgSearch=jonas");
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole("navigation", { name: "Parts of this view" }).getByRole("link", { name: "Okta org" }).click();
    await expect.poll(hash).toBe("#org?kind=writes&orgSearch=jonas");
    await page.setViewportSize({ width: 1280, height: 760 });
    const live = page.getByRole("link", { name: "Live", exact: true });
    await page.getByRole("link", { name: "Stack" }).click();
    await live.click();
    await expect.poll(hash).toBe("#live?kind=writes&orgSearch=jonas");
    await shows("org", "1–1 of 1");
    await live.click();
    await expect.poll(hash).toBe("#live");
    await shows("org", "1–12 of 25");
    expect(await page.getByLabel("Kind of exchanges").inputValue()).toBe("all");
  });

  it.each([
    ["a list and a page that do not exist", "#org?org=nonsense&orgPage=abc&other=1", "#org", "1–12 of 25"],
    ["names that every object has", "#org?org=toString&kind=constructor", "#org", "1–12 of 25"],
    ["a page below zero, and a second one", "#org?orgPage=-1&orgPage=7", "#org", "1–12 of 25"],
    ["page zero", "#org?orgPage=0", "#org", "1–12 of 25"],
    ["half a page", "#org?orgPage=2.5", "#org", "1–12 of 25"],
    ["a broken escape", "#org?orgSearch=%E0%A4%A", "#org?orgSearch=%EF%BF%BD%25A", "0"],
    ["a search without end", `#org?orgSearch=${"x".repeat(5000)}`, `#org?orgSearch=${"x".repeat(100)}`, "0"],
    ["a filter without end", `#org?search=${"x".repeat(5000)}`, `#org?search=${"x".repeat(100)}`, "1–12 of 25"],
  ])("take what can be shown from an address with %s", async (_, address, kept, where) => {
    await go("#stack");
    await go(address);
    await shows("org", where);
    await expect.poll(hash).toBe(kept);
    expect(await part("org").getByRole("alert").allTextContents()).not.toContainEqual(expect.stringMatching(/./));
    expect(await page.locator("#status").textContent()).not.toMatch(/Invalid|Too big|too long/);
  });

  it.each(["4", "99999999999999999999", "835"])(
    "lead from a page that does not exist to the nearest one, and say so: %s",
    async (number) => {
      await go("#stack");
      await go(`#org?orgPage=${number}`);
      await shows("org", "25–25 of 25");
      await says(page, "The pages of people in Okta are 1 to 3. This is page 3.");
      await expect.poll(hash).toBe("#org?orgPage=3");
      await go(`#directory?directoryPage=${number}`);
      await shows("directory", "13–13 of 13");
      await expect.poll(hash).toBe("#directory?directoryPage=2");
    },
  );
});
