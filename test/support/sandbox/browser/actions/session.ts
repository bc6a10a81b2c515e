import type { Locator, Page } from "playwright-core";
import { eventually, type ProjectCopy, type RunningTenant } from "../../../e2e/support.ts";
import { says as pageSays } from "../announcements.ts";
import { hasFocus, isFocused, type Hand } from "../hands.ts";

/** One person at the page of one tenant. */
export interface Session {
  readonly page: Page;
  readonly hand: Hand;
  readonly tenant: RunningTenant;
  /** The tenant's own. */
  readonly project: ProjectCopy;
}

/** Something that a person can do on the page. */
export interface Action {
  readonly name: string;
  readonly run: (session: Session) => Promise<void>;
}

export const part = (
  { page }: Session,
  id: "org" | "exchanges" | "directory" | "article" | "stack" | "story",
): Locator => page.locator(`#${id}`);
export const buttonOf = (of: Locator, name: string | RegExp): Locator => of.getByRole("button", { name, exact: true });
export const top = ({ page }: Session): Locator => page.locator("dialog").last();
/** A row of a list, which opens the record of that name. */
export const rowOf = (of: Locator, name: string): Locator =>
  of.locator(".rows button.row").filter({ has: of.page().locator(".name").getByText(name, { exact: true }) });

/** Waits until the page answers what was pressed last. */
export const says = ({ page }: Session, text: string | RegExp): Promise<void> => pageSays(page, text);

/** Waits until no dialog is open, and until the focus has a place again. */
export async function isBack({ page }: Session): Promise<void> {
  await eventually(
    () => page.locator("dialog").count(),
    (many) => many === 0,
  );
  await eventually(() => hasFocus(page), Boolean);
}

/** Presses a button that opens a dialog, and waits for the dialog. */
export async function opens(session: Session, control: Locator): Promise<Locator> {
  const before = await session.page.locator("dialog").count();
  await session.hand.press(control);
  const dialog = session.page.locator("dialog").nth(before);
  await dialog.waitFor();
  return dialog;
}

/** Waits until the control has the focus, or the one that took its place. */
export const keepsFocus = async (control: Locator): Promise<void> => {
  await eventually(() => isFocused(control), Boolean);
};

/** Opens a dialog and leaves it: nothing has happened, and the focus is where it was. */
export async function opensAndLeaves(session: Session, control: Locator): Promise<void> {
  const dialog = await opens(session, control);
  await session.hand.leave();
  await dialog.waitFor({ state: "detached" });
  await keepsFocus(control);
}

/** Leaves the question of a button, asks again, and confirms. */
export async function confirms(session: Session, control: Locator, verb: string): Promise<void> {
  await opensAndLeaves(session, control);
  const question = await opens(session, control);
  await session.hand.press(buttonOf(question, verb));
  await question.waitFor({ state: "detached" });
}

export async function showTab(session: Session, id: "org" | "directory", name: string): Promise<void> {
  await session.hand.press(buttonOf(part(session, id), name));
  await part(session, id).locator(".pager .where", { hasText: /\d/ }).waitFor();
}

/** Waits until a deployment with this title has ended. */
export async function deployed(
  { page }: Session,
  title: string | RegExp,
  state: "done" | "failed" = "done",
): Promise<void> {
  const bar = page.locator("#deployment .bar").filter({ has: page.getByRole("heading", { name: title }) });
  await bar.locator(".tag", { hasText: state }).waitFor();
  // The next one may begin only after the buttons no longer wait.
  await eventually(
    () => page.locator("[data-deploys][aria-disabled]").count(),
    (many) => many === 0,
  );
}
