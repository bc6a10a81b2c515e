import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { eventually, npmStart, type RunningTenant } from "../../support/e2e/support.ts";
import * as announcements from "../../support/sandbox/browser/announcements.ts";
import { act, first, lengthenOutage } from "../../support/sandbox/browser/places.ts";
import * as pages from "../../support/sandbox/browser/support.ts";

const users = z.object({
  Resources: z
    .array(
      z.object({
        id: z.string(),
        userName: z.string(),
        active: z.boolean().optional(),
        title: z.string().optional(),
      }),
    )
    .default([]),
});
const groups = z.object({
  Resources: z
    .array(
      z.object({
        id: z.string(),
        displayName: z.string(),
        members: z.array(z.object({ value: z.string() })).default([]),
      }),
    )
    .default([]),
});

let browser: Browser;
let tenant: RunningTenant;
let page: Page;

const userOf = async (userName: string) => {
  const { body } = await tenant.scim("GET", `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`);
  return users.parse(body).Resources[0];
};
const groupOf = async (displayName: string) => {
  const { body } = await tenant.scim("GET", `/Groups?filter=${encodeURIComponent(`displayName eq "${displayName}"`)}`);
  return groups.parse(body).Resources[0];
};
const isMember = async (userName: string, group: string): Promise<boolean> => {
  const id = (await userOf(userName))?.id;
  return (await groupOf(group))?.members.some(({ value }) => value === id) === true;
};
const becomes = <T>(ask: () => Promise<T>, wanted: T): Promise<T> => eventually(ask, (answer) => answer === wanted);

const click = (name: string, options: { readonly exact?: boolean } = {}): Promise<void> =>
  page.getByRole("button", { name, ...options }).click();
const says = (text: string | RegExp): Promise<void> => announcements.says(page, text);

const openPerson = (name: string): Promise<void> => pages.openPerson(page, name);
const openGroup = (name: string): Promise<void> => pages.openGroup(page, name);
async function hire(first: string, group = "Developers"): Promise<string> {
  const login = `${first.toLowerCase()}.page@example.com`;
  await click("Hire…");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("First name").fill(first);
  await dialog.getByLabel("Last name").fill("Page");
  await dialog.getByLabel("Login").fill(login);
  await dialog.getByLabel("Group").selectOption({ label: group });
  await dialog.getByRole("button", { name: "Hire" }).click();
  await says(`${first} Page was hired`);
  return login;
}
/** Answers the confirmation of a change with large effects. */
const answer = (question: string, verb: string): Promise<void> =>
  page.getByRole("alertdialog", { name: question }).getByRole("button", { name: verb, exact: true }).click();
async function unlink(group: string, choice: string): Promise<void> {
  await click("Unlink…");
  const dialog = page.getByRole("dialog", { name: `Unlink ${group}` });
  await dialog.getByLabel(choice).check();
  await dialog.getByRole("button", { name: "Unlink", exact: true }).click();
}
const visit = (view: string): Promise<void> => page.getByRole("link", { name: view }).click();

beforeAll(async () => {
  browser = await pages.openBrowser();
});
afterAll(() => browser.close());
afterEach(() => page.close());

