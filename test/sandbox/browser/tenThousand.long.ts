import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { npmStart, type RunningTenant } from "../../support/e2e/support.ts";
import { openBrowser, openPage } from "../../support/sandbox/browser/support.ts";

const PEOPLE = 10_000;
const LANES = 4;
const OPERATIONS = 100;
/** Bytes of the largest answer that a page of a list may be. */
const MOST_BYTES = 40_000;

const bulk = z.object({ Operations: z.array(z.object({ status: z.string(), location: z.string() })) });
const nameOf = (index: number): string => `Person ${String(index).padStart(5, "0")}`;
const loginOf = (index: number): string => `person${String(index).padStart(5, "0")}@example.com`;

let browser: Browser;
let tenant: RunningTenant;
let page: Page;
/** The traffic of the page: each answer's path and bytes. */
let sent: { readonly path: string; readonly bytes: number }[];

async function inLanes(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** Ten thousand users and a group of all of them, written through the service. */
async function fillDirectory(): Promise<void> {
  const ids: string[] = [];
  await inLanes(PEOPLE / OPERATIONS, async (part) => {
    const Operations = Array.from({ length: OPERATIONS }, (_, index) => {
      const own = part * OPERATIONS + index;
      const data = { userName: loginOf(own), displayName: nameOf(own), externalId: `x${own}`, active: true };
      return { method: "POST", path: "/Users", bulkId: String(own), data };
    });
    const schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"];
    const { body } = await tenant.scim("POST", "/Bulk", { schemas, Operations });
    ids.push(...bulk.parse(body).Operations.map(({ location }) => location.split("/").at(-1) ?? ""));
  });
  const members = ids.map((value) => ({ value }));
  const { status } = await tenant.scim("POST", "/Groups", { displayName: "Everybody", members });
  expect(status).toBe(201);
}

/** Ten thousand people in Okta, hired one by one through the page's server. */
async function fillOrg(): Promise<void> {
  const origin = tenant.ready.console.slice(0, -1);
  await inLanes(PEOPLE, async (index) => {
    const [firstName = "", lastName = ""] = nameOf(index).split(" ");
    const { status } = await fetch(`${origin}/api/action`, {
      method: "POST",
      headers: { origin, "content-type": "application/json" },
      body: JSON.stringify({ action: "hire", firstName, lastName, login: loginOf(index) }),
    });
    expect(status).toBe(200);
  });
}

beforeAll(async () => {
  browser = await openBrowser();
  tenant = await npmStart("--show-secrets");
  await Promise.all([fillDirectory(), fillOrg()]);
}, 600_000);
afterAll(async () => {
  await browser.close();
  await tenant.stop();
});
afterEach(() => page.close());
beforeEach(async () => {
  page = await openPage(browser, tenant.ready.console);
  sent = [];
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (pathname === "/api/events") return;
    response.body().then(
      ({ length }) => sent.push({ path: pathname, bytes: length }),
      () => undefined,
    );
  });
});

const part = (id: "org" | "directory") => page.locator(`#${id}`);
const names = (of: ReturnType<typeof part>) => of.locator(".rows .name").allTextContents();

