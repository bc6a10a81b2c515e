import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  copyOfProject,
  eventually,
  npmStartIn,
  type ProjectCopy,
  type RunningTenant,
} from "../../support/e2e/support.ts";
import * as announcements from "../../support/sandbox/browser/announcements.ts";
import { lengthenOutage } from "../../support/sandbox/browser/places.ts";
import { openBrowser, openGroup, openPage, outOfReach, violations } from "../../support/sandbox/browser/support.ts";

let browser: Browser;
let project: ProjectCopy;
let tenant: RunningTenant;
let page: Page;

beforeAll(async () => {
  [browser, project] = await Promise.all([openBrowser(), copyOfProject()]);
  tenant = await npmStartIn(project.folder, "--seed", "40");
  page = await openPage(browser, tenant.ready.console);
});
afterAll(async () => {
  await browser.close();
  await tenant.stop();
  await project.remove();
});

const part = (id: "org" | "directory" | "exchanges") => page.locator(`#${id}`);
const click = (name: string): Promise<void> => page.getByRole("button", { name, exact: true }).click();
const says = (text: string | RegExp): Promise<void> => announcements.says(page, text);
const health = (text: string | RegExp): Promise<void> =>
  page.getByRole("list", { name: "Health of the tenant" }).getByText(text).waitFor();
const isInFirstScreen = async (selector: string): Promise<boolean> => {
  const box = await page.locator(selector).first().boundingBox();
  const height = page.viewportSize()?.height ?? 0;
  return box !== null && box.y >= 0 && box.y + box.height <= height;
};
const hire = async (values: Readonly<Record<string, string>>): Promise<void> => {
  for (const [label, value] of Object.entries(values)) await page.getByRole("dialog").getByLabel(label).fill(value);
  await page.keyboard.press("Enter");
};

describe("the page on screens of all widths", () => {
  it.each([820, 900, 1024, 1440])(
    "shows the exchanges in the first screen at %i px, and nothing is cut",
    async (width) => {
      await page.setViewportSize({ width, height: 768 });
      await expect.poll(() => isInFirstScreen("#exchanges .rows > li")).toBe(true);
      await expect.poll(() => isInFirstScreen("#org .rows > li")).toBe(true);
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      if (width === 900) expect(await violations(page)).toEqual([]);
    },
  );
});

describe("a form", () => {
  it("starts where one types, and shows Okta's own limits in Okta's words", async () => {
    await page.getByRole("button", { name: "Hire…" }).focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("First name").and(page.locator(":focus")).waitFor();
    await hire({ "First name": "  ", "Last name": "x".repeat(51), Login: "nobody" });
    const problem = dialog.getByRole("alert");
    await problem.getByText("Login: Username must be in the form of an email address").waitFor();
    expect([...(await problem.locator("p").allTextContents())].sort()).toEqual([
      "First name: The field cannot be left blank",
      "Last name: The field is too long, at most 50 characters are allowed",
      "Login: Username must be in the form of an email address",
    ]);
    await dialog.getByLabel("First name").and(page.locator(":focus")).waitFor();
    const marked = dialog.locator("[aria-invalid=true]");
    expect(await marked.count()).toBe(3);
    const described = await dialog.getByLabel("Last name").getAttribute("aria-describedby");
    expect(await page.locator(`#${described}`).textContent()).toContain("Last name: The field is too long");
    expect(await violations(page)).toEqual([]);
    await dialog.getByLabel("First name").fill("Eve");
    expect(await marked.count()).toBe(2);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  });

  it("takes a group's name of 255 characters, and says the limit to a longer one", async () => {
    await openGroup(page, "Finance");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name", { exact: true }).fill("F".repeat(256));
    await dialog.getByRole("button", { name: "Rename" }).click();
    await dialog.getByText("name: The field is too long, at most 255 characters are allowed").waitFor();
    await dialog.getByLabel("Name", { exact: true }).fill(`Finance ${"f".repeat(247)}`);
    await dialog.getByRole("button", { name: "Rename" }).click();
    await says("The group is called Finance fff");
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  });
});

describe("a search", () => {
  it("finds people by title and by group, in Okta and in the directory", async () => {
    await part("org").getByRole("button", { name: "People", exact: true }).click();
    const search = part("org").getByRole("searchbox");
    await search.fill("payroll");
    await part("org").getByText("Olga Petrenko").waitFor();
    await part("org").getByText("1–1 of 1").waitFor();
    await search.fill("designers");
    await part("org").getByText("Clara Moreau").waitFor();
    await search.fill("");
    await part("directory").getByRole("searchbox").fill("brand designer");
    await part("directory").getByText("Lucia Ferrari").waitFor();
    await part("directory").getByRole("searchbox").fill("no such title");
    await part("directory").getByText("Nothing here contains “no such title”.").waitFor();
    await part("directory").getByRole("searchbox").fill("");
  });
});

