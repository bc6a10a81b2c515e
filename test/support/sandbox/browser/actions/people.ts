import {
  keepsFocus,
  buttonOf,
  confirms,
  isBack,
  opens,
  opensAndLeaves,
  part,
  rowOf,
  says,
  showTab,
  top,
  type Action,
  type Session,
} from "./session.ts";

const FIELDS = { "First name": "New", "Last name": "Comer", "Login (an email address)": "new.comer@example.com" };
const PROFILE = {
  "First name": "Amara",
  "Last name": "Okafor",
  "Display name": "Amara Okafor",
  Login: "amara.okafor@example.com",
  Email: "amara@example.com",
  Title: "Fellow",
  Department: "Research",
};

async function find(session: Session, name: string): Promise<ReturnType<typeof rowOf>> {
  const org = part(session, "org");
  await session.hand.fill(org.getByRole("searchbox"), name);
  const row = rowOf(org, name);
  await row.waitFor();
  return row;
}

async function openPerson(session: Session, name: string): Promise<void> {
  await opens(session, await find(session, name));
}

/** Presses a button of the open person, and waits for the answer. */
async function does(session: Session, button: string, answer: string): Promise<void> {
  await session.hand.press(buttonOf(top(session), button));
  await says(session, answer);
  await isBack(session);
}

const inDirectory = (session: Session, text: string): Promise<void> =>
  part(session, "directory").locator(".rows li").filter({ hasText: text }).first().waitFor();

export const people: readonly Action[] = [
  {
    name: "hires a person, from the first field on, after leaving the form once",
    run: async (session) => {
      const { hand, page } = session;
      await showTab(session, "org", "People");
      const hire = buttonOf(part(session, "org"), "Hire…");
      await opensAndLeaves(session, hire);
      const dialog = await opens(session, hire);
      await dialog.getByLabel("First name").and(page.locator(":focus")).waitFor();
      for (const [label, value] of Object.entries({ ...FIELDS, Title: "Designer", Department: "Design" }))
        await hand.fill(dialog.getByLabel(label, { exact: true }), value);
      await hand.choose(dialog.getByLabel("Group", { exact: true }), "Designers");
      await hand.press(buttonOf(dialog, "Hire"));
      await says(session, "New Comer was hired");
      await isBack(session);
      await hand.fill(part(session, "directory").getByRole("searchbox"), "new.comer");
      await inDirectory(session, "new.comer@example.com");
      await hand.fill(part(session, "directory").getByRole("searchbox"), "");
    },
  },
  {
    name: "changes each field of a profile",
    run: async (session) => {
      await opensAndLeaves(session, await find(session, "Amara Okafor"));
      await openPerson(session, "Amara Okafor");
      for (const [label, value] of Object.entries(PROFILE))
        await session.hand.fill(top(session).getByLabel(label, { exact: true }), value);
      await does(session, "Save profile", "The profile was changed");
      await keepsFocus(rowOf(part(session, "org"), "Amara Okafor"));
      await session.hand.fill(part(session, "directory").getByRole("searchbox"), "amara.okafor");
      await inDirectory(session, "Fellow");
    },
  },
  {
    name: "moves a person between groups, removes and adds them",
    run: async (session) => {
      const { hand } = session;
      const menu = (label: string) => top(session).getByLabel(label, { exact: true });
      await openPerson(session, "Jonas Lindqvist");
      await hand.choose(menu("Move from"), "Developers");
      await hand.choose(menu("Move to"), "Designers");
      await does(session, "Move", "Moved to the other group");
      await openPerson(session, "Jonas Lindqvist");
      await hand.choose(menu("Remove from"), "Designers");
      await does(session, "Remove", "Removed from the group");
      await openPerson(session, "Jonas Lindqvist");
      await hand.choose(menu("Add to"), "Developers");
      await does(session, "Add", "Added to the group");
    },
  },
  {
    name: "takes a person through every step of the lifecycle",
    run: async (session) => {
      const step = async (button: string, answer: string): Promise<void> => {
        await openPerson(session, "Mateo Alvarez");
        await does(session, button, answer);
      };
      const sure = async (button: string, verb: string, answer: string): Promise<void> => {
        await openPerson(session, "Mateo Alvarez");
        await confirms(session, buttonOf(top(session), button), verb);
        await says(session, answer);
        await isBack(session);
      };
      await step("Provision User", "Okta provisions the person now");
      await step("Suspend", "The person was suspended");
      await step("Unsuspend", "The person was unsuspended");
      await sure("Deactivate…", "Deactivate", "The person was deactivated");
      await step("Activate", "The person was activated");
      await sure("Deactivate…", "Deactivate", "The person was deactivated");
      await sure("Delete…", "Delete", "The person was deleted");
    },
  },
];