describe("ten thousand people", () => {
  it("are paged through in Okta, counted, page by page or to any page at once", async () => {
    const org = part("org");
    const total = (PEOPLE + 26).toLocaleString("en");
    await org.getByText(`1–12 of ${total}`).waitFor();
    await org.getByRole("button", { name: "Next page" }).click();
    await org.getByText(`13–24 of ${total}`).waitFor();
    await org.getByRole("spinbutton").fill("500");
    await page.keyboard.press("Enter");
    await org.getByText(`5,989–6,000 of ${total}`).waitFor();
    await org.getByRole("searchbox").fill(nameOf(7654));
    await org.getByText("1–1 of 1").waitFor();
    expect(await names(org)).toEqual([nameOf(7654)]);
  });

  it("are paged through in the directory in its own order, to the last one", async () => {
    const directory = part("directory");
    const total = (PEOPLE + 13).toLocaleString("en");
    await directory.getByText(`1–12 of ${total}`).waitFor();
    await directory.getByText("the service’s own order").waitFor();
    const first = await names(directory);
    await directory.getByRole("button", { name: "Next page" }).click();
    await directory.getByText(`13–24 of ${total}`).waitFor();
    expect((await names(directory)).filter((name) => first.includes(name))).toEqual([]);
    await directory.getByRole("spinbutton").fill("835");
    await page.keyboard.press("Enter");
    await directory.getByText(`10,009–10,013 of ${total}`).waitFor();
    expect(await names(directory)).toHaveLength(5);
    expect(await directory.getByRole("button", { name: "Next page" }).isDisabled()).toBe(true);
  });

  it("are found in the directory by part of a name, and by the whole of it at once", async () => {
    const directory = part("directory");
    const search = directory.getByRole("searchbox");
    await search.fill("zofia");
    await directory.getByText("1–1 of 1").waitFor();
    expect(await names(directory)).toEqual(["Zofia Kowalska"]);
    await search.fill(loginOf(9876));
    await directory.getByText("the whole name matches").waitFor();
    expect(await names(directory)).toEqual([nameOf(9876)]);
    await search.fill("Person 0123");
    await directory.getByText(nameOf(1234)).waitFor();
    expect((await names(directory)).sort()).toEqual(Array.from({ length: 10 }, (_, last) => nameOf(1230 + last)));
    await search.fill("person");
    await directory.getByText("12 here, maybe more").waitFor();
    const first = await names(directory);
    await directory.getByRole("button", { name: "Next page" }).click();
    await expect.poll(async () => (await names(directory)).some((name) => first.includes(name))).toBe(false);
    await directory.getByRole("button", { name: "Previous page" }).click();
    await expect.poll(() => names(directory)).toEqual(first);
    await search.fill("nobody of that name");
    await directory.getByText("Nothing here contains").waitFor();
  });

  it("are paged through and found as members of a group", async () => {
    const directory = part("directory");
    await directory.getByRole("button", { name: "Groups", exact: true }).click();
    await directory.getByRole("button", { name: /Everybody\s*10,000 members/ }).click();
    const dialog = page.getByRole("dialog", { name: "Everybody" });
    await dialog.getByText("1–12 of 10,000").waitFor();
    await dialog.getByRole("spinbutton").fill("834");
    await page.keyboard.press("Enter");
    await dialog.getByText("9,997–10,000 of 10,000").waitFor();
    await dialog.getByRole("searchbox").fill(loginOf(4321));
    await dialog.getByText("the whole name matches").waitFor();
    await dialog.getByRole("searchbox").fill("Person 0432");
    await dialog.getByText("1–10 of 10", { exact: true }).waitFor();
    // In the directory, but not in this group.
    await dialog.getByRole("searchbox").fill("zofia");
    await dialog.getByText("Nothing here contains").waitFor();
  });

  it("are sent to the page one page at a time, even during many changes", async () => {
    await part("directory").getByText("1–12 of").waitFor();
    const developers = Object.values(tenant.ready.outputs.pushGroups)[0]?.sourceGroupId;
    const origin = tenant.ready.console.slice(0, -1);
    await inLanes(20, async (index) => {
      const hire = { action: "hire", firstName: "Late", lastName: `No. ${index}`, login: `late${index}@example.com` };
      const body = JSON.stringify({ ...hire, groupIds: [developers] });
      const headers = { origin, "content-type": "application/json" };
      await fetch(`${origin}/api/action`, { method: "POST", headers, body });
    });
    await page.locator("#exchanges").getByText("create person late19@example.com").waitFor();
    await part("org")
      .getByText(`of ${(PEOPLE + 46).toLocaleString("en")}`)
      .waitFor();
    await part("directory")
      .getByText(`of ${(PEOPLE + 33).toLocaleString("en")}`)
      .waitFor();
    const lists = ["/api/tenant", "/api/org/people", "/api/timeline", "/api/directory/users"];
    await expect.poll(() => sent.map(({ path }) => path)).toEqual(expect.arrayContaining(lists));
    expect(sent.filter(({ bytes }) => bytes > MOST_BYTES)).toEqual([]);
  });
});
