import type { Locator } from "playwright-core";
import { buttonOf, isBack, opens, opensAndLeaves, part, rowOf, showTab, type Action, type Session } from "./session.ts";

/** Searches a list, and pages through it. A number of a page is typed where there are more than two. */
async function looksThrough({ hand, page }: Session, list: Locator, pages: number): Promise<void> {
  const search = list.getByRole("searchbox");
  await hand.fill(search, "no such thing");
  await list.getByText("Nothing here contains “no such thing”.").waitFor();
  await hand.fill(search, "");
  await list.locator(".pager .where", { hasText: /^1–/ }).waitFor();
  if (pages < 2) return;
  await hand.press(list.getByRole("button", { name: /^Next page of / }));
  await list.getByText(/^13–/).waitFor();
  if (pages > 2) {
    await hand.fill(list.getByRole("spinbutton"), "3");
    await page.keyboard.press("Enter");
    await list.getByText(/^25–/).waitFor();
    await hand.press(list.getByRole("button", { name: /^Previous page of / }));
    await list.getByText(/^13–/).waitFor();
  }
  await hand.press(list.getByRole("button", { name: /^Previous page of / }));
  await list.getByText(/^1–/).waitFor();
  // The button that turned to the first page cannot be pressed again, so the focus goes on.
  await page.locator(":focus").first().waitFor();
}

const tabs = [
  { id: "org", name: "People", pages: 3 },
  { id: "org", name: "Groups", pages: 1 },
  { id: "org", name: "Push Groups", pages: 1 },
  { id: "org", name: "Rules", pages: 1 },
  { id: "directory", name: "Users", pages: 2 },
  { id: "directory", name: "Groups", pages: 1 },
] as const;

export const looking: readonly Action[] = [
  {
    name: "goes from view to view, to its content, to the parts on a phone, and where the health of the tenant leads",
    run: async ({ hand, page }) => {
      const header = page.locator("header");
      for (const [link, view] of [
        ["Stack", "stack"],
        ["Step by step", "article"],
        ["Live", "live"],
      ] as const) {
        await hand.press(header.getByRole("link", { name: link, exact: true }));
        await page.locator(`#${view}`).waitFor();
      }
      for (const sign of await page.locator("#health a").all()) await hand.press(sign);
      const size = page.viewportSize();
      await page.setViewportSize({ width: 390, height: 844 });
      for (const id of ["exchanges", "directory", "org"]) {
        await hand.press(page.locator(`nav.parts a[href="#${id}"]`));
        // The parts of the page keep their filters.
        await page.waitForFunction(`location.hash.split("?")[0] === "#${id}"`);
      }
      if (size !== null) await page.setViewportSize(size);
      // The link shows only while it has the focus, so no mouse ever sees it.
      if (hand.name === "keyboard") await hand.press(page.locator("a.skip"));
    },
  },
  ...tabs.map(({ id, name, pages }): Action => ({
    name: `searches and pages: ${id} ${name}`,
    run: async (session) => {
      await showTab(session, id, name);
      await looksThrough(session, part(session, id), pages);
    },
  })),
  {
    name: "opens users and groups of the directory, and looks through the members",
    run: async (session) => {
      const directory = part(session, "directory");
      await showTab(session, "directory", "Users");
      await opensAndLeaves(session, rowOf(directory, "Amara Okafor"));
      await showTab(session, "directory", "Groups");
      const dialog = await opens(session, rowOf(directory, "Developers"));
      await looksThrough(session, dialog, 1);
      await session.hand.leave();
      await isBack(session);
    },
  },
  {
    name: "pages through the exchanges, filters them, opens one, and copies it with and without the token",
    run: async (session) => {
      const { hand, page } = session;
      const exchanges = part(session, "exchanges");
      // A page that is not the newest keeps its rows, but more that happens moves their place.
      const place = (text: RegExp): Promise<void> => exchanges.locator(".where", { hasText: text }).waitFor();
      await hand.press(buttonOf(exchanges, "Next page of exchanges"));
      await place(/^[4-7]\d–/);
      await hand.fill(exchanges.getByRole("spinbutton", { name: "Page of exchanges" }), "3");
      await page.keyboard.press("Enter");
      await place(/^(?:[89]\d|1[01]\d)–/);
      await hand.press(buttonOf(exchanges, "Previous page of exchanges"));
      await place(/^[4-7]\d–/);
      await hand.choose(page.getByLabel("Kind of exchanges"), "Writes");
      await hand.fill(page.getByLabel("Filter exchanges"), "create person clara.moreau");
      const row = exchanges.locator(".rows > li");
      await row.locator("button.exchange").first().waitFor();
      await exchanges.getByText("1 of 1").waitFor();
      await hand.press(row.locator("button.exchange"));
      await hand.check(row.getByLabel("with the token"));
      await hand.press(buttonOf(row, "Copy as curl"));
      await row.getByLabel("curl command").waitFor();
      const download = page.waitForEvent("download");
      await hand.press(exchanges.getByRole("link", { name: "Export JSON" }));
      await download;
      await hand.press(row.locator("button.exchange"));
      await row.getByLabel("curl command").waitFor({ state: "hidden" });
    },
  },
  {
    name: "follows an event to the story of its person, opens an exchange there, changes the person, and goes back",
    run: async (session) => {
      const { hand, page } = session;
      const story = part(session, "story");
      await hand.fill(page.getByLabel("Filter exchanges"), "clara.moreau");
      await hand.press(part(session, "exchanges").getByRole("link", { name: "clara.moreau@example.com" }).first());
      await story.getByRole("heading", { name: "Clara Moreau" }).and(page.locator(":focus")).waitFor();
      await hand.press(story.locator("button.exchange").first());
      await story.locator(".details h3").first().waitFor();
      await hand.press(buttonOf(story, "Copy as curl"));
      await hand.check(story.getByLabel("with the token"));
      await hand.press(story.locator(".rows").getByRole("link").first());
      const dialog = await opens(session, buttonOf(story, "Change…"));
      await hand.press(dialog.getByRole("link", { name: "What happened" }));
      await isBack(session);
      await hand.press(story.getByRole("link", { name: "← Live" }));
      await part(session, "org").waitFor();
    },
  },
];
