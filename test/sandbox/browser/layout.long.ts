import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyOfProject, npmStartIn, type ProjectCopy, type RunningTenant } from "../../support/e2e/support.ts";
import { addExtremes, extremes } from "../../support/sandbox/browser/extremes.ts";
import { fileNotices, undoFile } from "../../support/sandbox/browser/fileNotices.ts";
import { measure } from "../../support/sandbox/browser/layout.ts";
import { wear } from "../../support/sandbox/browser/looks.ts";
import { deletions, failedDeployment, notices } from "../../support/sandbox/browser/notices.ts";
import { furnish } from "../../support/sandbox/browser/furnish.ts";
import { dialogs, views, type Place } from "../../support/sandbox/browser/places.ts";
import { openBrowser, openPage } from "../../support/sandbox/browser/support.ts";

/** Phones, tablets in both directions, and a desktop, in pixels. */
const WIDTHS = [320, 390, 820, 900, 1024, 1440];

const DRIFT = "Forget it and deploy with refresh";
const ROTATION = "3. Drop the previous token…";

/** The next action of each place. The other places show something and have none. */
const nextActions: Readonly<Record<string, string>> = {
  ...{ live: "Hire…", exchange: "Hire…", directory: "Hire…", groups: "Hire…", rules: "Hire…" },
  ...{ "push-groups": DRIFT, article: DRIFT, stack: ROTATION, "stack-actions": ROTATION },
  ...{ "long-names": "Hire…", "long-pushed-group": DRIFT, "long-person": "Save profile", "long-group": "Push now" },
  ...{ hire: "Hire", "hire-refused": "Hire", person: "Save profile", group: "Push now" },
  ...{ deactivate: "Deactivate", unlink: "Unlink", "delete-group": "Delete group", "create-group": "Create" },
  ...{ "push-by-name": "Push", "push-by-rule": "Create rule", declare: "Declare and deploy" },
  ...{ "add-rule": "Add and activate", "remove-rule": "Remove rule", edit: "Check and deploy" },
  ...{ "edit-refused": "Check and deploy", "remove-entry": "Remove and deploy", "add-receiver": "Add and deploy" },
  "add-receiver-refused": "Add and deploy",
  ...{ "delete-assignment-group": "Delete group", "delete-person": "Delete" },
  ...{ "nothing-found": "Hire…", "network-broken": "Hire…", "provisioning-off": "Go to Step by step" },
  ...{ "file-changed": "Deploy", "file-changed-live": "Hire…", "file-wrong": ROTATION },
  ...{ "console-step": "Do this in the Admin Console" },
  ...{ "drop-token": "Drop it", "force-sync": "Force Sync", import: "Import", wipe: "Wipe it", reset: "Start again" },
};

let browser: Browser;
let project: ProjectCopy;
let tenant: RunningTenant;
let page: Page;

beforeAll(async () => {
  [browser, project] = await Promise.all([openBrowser(), copyOfProject()]);
  tenant = await npmStartIn(project.folder);
  await furnish(tenant.ready.console);
  await addExtremes(tenant.ready.console);
  page = await openPage(browser, tenant.ready.console);
  await page.locator("#deployment").getByRole("button", { name: "Dismiss" }).click();
  await page.locator("#deployment").waitFor({ state: "hidden" });
});
afterAll(async () => {
  await browser.close();
  await tenant.stop();
  await project.remove();
});

/** The faults at each width, and the main buttons that the place shows at any of them. */
async function measureAt(
  widths: readonly number[],
): Promise<{ faults: readonly string[]; primary: readonly string[] }> {
  const faults: string[] = [];
  const primary = new Set<string>();
  for (const width of widths) {
    await wear(page, { colorScheme: "light", width });
    const found = await measure(page);
    faults.push(...found.faults.map((fault) => `${width}: ${fault}`));
    for (const name of found.primary) primary.add(name);
  }
  return { faults, primary: [...primary] };
}

describe("everything has room at every width, and one button is the next action", () => {
  const hasRoom = async ({ name, open }: Place): Promise<void> => {
    await wear(page, { colorScheme: "light", width: 1440 });
    await open(page);
    const next = nextActions[name];
    expect(await measureAt(WIDTHS)).toEqual({ faults: [], primary: next === undefined ? [] : [next] });
  };

  it.each([...views, ...dialogs, ...deletions, ...extremes])("$name", hasRoom);

  describe("a stack's file that was edited", () => {
    afterAll(() => undoFile(page, project));
    it.each(fileNotices(() => project))("$name", hasRoom);
  });

  it("shows the exchanges in the first screen of a tablet and wider", async () => {
    await views[0]?.open(page);
    for (const width of WIDTHS.filter((each) => each > 390)) {
      await wear(page, { colorScheme: "light", width });
      await page.evaluate("scrollTo(0, 0)");
      const top = await page.evaluate<number>(`document.querySelector("#exchanges .rows").getBoundingClientRect().top`);
      expect({ width, isInFirstScreen: top < 450 }).toEqual({ width, isInFirstScreen: true });
    }
  });

  it("a failed deployment, whose message stays", async () => {
    await failedDeployment.open(page);
    expect(await measureAt(WIDTHS)).toEqual({ faults: [], primary: [ROTATION] });
  });

  it.each(notices)("$name", hasRoom);

  it("a tenant that has stopped", async () => {
    expect(await tenant.stop()).toBe(0);
    await page.getByRole("alert").getByText("The tenant has stopped.").waitFor();
    expect((await measureAt(WIDTHS)).faults).toEqual([]);
  });
});

it.each([
  [
    "a part that reaches out of its frame",
    `<section style="width: 300px"><p style="width: 400px">x</p></section>`,
    "reaches out of",
  ],
  ["a long word that reaches out", `<section style="width: 50px">${"w".repeat(40)}</section>`, "reaches out of"],
  [
    "text that is cut at its side",
    `<p style="overflow: hidden; width: 40px; white-space: nowrap">a long text</p>`,
    "is cut at its side",
  ],
  ["text that is cut at its foot", `<p style="overflow: hidden; height: 8px">a text</p>`, "is cut at its foot"],
  ["controls that overlap", `<button>one</button><button style="margin-left: -20px">two</button>`, "overlap"],
  [
    "a control under something else",
    `<button>one</button><p style="background: red; inset: 0; position: fixed">`,
    "is covered by",
  ],
  ["a page that scrolls sideways", `<p style="width: 3000px">x</p>`, "the page scrolls sideways"],
])("the measurement finds %s", async (_, html, fault) => {
  const own = await browser.newPage();
  await own.setContent(`<style>:root { --accent: blue; --bad: red }</style>${html}`);
  expect((await measure(own)).faults.join("\n")).toContain(fault);
  await own.close();
});
