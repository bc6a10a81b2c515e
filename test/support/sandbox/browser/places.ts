import type { Locator, Page } from "playwright-core";
import { z } from "zod";
import { openGroup, openPerson } from "./support.ts";

/** A place of the page: a view in a state that has something to show, or a dialog. */
export interface Place {
  readonly name: string;
  /** Goes there from any other place, and waits until it is complete. */
  readonly open: (page: Page) => Promise<void>;
  /** The part that a picture of the place shows; default: the start of the page. */
  readonly at?: string;
}

const answer = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      push: z.object({ id: z.string() }).optional(),
      assignment: z.string().optional(),
    }),
  ),
});

/** Does what a person would do with the page's buttons. @throws Error with the page's message */
export async function act(url: string, body: Readonly<Record<string, unknown>>): Promise<void> {
  const headers = { "content-type": "application/json", origin: new URL(url).origin };
  const target = new URL("api/action", url);
  const response = await fetch(target, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${JSON.stringify(body)}: ${await response.text()}`);
}

/** Lets an outage last until it is ended. The page's own ends after 30 s, and a test on a busy machine may need longer. */
export const lengthenOutage = (url: string): Promise<void> => act(url, { action: "breakNetwork", seconds: 3600 });

/** The first one that a list of the org finds. */
export async function first(
  url: string,
  list: "groups" | "people",
  search: string,
): Promise<z.infer<typeof answer>["items"][number]> {
  const response = await fetch(new URL(`api/org/${list}?search=${search}`, url));
  const [found] = answer.parse(await response.json()).items;
  if (found === undefined) throw new Error(`there is nothing called ${search} in ${list}`);
  return found;
}

const org = (page: Page): Locator => page.locator("#org");
export const button = (page: Page, name: string): Promise<void> =>
  page.getByRole("button", { name, exact: true }).click();

/** Closes every dialog and shows a view. */
export async function show(page: Page, view: "live" | "article" | "stack"): Promise<void> {
  await page.evaluate(`document.querySelectorAll("dialog").forEach((dialog) => dialog.close())`);
  await page.locator("dialog").last().waitFor({ state: "detached" });
  await page.evaluate(`location.hash = ${JSON.stringify(view)}`);
  await page.locator(`#${view}`).waitFor();
}

async function tab(page: Page, name: string): Promise<void> {
  await show(page, "live");
  await org(page).getByRole("button", { name, exact: true }).click();
  await org(page).locator(".pager .where", { hasText: /\d/ }).waitFor();
}

async function people(page: Page): Promise<void> {
  await tab(page, "People");
  await org(page).getByRole("searchbox").fill("");
}

async function person(page: Page): Promise<void> {
  await people(page);
  await openPerson(page, "Amara Okafor");
  await page.getByRole("dialog").waitFor();
}

async function group(page: Page, name = "Developers"): Promise<void> {
  await show(page, "live");
  await openGroup(page, name);
  await page.getByRole("dialog").locator(".rows li").first().waitFor();
}

async function story(page: Page, open: (page: Page) => Promise<void>): Promise<void> {
  await open(page);
  await page.getByRole("link", { name: "What happened" }).click();
  await page.locator("#story .rows li").first().waitFor();
}

async function directory(page: Page, name: "Users" | "Groups"): Promise<void> {
  await show(page, "live");
  await page.locator("#directory").getByRole("button", { name, exact: true }).click();
  await page.locator("#directory .rows button").first().waitFor();
}

export async function stack(page: Page): Promise<void> {
  await show(page, "stack");
  await page.locator("#stack .configuration > li").first().waitFor();
}

/** The drift that `furnish` has made: it is read after the list or the checks beside it. */
const drift = (page: Page, view: "org" | "article"): Promise<void> =>
  page.locator(`#${view} .drift`).getByRole("button", { name: "Forget it and deploy with refresh" }).waitFor();

/** Every view. The order puts last what changes the others. */
export const views: readonly Place[] = [
  { name: "live", open: people },
  {
    name: "exchange",
    at: "#exchanges",
    open: async (page) => {
      await show(page, "live");
      const first = page.locator("#exchanges .exchange").first();
      if ((await first.getAttribute("aria-expanded")) === "false") await first.click();
      await page.locator("#exchanges .details h3").first().waitFor();
    },
  },
  { name: "directory", at: "#directory", open: (page) => directory(page, "Groups") },
  { name: "groups", at: "#org .tabs", open: (page) => tab(page, "Groups") },
  {
    name: "push-groups",
    at: "#org .tabs",
    open: async (page) => {
      await tab(page, "Push Groups");
      await drift(page, "org");
    },
  },
  { name: "rules", at: "#org .tabs", open: (page) => tab(page, "Rules") },
  {
    name: "article",
    open: async (page) => {
      await show(page, "article");
      await page.locator("#article .steps li").first().waitFor();
      await drift(page, "article");
      await page.evaluate(`document.querySelector("#article details").open = true`);
    },
  },
  { name: "stack", open: stack },
  { name: "stack-actions", at: "#stack [aria-labelledby=change-events-title]", open: stack },
  { name: "person-story", open: (page) => story(page, person) },
  { name: "group-story", open: (page) => story(page, group) },
];

/** The dialog that a button opens. */
const opens = (name: string, from: (page: Page) => Promise<void>, label: string): Place => ({
  name,
  open: async (page) => {
    await from(page);
    const before = await page.locator("dialog").count();
    await button(page, label);
    await page.locator("dialog").nth(before).waitFor();
  },
});
const onTab =
  (name: string) =>
  (page: Page): Promise<void> =>
    tab(page, name);

async function rule(page: Page): Promise<void> {
  await tab(page, "Rules");
  await org(page).locator(".rows button").first().click();
  await page.getByRole("dialog").waitFor();
}

/** Sends a form that the page or the tenant refuses, and waits for the message in the dialog. */
async function refused(page: Page, send: string): Promise<void> {
  await page.getByRole("dialog").getByRole("button", { name: send, exact: true }).click();
  await page.getByRole("dialog").getByRole("alert").getByText(/./).first().waitFor();
}

const hire = opens("hire", people, "Hire…");
const receiver = opens("add-receiver", stack, "Add a receiver…");
const edit = opens("edit", stack, "Edit pushGroups…");

/** Every dialog and every question. */
export const dialogs: readonly Place[] = [
  hire,
  {
    name: "hire-refused",
    open: async (page) => {
      await hire.open(page);
      for (const label of ["First name", "Last name", "Login"]) await page.getByLabel(label).fill("x");
      await refused(page, "Hire");
    },
  },
  { name: "person", open: person },
  opens("deactivate", person, "Deactivate…"),
  { name: "group", open: group },
  opens("unlink", group, "Unlink…"),
  opens("delete-group", group, "Delete in Okta…"),
  opens("create-group", onTab("Groups"), "Create a group…"),
  opens("push-by-name", onTab("Push Groups"), "Find groups by name…"),
  opens("push-by-rule", onTab("Push Groups"), "Find groups by rule…"),
  opens("declare", onTab("Push Groups"), "Declare Sales…"),
  opens("add-rule", onTab("Rules"), "Add a rule…"),
  { name: "rule", open: rule },
  opens("remove-rule", rule, "Remove with people…"),
  {
    name: "directory-user",
    open: async (page) => {
      await directory(page, "Users");
      await page.locator("#directory .rows button").first().click();
      await page.getByRole("dialog").locator("pre").waitFor();
    },
  },
  {
    name: "directory-group",
    open: async (page) => {
      await directory(page, "Groups");
      await page.locator("#directory .rows").getByRole("button", { name: "Developers" }).click();
      await page.getByRole("dialog").locator(".rows li").first().waitFor();
    },
  },
  edit,
  {
    name: "edit-refused",
    open: async (page) => {
      await edit.open(page);
      await page.getByRole("dialog").getByRole("textbox").fill(`[{"name": "Developers", "nam": 1}, 7]`);
      await refused(page, "Check and deploy");
    },
  },
  opens("remove-entry", stack, `Remove "Developers"…`),
  receiver,
  {
    name: "add-receiver-refused",
    open: async (page) => {
      await receiver.open(page);
      await page.getByLabel("Name", { exact: true }).fill("Bad Name");
      await refused(page, "Add and deploy");
    },
  },
  opens("drop-token", stack, "3. Drop the previous token…"),
  opens("force-sync", stack, "Force Sync…"),
  opens("import", stack, "Import Now…"),
  opens("wipe", stack, "Wipe the connection…"),
  opens("reset", stack, "Back to the beginning…"),
];
