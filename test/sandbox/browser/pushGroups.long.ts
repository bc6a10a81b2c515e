import type { Browser, Locator, Page, Route } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { eventually, npmStart, type RunningTenant } from "../../support/e2e/support.ts";
import { act, first } from "../../support/sandbox/browser/places.ts";
import * as pages from "../../support/sandbox/browser/support.ts";

let browser: Browser;
let tenant: RunningTenant;
let page: Page;

beforeAll(async () => {
  browser = await pages.openBrowser();
  tenant = await npmStart("--show-secrets");
  page = await pages.openPage(browser, tenant.ready.console);
});
afterAll(async () => {
  await browser.close();
  await tenant.stop();
});
beforeEach(() => tab("Push Groups"));

const org = (): Locator => page.locator("#org");
const tab = (name: string): Promise<void> => org().getByRole("button", { name, exact: true }).click();
const dialog = (name: string): Locator => page.getByRole("dialog", { name });
const groups = z.object({ Resources: z.array(z.object({ displayName: z.string() })).default([]) });
const inDirectory = async (): Promise<string[]> =>
  groups.parse((await tenant.scim("GET", "/Groups")).body).Resources.map(({ displayName }) => displayName);
const appears = async (group: string): Promise<void> => {
  await eventually(inDirectory, (all) => all.includes(group));
};
const pushed = (name: string): Locator => org().locator(".rows > li").filter({ hasText: name });
async function unlink(group: string, choice: string): Promise<void> {
  await pushed(group).getByRole("button").first().click();
  await page.getByRole("button", { name: "Unlink…" }).click();
  await dialog(`Unlink ${group}`).getByLabel(choice).check();
  await dialog(`Unlink ${group}`).getByRole("button", { name: "Unlink", exact: true }).click();
}
const deployed = (title: RegExp): Promise<void> =>
  page.locator("#deployment .bar").filter({ hasText: title }).locator(".tag", { hasText: "done" }).waitFor();

