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
