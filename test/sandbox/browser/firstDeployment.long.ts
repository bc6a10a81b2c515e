import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { eventually, npmStart, type RunningTenant } from "../../support/e2e/support.ts";
import { says } from "../../support/sandbox/browser/announcements.ts";
import { allLooks, faultsOf, wear } from "../../support/sandbox/browser/looks.ts";
import * as pages from "../../support/sandbox/browser/support.ts";

let browser: Browser;
let tenant: RunningTenant;
let page: Page;

beforeAll(async () => {
  browser = await pages.openBrowser();
  tenant = await npmStart("--show-secrets", "--config", "connection=pending");
  page = await browser.newPage({ viewport: pages.sizes.phone, reducedMotion: "reduce" });
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(tenant.ready.console);
});
afterAll(async () => {
  await browser.close();
  await tenant.stop();
});

const article = () => page.locator("#article");
const total = z.object({ totalResults: z.number() });
const people = async (): Promise<number> => total.parse((await tenant.scim("GET", "/Users?count=0")).body).totalResults;
const clipboard = (): Promise<unknown> => page.evaluate("navigator.clipboard.readText()");
const copies = async (button: string, wanted: string): Promise<void> => {
  await page.getByRole("button", { name: button }).focus();
  await page.keyboard.press("Enter");
  await eventually(clipboard, (text) => text === wanted);
};
const done = async (): Promise<number> => article().locator(".steps .good").count();

it("opens at the next action, with this tenant's values to copy, and shows the token only when asked", async () => {
  await article().getByRole("button", { name: "Do this in the Admin Console" }).waitFor();
  expect(await article().locator("button.primary").count()).toBe(1);
  const { scimBaseUrl, scimToken } = tenant.ready.outputs;
  await page.getByText(`SCIM connector base URL: ${scimBaseUrl}`).waitFor();
  await article().locator(".steps li").first().waitFor();
  expect(await faultsOf(page, allLooks)).toEqual([]);
  await wear(page, { colorScheme: "light", width: 390 });
  await copies("Copy the base URL", scimBaseUrl);
  await copies("Copy the token", scimToken);
  const field = page.getByLabel("Token", { exact: true });
  expect(await field.inputValue()).not.toBe(scimToken);
  expect(await page.content()).not.toContain(scimToken);
  await page.getByRole("button", { name: "Show it" }).click();
  await eventually(
    () => field.inputValue(),
    (value) => value === scimToken,
  );
  await page.getByRole("button", { name: "Hide it" }).click();
  expect(await field.inputValue()).not.toBe(scimToken);
});

it("sends a person from the live view, where nothing happens yet, to the next action", async () => {
  const field = page.getByLabel("Token", { exact: true });
  await page.getByRole("button", { name: "Show it" }).click();
  await eventually(
    () => field.inputValue(),
    (value) => value === tenant.ready.outputs.scimToken,
  );
  await page.getByRole("link", { name: "Live" }).click();
  await page.locator("#direction").getByRole("link", { name: "Step by step" }).focus();
  await page.keyboard.press("Enter");
  await article().getByRole("button", { name: "Do this in the Admin Console" }).waitFor();
  expect(await field.inputValue()).not.toBe(tenant.ready.outputs.scimToken);
  await page.getByRole("button", { name: "Show it" }).waitFor();
});

it("changes the state of each step as it happens, in another tab too", async () => {
  const other = await browser.newPage({ viewport: pages.sizes.wide, colorScheme: "dark", reducedMotion: "reduce" });
  await other.goto(`${tenant.ready.console}#article`);
  await other.locator("#article .steps li").first().waitFor();
  const before = await done();
  expect(await people()).toBe(0);
  await page.getByRole("button", { name: "Do this in the Admin Console" }).click();
  await article().getByRole("button", { name: "Set connection ready and deploy" }).waitFor();
  expect(await article().locator("button.primary").count()).toBe(1);
  await eventually(done, (now) => now > before);
  await page.getByRole("button", { name: "Set connection ready and deploy" }).click();
  await page.locator("#deployment .bar .tag", { hasText: "done" }).waitFor();
  for (const each of [page, other]) {
    await eventually(
      () => each.locator("#article .summary").textContent(),
      (text) => /^\d+ done/.test(text ?? "") && text?.includes("not done") === false,
    );
    await each.locator("#article .steps .bad").first().waitFor({ state: "detached" });
  }
  expect(await people()).toBeGreaterThan(10);
  expect(await pages.violations(other)).toEqual([]);
  await other.close();
});

it("says what the deletion of the assignment group does, and a deployment with refresh makes it again", async () => {
  await page.goto(`${tenant.ready.console}#live`);
  await page.locator("#org .rows li").first().waitFor();
  await pages.openGroup(page, "iru_endpoint_users");
  await page.getByRole("button", { name: "Delete in Okta…" }).click();
  const question = page.getByRole("alertdialog", { name: "Delete iru_endpoint_users?" });
  await question
    .getByText(/Only this group assigns \d+ people to the app: Okta deactivates all these records/)
    .waitFor();
  expect(await question.textContent()).toMatch(/The rules? .+ becomes? invalid for good/);
  expect(await pages.violations(page)).toEqual([]);
  await question.getByRole("button", { name: "Delete group" }).click();
  await page.goto(`${tenant.ready.console}#article`);
  const repair = article().getByRole("button", { name: "Deploy with refresh" });
  await repair.press("Enter");
  await article().locator(".steps .bad").first().waitFor({ state: "detached" });
  expect(await people()).toBeGreaterThan(10);
});

it("offers the one step of a rotation that is next", async () => {
  await page.goto(`${tenant.ready.console}#stack`);
  const enabled = page.getByRole("button", { name: /^[123]\. /, disabled: false });
  const next = async (name: string): Promise<void> => {
    await eventually(
      () => enabled.allTextContents(),
      (names) => names.join() === name,
    );
  };
  await next("1. Deploy the next token");
  await page.getByText("Okta has generation 1, the newest token.").waitFor();
  await enabled.click();
  await next("2. Enter it in Okta");
  await page.getByText("Okta has generation 1, an earlier token.").waitFor();
  expect(await faultsOf(page, allLooks)).toEqual([]);
  const entered: string[] = [];
  page.on("request", (request) => {
    if (request.postData()?.includes("changeToken") === true) entered.push(request.url());
  });
  await enabled.dblclick();
  await next("3. Drop the previous token…");
  expect(entered).toHaveLength(1);
  expect(await pages.violations(page)).toEqual([]);
});

it("does once what is pressed twice: sends, opens and asks", async () => {
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") sent.push(request.postData() ?? "");
  });
  await page.route("**/api/action", async (route) => {
    // Long enough for a second press with the keyboard, which counts no clicks.
    await page.keyboard.press("Enter");
    await route.continue();
  });
  await page.goto(`${tenant.ready.console}#live`);
  await page.getByRole("button", { name: "Hire…" }).dblclick();
  const dialog = page.getByRole("dialog", { name: "Hire a person" });
  await dialog.getByLabel("First name").fill("Only");
  expect(await page.locator("dialog").count()).toBe(1);
  await dialog.getByLabel("Last name").fill("Once");
  await dialog.getByLabel("Login").fill("only.once@example.com");
  await dialog.getByRole("button", { name: "Hire" }).focus();
  await page.keyboard.press("Enter");
  await says(page, "Only Once was hired");
  await page.locator("#org .rows button").first().dblclick();
  await page.getByRole("dialog").first().waitFor();
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  expect(sent).toHaveLength(1);
  await page.unroute("**/api/action");
});
