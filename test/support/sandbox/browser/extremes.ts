import type { Page } from "playwright-core";
import { eventually } from "../../e2e/support.ts";
import { act, first, show, type Place } from "./places.ts";
import { openGroup, openPerson } from "./support.ts";

/** Names as long as Okta allows, without a place to break them. */
const GROUP = `Website${"w".repeat(248)}`;
const PERSON = { firstName: "Alexander".repeat(5), lastName: "Hamilton".repeat(6) };
const LOGIN = `${"alexander.anna.".repeat(5)}hamilton@example.com`;
const TITLE =
  "Principal Engineer of everything that no other person wants to look after, and of its documentation in several languages";

/** Adds a person and a pushed group with very long names, whose provisioning failed with a long message. */
export async function addExtremes(url: string): Promise<void> {
  await act(url, { action: "createGroup", name: GROUP });
  const { id } = await first(url, "groups", GROUP.slice(0, 200));
  await act(url, { action: "breakNetwork", seconds: 3600 });
  await act(url, { action: "linkGroup", name: GROUP });
  const assigned = (await first(url, "groups", "iru_endpoint_users")).id;
  await act(url, { action: "hire", ...PERSON, login: LOGIN, title: TITLE, groupIds: [id, assigned] });
  await eventually(
    async () => (await first(url, "people", LOGIN)).assignment,
    (assignment) => assignment === "failed",
  );
  await act(url, { action: "restoreNetwork" });
}

const name = `${PERSON.firstName} ${PERSON.lastName}`;

async function person(page: Page): Promise<void> {
  await show(page, "live");
  await openPerson(page, name);
  await page.getByRole("dialog").waitFor();
}

async function group(page: Page): Promise<void> {
  await show(page, "live");
  await openGroup(page, GROUP);
  await page.getByRole("dialog").locator(".rows li").first().waitFor();
}

async function story(page: Page, open: (page: Page) => Promise<void>): Promise<void> {
  await open(page);
  await page.getByRole("link", { name: "What happened" }).click();
  await page.locator("#story .rows li").first().waitFor();
}

/** The places that show the very long names. */
export const extremes: readonly Place[] = [
  {
    name: "long-names",
    open: async (page) => {
      await show(page, "live");
      await page.locator("#org").getByRole("button", { name: "People", exact: true }).click();
      await page.locator("#org").getByRole("searchbox").fill(name);
      await page.locator("#org").getByText("1–1 of 1").waitFor();
    },
  },
  {
    name: "long-pushed-group",
    at: "#org .tabs",
    open: async (page) => {
      await show(page, "live");
      await page.locator("#org").getByRole("button", { name: "Push Groups", exact: true }).click();
      await page.locator("#org .rows").getByRole("button", { name: GROUP }).first().waitFor();
    },
  },
  { name: "long-person", open: person },
  { name: "long-group", open: group },
  { name: "long-person-story", open: (page) => story(page, person) },
  { name: "long-group-story", open: (page) => story(page, group) },
];