it("creates a group and pushes it by name with the keyboard: it is drift until the configuration declares it", async () => {
  await tab("Groups");
  await page.getByRole("button", { name: "Create a group…" }).click();
  await dialog("Create a group").getByLabel("Name").fill("Sales");
  await page.keyboard.press("Enter");
  await tab("Push Groups");
  await page.getByRole("button", { name: "Find groups by name…" }).focus();
  await page.keyboard.press("Enter");
  const byName = dialog("Push a group by name");
  const field = byName.getByLabel("Group", { exact: true }).and(page.locator(":focus"));
  expect(await field.inputValue()).toBe("");
  const suggested = (): Promise<unknown> =>
    page.evaluate(`[...document.querySelectorAll("datalist option")].map(({ value }) => value).join()`);
  await eventually(suggested, (names) => names === "Finance,Sales");
  await byName.getByText("iru_endpoint_users is the assignment group; Okta does not support pushing it.").waitFor();
  await field.fill("iru_endpoint_users");
  await page.keyboard.press("Enter");
  await byName.getByRole("alert").getByText("Choose another group with the same people.").waitFor();
  await field.fill("Designers");
  await page.keyboard.press("Enter");
  await byName.getByRole("alert").getByText("Designers is pushed already.").waitFor();
  await field.fill("Sale");
  await eventually(suggested, (names) => names === "Sales");
  await page.keyboard.press("Enter");
  await byName.getByRole("alert").getByText('No group of Okta is called "Sale".').waitFor();
  await field.fill("sales");
  expect(await pages.violations(page)).toEqual([]);
  await byName.getByRole("button", { name: "Push", exact: true }).press("Enter");
  await appears("Sales");
  await pushed("Sales").getByText("Drift: made by hand: not in the configuration").waitFor();
  await org().getByText("Drift: The push of Sales: made by hand: not in the configuration.").waitFor();
  expect(await pages.violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Declare Sales…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Declare and deploy" }).click();
  await deployed(/pushGroups with/);
  await pushed("Sales").getByText("drift", { exact: true }).waitFor({ state: "detached" });
  expect(await inDirectory()).toContain("Sales");
});

it("pushes groups by rule, also one that is created later", async () => {
  await page.getByRole("button", { name: "Find groups by rule…" }).click();
  const rule = dialog("Push groups by rule");
  await rule.getByLabel("Rule name").fill("Finance teams");
  await rule.getByLabel("Group name").selectOption({ label: "starts with" });
  await rule.getByText("Okta does not document whether it pushes a group again that was unlinked by hand").waitFor();
  await rule.getByLabel("Text").fill("iru_");
  await rule
    .getByText("iru_endpoint_users is the assignment group; Okta does not support pushing it. Choose a text")
    .waitFor();
  await rule.getByLabel("Text").fill("Fin");
  await rule.getByText("the assignment group").waitFor({ state: "detached" });
  await rule.getByRole("button", { name: "Create rule" }).click();
  await appears("Finance");
  await tab("Groups");
  await page.getByRole("button", { name: "Create a group…" }).click();
  await dialog("Create a group").getByLabel("Name").fill("Finland");
  await dialog("Create a group").getByRole("button", { name: "Create", exact: true }).click();
  await appears("Finland");
  await tab("Push Groups");
  await page.getByRole("button", { name: "Remove rule Finance teams" }).click();
  await page.getByRole("button", { name: "Remove rule Finance teams" }).waitFor({ state: "detached" });
  expect(await inDirectory()).toContain("Finland");
});

it("marks a declared group that was unlinked by hand, and the deployment pushes it again", async () => {
  await unlink("Developers", "Leave the group in the target app");
  await org().getByText("Drift: The push of Developers: unlinked by hand").waitFor();
  await org()
    .getByText(/pulumi state delete --stack dev 'urn:.*PushGroup/)
    .waitFor();
  await pushed("Developers").waitFor({ state: "detached" });
  expect(await pages.violations(page)).toEqual([]);
  await page.setViewportSize(pages.sizes.phone);
  expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  await page.setViewportSize(pages.sizes.wide);
  await page.getByRole("link", { name: "Step by step" }).click();
  const remedy = page.locator("#article").getByRole("button", { name: /deploy with refresh/i });
  await remedy.waitFor();
  expect(await remedy.allTextContents()).toEqual(["Forget it and deploy with refresh"]);
  await page.getByRole("link", { name: "Stack" }).click();
  await page.getByRole("button", { name: "Deploy with refresh", exact: true }).click();
  const question = page.getByRole("alertdialog", { name: "Forget what is gone, then refresh?" });
  await question.getByText(/Error reading Okta push group mapping: 404 Not Found/).waitFor();
  expect(await pages.violations(page)).toEqual([]);
  await question.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("link", { name: "Live", exact: true }).click();
  const repair = org().getByRole("button", { name: "Forget it and deploy with refresh" });
  await repair.press("Enter");
  await deployed(/state delete/);
  await pushed("Developers").waitFor();
  await org()
    .getByText(/unlinked by hand/)
    .first()
    .waitFor({ state: "hidden" });
});

it("adds and removes a group rule", async () => {
  await tab("Rules");
  await page.getByRole("button", { name: "Add a rule…" }).click();
  const rule = dialog("Add a group rule");
  await rule.getByLabel("Rule name").fill("Everyone sells");
  await rule.getByLabel("If (Okta expression)").fill("user.login ==");
  await rule.getByLabel("Then put people in", { exact: true }).selectOption({ label: "Sales" });
  await rule.getByRole("button", { name: "Add and activate" }).click();
  await rule
    .getByRole("alert")
    .getByText(/Invalid expression/)
    .waitFor();
  await rule.getByLabel("If (Okta expression)").fill('isMemberOfGroupName("Developers")');
  await rule.getByRole("button", { name: "Add and activate" }).press("Enter");
  const row = org().locator(".rows > li").filter({ hasText: "Everyone sells" });
  await row.getByText("active").waitFor();
  await row.getByRole("button").click();
  expect(await pages.violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Remove with people…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove rule" }).click();
  await row.waitFor({ state: "detached" });
});

it("marks a push and a rule that were switched off by hand; one deployment in three clicks puts both right", async () => {
  await tab("Push Groups");
  await pushed("Designers").getByRole("button").first().click();
  await page.getByRole("button", { name: "Deactivate group push" }).press("Enter");
  await pushed("Designers").getByText("Drift: deactivated by hand").waitFor();
  await tab("Rules");
  await pushed("Designers").getByRole("button").click();
  await page.getByRole("button", { name: "Deactivate", exact: true }).click();
  await pushed("Designers").getByText("Drift: deactivated by hand").waitFor();
  await pushed("Designers").getByRole("button").click();
  const rule = page.getByRole("dialog", { name: /Designers/ });
  await rule.getByLabel("If (Okta expression)").fill('user.title == "Designer"');
  expect(await pages.violations(page)).toEqual([]);
  await rule.getByRole("button", { name: "Save" }).press("Enter");
  await pushed("Designers")
    .getByText(/expression changed by hand/)
    .waitFor();
  await page.getByRole("link", { name: "Stack" }).click();
  await page.locator("#stack").getByRole("button", { name: "Put it right: deploy with refresh" }).click();
  await deployed(/up --refresh/);
  await page.getByRole("button", { name: "Put it right: deploy with refresh" }).waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Live", exact: true }).click();
  await tab("Rules");
  await pushed("Designers").getByText("active", { exact: true }).waitFor();
});

it("marks an assignment that was removed or made by hand, and says who is deactivated", async () => {
  await tab("Groups");
  await pushed("iru_endpoint_users").getByRole("button").first().click();
  await page.getByRole("button", { name: "Remove assignment…" }).click();
  const question = page.getByRole("alertdialog");
  await question.getByText(/\d+ people lose the app: Okta deactivates them in the directory/).waitFor();
  expect(await pages.violations(page)).toEqual([]);
  await question.getByRole("button", { name: "Remove assignment" }).press("Enter");
  await pushed("iru_endpoint_users").getByText("Drift: removed by hand").waitFor();
  await org().getByRole("button", { name: "Put it right: deploy with refresh" }).press("Enter");
  await deployed(/up --refresh/);
  await pushed("iru_endpoint_users").getByText("assigned", { exact: true }).waitFor();
  await pushed("Finance").getByRole("button").first().click();
  await page.getByRole("button", { name: "Assign to the app…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Assign" }).click();
  await org()
    .getByText(/Drift: The assignment of Finance: made by hand/)
    .waitFor();
  await org().getByRole("button", { name: "Remove the assignment…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove assignment" }).click();
  await org().getByText("Drift: The assignment of Finance").waitFor({ state: "detached" });
});

it("offers Remove and Unlink, and no declaration, where a push rule has found the assignment group", async () => {
  await page.getByRole("button", { name: "Find groups by rule…" }).click();
  const rule = dialog("Push groups by rule");
  await rule.getByLabel("Rule name").fill("All of Iru");
  await rule.getByLabel("Text").fill("iru_");
  await rule.getByRole("button", { name: "Create rule" }).click();
  await pushed("iru_endpoint_users").waitFor();
  await org().getByRole("button", { name: "Unlink iru_endpoint_users…" }).click();
  await dialog("Unlink iru_endpoint_users")
    .getByText("The push rule All of Iru matches the group. Okta does not document whether")
    .waitFor();
  await page.keyboard.press("Escape");
  expect(
    await org()
      .getByRole("button", { name: /^Declare (All of Iru|iru_endpoint_users)/ })
      .count(),
  ).toBe(0);
  await org().getByRole("button", { name: "Remove push rule All of Iru" }).click();
  await org().getByRole("button", { name: "Unlink iru_endpoint_users…" }).press("Enter");
  await dialog("Unlink iru_endpoint_users").getByRole("button", { name: "Unlink", exact: true }).click();
  await pushed("iru_endpoint_users").waitFor({ state: "detached" });
  await org().getByText("The push of iru_endpoint_users").waitFor({ state: "detached" });
});

it("removes the entries of two deleted groups by one button, after one question, by mouse and keyboard", async () => {
  const [url, names] = [tenant.ready.console, ["Developers", "Designers"]];
  for (const name of names) await act(url, { action: "deleteGroup", group: (await first(url, "groups", name)).id });
  for (const name of names)
    await org().getByText(`Drift: The group ${name}: deleted by hand in Okta.`, { exact: true }).waitFor();
  const together = org().getByRole("button", { name: "Remove both from pushGroups…", exact: true });
  await together.waitFor();
  expect(
    await org()
      .getByRole("button", { name: /^Remove .*from pushGroups…$/ })
      .count(),
  ).toBe(1);
  const question = page.getByRole("alertdialog", { name: "Stop pushing Designers and Developers?" });
  await together.click();
  await question.getByText("In the directory Designers and Developers are deleted.").waitFor();
  await question.getByRole("button", { name: "Cancel" }).click();
  await together.press("Enter");
  await question.getByRole("button", { name: "Remove and deploy" }).press("Enter");
  await deployed(/pushGroups without the groups that were deleted/);
  await together.waitFor({ state: "detached" });
});

it("asks for the console step alone if the connection is wiped while drift is being read", async () => {
  await act(tenant.ready.console, { action: "createGroup", name: "Legal" });
  await act(tenant.ready.console, { action: "linkGroup", name: "Legal" });
  await page.getByRole("link", { name: "Step by step" }).click();
  const article = page.locator("#article");
  const drift = article.getByText("The push of Legal");
  await drift.waitFor();
  let hold: (route: Route) => void = () => undefined;
  const held = new Promise<Route>((resolve) => {
    hold = resolve;
  });
  await page.route(/\/api\/drift/, hold, { times: 1 });
  await article.getByRole("button", { name: "Check again" }).click();
  const question = await held;
  const response = await question.fetch();
  await act(tenant.ready.console, { action: "wipeConnection" });
  await article.getByRole("button", { name: "Do this in the Admin Console" }).waitFor();
  await question.fulfill({ response });
  await article.getByRole("button", { name: "Check again" }).waitFor();
  expect(await drift.count()).toBe(0);
});
