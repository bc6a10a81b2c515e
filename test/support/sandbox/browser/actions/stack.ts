import { lengthenOutage } from "../places.ts";
import { outOfReach } from "../support.ts";
import {
  buttonOf,
  confirms,
  deployed,
  isBack,
  opens,
  opensAndLeaves,
  part,
  says,
  showTab,
  type Action,
  type Session,
} from "./session.ts";

const stack = (session: Session) => part(session, "stack");
const show = (session: Session, view: string): Promise<unknown> =>
  session.page.evaluate(`location.hash = ${JSON.stringify(view)}`);

/** Copies base URL and token, and shows and hides the token. */
async function takesValues(session: Session): Promise<void> {
  const article = part(session, "article");
  for (const what of ["the base URL", "the token"]) {
    await session.hand.press(buttonOf(article, `Copy ${what}`));
    await says(session, `Copied ${what}`);
  }
  await session.hand.press(buttonOf(article, "Show it"));
  await session.hand.press(buttonOf(article, "Hide it"));
  await buttonOf(article, "Show it").waitFor();
}

/** Hires somebody who gets the app. */
async function hires(session: Session, first: string, last: string): Promise<void> {
  const { hand } = session;
  const dialog = await opens(session, buttonOf(part(session, "org"), "Hire…"));
  await hand.fill(dialog.getByLabel("First name"), first);
  await hand.fill(dialog.getByLabel("Last name"), last);
  await hand.fill(dialog.getByLabel("Login"), `${first}.${last}@example.com`.toLowerCase());
  await hand.choose(dialog.getByLabel("Group", { exact: true }), "Developers");
  await hand.press(buttonOf(dialog, "Hire"));
}

export const firstDeployment: readonly Action[] = [
  {
    name: "does the first deployment: copies base URL and token, does the console step, sets the connection ready",
    run: async (session) => {
      const { hand, page } = session;
      const article = part(session, "article");
      await buttonOf(article, "Do this in the Admin Console").waitFor();
      await hand.press(page.locator("header").getByRole("link", { name: "Live", exact: true }));
      await hand.press(page.locator("#direction").getByRole("link"));
      await takesValues(session);
      await hand.press(buttonOf(article, "Do this in the Admin Console"));
      await hand.press(buttonOf(article, "Set connection ready and deploy"));
      await deployed(session, "connection: ready");
      await page.getByText("connection: ready", { exact: true }).waitFor();
      await isBack(session);
    },
  },
  {
    name: "looks again at the step, checks again, folds the deployment, and dismisses it",
    run: async (session) => {
      const { hand, page } = session;
      const article = part(session, "article");
      await hand.press(article.locator("summary"));
      await takesValues(session);
      await hand.press(buttonOf(article, /^Check again$/));
      await buttonOf(article, "Check again").waitFor();
      const panel = page.locator("#deployment");
      await hand.press(buttonOf(panel, "Hide details"));
      await panel.locator(".stages").waitFor({ state: "hidden" });
      await hand.press(buttonOf(panel, "Show details"));
      await panel.locator(".stages").waitFor();
      await hand.press(buttonOf(panel, "Dismiss"));
      await panel.waitFor({ state: "hidden" });
      await isBack(session);
    },
  },
];

