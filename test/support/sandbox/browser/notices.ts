import type { Page } from "playwright-core";
import { says } from "./announcements.ts";
import { openGroup, openPerson } from "./support.ts";
import { button, lengthenOutage, show, stack, type Place } from "./places.ts";

const panelTag = (page: Page, state: string) => page.locator("#deployment .bar .tag", { hasText: state });

/** A deployment that runs; `deployed` waits for its end. */
export const runningDeployment: Place = {
  name: "deployment-runs",
  open: async (page) => {
    await stack(page);
    await button(page, "Deploy");
    await page.locator("#deployment .stages .tag", { hasText: "runs" }).first().waitFor();
  },
};

/** Waits until the page shows that a deployment runs. */
export const isDeploying = (page: Page): Promise<void> => panelTag(page, "runs").waitFor();

export const deployed = (page: Page, state: "done" | "failed"): Promise<void> => panelTag(page, state).waitFor();

/** A deployment that failed: its message stays above the view. */
export const failedDeployment: Place = {
  name: "deployment-failed",
  open: async (page) => {
    await stack(page);
    await button(page, "Edit pushGroups…");
    await page.getByRole("dialog").getByRole("textbox").fill(`["Developers", "Designers", "Nobody"]`);
    await button(page, "Check and deploy");
    await deployed(page, "failed");
  },
};

const direction = (page: Page): Promise<void> => page.locator("#direction").waitFor();

/** What the page says by itself: nothing found, an outage, a wiped connection. The last ones leave provisioning off. */
export const notices: readonly Place[] = [
  {
    name: "nothing-found",
    open: async (page) => {
      await show(page, "live");
      for (const part of ["#org", "#directory"]) await page.locator(part).getByRole("searchbox").fill("nobody");
      await page.getByLabel("Filter exchanges").fill("no such exchange");
      for (const part of ["#org", "#directory", "#exchanges"])
        await page.locator(part).locator(".empty", { hasText: /./ }).waitFor();
    },
  },
  {
    name: "nobody",
    open: async (page) => {
      await page.evaluate(`location.hash = "#/person/00uNobody"`);
      await page.locator("#story").getByText("This tenant has had no such person.").waitFor();
    },
  },
  {
    name: "network-broken",
    open: async (page) => {
      await show(page, "live");
      await page.getByLabel("Filter exchanges").fill("");
      await button(page, "Break the network");
      await page.getByText("network broken").waitFor();
      await lengthenOutage(page.url());
      await says(page, "Okta reaches no SCIM service");
    },
  },
  {
    name: "provisioning-off",
    open: async (page) => {
      await stack(page);
      await button(page, "Wipe the connection…");
      await button(page, "Wipe it");
      await show(page, "live");
      await direction(page);
    },
  },
  {
    name: "console-step",
    at: "#article",
    open: async (page) => {
      await show(page, "article");
      await page.getByRole("button", { name: "Do this in the Admin Console" }).waitFor();
      await page.locator("#article .steps .bad").first().waitFor();
    },
  },
];

/** The question about a group, or a person, whose deletion cannot be undone. */
export const deletions: readonly Place[] = [
  {
    name: "delete-assignment-group",
    open: async (page) => {
      await show(page, "live");
      await openGroup(page, "iru_endpoint_users");
      await button(page, "Delete in Okta…");
      await page.getByRole("alertdialog").getByText("Only this group assigns").waitFor();
    },
  },
  {
    name: "delete-person",
    open: async (page) => {
      await show(page, "live");
      await openPerson(page, "Hannah Weiss");
      await button(page, "Delete…");
      await page.getByRole("alertdialog").waitFor();
    },
  },
];
