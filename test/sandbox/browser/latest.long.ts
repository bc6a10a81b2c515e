import type { Browser, Locator, Page, Route } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually, npmStart, type RunningTenant } from "../../support/e2e/support.ts";
import { act, first } from "../../support/sandbox/browser/places.ts";
import * as pages from "../../support/sandbox/browser/support.ts";

/** More than a choice of groups shows at a time. */
const GROUPS = 101;
/** Changes of a person that fill more than two pages of a story. */
const CHANGES = 110;
/** Milliseconds of the page's clock, of which a rest of four times as much is longer than a test waits. */
const SLOW = 300_000;

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

const by = (action: Readonly<Record<string, unknown>>): Promise<void> => act(tenant.ready.console, action);
const org = (): Locator => page.locator("#org");
const tab = (name: string): Promise<void> => org().getByRole("button", { name, exact: true }).click();
const row = (name: string): Locator => org().locator(".rows > li").filter({ hasText: name });
const visible = (text: string): Locator => org().getByText(text).locator("visible=true");

interface Held {
  /** Resolves as soon as the tenant has answered the question, and the page has not got the answer. */
  readonly answered: Promise<void>;
  /** Lets the page have the answer, and waits until an answer to a later question is there. */
  release(): Promise<void>;
}

/** Keeps the next answer to an address as it is then. */
async function holdNext(address: RegExp, on: Page = page): Promise<Held> {
  let hold: (route: Route) => void = () => undefined;
  const held = new Promise<Route>((resolve) => {
    hold = resolve;
  });
  await on.route(address, hold, { times: 1 });
  const answer = held.then(async (route) => ({ route, response: await route.fetch() }));
  return {
    answered: answer.then(() => undefined),
    release: async () => {
      const { route, response } = await answer;
      await route.fulfill({ response });
      await on.evaluate("fetch('/api/timeline').then((answer) => answer.text())");
    },
  };
}

it("keeps a group in the list if an answer from before the group arrives last", async () => {
  const held = await holdNext(/\/api\/org\/groups/);
  await tab("Groups");
  await held.answered;
  await by({ action: "createGroup", name: "Aardvarks" });
  await row("Aardvarks").waitFor();
  await held.release();
  expect(await row("Aardvarks").count()).toBe(1);
});

it("keeps what a search found if its first answer arrives last", async () => {
  const directory = page.locator("#directory");
  const held = await holdNext(/\/api\/directory\/users\?search=zzz/);
  await directory.getByRole("searchbox").fill("zzz");
  await held.answered;
  const { id } = await first(tenant.ready.console, "groups", "Developers");
  await by({ action: "hire", firstName: "Zz", lastName: "Top", login: "zzz@example.com", groupIds: [id] });
  await directory.locator(".rows").getByText("zzz@example.com").waitFor();
  await held.release();
  expect(await directory.locator(".rows").getByText("zzz@example.com").count()).toBe(1);
});

it.each([
  { part: "the drift", address: /\/api\/drift/, shown: () => visible("Drift: The push rule Rule of the drift") },
  {
    part: "the push rules",
    address: /\/api\/org\/push\?/,
    shown: () => visible("Rule of the push rules: starts with"),
  },
])("keeps $part if an answer from before a change arrives last", async ({ part, address, shown }) => {
  await tab("People");
  const held = await holdNext(address);
  await tab("Push Groups");
  await held.answered;
  await by({ action: "addPushRule", name: `Rule of ${part}`, match: "startsWith", text: "none at all" });
  await shown().waitFor();
  await held.release();
  expect(await shown().count()).toBe(1);
});

it("keeps the checks if those that Check again asked for before a change arrive last", async () => {
  await page.getByRole("link", { name: "Step by step" }).click();
  const article = page.locator("#article");
  const again = article.getByRole("button", { name: "Check again" });
  await again.waitFor();
  await article.getByText("The push rule Rule of the drift").waitFor();
  const summary = (): Promise<string | null> => article.locator(".summary").textContent();
  const before = await summary();
  const held = await holdNext(/\/api\/article/);
  await again.click();
  await held.answered;
  const mapping = (await first(tenant.ready.console, "groups", "Designers")).push?.id;
  await by({ action: "setPushStatus", mapping, status: "INACTIVE" });
  await eventually(summary, (text) => text !== before);
  await held.release();
  expect(await summary()).not.toBe(before);
  await by({ action: "setPushStatus", mapping, status: "ACTIVE" });
});

it("reads again after its usual pause, however slow the read was during which a change came", async () => {
  const own = await browser.newPage();
  await own.clock.install();
  await own.goto(tenant.ready.console);
  await own.locator("#org .rows li").first().waitFor();
  const held = await holdNext(/\/api\/tenant/, own);
  await by({ action: "createGroup", name: "Zebras" });
  await held.answered;
  await by({ action: "breakNetwork", seconds: 3600 });
  await own.clock.fastForward(SLOW);
  await held.release();
  await own.locator("#badges").getByText("network broken").waitFor();
  await by({ action: "restoreNetwork" });
  await own.close();
});

it("shows the page of a story that was asked for last", async () => {
  const { id } = await first(tenant.ready.console, "people", "amara.okafor");
  for (let index = 0; index < CHANGES; index += 1)
    await by({ action: "changeProfile", user: id, values: { title: `Title ${index}` } });
  await page.evaluate(`location.hash = "#/person/${id}"`);
  const story = page.locator("#story");
  await story.locator(".where", { hasText: /^[1-9]\d+–/ }).waitFor();
  const held = await holdNext(/\/api\/story\?/);
  await by({ action: "changeProfile", user: id, values: { title: "Last title" } });
  await held.answered;
  await story.getByRole("spinbutton").fill("1");
  await page.keyboard.press("Enter");
  const firstPage = story.locator(".where", { hasText: /^1–40 of / });
  await firstPage.waitFor();
  await held.release();
  expect(await firstPage.count()).toBe(1);
  await expect.poll(() => new URL(page.url()).hash).toMatch(new RegExp(`^#/person/${id}\\?from=[\\w-]+$`));
  await page.goBack();
  await story.locator(".where", { hasText: /^[1-9]\d+–/ }).waitFor();
  expect(new URL(page.url()).hash).toBe(`#/person/${id}`);
});

it("offers the groups of the text that was typed last", async () => {
  for (let index = 0; index < GROUPS; index += 1) await by({ action: "createGroup", name: `Group ${index}` });
  await page.evaluate(`location.hash = "#live"`);
  await page.getByRole("button", { name: "Hire…" }).click();
  const find = page.getByRole("searchbox", { name: "Find for: Group" });
  const held = await holdNext(/\/api\/org\/groups\?search=Des&/);
  await find.fill("Des");
  await held.answered;
  await find.fill("Dev");
  const offered = async (): Promise<string> =>
    (await page.getByRole("dialog").locator("select option").allTextContents()).join();
  await eventually(offered, (names) => names === "Developers");
  await held.release();
  expect(await offered()).toBe("Developers");
});