export const stackActions: readonly Action[] = [
  {
    name: "breaks the network, retries a failed job, and restores the network",
    run: async (session) => {
      const { hand } = session;
      const org = part(session, "org");
      await hand.press(buttonOf(org, "Break the network"));
      await buttonOf(org, "Restore the network").waitFor();
      await lengthenOutage(session.page.url());
      await isBack(session);
      await hires(session, "Off", "Line");
      const retry = buttonOf(org, "Retry create user off.line@example.com");
      await retry.waitFor();
      await isBack(session);
      await hand.press(buttonOf(org, "Restore the network"));
      await buttonOf(org, "Break the network").waitFor();
      await isBack(session);
      await hand.press(retry);
      await retry.waitFor({ state: "detached" });
      await isBack(session);
    },
  },
  {
    name: "edits the stack's file and deploys it, undoes the edit and deploys with refresh",
    run: async (session) => {
      const { hand, page, project } = session;
      const notice = stack(session).locator(".stack-file");
      await project.editStackFile((text) =>
        text.replace("stage: development", "stage: development\n  okta-scim-directory:throttle: { burst: 9 }"),
      );
      await hand.press(page.locator("#stack-file").getByRole("link"));
      await notice.getByText("Pulumi.dev.yaml changed: throttle.").waitFor();
      await isBack(session);
      await hand.press(buttonOf(stack(session), "Deploy"));
      await deployed(session, /: Deploy$/);
      await notice.waitFor({ state: "hidden" });
      await project.editStackFile((text) => text);
      await notice.waitFor();
      await hand.press(buttonOf(stack(session), "Deploy with refresh"));
      await deployed(session, "Deploy with refresh");
      await notice.waitFor({ state: "hidden" });
    },
  },
  {
    name: "edits a value of the configuration, copies its lines for the file, goes back to the file's, and removes an entry",
    run: async (session) => {
      const { hand } = session;
      await show(session, "stack");
      const edit = buttonOf(stack(session), "Edit throttle…");
      await opensAndLeaves(session, edit);
      const dialog = await opens(session, edit);
      await hand.fill(dialog.getByRole("textbox"), '{"ratePerSecond": 7, "burst": 9}');
      await hand.press(buttonOf(dialog, "Check and deploy"));
      await deployed(session, /throttle, set/);
      await isBack(session);
      await hand.press(stack(session).locator("summary", { hasText: "throttle as YAML" }));
      await hand.press(buttonOf(stack(session), "Copy throttle as YAML"));
      await says(session, "Copied throttle as YAML");
      await hand.press(buttonOf(stack(session), "Use the file’s throttle"));
      await deployed(session, /throttle, as in/);
      await isBack(session);
      await confirms(session, buttonOf(stack(session), `Remove "Designers"…`), "Remove and deploy");
      await deployed(session, /pushGroups without/);
      await isBack(session);
    },
  },
  {
    name: "adds a receiver of change events, and acknowledges an event",
    run: async (session) => {
      const { hand } = session;
      await show(session, "stack");
      const add = buttonOf(stack(session), "Add a receiver…");
      await opensAndLeaves(session, add);
      const dialog = await opens(session, add);
      await hand.fill(dialog.getByLabel("Name"), "audit");
      await hand.fill(dialog.getByLabel(/^Address to push to/), "");
      await hand.press(buttonOf(dialog, "Add and deploy"));
      await deployed(session, "Receiver audit");
      await show(session, "live");
      await hires(session, "Newly", "Told");
      await isBack(session);
      await show(session, "stack");
      // The last event of the hire; one that came later would keep the button.
      await stack(session)
        .getByText(/prov:(put|patch):notice\s+\/Groups\//)
        .first()
        .waitFor();
      const acknowledge = buttonOf(stack(session), "Acknowledge these for audit");
      await hand.press(acknowledge);
      await acknowledge.waitFor({ state: "detached" });
      await isBack(session);
    },
  },
  {
    name: "rotates the token in three steps",
    run: async (session) => {
      const { hand } = session;
      await show(session, "stack");
      await hand.press(buttonOf(stack(session), "1. Deploy the next token"));
      await deployed(session, "tokenGeneration: 2");
      await hand.press(buttonOf(stack(session), "2. Enter it in Okta"));
      await says(session, "Okta uses the new token");
      await isBack(session);
      await confirms(session, buttonOf(stack(session), "3. Drop the previous token…"), "Drop it");
      await deployed(session, "acceptPreviousToken: false");
      await isBack(session);
    },
  },
  {
    name: "sends everyone again, imports, wipes the connection, and does the console step again",
    run: async (session) => {
      await show(session, "stack");
      await confirms(session, buttonOf(stack(session), "Force Sync…"), "Force Sync");
      await says(session, "Okta sends every provisioned person again");
      await opensAndLeaves(session, buttonOf(stack(session), "Import Now…"));
      const question = await opens(session, buttonOf(stack(session), "Import Now…"));
      await session.hand.press(buttonOf(question, "Import"));
      // Importing is off in the app, as the configuration has it.
      const refusal = session.page.getByRole("dialog", { name: "Not done: Import" });
      await refusal.getByText("Importing users is not enabled").waitFor();
      await session.hand.leave();
      await isBack(session);
      await confirms(session, buttonOf(stack(session), "Wipe the connection…"), "Wipe it");
      await session.page.getByText("provisioning off", { exact: true }).waitFor();
      await show(session, "live");
      await showTab(session, "org", "Push Groups");
      await session.hand.press(part(session, "org").getByRole("link", { name: "Go to the console step" }));
      await session.hand.press(buttonOf(part(session, "article"), "Do this in the Admin Console"));
      await session.page.getByText("provisioning on", { exact: true }).waitFor();
    },
  },
  {
    name: "goes back to the beginning",
    run: async (session) => {
      await show(session, "stack");
      await outOfReach(session.page, async () => {
        await confirms(session, buttonOf(stack(session), "Back to the beginning…"), "Start again");
        await session.page.getByText("Starting again…").waitFor();
      });
      await session.page.getByText("connection: pending", { exact: true }).waitFor({ timeout: 180_000 });
    },
  },
];
