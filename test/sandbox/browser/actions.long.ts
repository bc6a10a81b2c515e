import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { copyOfProject, npmStartIn, type ProjectCopy, type RunningTenant } from "../../support/e2e/support.ts";
import type { Action } from "../../support/sandbox/browser/actions/session.ts";
import { drift } from "../../support/sandbox/browser/actions/drift.ts";
import { groups } from "../../support/sandbox/browser/actions/groups.ts";
import { looking } from "../../support/sandbox/browser/actions/looking.ts";
import { people } from "../../support/sandbox/browser/actions/people.ts";
import { firstDeployment, stackActions } from "../../support/sandbox/browser/actions/stack.ts";
import { nameControls } from "../../support/sandbox/browser/controls.ts";
import { createHand, type Ledger } from "../../support/sandbox/browser/hands.ts";
import { openBrowser, sizes } from "../../support/sandbox/browser/support.ts";

const named = (actions: readonly Action[]) => actions.map((action) => [action.name, action] as const);
const hands = ["keyboard", "mouse"] as const;
const records = {
  ...Object.fromEntries(
    ["Amara Okafor", "Jonas Lindqvist", "Mateo Alvarez", "Clara Moreau"].map((one) => [one, "PERSON"]),
  ),
  ...Object.fromEntries(
    ["iru_endpoint_users", "Developers", "Designers", "Sales", "Finance", "Treasury"].map((one) => [one, "GROUP"]),
  ),
  "Designers sell": "RULE",
};
const ledger: Ledger = { records, seen: new Set(), used: { mouse: new Set(), keyboard: new Set() } };

let browser: Browser;
let project: ProjectCopy;
let tenant: RunningTenant;
let page: Page;

beforeAll(async () => {
  [browser, project] = await Promise.all([openBrowser(), copyOfProject()]);
  tenant = await npmStartIn(project.folder, "--config", "connection=pending");
  page = await browser.newPage({ viewport: sizes.wide, reducedMotion: "reduce" });
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(tenant.ready.console);
  await nameControls(page);
});
afterAll(async () => {
  await browser.close();
  await tenant.stop();
  await project.remove();
});

// Each hand begins with a tenant at its beginning: the last action of the one before goes back to it.
describe.each(hands)("a person with the %s", (name) => {
  const act = (_: string, { run }: Action): Promise<void> =>
    run({ page, tenant, project, hand: createHand(name, page, ledger) });

  describe("in the first deployment", () => {
    beforeAll(async () => {
      await page.goto(tenant.ready.console);
    });
    it.each(named(firstDeployment))("%s", act);
  });

  describe("at a tenant that is ready", () => {
    beforeEach(async () => {
      await page.goto(`${tenant.ready.console}#live`);
      await page.reload();
      await page.locator("#org .rows li").first().waitFor();
      await page.locator("#exchanges .rows li").first().waitFor();
      await page.locator("#directory .where", { hasText: /\d/ }).waitFor();
    });
    it.each(named([...people, ...looking, ...groups, ...drift, ...stackActions]))("%s", act);
  });
});

describe("every control that these people have met", () => {
  it.each(hands)("was used with the %s", (name) => {
    const unused = [...ledger.seen].filter((control) => !ledger.used[name].has(control));
    // The link shows only while the keyboard is on it.
    const without = name === "mouse" ? ["page > link Skip to content"] : [];
    expect(unused.filter((control) => !without.includes(control)).sort()).toEqual([]);
  });
});