describe("a page number", () => {
  it("goes to the nearest page if there is none of that number, and says so", async () => {
    const org = part("org");
    await org.getByRole("button", { name: "People", exact: true }).click();
    const field = org.getByLabel("Page of people in Okta", { exact: true });
    await field.waitFor();
    const most = Number(await field.getAttribute("max"));
    expect(most).toBeGreaterThan(2);
    for (const [typed, shown] of [
      ["99999", most],
      ["0", 1],
      ["2.5", 2],
      ["", 2],
      ["-3", 1],
    ] as const) {
      await field.fill(typed);
      await page.keyboard.press("Enter");
      await says(`The pages of people in Okta are 1 to ${most}. This is page ${shown}.`);
      await expect.poll(() => field.inputValue()).toBe(String(shown));
      await org.getByText(new RegExp(`^${(shown - 1) * 12 + 1}–`)).waitFor();
    }
  });
});

describe("the focus", () => {
  it("stays on the page if the browser takes it before the view changes, but not after a click beside", async () => {
    const hireButton = page.getByRole("button", { name: "Hire…" });
    const isOnBody = () => page.evaluate("document.activeElement === document.body");
    const changeView = (view: string) => page.evaluate(`location.hash = ${JSON.stringify(view)}`);
    await hireButton.focus();
    // Ends with a task that begins after those that the loss of the focus began.
    await page.evaluate("document.activeElement.blur(), new Promise((resolve) => setTimeout(resolve, 20))");
    expect(await isOnBody()).toBe(true);
    await changeView("stack");
    await expect.poll(isOnBody).toBe(false);
    await changeView("live");
    await hireButton.focus();
    await page.getByRole("heading", { level: 1 }).click();
    expect(await isOnBody()).toBe(true);
    await changeView("stack");
    await page.locator("#stack").waitFor();
    expect(await isOnBody()).toBe(true);
    await changeView("live");
  });
});

describe("a list without pages", () => {
  const many = <T>(make: (index: number) => T): T[] => Array.from({ length: 1000 }, (_, index) => make(index));
  const key = { description: "", value: "[]", isNotDeployed: false, isSecret: false, source: "file" };
  const check = (id: string, state: string) => ({ id, section: "All", title: id, detail: "", state });
  const answers = {
    "**/api/org/push?*": {
      rules: many((id) => ({ id: String(id), name: `Rule ${id}`, match: "contains", text: "x" })),
    },
    "**/api/article?*": { checks: [...many((id) => check(String(id), "right")), check("last", "wrong")] },
    "**/api/configuration?*": {
      file: "Pulumi.dev.yaml",
      keys: [{ ...key, key: "pushGroups", entries: many((id) => `"Group ${id}"`) }],
    },
  };

  it("is no longer than a page, has what is not done, and says how many rows are left out", async () => {
    const own = await openPage(browser, tenant.ready.console);
    for (const [address, json] of Object.entries(answers)) await own.route(address, (route) => route.fulfill({ json }));
    await own.getByRole("button", { name: "Push Groups" }).click();
    await own.locator("#org").getByText("and 960 more, which show as these are removed").waitFor();
    expect(await own.locator("#org .entries > li").count()).toBe(40);
    await own.getByRole("link", { name: "Step by step" }).click();
    await own.locator("#article").getByText("and 961 more").waitFor();
    const tags = await own.locator("#article .steps > li .tag").allTextContents();
    expect(tags).toEqual([...Array.from({ length: 39 }, () => "done"), "not done"]);
    await own.getByRole("link", { name: "Stack" }).click();
    await own.locator("#stack").getByText("and 960 more, which Edit… shows").waitFor();
    expect(await own.locator("#stack .configuration .entries .mono").count()).toBe(40);
    await own.close();
  });
});

