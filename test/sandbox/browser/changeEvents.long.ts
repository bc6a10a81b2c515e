import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { npmStart, type RunningTenant } from "../../support/e2e/support.ts";
import { allLooks, faultsOf } from "../../support/sandbox/browser/looks.ts";
import { act, first } from "../../support/sandbox/browser/places.ts";
import { openBrowser } from "../../support/sandbox/browser/support.ts";

let browser: Browser;
let tenant: RunningTenant;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
  tenant = await npmStart();
  page = await browser.newPage({ reducedMotion: "reduce" });
  await page.goto(`${tenant.ready.console}#stack`);
});
afterAll(async () => {
  await browser.close();
  await tenant.stop();
});

const part = () => page.getByRole("region", { name: "Change events" });

/** Hires somebody into the group Designers, as the page does. */
async function hire(firstName: string): Promise<void> {
  const url = tenant.ready.console;
  const { id } = await first(url, "groups", "Designers");
  const person = { firstName, lastName: "Told", login: `${firstName.toLowerCase()}.told@example.com` };
  await act(url, { action: "hire", ...person, groupIds: [id] });
}

describe("change events on the page", () => {
  it("say at its field why there can be no such receiver, and keep what was typed", async () => {
    await part().getByRole("button", { name: "Add a receiver…" }).click();
    const dialog = page.getByRole("dialog", { name: "Add a receiver" });
    const [name, push] = [dialog.getByLabel("Name"), dialog.getByLabel(/^Address to push to/)];
    await name.fill("Bad Name");
    await push.fill("http://example.com/events");
    await push.press("Enter");
    const alert = dialog.getByRole("alert");
    await alert.getByText(/^Name: The value has the wrong form\. Allowed: 2 to 24 of a-z/).waitFor();
    await alert.getByText(/^Address to push to: The value .*\. Allowed: .*https/).waitFor();
    await name.and(page.locator(":focus")).waitFor();
    expect(await dialog.locator("[aria-invalid]").count()).toBe(2);
    expect([await name.inputValue(), await push.inputValue()]).toEqual(["Bad Name", "http://example.com/events"]);
    // Another tab is faster: the dialog closes for the deployment, and opens again as it was.
    await name.fill("audit");
    await push.fill("");
    const error = "A deployment is running. Wait until it has ended, then try again.";
    await page.route("**/api/action", (route) => route.fulfill({ status: 409, json: { error, problems: [] } }));
    await dialog.getByRole("button", { name: "Add and deploy" }).click();
    await alert.getByText(error).waitFor();
    expect(await name.inputValue()).toBe("audit");
    await page.unroute("**/api/action");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  });

  it("leave a refused question in view, and a refusal inside the dialog that is open", async () => {
    const error = "The feature is off.";
    await page.route("**/api/action", (route) => route.fulfill({ status: 400, json: { error, problems: [] } }));
    await page.getByRole("button", { name: "Import Now…" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Import" }).click();
    const refusal = page.getByRole("dialog", { name: "Not done: Import" });
    await refusal.getByText(error).waitFor();
    await refusal.getByRole("button", { name: "Close" }).click();
    await page.unroute("**/api/action");
    await page.goto(`${tenant.ready.console}#org?org=groups`);
    await page.locator("#org .rows").getByRole("button", { name: "Finance" }).click();
    const group = page.getByRole("dialog", { name: "Finance" });
    await page.route("**/api/org/deletion?*", (route) =>
      route.fulfill({ status: 404, json: { error: "It is gone." } }),
    );
    await group.getByRole("button", { name: "Delete in Okta…" }).click();
    await group.getByRole("alert").getByText("It is gone.").waitFor();
    await page.unroute("**/api/org/deletion?*");
    await page.goto(`${tenant.ready.console}#stack`);
    await group.waitFor({ state: "detached" });
  });

  it("begin with a receiver, which a deployment adds", async () => {
    await part().getByText("Nobody is told of changes.").waitFor();
    await part().getByRole("button", { name: "Add a receiver…" }).click();
    const dialog = page.getByRole("dialog", { name: "Add a receiver" });
    await dialog.getByLabel("Name").fill("audit");
    expect(await faultsOf(page, allLooks)).toEqual([]);
    await dialog.getByRole("button", { name: "Add and deploy" }).click();
    await page.locator("#deployment .bar .tag", { hasText: "done" }).waitFor();
    await part().getByText("0 wait").waitFor();
  });

  it("appear as they happen, and wait until they are acknowledged", async () => {
    await hire("Aiko");
    await part()
      .getByText(/prov:create:notice\s+\/Users\/\S+\s+aiko\.told@example\.com/)
      .waitFor();
    await part()
      .getByText(/prov:(put|patch):notice\s+\/Groups\//)
      .first()
      .waitFor();
    expect(await faultsOf(page, allLooks)).toEqual([]);
    await part().getByRole("button", { name: "Acknowledge these for audit" }).click();
    await part().getByText("0 wait").waitFor();
    await expect.poll(() => part().getByRole("listitem").count()).toBe(0);
  });
});