describe("a person's actions on the page reach the directory", () => {
  beforeAll(async () => {
    tenant = await npmStart("--show-secrets");
  });
  afterAll(() => tenant.stop());
  beforeEach(async () => {
    page = await pages.openPage(browser, tenant.ready.console);
  });

  it("hires a person into a pushed group, and shows the exchanges with their cost", async () => {
    const login = await hire("Hired");
    await becomes(() => isMember(login, "Developers"), true);
    const created = page.locator("#exchanges").getByRole("button", { name: new RegExp(`create person ${login}`) });
    await created.getByText(/POST \/Users/).waitFor();
    await expect
      .poll(() => created.textContent())
      .toMatch(/ ms · DynamoDB: [1-9]\d* requests?, [\d.]+ RCU, [\d.]*[1-9][\d.]* WCU$/);
    await page.locator("#directory").getByText(login).waitFor();
  });

  it("shows a name as text, whatever it contains", async () => {
    await hire("<img-src=x>");
    await page.locator("#org").getByRole("searchbox").fill("<img-src");
    await page.locator("#org").getByText("<img-src=x> Page").waitFor();
    expect(await page.locator("img").count()).toBe(0);
  });

  it("changes a profile", async () => {
    await openPerson("Amara Okafor");
    await page.getByRole("dialog").getByLabel("Title").fill("Principal Engineer");
    await click("Save profile");
    await becomes(async () => (await userOf("amara.okafor@example.com"))?.title, "Principal Engineer");
  });

  it("moves a person between groups", async () => {
    await openPerson("Jonas Lindqvist");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Move from", { exact: true }).selectOption({ label: "Developers" });
    await dialog.getByLabel("Move to", { exact: true }).selectOption({ label: "Designers" });
    await dialog.getByRole("button", { name: "Move", exact: true }).click();
    await becomes(() => isMember("jonas.lindqvist@example.com", "Designers"), true);
    await becomes(() => isMember("jonas.lindqvist@example.com", "Developers"), false);
  });

  it("opens a person as they are now, however old the list is, and says so if they are gone", async () => {
    const url = tenant.ready.console;
    const user = (await first(url, "people", "ravi.menon")).id;
    await page.locator("#org").getByRole("searchbox").fill("ravi.menon");
    const row = page.locator("#org .rows button").filter({ hasText: "ravi.menon" });
    await row.waitFor();
    await page.route("**/api/org/people?*", (route) => route.abort());
    await act(url, { action: "setLifecycle", user, step: "suspend" });
    await row.click();
    await page.getByRole("dialog").getByText("suspended").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Unsuspend" }).waitFor();
    await page.keyboard.press("Escape");
    await act(url, { action: "setLifecycle", user, step: "deactivate" });
    await act(url, { action: "deleteUser", user });
    await row.click();
    await says("There is no such person any more.");
    expect(await page.getByRole("dialog").count()).toBe(0);
  });

  it("deactivates a person after a confirmation, with the keyboard", async () => {
    await openPerson("Mateo Alvarez");
    await click("Deactivate…");
    const question = page.getByRole("alertdialog", { name: "Deactivate Mateo Alvarez?" });
    await question.waitFor();
    await page.keyboard.press("Escape");
    await question.waitFor({ state: "detached" });
    expect((await userOf("mateo.alvarez@example.com"))?.active).toBe(true);
    await click("Deactivate…");
    await question.locator("button:focus", { hasText: "Cancel" }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await becomes(async () => (await userOf("mateo.alvarez@example.com"))?.active, false);
  });

  it("pushes a group now, including members that the directory has lost", async () => {
    const group = await groupOf("Designers");
    await tenant.scim("PATCH", `/Groups/${group?.id}`, {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
      Operations: [{ op: "remove", path: "members" }],
    });
    expect(await isMember("clara.moreau@example.com", "Designers")).toBe(false);
    await openGroup("Designers");
    await click("Push now");
    await becomes(() => isMember("clara.moreau@example.com", "Designers"), true);
  });

  it("breaks the network for a while: failed jobs wait as tasks and succeed after a retry", async () => {
    await click("Break the network");
    await click("Restore the network");
    await says("Okta reaches the SCIM service again");
    await click("Break the network");
    await page.getByRole("button", { name: "Restore the network" }).waitFor();
    await lengthenOutage(tenant.ready.console);
    const login = await hire("Offline");
    const retry = page.getByRole("button", { name: `Retry create user ${login}` });
    await retry.waitFor();
    expect(await userOf(login)).toBeUndefined();
    await click("Restore the network");
    await says("Okta reaches the SCIM service again");
    await retry.click();
    await becomes(async () => (await userOf(login))?.active, true);
  });

  it("filters and opens exchanges, copies one as curl, by default without the token, and exports all", async () => {
    await page.getByLabel("Kind of exchanges").selectOption("writes");
    await page.getByLabel("Filter exchanges").fill("create person hannah");
    const row = page.locator("#exchanges .rows > li");
    await eventually(
      () => row.count(),
      (many) => many === 1,
    );
    await row.getByRole("button").first().click();
    await row.getByText('"userName": "hannah.weiss@example.com"').first().waitFor();
    await click("Copy as curl");
    const command = row.getByLabel("curl command");
    await command.waitFor();
    expect(await command.textContent()).toContain("$SCIM_AUTHORIZATION");
    expect(await page.content()).not.toContain(tenant.ready.outputs.scimToken);
    await row.getByLabel("with the token").check();
    await click("Copy as curl");
    await eventually(
      () => command.textContent(),
      (text) => text?.includes(tenant.ready.outputs.scimToken) === true,
    );
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Export JSON" }).click();
    const exported = readFileSync(await (await download).path(), "utf8");
    const all = z
      .array(z.object({ id: z.number(), method: z.string(), url: z.string(), what: z.string() }))
      .parse(JSON.parse(exported));
    expect(all.some(({ what }) => what === "create person hannah.weiss@example.com")).toBe(true);
    expect(exported).not.toContain(tenant.ready.outputs.scimToken);
  });

  it("pages and searches lists with the keyboard", async () => {
    const org = page.locator("#org");
    await org.getByText(/1–12 of/).waitFor();
    await org.getByRole("button", { name: "Next page of people in Okta" }).focus();
    await page.keyboard.press("Enter");
    await org.getByText(/13–24 of/).waitFor();
    const search = page.locator("#directory").getByRole("searchbox");
    await search.focus();
    await page.keyboard.type("zofia");
    await page.locator("#directory").getByText("1–1 of 1").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByText('"userName": "zofia.kowalska@example.com"').waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  it("unlinks a group and leaves it in the directory", async () => {
    await openGroup("Developers");
    await unlink("Developers", "Leave the group in the target app");
    await says("Unlinked; the group in the directory stays");
    await hire("Afterwards");
    await becomes(async () => (await userOf("afterwards.page@example.com"))?.active, true);
    expect(await isMember("afterwards.page@example.com", "Developers")).toBe(false);
  });

  it("unlinks a group and deletes it in the directory", async () => {
    await openGroup("Designers");
    await unlink("Designers", "Delete the group in the target app (recommended)");
    await becomes(async () => (await groupOf("Designers"))?.displayName, undefined);
    expect((await userOf("clara.moreau@example.com"))?.active).toBe(true);
  });

  it("rotates the token: both work until the previous one is dropped", async () => {
    await visit("Stack");
    await click("1. Deploy the next token");
    await says("The service accepts the token of generation 2");
    await click("2. Enter it in Okta");
    await says("Okta uses the new token");
    expect((await tenant.scim("GET", "/Users?count=0")).status).toBe(200);
    await click("3. Drop the previous token…");
    await answer("Drop the previous token?", "Drop it");
    await says("The service accepts only the newest token");
    expect((await tenant.scim("GET", "/Users?count=0")).status).toBe(401);
    await visit("Live");
    await hire("Rotated");
    await page.locator("#directory").getByRole("searchbox").fill("rotated.page");
    await page.locator("#directory").getByText("rotated.page@example.com").first().waitFor();
  });

  it("wipes the connection: nothing is sent, a deployment detects it, the console step repairs it", async () => {
    await visit("Stack");
    await click("Wipe the connection…");
    await answer("Wipe the connection?", "Cancel");
    await page.getByText("provisioning on", { exact: true }).waitFor();
    await click("Wipe the connection…");
    await answer("Wipe the connection?", "Wipe it");
    await page.getByText("provisioning off", { exact: true }).waitFor();
    await click("Deploy", { exact: true });
    await page
      .locator("#deployment .notice")
      .getByText(/does not provision/)
      .waitFor();
    await page.locator("#direction").waitFor({ state: "hidden" });
    await visit("Live");
    await page.locator("#direction").getByRole("link", { name: "Step by step" }).click();
    await page.locator("#article").getByText("SCIM connector base URL:").first().waitFor();
    await click("Do this in the Admin Console");
    await page.getByText("provisioning on", { exact: true }).waitFor();
    await visit("Live");
    await hire("Mended");
    await page.locator("#directory").getByRole("searchbox").fill("mended.page");
    await page.locator("#directory").getByText("mended.page@example.com").first().waitFor();
  });
});