describe("health at a glance", () => {
  it("shows the last push, counts failures, counts an outage down, and announces a retry that succeeds", async () => {
    await health(/^Last push: \d\d:\d\d:\d\d$/);
    await health("Failures: none");
    await page.getByRole("button", { name: "Break the network" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Restore the network" }).and(page.locator(":focus")).waitFor();
    await page.getByText(/^network broken, back in \d+ s$/).waitFor();
    await lengthenOutage(tenant.ready.console);
    await page.getByRole("button", { name: "Hire…" }).click();
    await page.getByRole("dialog").getByLabel("Group").selectOption({ label: "Developers" });
    await hire({ "First name": "Late", "Last name": "Comer", Login: "late@example.com" });
    await health("Failures: 1 to retry");
    const retry = page.getByRole("button", { name: "Retry create user late@example.com" });
    await retry.click();
    await says(/Okta tried again and failed: .*network is unreachable/);
    await page.getByRole("button", { name: "Restore the network" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Break the network" }).and(page.locator(":focus")).waitFor();
    await page.getByText(/^network broken/).waitFor({ state: "detached" });
    await retry.click();
    await says("Okta tried again and succeeded: create user late@example.com");
    await health("Failures: none");
  });
});

describe("a tenant", () => {
  it("goes back to the beginning after a question, and the open page shows the new one", async () => {
    await page.getByRole("link", { name: "Stack" }).click();
    await click("Back to the beginning…");
    const question = page.getByRole("alertdialog", { name: "Go back to the beginning?" });
    const cancel = question.locator("button:focus", { hasText: "Cancel" });
    await cancel.waitFor();
    await page.keyboard.press("Escape");
    await question.waitFor({ state: "detached" });
    await page.evaluate("window.isFirst = true");
    await click("Back to the beginning…");
    await cancel.waitFor();
    await page.keyboard.press("Tab");
    await outOfReach(page, async () => {
      await page.keyboard.press("Enter");
      await says("The tenant starts again from the beginning");
      await page.getByText("Starting again…").waitFor();
      expect(await page.locator("#stopped").textContent()).not.toContain("npm start --");
    });
    // The page loads itself again as soon as the new tenant answers.
    await expect
      .poll(() => page.evaluate("window.isFirst !== true").catch(() => false), { timeout: 180_000 })
      .toBe(true);
    await page.getByText("connection: ready", { exact: true }).waitFor();
    expect(new URL(page.url()).hash).toBe("#stack");
    await page.getByRole("link", { name: "Live" }).click();
    await part("org").getByRole("searchbox").fill("late@");
    await part("org").getByText("Nothing here contains “late@”.").waitFor();
    await part("org").getByRole("searchbox").fill("");
    await part("org").getByText("1–12 of 41").waitFor();
  });

  it("that stopped says so, and its page finds it again on the same port", async () => {
    const { port } = new URL(tenant.ready.console);
    expect(await tenant.stop()).toBe(0);
    await page.getByRole("alert").getByText(`npm start -- --json --port 0 --seed 40 --page-port ${port}`).waitFor();
    expect(await page.locator("#badges").textContent()).toBe("stopped");
    expect(await violations(page)).toEqual([]);
    const uncaught: string[] = [];
    page.on("pageerror", ({ message }) => uncaught.push(message));
    for (const name of ["Break the network", "Hire…"]) {
      announcements.ignoreAnnouncements(page);
      await click(name);
      await says("The tenant does not answer.");
    }
    await page.getByRole("link", { name: "Stack" }).click();
    await click("Deploy");
    const refusal = page.getByRole("dialog", { name: "Nothing was deployed" });
    await refusal.getByText("The tenant does not answer.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "Live" }).click();
    expect(uncaught).toEqual([]);
    tenant = await npmStartIn(project.folder, "--page-port", port);
    await page.getByText("connection: ready", { exact: true }).waitFor();
    await eventually(
      () => page.getByRole("alert").getByText("The tenant has stopped.").count(),
      (many) => many === 0,
    );
    await part("org").getByText("1–12 of 26").waitFor();
  });

  it("that stopped while it deployed no longer counts the seconds of the deployment", async () => {
    await project.holdDeployments();
    await page.getByRole("link", { name: "Stack" }).click();
    await page.getByRole("button", { name: "Deploy", exact: true }).click();
    await page.locator("#deployment .bar .tag", { hasText: "runs" }).waitFor();
    await tenant.stop();
    await page.getByRole("alert").getByText("The tenant has stopped.").waitFor();
    await page.locator("#deployment .bar .tag", { hasText: /its end is unknown|done|failed/ }).waitFor();
    // The deployment that this page asked for may have said so already.
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Deploy", exact: true }).click();
    await page.getByRole("dialog", { name: "Nothing was deployed" }).getByText("The tenant does not answer.").waitFor();
  });
});
